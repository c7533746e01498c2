#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/data/NpyFile.h"
#include "core/storage/CodesFile.h"
#include "core/storage/PngFile.h"
#include "core/storage/RunFolder.h"
#include "core/storage/RunList.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <png.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

namespace latentoscope {
namespace {

RunRecord someRecord()
{
    RunRecord record;
    record.shape = {28, 28, 1};
    record.dataName = "Fashion-MNIST";
    record.dataDigest = "abc";
    record.classNames = {"a", "b"};
    record.created = "2026-01-31T17:05:09+01:00";
    record.threads = 2;
    record.configuration.training.epochs = 7;
    return record;
}

} // namespace

TEST(AtomicFile, ReplacesWholeFilesAndLeavesNothingBeside)
{
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "f", "old");
    writeFileAtomically(folder / "f", "new");
    EXPECT_EQ(readFile(folder / "f"), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, SaysWhichFileCannotBeWritten)
{
    const test::TemporaryFolder folder;
    try {
        writeFileAtomically(folder / "none" / "f", "x");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.what(), (folder / "none" / "f").string() + ": cannot make a file beside it: No such file or directory");
    }
}

TEST(AtomicFile, WritesWhereALinkLeadsAndLeavesTheLink)
{
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "target", "old");
    std::filesystem::create_symlink("target", folder / "link"); // relative to the link's folder
    std::filesystem::create_symlink(folder / "link", folder / "second");
    writeFileAtomically(folder / "second", "new");
    EXPECT_EQ(readFile(folder / "target"), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "second"));
    std::filesystem::create_symlink("later", folder / "dangling");
    writeFileAtomically(folder / "dangling", "made");
    EXPECT_EQ(readFile(folder / "later"), "made");
}

