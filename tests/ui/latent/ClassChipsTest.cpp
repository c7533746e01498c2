// Names of classes on their chips.
#include "ui/latent/ClassChips.h"

#include <QAbstractButton>
#include <QImage>
#include <QPixmap>

#include <gtest/gtest.h>

namespace latentoscope::ui {

TEST(ClassChips, ShortNamesAreWholeAndLongOnesKeepTheirEnds)
{
    ClassChips chips;
    const std::vector<std::string> names{"Bag", "Shirt", "T-shirt/top", std::string(200, 'w')};
    chips.setClasses(names, 4);
    chips.resize(900, 60);
    for (int label = 0; label < 3; ++label) {
        auto* chip = chips.findChild<QAbstractButton*>(QStringLiteral("classChip%1").arg(label));
        ASSERT_NE(chip, nullptr);
        const QSize own = chip->sizeHint();
        chip->resize(own);
        const QRect words(22, 6, own.width() - 32, 12); // within the frame
        const QImage asItIs = chip->grab().toImage().copy(words);
        chip->resize(own.width() + 60, own.height());
        EXPECT_EQ(asItIs, chip->grab().toImage().copy(words)) << names[static_cast<std::size_t>(label)] << " is cut";
    }
    const auto* longest = chips.findChild<QAbstractButton*>(QStringLiteral("classChip3"));
    EXPECT_LE(longest->sizeHint().width(), 200);
    EXPECT_TRUE(longest->toolTip().contains(QString::fromStdString(names[3]))) << "the whole name";
}

} // namespace latentoscope::ui
