#include "core/kinds/MeasureSlots.h"

#include "core/base/Error.h"
#include "tests/support/Refusal.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace latentoscope {
namespace {

const std::vector<Measure> kMeasures{{"loss", "Loss", ""}, {"unit_0", "Unit 0", ""}, {"unit_1", "Unit 1", ""}};

} // namespace

TEST(MeasureSlots, AreThePlacesOfTheNamesInWhateverOrderTheyAreTaken)
{
    MeasureSlots slots(kMeasures);
    EXPECT_EQ(slots.count(), 3U);
    EXPECT_EQ(slots.takeNumbered("unit_", 2), (std::vector<std::size_t>{1, 2}));
    EXPECT_NE(test::refusal([&] { slots.requireAllTaken(); }).find("loss"), std::string::npos) << "nobody computes it";
    EXPECT_EQ(slots.take("loss"), 0U);
    EXPECT_NO_THROW(slots.requireAllTaken());
}

TEST(MeasureSlots, RefuseWhatIsNotThereAndWhatIsTakenTwice)
{
    MeasureSlots slots(kMeasures);
    EXPECT_NE(test::refusal([&] { slots.take("los"); }).find("computes los, which its kind does not measure"), std::string::npos);
    EXPECT_NE(test::refusal([&] { slots.takeNumbered("unit_", 3); }).find("unit_2"), std::string::npos);
    EXPECT_NE(test::refusal([&] { slots.take("unit_0"); }).find("unit_0 twice"), std::string::npos);
}

TEST(MeasureSlots, APieceWithoutASumForEachMeasureIsRefused)
{
    EXPECT_EQ(meansOf(kMeasures, {{2, 4, 6}, {4, 4, 2}}, 2), (std::vector<double>{3, 4, 4}));
    EXPECT_NE(test::refusal([] {
                  meansOf(kMeasures, {{2, 4, 6}, {4, 4}}, 2);
              }).find("found 2 sums, expected 3"),
              std::string::npos);
}

} // namespace latentoscope