TEST(AtomicFile, WritesIntoAPipe)
{
    const test::TemporaryFolder folder;
    ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
    std::string got;
    std::thread reader([&] { got = readFile(folder / "pipe"); });
    writeFileAtomically(folder / "pipe", "through");
    reader.join();
    EXPECT_EQ(got, "through");
    EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
    writeFileAtomically("/dev/null", "gone");
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(CodesFile, AnotherEndingIsRefused)
{
    const test::TemporaryFolder folder;
    try {
        writeCodes(folder / "codes.npz", {1, {0}, {0}, {0.5F}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("found the ending \".npz\", expected .csv or .npy"), std::string::npos)
            << error.what();
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(CodesFile, NpyKeepsTheItems)
{
    const test::TemporaryFolder folder;
    writeCodes(folder / "codes.npy", {1, {7, 300}, {0, 1}, {0.5F, 1}});
    const std::string bytes = readFile(folder / "codes.items.npy");
    EXPECT_NE(bytes.find("'descr': '<i4'"), std::string::npos);
    EXPECT_EQ(bytes.substr(bytes.size() - 8), std::string("\x07\0\0\0\x2c\x01\0\0", 8));
}

TEST(Npy, HeaderEndsOnSixtyFourBytes)
{
    const test::TemporaryFolder folder;
    const std::vector<float> values{1, 2, 3, 4, 5, 6};
    writeNpy(folder / "a.npy", {3, 2}, std::span<const float>(values));
    const std::string bytes = readFile(folder / "a.npy");
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    const std::size_t header = 10 + static_cast<std::uint8_t>(bytes[8]) + 256 * static_cast<std::uint8_t>(bytes[9]);
    EXPECT_EQ(header % 64, 0U);
    EXPECT_EQ(bytes.substr(10, 57), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2),");
    EXPECT_EQ(bytes[header - 1], '\n');
    ASSERT_EQ(bytes.size(), header + 24);
    EXPECT_EQ(std::memcmp(bytes.data() + header, values.data(), 24), 0);
}

TEST(Npy, TupleOfOneKeepsItsComma)
{
    const test::TemporaryFolder folder;
    const std::vector<std::uint8_t> values{1, 2};
    writeNpy(folder / "a.npy", {2}, std::span<const std::uint8_t>(values));
    EXPECT_NE(readFile(folder / "a.npy").find("'shape': (2,), }"), std::string::npos);
}

TEST(CodesFile, CsvReadsBackAsItWas)
{
    const test::TemporaryFolder folder;
    const CodeTable table{3, {7, 300}, {0, 255}, {0.1F, -1e-30F, 3e8F, 1, 2, 0.3333333F}};
    writeCodes(folder / "c.csv", table);
    const CodeTable read = readCodes(folder / "c.csv");
    test::writeBytes(folder / "marked.csv", "\xEF\xBB\xBF" + readFile(folder / "c.csv"));
    EXPECT_EQ(readCodes(folder / "marked.csv").values, read.values) << "as a spreadsheet saves it";
    EXPECT_EQ(read.dimension, 3);
    EXPECT_EQ(read.items, table.items);
    EXPECT_EQ(read.labels, table.labels);
    EXPECT_EQ(read.values, table.values);
    // As another program may write it.
    writeFileAtomically(folder / "d.csv", "index,label,z0\r\n\r\n4,1,2.5\r\n5,2,-3");
    EXPECT_EQ(readCodes(folder / "d.csv").values, (std::vector<float>{2.5F, -3}));
}

TEST(CodesFile, ADamagedCsvIsToldByItsLine)
{
    const test::TemporaryFolder folder;
    const auto refusal = [&](const std::string& text) -> std::string {
        writeFileAtomically(folder / "c.csv", text);
        try {
            (void)readCodes(folder / "c.csv");
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Error::Kind::CorruptData);
            return error.what();
        }
        return "accepted";
    };
    const auto contains = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    EXPECT_TRUE(
        contains(refusal("index,z0,z1\n0,1,2\n"), "c.csv, line 1: found the columns \"index,z0,z1\", expected index,label"));
    EXPECT_TRUE(contains(refusal("index,label,z0,z2\n"), "line 1: found the columns"));
    EXPECT_TRUE(contains(refusal("index,label\n0,1\n"), "line 1: found the columns"));
    EXPECT_TRUE(contains(refusal("index,label,z0\n0,1,2\n1,1\n"), "line 3: found 2 values, expected 3"));
    EXPECT_TRUE(contains(refusal("index,label,z0\n0,1,2,3\n"), "line 2: found 4 values, expected 3"));
    EXPECT_TRUE(contains(refusal("index,label,z0\n0,1,nan\n"), "line 2: z0: found \"nan\", expected a finite number"));
    EXPECT_TRUE(contains(refusal("index,label,z0\n0,1,1e300\n"), "found \"1e300\""));
    EXPECT_TRUE(contains(refusal("index,label,z0\n0,1,\n"), "found \"\""));
    EXPECT_TRUE(contains(refusal("index,label,z0\n-1,1,2\n"), "index: found \"-1\""));
    EXPECT_TRUE(
        contains(refusal("index,label,z0\n1,65536,2\n"), "label: found \"65536\", expected a whole number from 0 to 65,535"));
    EXPECT_TRUE(contains(refusal("index,label,z0\n"), "found no codes"));
    EXPECT_TRUE(contains(refusal(""), "found no codes"));
}

TEST(CodesFile, APictureIsCsvOrNpy)
{
    const test::TemporaryFolder folder;
    const CodeTable table{3, {7, 8}, {0, 1}, {}};
    const std::vector<float> places{0.5F, 1, -2, 3};
    writeProjection(folder / "p.csv", table, places);
    EXPECT_EQ(readFile(folder / "p.csv"), "index,label,x,y\n7,0,0.5,1\n8,1,-2,3\n");
    writeProjection(folder / "p.npy", table, places);
    EXPECT_NE(readFile(folder / "p.npy").find("'shape': (2, 2)"), std::string::npos);
    EXPECT_THROW(writeProjection(folder / "p.txt", table, places), Error);
}

TEST(CodesFile, IsCsvOrNpyWithLabelsBeside)
{
    const test::TemporaryFolder folder;
    const CodeTable table{2, {4, 9}, {1, 7}, {0.1F, -2, 3e-8F, 4}};
    writeCodes(folder / "c.csv", table);
    EXPECT_EQ(readFile(folder / "c.csv"), "index,label,z0,z1\n4,1,0.1,-2\n9,7,3e-08,4\n");
    writeCodes(folder / "c.npy", table);
    EXPECT_TRUE(std::filesystem::exists(folder / "c.labels.npy"));
}

TEST(PngFile, HoldsThePixelsItWasGiven)
{
    const test::TemporaryFolder folder;
    const std::vector<std::uint8_t> pixels{0, 100, 200, 255, 1, 2};
    for (const ImageShape shape : {ImageShape{2, 3, 1}, ImageShape{1, 2, 3}}) {
        writePng(folder / "p.png", shape, pixels);
        png_image image{};
        image.version = PNG_IMAGE_VERSION;
        ASSERT_NE(png_image_begin_read_from_file(&image, (folder / "p.png").c_str()), 0);
        EXPECT_EQ(static_cast<int>(image.width), shape.width);
        image.format = shape.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
        std::vector<std::uint8_t> read(pixels.size());
        ASSERT_NE(png_image_finish_read(&image, nullptr, read.data(), 0, nullptr), 0);
        EXPECT_EQ(read, pixels);
    }
}

TEST(RunFolder, KeepsWhatARunIs)
{
    const test::TemporaryFolder folder;
    createRun(folder / "run", someRecord(), Existing::Refuse);
    const RunRecord read = readRun(folder / "run");
    EXPECT_EQ(read.configuration.training.epochs, 7);
    EXPECT_EQ(read.dataDigest, "abc");
    EXPECT_EQ(read.classNames, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(read.shape, (ImageShape{28, 28, 1}));
}

TEST(RunFolder, RefusesAFullOneUnlessTold)
{
    const test::TemporaryFolder folder;
    createRun(folder / "run", someRecord(), Existing::Refuse);
    EXPECT_THROW(createRun(folder / "run", someRecord(), Existing::Refuse), Error);
    EXPECT_TRUE(createRun(folder / "run", someRecord(), Existing::Overwrite).replacing());
}

TEST(RunFolder, OverwritesNothingThatIsNoRun)
{
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "project" / "figures");
    test::writeBytes(folder.path() / "project" / "config.json", "{\"mine\": 1}");
    test::writeBytes(folder.path() / "project" / "figures" / "thesis.txt", "years of work");
    try {
        createRun(folder / "project", someRecord(), Existing::Overwrite);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("holds files but no run"), std::string::npos) << error.what();
    }
    EXPECT_EQ(readFile(folder.path() / "project" / "config.json"), "{\"mine\": 1}");
    EXPECT_EQ(readFile(folder.path() / "project" / "figures" / "thesis.txt"), "years of work");
}

TEST(RunFolder, ReplacesOnlyWhatARunWritesAndOnlyWhenTold)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path run = folder / "run";
    createRun(run, someRecord(), Existing::Refuse);
    appendSteps(run, {{0.5, 1, {}}});
    for (const char* name : {"notes.txt", "figures/thesis.txt", "figures/loss.png", "model.safetensors"})
        test::writeBytes(run / name, "old");
    NewRun next = createRun(run, someRecord(), Existing::Overwrite);
    ASSERT_TRUE(next.replacing());
    EXPECT_EQ(readSteps(run).size(), 1U); // still the older one
    test::writeBytes(next.files / "model.safetensors", "new");
    replaceOlder(next);
    EXPECT_FALSE(next.replacing());
    EXPECT_TRUE(readSteps(run).empty());
    EXPECT_EQ(readFile(run / "model.safetensors"), "new");
    EXPECT_FALSE(std::filesystem::exists(run / "figures" / "loss.png"));
    EXPECT_EQ(readFile(run / "notes.txt"), "old");
    EXPECT_EQ(readFile(run / "figures" / "thesis.txt"), "old");
    EXPECT_EQ(readRun(run).dataDigest, "abc");
}

TEST(RunFolder, IsWrittenByOneAtATimeWhichTheOtherIsTold)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path run = folder / "run";
    {
        const NewRun first = createRun(run, someRecord(), Existing::Refuse);
        for (const Existing existing : {Existing::Refuse, Existing::Overwrite}) {
            try {
                createRun(run, someRecord(), existing);
                FAIL();
            } catch (const Error& error) {
                EXPECT_EQ(std::string(error.what()),
                          run.string() + ": this program is at work there; wait for its end, or choose another folder");
            }
        }
        EXPECT_EQ(holderOf(run).value_or(""), "this program");
    }
    EXPECT_FALSE(holderOf(run));
    EXPECT_FALSE(std::filesystem::exists(run / ".lock")) << "taken away with its holder";
    EXPECT_TRUE(createRun(run, someRecord(), Existing::Overwrite).replacing());
}

