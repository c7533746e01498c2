// npy files as real NumPy writes them, and damaged ones.
#include "core/data/NpyFile.h"
#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/storage/CodesFile.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <sstream>

namespace latentoscope {
namespace {

using Shape = std::vector<std::int64_t>;

std::vector<double> valuesOf(const NpyArray& array)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < array.count(); ++i) values.push_back(array.real(i));
    return values;
}

std::vector<double> countedTo(int count)
{
    std::vector<double> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0);
    return values;
}

template <class Read> std::string refusalOf(const Read& read)
{
    try {
        read();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::CorruptData);
        return error.what();
    }
    return "accepted";
}

class NpyFile : public testing::Test {
protected:
    /// As NumPy writes them; the types' names.
    std::vector<std::string> byNumPy() const
    {
        const test::Ended ended = test::runProgram(
            {"/usr/bin/python3", LATENTOSCOPE_SOURCE "/tests/core/storage/npy_arrays.py", m_folder.path().string()});
        EXPECT_EQ(ended.code, 0) << ended.err;
        std::istringstream words(ended.out);
        return {std::istream_iterator<std::string>(words), {}};
    }
    NpyArray read(const std::string& name) const { return readNpy(m_folder / (name + ".npy")); }
    std::string refusal(const std::string& name) const
    {
        return refusalOf([&] { (void)read(name); });
    }
    void expectRefusal(const std::string& name, const char* part) const
    {
        const std::string said = refusal(name);
        EXPECT_NE(said.find(part), std::string::npos) << name << ": " << said;
    }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(NpyFile, IsReadInEveryTypeOrderAndVersionOfNumPy)
{
    const std::vector<std::string> types = byNumPy();
    ASSERT_EQ(types.size(), 11U);
    for (const std::string& type : types) {
        for (const char* order : {"", "-big", "-fortran"}) {
            const NpyArray array = read(type + order);
            EXPECT_EQ(array.shape, (Shape{3, 4})) << type << order;
            EXPECT_EQ(array.isReal, type[0] == 'f') << type;
            EXPECT_EQ(valuesOf(array), countedTo(12)) << type << order;
        }
    }
    for (const char* name : {"version2", "version3"}) EXPECT_EQ(valuesOf(read(name)), countedTo(12)) << name;
    EXPECT_EQ(valuesOf(read("cube-fortran")), countedTo(24));
    EXPECT_EQ(read("bool").wholes, (std::vector<std::int64_t>{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}));
    EXPECT_EQ(read("negative").wholes, (std::vector<std::int64_t>{-1, -128, 127}));
    EXPECT_EQ(read("scalar").shape, Shape{});
    EXPECT_EQ(read("scalar").reals, std::vector<double>{2.5});
    EXPECT_EQ(read("empty").count(), 0U);
    const std::vector<double> halves = read("halves").reals;
    EXPECT_EQ(std::vector<double>(halves.begin(), halves.begin() + 4), (std::vector<double>{0.5, -2, 65504, std::ldexp(1, -24)}));
    EXPECT_TRUE(std::isinf(halves[4]));
    EXPECT_TRUE(std::isnan(halves[5]));
}

TEST_F(NpyFile, OfWhatIsNoNumbersIsASentence)
{
    byNumPy();
    expectRefusal("beyond", "beyond 2^63");
    expectRefusal("objects", "found an array of Python objects, expected an array of numbers");
    expectRefusal("records", "found an array of records");
    expectRefusal("complex", "found values of the type <c8");
    expectRefusal("texts", "found values of the type <U2");
}

TEST_F(NpyFile, CutShortOrDamagedIsASentenceAtEveryByte)
{
    const std::vector<float> values{1, 2, 3, 4, 5, 6};
    writeNpy(m_folder / "a.npy", {3, 2}, std::span<const float>(values));
    const std::string whole = readFile(m_folder / "a.npy");
    EXPECT_EQ(valuesOf(read("a")), (std::vector<double>{1, 2, 3, 4, 5, 6}));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        writeFileAtomically(m_folder / "a.npy", whole.substr(0, length));
        EXPECT_NE(refusal("a"), "accepted") << length << " bytes";
    }
    const auto with = [&](const std::string& part, const std::string& other) {
        std::string text = whole;
        text.replace(text.find(part), part.size(), other);
        writeFileAtomically(m_folder / "a.npy", text);
        return refusal("a");
    };
    EXPECT_NE(with("(3, 2)", "(9, 2)").find("found 24 bytes of values, expected as many as (9, 2) of f4 take"),
              std::string::npos);
    EXPECT_NE(with("(3, 2)", "(3,-2").find("found the header"), std::string::npos);
    EXPECT_NE(with("'descr'", "'other'").find("found the header"), std::string::npos);
    EXPECT_NE(with("False", "Maybe").find("found the header"), std::string::npos);
    EXPECT_NE(with(std::string("\x01\x00", 2), std::string("\x09\x00", 2)).find("found version 9"), std::string::npos);
    const std::string huge = with("(3, 2), }     ", "(4294967296, 4294967296), }").substr(0, 400);
    EXPECT_NE(huge, "accepted") << "a product beyond 64 bits";
}

