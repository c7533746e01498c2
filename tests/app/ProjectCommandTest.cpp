// `latentoscope project`, as a person would call it.
#include "core/base/AtomicFile.h"
#include "core/base/Text.h"
#include "core/data/ImageShape.h"
#include "core/storage/CodesFile.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

test::Ended project(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {LATENTOSCOPE_PROGRAM, "project"});
    return test::runProgram(arguments);
}

/// Codes whose third dimension varies most, then the first.
CodeTable someCodes(int count)
{
    CodeTable table{3, {}, {}, {}};
    for (int row = 0; row < count; ++row) {
        table.items.push_back(row);
        table.labels.push_back(static_cast<std::uint8_t>(row % 2));
        const double angle = 0.7 * row;
        for (const double value : {2 * std::sin(angle), 0.1 * std::sin(3 * angle), 5.0 * (row % 2) + std::cos(angle)})
            table.values.push_back(static_cast<float>(value));
    }
    return table;
}

} // namespace

TEST(ProjectCommand, DrawsCodesOfAFileAndSaysHowTrueThePictureIs)
{
    const test::TemporaryFolder folder;
    writeCodes(folder / "codes.csv", someCodes(100));
    const std::string out = (folder / "picture.csv").string();
    const test::Ended pca = project({(folder / "codes.csv").string(), "--method", "pca", "--json", "--out", out});
    ASSERT_EQ(pca.code, 0) << pca.err;
    const Json json = Json::parse(pca.out);
    EXPECT_EQ(json["points"], 100);
    EXPECT_EQ(json["dimensions"], 3);
    EXPECT_EQ(json["quality"]["points"], 100);
    EXPECT_GT(json["quality"]["trustworthiness"], 0.98);
    EXPECT_GT(json["quality"]["continuity"], 0.98);
    EXPECT_EQ(json["quality"]["label_accuracy"], 1);
    EXPECT_GT(json["explained_variance"][0].get<double>() + json["explained_variance"][1].get<double>(), 0.99);
    const std::string text = readFile(out);
    EXPECT_TRUE(text.starts_with("index,label,x,y\n0,0,"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 101);

    const test::Ended pair = project({(folder / "codes.csv").string(), "--method", "none", "--dims", "2,0", "--out", out});
    ASSERT_EQ(pair.code, 0) << pair.err;
    EXPECT_NE(pair.out.find("trustworthiness"), std::string::npos) << pair.out;
    EXPECT_NE(pair.out.find("on 100 points"), std::string::npos) << pair.out;
    EXPECT_TRUE(readFile(out).starts_with("index,label,x,y\n0,0,1,0\n")) << "dimension 2, then 0";
}

TEST(ProjectCommand, DrawsByTsneTheSameAtAnyThreadCount)
{
    const test::TemporaryFolder folder;
    writeCodes(folder / "codes.csv", someCodes(120));
    std::string first;
    for (const char* threads : {"1", "2", "4"}) {
        const std::string out = (folder / "p.csv").string();
        const test::Ended ended = project({(folder / "codes.csv").string(), "--method", "tsne", "--perplexity", "10,20",
                                           "--iterations", "300", "--threads", threads, "--json", "--out", out});
        ASSERT_EQ(ended.code, 0) << ended.err;
        const Json json = Json::parse(ended.out);
        EXPECT_EQ(json["iterations"], 300);
        EXPECT_EQ(json["perplexity"], Json({10.0, 20.0}));
        EXPECT_GT(json["kl_divergence"], 0);
        EXPECT_LT(json["kl_divergence"], 2) << "a start of 1e-4 has 3.4";
        EXPECT_GT(json["quality"]["label_accuracy"], 0.95);
        if (first.empty()) first = readFile(out);
        EXPECT_EQ(readFile(out), first) << threads;
    }
}

TEST(ProjectCommand, DrawsCodesOfARun)
{
    const test::TemporaryFolder folder;
    test::writeIdxFolder(folder.path(), *test::smallData({8, 8, 1}), test::Compression::None);
    const test::Ended trained = test::runProgram(
        {LATENTOSCOPE_PROGRAM, "train", "--preset", "report-autoencoder", "--data", folder.path().string(), "--set",
         "training.epochs=1", "--set", "model.channels=4", "--set", "model.latent=4", "--out", (folder / "run").string()});
    ASSERT_EQ(trained.code, 0) << trained.err;
    const test::Ended ended = project(
        {(folder / "run").string(), "--split", "train", "--out", (folder / "p.npy").string(), "--json", "--threads", "2"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(Json::parse(ended.out)["points"], 200);
    EXPECT_TRUE(std::filesystem::exists(folder / "p.npy"));

    const test::Ended all = project({(folder / "run").string(), "--split", "all", "--method", "umap", "--epochs", "20",
                                     "--way-back", "--out", (folder / "p.csv").string(), "--json", "--threads", "2"});
    ASSERT_EQ(all.code, 0) << all.err;
    const Json json = Json::parse(all.out);
    EXPECT_EQ(json["points"], 250);
    EXPECT_EQ(json["epochs"], 20);
    EXPECT_EQ(json["way_back"]["held_out"], 25);
    EXPECT_GT(json["way_back"]["network"]["image_mse"], 0) << "a run decodes";
    EXPECT_NE(readFile(folder / "p.csv").find("\n249,"), std::string::npos) << "test images are numbered after those of training";

    const test::Ended pixels =
        project({(folder / "run").string(), "--of", "pixels", "--out", (folder / "p.csv").string(), "--json"});
    ASSERT_EQ(pixels.code, 0) << pixels.err;
    EXPECT_EQ(Json::parse(pixels.out)["dimensions"], 64);
}

TEST(ProjectCommand, DrawsWhatEncodeWrites)
{
    const test::TemporaryFolder folder;
    const std::string csv = (folder / "codes.csv").string(), npy = (folder / "codes.npy").string();
    const std::string ofCsv = (folder / "a.csv").string(), ofNpy = (folder / "b.csv").string();
    writeCodes(csv, someCodes(60));
    writeCodes(npy, someCodes(60));
    const test::Ended first = project({csv, "--out", ofCsv, "--place", npy, "--place-out", (folder / "placed.csv").string()});
    ASSERT_EQ(first.code, 0) << first.err;
    const test::Ended second = project({npy, "--out", ofNpy});
    ASSERT_EQ(second.code, 0) << second.err;
    EXPECT_EQ(readFile(ofCsv), readFile(ofNpy));
    EXPECT_NE(second.out.find("10-NN accuracy"), std::string::npos) << second.out;

    std::filesystem::remove(folder / "codes.labels.npy");
    const test::Ended unlabelled =
        project({npy, "--out", ofNpy, "--place", csv, "--place-out", (folder / "placed.csv").string()});
    ASSERT_EQ(unlabelled.code, 0) << unlabelled.err;
    EXPECT_EQ(unlabelled.out.find("accuracy"), std::string::npos) << "of labels that nobody has told: " << unlabelled.out;
    EXPECT_TRUE(readFile(ofNpy).starts_with("index,x,y\n"));

    writeFileAtomically(folder / "picture.bin", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
    const test::Ended binary = project({(folder / "picture.bin").string(), "--out", ofNpy});
    EXPECT_EQ(binary.code, 1);
    EXPECT_EQ(std::count_if(binary.err.begin(), binary.err.end(), [](char c) { return c >= 0 && c < ' '; }), 1)
        << "one line, nothing that moves a terminal: " << binary.err;
}

TEST(ProjectCommand, DrawsByUmapTheSameAtAnyThreadCount)
{
    const test::TemporaryFolder folder;
    writeCodes(folder / "codes.csv", someCodes(150));
    std::string first;
    for (const char* threads : {"1", "2", "4"}) {
        const std::string out = (folder / "p.csv").string();
        const test::Ended ended = project({(folder / "codes.csv").string(), "--method", "umap", "--neighbours", "10", "--threads",
                                           threads, "--seed", "3", "--json", "--out", out});
        ASSERT_EQ(ended.code, 0) << ended.err;
        EXPECT_EQ(Json::parse(ended.out)["epochs"], 500);
        EXPECT_GT(Json::parse(ended.out)["quality"]["label_accuracy"], 0.95);
        if (first.empty()) first = readFile(out);
        EXPECT_EQ(readFile(out), first) << threads;
    }
}

TEST(ProjectCommand, ThousandsOfEqualPointsConstantDimensionsAndASingleClassAreDrawn)
{
    const test::TemporaryFolder folder;
    CodeTable table{3, {}, {}, {}};
    for (int row = 0; row < 2500; ++row) {
        table.items.push_back(row);
        table.labels.push_back(7);
        const float other = row < 2000 ? 0 : static_cast<float>(row % 50); // and the third never changes
        table.values.insert(table.values.end(), {other, 2 * other, 5});
    }
    writeCodes(folder / "codes.csv", table);
    for (const char* method : {"none", "pca", "tsne", "umap"}) {
        const std::string out = (folder / "p.csv").string();
        const test::Ended ended = project({(folder / "codes.csv").string(), "--method", method, "--iterations", "100", "--epochs",
                                           "20", "--json", "--out", out});
        ASSERT_EQ(ended.code, 0) << method << ": " << ended.err;
        EXPECT_EQ(Json::parse(ended.out)["quality"]["label_accuracy"], 1) << method;
        EXPECT_EQ(readFile(out).find("nan"), std::string::npos) << method;
        EXPECT_EQ(readFile(out).find("inf"), std::string::npos) << method;
    }
}

TEST(ProjectCommand, WhatCannotBeDrawnIsASentence)
{
    const test::TemporaryFolder folder;
    const std::string out = (folder / "p.csv").string();
    const std::string codes = (folder / "codes.csv").string(), placed = (folder / "placed.csv").string();
    const auto refused = [&](int code, const std::vector<std::string>& more, const std::string& part) {
        std::vector<std::string> arguments{codes, "--out", out};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const test::Ended ended = project(arguments);
        EXPECT_EQ(ended.code, code) << ended.err;
        EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
        EXPECT_FALSE(std::filesystem::exists(out)) << "nothing is left behind";
    };
    refused(2, {}, "codes.csv");
    writeCodes(codes, someCodes(40));
    refused(2, {"--method", "none", "--dims", "0,3"}, "--dims: found 0,3, expected two different dimensions from 0 to 2");
    refused(2, {"--method", "none", "--dims", "1,1"}, "--dims: found 1,1");
    refused(2, {"--method", "none", "--dims", "1"}, "--dims: found 1,");
    refused(2, {"--method", "nothing"}, "--method");
    const test::Ended ending = project({codes, "--out", (folder / "p.txt").string()});
    EXPECT_EQ(ending.code, 2);
    EXPECT_NE(ending.err.find("p.txt: found the ending \".txt\", expected .csv or .npy"), std::string::npos) << ending.err;
    refused(2, {"--method", "tsne", "--perplexity", "30"},
            "--perplexity: found 30, expected a number from 1 to 13, a third of the 39 other points");
    refused(2, {"--method", "tsne", "--perplexity", ""}, "--perplexity: found nothing, expected a value");
    refused(2, {"--method", "tsne", "--perplexity", "1e300"}, "--perplexity: found 1e300");
    refused(2, {"--seed", "-1"}, "--seed: found -1, expected a whole number from 0 to 9007199254740991");
    refused(2, {"--method", "tsne", "--perplexity", "5,x"}, "--perplexity: found 5,x");
    refused(2, {"--method", "tsne", "--perplexity", "5", "--iterations", "0"}, "--iterations");
    refused(2, {"--method", "tsne", "--perplexity", "5", "--learning-rate", "1e9"}, "give a lower learning rate");
    refused(2, {"--method", "umap", "--neighbours", "41"}, "--neighbours: found 41, expected at most the 40 points");
    refused(2, {"--of", "pixels"}, "--of pixels: found the file");
    refused(2, {"--place", codes}, "--place: found no --place-out, expected the file for their places");
    refused(2, {"--place-out", codes}, "--place-out: found no --place");
    refused(2, {"--place", codes, "--place-out", out}, "the file of --out");
    refused(2, {"--place", codes, "--place-out", "x.txt"}, "x.txt: found the ending");
    refused(2, {"--place", "test", "--place-out", placed}, "--place: found test, expected another file of codes");
    const std::string others = (folder / "others.csv").string();
    writeFileAtomically(others, "index,label,z0,z1\n0,0,1,2\n");
    refused(2, {"--place", others, "--place-out", others}, "--place-out: found " + others + ", which this command reads from");
    refused(2, {"--place", others, "--place-out", codes}, "--place-out: found " + codes + ", which this command reads from");
    refused(2, {"--place", others, "--place-out", placed}, "--place: found points of 2 dimensions in ");
    writeCodes(codes, someCodes(12));
    refused(2, {"--way-back"}, "ways back: found 12 codes");
    writeFileAtomically(codes, "index,label,z0,z1\n0,0,1,2\n1,0,3\n");
    refused(1, {}, "line 3");
    writeFileAtomically(codes, "index,z0,z1\n0,1,2\n");
    refused(1, {}, "label");
    writeFileAtomically(codes, "index,label,z0,z1\n0,0,1,inf\n");
    refused(1, {}, "line 2: z1: found \"inf\"");
    writeFileAtomically(codes, "index,label,z0\n0,0,1\n");
    refused(2, {}, "codes of one dimension");
}

TEST(ProjectCommand, PlacesNewPointsWithoutMovingItsOwn)
{
    const test::TemporaryFolder folder;
    const std::string codes = (folder / "codes.csv").string(), more = (folder / "more.csv").string();
    const std::string out = (folder / "p.csv").string(), placed = (folder / "placed.csv").string();
    const CodeTable table = someCodes(150);
    writeCodes(codes, table);
    CodeTable few{3, {5, 8}, {table.labels[5], table.labels[8]}, {}};
    for (const int row : {5, 8})
        few.values.insert(few.values.end(), table.values.begin() + 3 * row, table.values.begin() + 3 * row + 3);
    writeCodes(more, few);
    for (const char* method : {"none", "pca", "umap", "tsne"}) {
        const test::Ended alone = project({codes, "--method", method, "--perplexity", "10", "--epochs", "50", "--out", out});
        ASSERT_EQ(alone.code, 0) << alone.err;
        const std::string picture = readFile(out);
        const test::Ended ended = project({codes, "--method", method, "--perplexity", "10", "--epochs", "50", "--out", out,
                                           "--place", more, "--place-out", placed, "--json"});
        ASSERT_EQ(ended.code, 0) << ended.err;
        EXPECT_EQ(readFile(out), picture) << "its own points stay";
        const Json json = Json::parse(ended.out)["placed"];
        EXPECT_EQ(json["points"], 2);
        EXPECT_EQ(json["label_accuracy"], 1);
        const std::string places = readFile(placed);
        EXPECT_TRUE(places.starts_with("index,label,x,y\n5,1,")) << places;
        if (std::string(method) == "tsne") continue; // beside itself, not upon itself
        std::istringstream lines(places);
        for (std::string line; std::getline(lines, line);)
            EXPECT_NE(picture.find(line + "\n"), std::string::npos) << method << ": " << line << " is that of the same code";
    }
}

TEST(ProjectCommand, PlacesOneSplitOfARunAmongAnother)
{
    const test::TemporaryFolder folder;
    test::writeIdxFolder(folder.path(), *test::smallData({8, 8, 1}), test::Compression::None);
    const std::string run = (folder / "run").string();
    const test::Ended trained =
        test::runProgram({LATENTOSCOPE_PROGRAM, "train", "--preset", "report-autoencoder", "--data", folder.path().string(),
                          "--set", "training.epochs=1", "--set", "model.channels=4", "--set", "model.latent=4", "--out", run});
    ASSERT_EQ(trained.code, 0) << trained.err;
    const std::string out = (folder / "p.csv").string(), placed = (folder / "placed.npy").string();
    const test::Ended ended = project({run, "--split", "train", "--method", "tsne", "--iterations", "300", "--out", out,
                                       "--place", "test", "--place-out", placed});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("50 new points: 10-NN accuracy"), std::string::npos) << ended.out;
    EXPECT_TRUE(std::filesystem::exists(placed));
    const test::Ended wrong = project({run, "--out", out, "--place", "tests", "--place-out", placed});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_NE(wrong.err.find("tests"), std::string::npos) << wrong.err;
}

TEST(ProjectCommand, FewPointsAreDrawnWithoutAFigureOfTheirQuality)
{
    const test::TemporaryFolder folder;
    for (const int count : {1, 2, 21}) {
        writeCodes(folder / "codes.csv", someCodes(count));
        const test::Ended ended = project({(folder / "codes.csv").string(), "--json", "--out", (folder / "p.csv").string()});
        ASSERT_EQ(ended.code, 0) << ended.err;
        EXPECT_FALSE(Json::parse(ended.out).contains("quality"));
        EXPECT_EQ(readFile(folder / "p.csv").find("nan"), std::string::npos);
    }
}

} // namespace latentoscope