TEST(RunFolder, TheLockOfADeadProgramKeepsNobodyOut)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path run = folder / "run";
    const pid_t child = fork();
    if (child == 0) {
        const NewRun held = createRun(run, someRecord(), Existing::Refuse);
        _exit(0); // as kill -9: nothing is cleaned up
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(std::filesystem::exists(run / ".lock"));
    EXPECT_FALSE(holderOf(run));
    EXPECT_TRUE(createRun(run, someRecord(), Existing::Overwrite).replacing());
}

TEST(RunFolder, WhatAProgramLeftThatWasKilledAtItsBeginningIsNoFullFolder)
{
    const test::TemporaryFolder folder;
    const std::filesystem::path run = folder / "run";
    std::filesystem::create_directories(run / "figures");
    test::writeBytes(run / ".config.json.123-0", "{");
    test::writeBytes(run / ".lock", "somebody\n");
    createRun(run, someRecord(), Existing::Refuse);
    EXPECT_EQ(readRun(run).dataDigest, "abc");
    EXPECT_FALSE(std::filesystem::exists(run / ".config.json.123-0"));
    test::writeBytes(run / ".model.safetensors.123-7", "half");
    test::writeBytes(run / ".thesis.txt.123-7", "a stranger's");
    createRun(run, someRecord(), Existing::Overwrite);
    EXPECT_FALSE(std::filesystem::exists(run / ".model.safetensors.123-7"));
    EXPECT_TRUE(std::filesystem::exists(run / ".thesis.txt.123-7"));
}

