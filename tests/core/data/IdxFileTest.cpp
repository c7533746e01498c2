#include "core/data/IdxFile.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sys/stat.h>

namespace latentoscope {
namespace {

using test::Compression;
using test::idxBytes;
using test::writeBytes;

/// A folder with one file in it, and the sentence that reading it ends with.
class IdxFile : public testing::Test {
protected:
    std::string sentence(const std::string& bytes, Compression compression = Compression::None,
                         const std::string& name = "images")
    {
        writeBytes(m_folder / name, bytes, compression);
        return sentenceOf(name);
    }
    std::string sentenceOf(const std::string& name)
    {
        try {
            readIdxImages(m_folder / name);
        } catch (const Error& error) {
            m_kind = error.kind();
            const std::string text = error.what();
            const std::string file = (m_folder / name).string() + ": ";
            EXPECT_TRUE(text.starts_with(file)) << text;
            EXPECT_EQ(text.find('\n'), std::string::npos) << text;
            return text.substr(std::min(file.size(), text.size()));
        }
        return "no error";
    }
    static std::vector<std::uint8_t> pixels(std::size_t count) { return std::vector<std::uint8_t>(count, 7); }

    test::TemporaryFolder m_folder;
    Error::Kind m_kind = Error::Kind::Io;
};

} // namespace

TEST_F(IdxFile, IsReadPlainAndCompressed)
{
    for (const Compression compression : {Compression::None, Compression::Gzip}) {
        writeBytes(m_folder / "images", idxBytes({2, 8, 9}, pixels(144)), compression);
        const IdxArray array = readIdxImages(m_folder / "images");
        EXPECT_EQ(array.sizes, (std::vector<int>{2, 8, 9}));
        EXPECT_EQ(array.values, pixels(144));
    }
}

TEST_F(IdxFile, MayHoldColourWithTheChannelLast)
{
    writeBytes(m_folder / "images", idxBytes({1, 8, 8, 3}, pixels(192)));
    EXPECT_EQ(readIdxImages(m_folder / "images").sizes, (std::vector<int>{1, 8, 8, 3}));
}

TEST_F(IdxFile, MissingIsSaid)
{
    EXPECT_EQ(sentenceOf("images"), "no such file");
    EXPECT_EQ(m_kind, Error::Kind::NotFound);
}

TEST_F(IdxFile, NamedGzButNotGzipIsSaid)
{
    EXPECT_EQ(sentence(idxBytes({1, 8, 8}, pixels(64)), Compression::None, "images.gz"),
              "is not gzip data although its name says so, expected it to begin with 1f 8b");
    EXPECT_EQ(sentence("", Compression::None, "images.gz"), "is empty, expected gzip data");
}

TEST_F(IdxFile, WrongMagicIsSaid)
{
    EXPECT_EQ(sentence("PNG?and so on"),
              "begins with 50 4e 47 3f, expected 00 00 08 and the number of sizes; this is no IDX file");
}

TEST_F(IdxFile, WrongElementTypeIsSaid)
{
    std::string bytes = idxBytes({1, 8, 8}, pixels(64));
    bytes[2] = '\x0D';
    EXPECT_EQ(sentence(bytes), "holds 32-bit floats (00 00 0d 03), expected unsigned bytes (00 00 08 ..)");
}

TEST_F(IdxFile, WrongNumberOfSizesIsSaid)
{
    EXPECT_EQ(sentence(idxBytes({64}, pixels(64))), "has 1 sizes, expected 3 (grey images) or 4 (colour images)");
}

TEST_F(IdxFile, TruncatedHeaderIsSaid)
{
    EXPECT_EQ(sentence(idxBytes({1, 8, 8}, {}).substr(0, 6)),
              "ends within its header after 2 of 4 bytes, expected a whole IDX header; the file is truncated");
    EXPECT_EQ(sentence(""), "ends within its header after 0 of 4 bytes, expected a whole IDX header; the file is truncated");
}

TEST_F(IdxFile, TruncatedDataIsSaid)
{
    EXPECT_EQ(sentence(idxBytes({2, 8, 8}, pixels(100))),
              "holds 100 bytes of data, expected 128 for 2 x 8 x 8; the file is truncated or its header is wrong");
}

TEST_F(IdxFile, HeaderLargerThanTheDataIsSaidWithoutAllocatingForIt)
{
    // 100 million images of 256 × 256 would be 6.5 TB: only what is there may be allocated.
    EXPECT_EQ(sentence(idxBytes({100'000'000, 256, 256}, pixels(1000))),
              "holds 1,000 bytes of data, expected 6,553,600,000,000 for 100000000 x 256 x 256; the file is truncated or its "
              "header is wrong");
}

TEST_F(IdxFile, AbsurdDimensionsAreSaid)
{
    EXPECT_EQ(sentence(idxBytes({0xFFFFFFFF, 28, 28}, pixels(10))),
              "its header claims 4,294,967,295 images, expected at most 100,000,000");
    EXPECT_EQ(sentence(idxBytes({1, 0xFFFFFFFF, 28}, pixels(10))),
              "its header claims images of 4294967295 x 28, expected sides from 8 to 256");
    EXPECT_EQ(sentence(idxBytes({1, 7, 28}, pixels(196))), "its header claims images of 7 x 28, expected sides from 8 to 256");
    EXPECT_EQ(sentence(idxBytes({1, 8, 8, 4}, pixels(256))), "its fourth size is 4, expected 3 (colour, channel last)");
}

TEST_F(IdxFile, ZeroImagesAreSaid) { EXPECT_EQ(sentence(idxBytes({0, 28, 28}, {})), "holds 0 images, expected at least 1"); }

TEST_F(IdxFile, SurplusBytesAreSaid)
{
    EXPECT_EQ(sentence(idxBytes({1, 8, 8}, pixels(65))),
              "goes on after the 64 bytes of data its header announces (1 x 8 x 8), expected the end of the file");
    EXPECT_EQ(sentence(idxBytes({1, 8, 8}, pixels(65)), Compression::Gzip),
              "goes on after the 64 bytes of data its header announces (1 x 8 x 8), expected the end of the file");
}

TEST_F(IdxFile, SeveralGzipStreamsAreOneFile)
{
    const std::string bytes = idxBytes({2, 8, 8}, pixels(128));
    writeBytes(m_folder / "a.gz", bytes.substr(0, 50), Compression::Gzip);
    writeBytes(m_folder / "b.gz", bytes.substr(50), Compression::Gzip);
    writeBytes(m_folder / "both.gz", readFile(m_folder / "a.gz") + readFile(m_folder / "b.gz"));
    EXPECT_EQ(readIdxImages(m_folder / "both.gz").values, pixels(128));
}

TEST_F(IdxFile, BytesAfterTheGzipDataAreSaid)
{
    writeBytes(m_folder / "a.gz", idxBytes({1, 8, 8}, pixels(64)), Compression::Gzip);
    writeBytes(m_folder / "junk.gz", readFile(m_folder / "a.gz") + "JUNKJUNK");
    writeBytes(m_folder / "padded.gz", readFile(m_folder / "a.gz") + std::string(512, '\0'));
    EXPECT_EQ(readIdxImages(m_folder / "padded.gz").values, pixels(64)) << "zeros are padding, as gzip has it";
    EXPECT_EQ(sentenceOf("junk.gz"), "goes on for 8 bytes after its gzip data, expected the end of the file or more gzip data");
}

TEST_F(IdxFile, APipeIsRefusedAndNotWaitedFor)
{
    ASSERT_EQ(mkfifo((m_folder / "images").c_str(), 0600), 0);
    EXPECT_EQ(sentenceOf("images"), "is a pipe or device, expected an IDX file");
}

TEST_F(IdxFile, TruncatedAndDamagedGzipAreSaid)
{
    std::vector<std::uint8_t> noise(64 * 64);
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i * 31 + i / 7);
    writeBytes(m_folder / "images.gz", idxBytes({1, 64, 64}, noise), Compression::Gzip);
    std::ifstream in(m_folder / "images.gz", std::ios::binary);
    std::string stored((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(sentence(stored.substr(0, stored.size() / 2), Compression::None, "half.gz"),
              "the gzip stream ends early, expected its closing checksum; the file is truncated, fetch it again");
    stored[stored.size() - 6] = static_cast<char>(stored[stored.size() - 6] ^ 0x55);
    EXPECT_EQ(sentence(stored, Compression::None, "flipped.gz"),
              "damaged gzip data (incorrect data check), expected an intact gzip file; fetch it again");
}

TEST_F(IdxFile, FolderInPlaceOfAFileIsSaid)
{
    std::filesystem::create_directory(m_folder / "images");
    EXPECT_EQ(sentenceOf("images"), "is a folder, expected an IDX file");
}

} // namespace latentoscope