TEST_F(NpyFile, OfCodesComesBackWithLabelsAndItems)
{
    const CodeTable table{3, {7, 300}, {0, 255}, {0.1F, -1e-30F, 3e8F, 1, 2, 0.3333333F}};
    writeCodes(m_folder / "c.npy", table);
    CodeTable found = readCodes(m_folder / "c.npy");
    EXPECT_EQ(found.dimension, 3);
    EXPECT_EQ(found.items, table.items);
    EXPECT_EQ(found.labels, table.labels);
    EXPECT_EQ(found.values, table.values);
    // Another program's: rows alone.
    std::filesystem::remove(m_folder / "c.labels.npy");
    std::filesystem::remove(m_folder / "c.items.npy");
    found = readCodes(m_folder / "c.npy");
    EXPECT_EQ(found.items, (std::vector<int>{0, 1}));
    EXPECT_TRUE(found.labels.empty());
    writeProjection(m_folder / "p.csv", found, std::vector<float>{1, 2, 3, 4});
    EXPECT_EQ(readFile(m_folder / "p.csv"), "index,x,y\n0,1,2\n1,3,4\n");
}

TEST_F(NpyFile, OfCodesThatFitNothingIsASentence)
{
    const auto refused = [&](const char* part) {
        const std::string said = refusalOf([&] { (void)readCodes(m_folder / "c.npy"); });
        EXPECT_NE(said.find(part), std::string::npos) << said;
    };
    writeNpy(m_folder / "c.npy", {4}, std::span<const float>(std::vector<float>{1, 2, 3, 4}));
    refused("c.npy: found an array of the shape (4), expected codes");
    writeNpy(m_folder / "c.npy", {2, 2}, std::span<const float>(std::vector<float>{1, 2, NAN, 4}));
    refused("c.npy, row 1, dimension 0: found nan, expected a finite number");
    writeNpy(m_folder / "c.npy", {2, 2}, std::span<const float>(std::vector<float>{1, 2, 3, 4}));
    writeNpy(m_folder / "c.labels.npy", {3}, std::span<const int>(std::vector<int>{1, 2, 3}));
    refused("c.labels.npy: found 3, expected 2 whole numbers from 0 to 65,535");
    writeNpy(m_folder / "c.labels.npy", {2}, std::span<const int>(std::vector<int>{1, 65536}));
    refused("c.labels.npy: found the number 65536");
    writeNpy(m_folder / "c.labels.npy", {2}, std::span<const float>(std::vector<float>{1, 2}));
    refused("c.labels.npy: found numbers with fractions");
}

TEST(ShownText, IsShortAndHoldsNothingThatMovesATerminal)
{
    EXPECT_EQ(shownText("index,z0"), "index,z0");
    EXPECT_EQ(shownText("a\x1b[2Jb\n"), "a?[2Jb?");
    EXPECT_EQ(shownText("größe …"), "größe …");
    EXPECT_EQ(shownText("\xff\xc3"), "??") << "no UTF-8";
    EXPECT_EQ(shownText(std::string(100, 'x')), std::string(60, 'x') + "…");
}

} // namespace latentoscope