TEST(RunFolder, AnEmptyNameIsRefused) { EXPECT_THROW(createRun("", someRecord(), Existing::Refuse), Error); }

TEST(RunFolder, IsMadeByOneOfManyAtOnce)
{
    const test::TemporaryFolder folder;
    for (int round = 0; round < 20; ++round) {
        const std::filesystem::path run = folder / std::to_string(round);
        std::atomic<int> made{0};
        std::vector<std::jthread> makers;
        for (int i = 0; i < 4; ++i) {
            makers.emplace_back([&] {
                try {
                    createRun(run, someRecord(), Existing::Refuse);
                    ++made;
                } catch (const Error&) {
                    EXPECT_TRUE(std::filesystem::exists(run)); // refused because another one has it
                }
            });
        }
        makers.clear();
        EXPECT_EQ(made, 1);
    }
}

TEST(RunFolder, FreshOnesAreNobodyElses)
{
    const test::TemporaryFolder folder;
    const auto first = makeFreshRunFolder(folder / "runs", "a");
    EXPECT_EQ(first.filename(), "a");
    EXPECT_EQ(makeFreshRunFolder(folder / "runs", "a").filename(), "a-2");
    EXPECT_TRUE(std::filesystem::is_empty(first));
    test::writeBytes(folder.path() / "file", "");
    EXPECT_THROW(makeFreshRunFolder(folder / "file", "a"), Error);
}

TEST(RunFolder, KeepsCurves)
{
    const test::TemporaryFolder folder;
    createRun(folder / "run", someRecord(), Existing::Refuse);
    appendMetrics(folder / "run", test::epochMetrics(1, 0.1, 0.2, 5000));
    appendMetrics(folder / "run", test::epochMetrics(2, 0.05, std::nullopt, 6000));
    appendSteps(folder / "run", {{0.5, 0.25F, {}}, {1, 0.125F, {}}});
    EXPECT_EQ(readFile(folder.path() / "run" / "metrics.csv").substr(0, 62),
              "epoch,split,metric,value\n1,train,mse,0.1\n1,validation,mse,0.2\n");
    const auto epochs = readMetrics(folder / "run");
    ASSERT_EQ(epochs.size(), 2U);
    EXPECT_EQ(epochs[0].values, test::epochMetrics(1, 0.1, 0.2, 5000).values);
    EXPECT_EQ(epochs[1].find("train", "mse"), 0.05);
    EXPECT_FALSE(epochs[1].find("validation", "mse"));
    ASSERT_EQ(readSteps(folder / "run").size(), 2U);
    EXPECT_EQ(readSteps(folder / "run")[1].loss, 0.125F);
}

TEST(RunFolder, PassesOverALineThatACrashCutOff)
{
    const test::TemporaryFolder folder;
    createRun(folder / "run", someRecord(), Existing::Refuse);
    appendSteps(folder / "run", {{0.5, 0.25F, {}}});
    appendToFile(folder.path() / "run" / "steps.csv", "1,0.1");
    EXPECT_EQ(readSteps(folder / "run").size(), 1U);
}

TEST(RunFolder, DamagedConfigurationIsSaid)
{
    const test::TemporaryFolder folder;
    createRun(folder / "run", someRecord(), Existing::Refuse);
    test::writeBytes(folder.path() / "run" / "config.json", "{\"model\": {}}");
    try {
        readRun(folder / "run");
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("config.json: \"run\" is not as a run writes it"), std::string::npos)
            << error.what();
    }
    EXPECT_EQ(listRuns(folder.path()).size(), 1U); // still listed, by name
}

TEST(RunFolder, ListsNewestFirstWithItsBest)
{
    const test::TemporaryFolder folder;
    RunRecord older = someRecord();
    older.created = "2025-01-31T17:05:09+01:00";
    createRun(folder / "z", older, Existing::Refuse);
    createRun(folder / "a", someRecord(), Existing::Refuse);
    appendMetrics(folder / "a", test::epochMetrics(1, 0.1, 0.2, 1));
    appendMetrics(folder / "a", test::epochMetrics(2, 0.05, 0.3, 1));
    const auto runs = listRuns(folder.path());
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].name, "a");
    EXPECT_EQ(runs[0].best, 0.2);
    EXPECT_EQ(runs[0].bestLabel, "validation MSE");
    EXPECT_EQ(runs[0].epochsDone, 2);
    EXPECT_EQ(freshRunFolder(folder.path(), "a").filename(), "a-2");
    std::filesystem::create_directory(folder / "a-2");
    EXPECT_EQ(freshRunFolder(folder.path(), "a-2").filename(), "a-3") << "one series";
    std::filesystem::create_directory(folder / "latent-16");
    EXPECT_EQ(freshRunFolder(folder.path(), "latent-16").filename(), "latent-16-2") << "the number is of the name";
}

} // namespace latentoscope
