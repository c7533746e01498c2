// `latentoscope report`, as a person would call it, interrupt it, kill it and call it again.
#include "core/base/AtomicFile.h"
#include "core/data/ImageShape.h"
#include "tests/support/RunProgram.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace latentoscope {
namespace {

using Json = nlohmann::json;
using test::Ended;
using test::TemporaryFolder;

class ReportCommand : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        s_folder = std::make_unique<TemporaryFolder>();
        test::writeIdxFolder(s_folder->path(), *test::smallData({28, 28, 1}, 300, 100), test::Compression::None);
        s_whole = report("whole", {"--json"});
    }
    static void TearDownTestSuite() { s_folder.reset(); }

    static std::vector<std::string> arguments(const std::string& name, const std::vector<std::string>& more)
    {
        std::vector<std::string> all{LATENTOSCOPE_PROGRAM,       "report",    "--quick", "--data",
                                     s_folder->path().string(),  "--threads", "2",       "--out",
                                     (*s_folder / name).string()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static Ended report(const std::string& name, const std::vector<std::string>& more = {})
    {
        return test::runProgram(arguments(name, more));
    }

    /// Tables and CSV of figures, by their paths.
    static std::map<std::string, std::string> textsIn(const std::filesystem::path& folder)
    {
        std::map<std::string, std::string> texts;
        for (const char* part : {"tables", "figures"}) {
            for (const auto& file : std::filesystem::directory_iterator(folder / part)) {
                const std::string ending = file.path().extension();
                if (ending == ".csv" || ending == ".tex") texts[file.path().filename()] = readFile(file.path());
            }
        }
        return texts;
    }

    static std::unique_ptr<TemporaryFolder> s_folder;
    static Ended s_whole;
};

std::unique_ptr<TemporaryFolder> ReportCommand::s_folder;
Ended ReportCommand::s_whole;

/// What follows `before` up to `after`, for each time that it stands there.
std::vector<std::string> between(const std::string& text, const std::string& before, const std::string& after)
{
    std::vector<std::string> found;
    for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
        at += before.size();
        const std::size_t end = text.find(after, at);
        if (end == std::string::npos) break;
        found.push_back(text.substr(at, end - at));
    }
    return found;
}

/// Every tag that is opened is closed, in the right order; the problem, or nothing.
std::string imbalance(const std::string& html)
{
    const std::set<std::string> alone{"!DOCTYPE", "meta", "link", "img"};
    std::vector<std::string> open;
    for (const std::string& tag : between(html, "<", ">")) {
        const bool closing = tag.starts_with('/');
        const std::string name =
            tag.substr(closing ? 1 : 0, tag.find(' ') - (closing && tag.find(' ') != std::string::npos ? 1 : 0));
        if (alone.contains(name)) continue;
        if (!closing) {
            open.push_back(name);
        } else {
            if (open.empty() || open.back() != name) return "</" + name + "> after " + (open.empty() ? "nothing" : open.back());
            open.pop_back();
        }
    }
    return open.empty() ? "" : open.back() + " is not closed";
}

} // namespace

TEST_F(ReportCommand, WritesAPageWithEveryTableFigureAndCaption)
{
    ASSERT_EQ(s_whole.code, 0) << s_whole.err;
    const std::filesystem::path folder = *s_folder / "whole";
    const std::string html = readFile(folder / "report.html");
    EXPECT_EQ(imbalance(html), "");
    const auto captions = between(html, "<p class=\"caption\">", "</p>");
    ASSERT_EQ(captions.size(), 7U);
    const std::vector<std::string> numerals{"I", "II", "III", "IV", "V", "VI", "VII"};
    for (std::size_t i = 0; i < numerals.size(); ++i) {
        EXPECT_TRUE(captions[i].starts_with("<b>Table " + numerals[i] + ".</b> ")) << captions[i];
        EXPECT_NE(html.find("id=\"table-" + numerals[i] + "\""), std::string::npos);
        EXPECT_TRUE(std::filesystem::exists(folder / "tables" / ("table-" + std::to_string(i + 1) + ".csv")));
        EXPECT_TRUE(std::filesystem::exists(folder / "tables" / ("table-" + std::to_string(i + 1) + ".tex")));
    }
    const auto figures = between(html, "<figcaption>", "</figcaption>");
    ASSERT_EQ(figures.size(), 9U);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        EXPECT_TRUE(figures[i].starts_with("<b>Figure " + std::to_string(i + 1) + ".</b> ")) << figures[i];
        EXPECT_NE(figures[i].find("seed 0"), std::string::npos) << figures[i];
    }
    const std::size_t panels =
        between(html, "<div class=\"panel\">", "</div>").size() + between(html, "<div class=\"panel whole\">", "</div>").size();
    EXPECT_EQ(panels, 20U);
    EXPECT_EQ(between(html, "<img ", ">").size() + between(html, "<div class=\"missing\">", "</div>").size(), panels);
    for (const std::string& picture : between(html, "src=\"", "\""))
        EXPECT_TRUE(picture.starts_with("data:image/")) << picture.substr(0, 40);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "runs"), {}), 8);
    EXPECT_TRUE(std::filesystem::exists(folder / "report.tex"));
}

TEST_F(ReportCommand, EveryNumberOfTheTablesIsThatOfTheCsvFiles)
{
    const std::filesystem::path folder = *s_folder / "whole";
    std::string html = readFile(folder / "report.html");
    const std::string atTheRight = " class=\"number\"";
    for (std::size_t at = html.find(atTheRight); at != std::string::npos; at = html.find(atTheRight, at))
        html.erase(at, atTheRight.size());
    int table = 0;
    for (const std::string& body : between(html, "<tbody>\n", "</tbody>")) {
        std::istringstream csv(readFile(folder / "tables" / ("table-" + std::to_string(++table) + ".csv")));
        std::string line;
        std::getline(csv, line); // the head
        for (const std::string& row : between(body, "<tr>", "</tr>")) {
            std::string cells;
            for (std::string cell : between(row, "<td>", "</td>")) {
                if (cell.find(',') != std::string::npos) cell = "\"" + cell + "\"";
                cells += (cells.empty() ? "" : ",") + cell;
            }
            ASSERT_TRUE(std::getline(csv, line)) << table;
            EXPECT_EQ(cells, line) << table;
        }
        EXPECT_FALSE(std::getline(csv, line)) << table;
    }
    EXPECT_EQ(table, 7);
}

TEST_F(ReportCommand, TellsHowItGoesAsJsonLines)
{
    std::istringstream lines(s_whole.out);
    std::vector<std::string> done;
    std::string report;
    for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line);
        if (json.contains("done")) done.push_back(json["done"]);
        if (json.contains("fraction")) {
            EXPECT_GE(json["fraction"], 0);
            EXPECT_FALSE(json["doing"].get<std::string>().empty());
        }
        if (json.contains("report")) report = json["report"];
    }
    EXPECT_EQ(done.size(), 14U);
    EXPECT_EQ(done.front(), "Auto-encoder");
    EXPECT_EQ(report, (*s_folder / "whole" / "report.html").string());
}

TEST_F(ReportCommand, KilledAtAnyMomentItGoesOnToTheSameTables)
{
    const std::filesystem::path folder = *s_folder / "killed";
    int killed = 0;
    for (const char* seconds : {"1.1", "1.4", "1.8", "2.3"}) {
        std::vector<std::string> command{"/usr/bin/timeout", "-s", "KILL", seconds};
        const std::vector<std::string> rest = arguments("killed", {});
        command.insert(command.end(), rest.begin(), rest.end());
        if (test::runProgram(command).code != 0) ++killed;
    }
    EXPECT_GE(killed, 1);
    const auto finished = [&] { // the parts that are whole, and when they were written
        std::map<std::string, std::filesystem::file_time_type> parts;
        if (!std::filesystem::exists(folder / "parts")) return parts;
        for (const auto& file : std::filesystem::directory_iterator(folder / "parts"))
            parts[file.path().filename()] = std::filesystem::last_write_time(file);
        return parts;
    };
    const auto before = finished();
    const Ended ended = report("killed");
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto after = finished();
    EXPECT_EQ(after.size(), 14U);
    for (const auto& [name, time] : before) EXPECT_EQ(after.at(name), time) << name << " was computed twice";
    EXPECT_EQ(textsIn(folder), textsIn(*s_folder / "whole"));
    const Ended again = report("killed");
    EXPECT_NE(again.out.find("Auto-encoder: is there"), std::string::npos) << again.out;
}

TEST_F(ReportCommand, WhatAKilledOneLeftInMidWriteKeepsNobodyOut)
{
    const std::filesystem::path folder = *s_folder / "begun";
    const auto leave = [&](const char* name) { std::ofstream(folder / name) << "{"; };
    std::filesystem::create_directories(folder);
    leave(".lock");
    leave(".report.json.4711-0");
    const std::vector<std::string> little{"--without", "cross-validation,latent-spaces,samples"};
    const Ended first = report("begun", little);
    ASSERT_EQ(first.code, 0) << first.err;
    for (const char* name : {"parts/.vae.json.4711-3", "tables/.table-1.csv.4711-9", "figures/.figure-1a.csv.4711-12"})
        leave(name);
    const Ended again = report("begun", little);
    ASSERT_EQ(again.code, 0) << again.err;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        EXPECT_FALSE(isTemporary(entry.path())) << entry.path();
    leave("something of somebody else");
    std::filesystem::remove(folder / "report.json");
    const Ended refused = report("begun", little);
    EXPECT_NE(refused.code, 0);
    EXPECT_NE(refused.err.find("found other files than a report's"), std::string::npos) << refused.err;
}

TEST_F(ReportCommand, SearchesFirstAndTellsWhatWasFound)
{
    const std::vector<std::string> without{"--without", "cross-validation,samples"};
    std::vector<std::string> more = without;
    more.insert(more.end(), {"--trials", "4"});
    const Ended ended = report("searched", more);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("Search: 4 trials"), std::string::npos) << ended.out;
    const std::filesystem::path folder = *s_folder / "searched";
    const std::string table = readFile(folder / "tables" / "table-6.csv");
    EXPECT_EQ(table.substr(0, table.find('\n')), R"(Hyper-parameter,"Range, here","Best, here")")
        << "of other data than the reference report's";
    const auto best = nlohmann::json::parse(readFile(folder / "search" / "best.json"));
    EXPECT_NE(table.find("Latent dimensions,2 to 20," + best["model"]["latent"].dump() + "\n"), std::string::npos) << table;
    EXPECT_NE(readFile(folder / "tables" / "table-5.csv").find("Auto-encoder, found here"), std::string::npos);
    EXPECT_NE(readFile(folder / "report.html").find("auto-encoder found here: t-SNE of its"), std::string::npos);
    const auto config = nlohmann::json::parse(readFile(folder / "runs" / "autoencoder-found" / "config.json"));
    EXPECT_EQ(config["training"]["learning_rate"], best["training"]["learning_rate"]);
    EXPECT_EQ(config["data"]["validation_fraction"], 0);
    // The same again computes nothing; the study alone, from where it lies, is the same report.
    const Ended again = report("searched", more);
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_NE(again.out.find("Auto-encoder, found here: is there"), std::string::npos) << again.out;
    const std::string storage = (folder / "search" / "study.log").string();
    std::vector<std::string> study = without;
    study.insert(study.end(), {"--study", "report-search", "--storage", storage});
    EXPECT_EQ(report("searched", study).code, 0);
    // A report without it is another.
    const Ended other = report("searched", without);
    EXPECT_EQ(other.code, 2);
    const Ended none = report("none", {"--study", "nothing", "--storage", storage});
    EXPECT_EQ(none.code, 1);
    EXPECT_NE(none.err.find("found no study nothing"), std::string::npos) << none.err;
    EXPECT_FALSE(std::filesystem::exists(*s_folder / "none")) << "nothing is made before that is known";
    const Ended half = report("none", {"--study", "report-search"});
    EXPECT_EQ(half.code, 2);
    EXPECT_NE(half.err.find("--storage"), std::string::npos) << half.err;
}

TEST_F(ReportCommand, SaysWhatItWillDoAndHowLongThatTakes)
{
    const Ended ended = report("planned", {"--without", "cross-validation,latent-spaces,samples", "--paper", "letter"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("   1  Auto-encoder: "), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("In all "), std::string::npos) << ended.out;
    EXPECT_EQ(ended.out.find("folds"), std::string::npos) << ended.out;
    EXPECT_NE(readFile(*s_folder / "planned" / "report.tex").find("letterpaper"), std::string::npos);
    // What was left out comes later, and what is there stays.
    const Ended more = report("planned", {"--without", "cross-validation,samples"});
    ASSERT_EQ(more.code, 0) << more.err;
    EXPECT_NE(more.out.find("Auto-encoder: is there"), std::string::npos) << more.out;
    EXPECT_NE(readFile(*s_folder / "planned" / "report.html").find("id=\"figure-3\""), std::string::npos);
}

TEST_F(ReportCommand, WhatCannotBeIsASentence)
{
    const auto refused = [&](const std::string& name, const std::vector<std::string>& more, const std::string& part) {
        const Ended ended = report(name, more);
        EXPECT_EQ(ended.code, 2) << ended.err;
        EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
        EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    };
    refused("whole", {"--seed", "5"}, "seed: found 0, asked for 5");
    refused("whole", {"--folds", "3"}, "folds: found 2, asked for 3");
    refused("few", {"--folds", "1"}, "--folds: found 1");
    refused("few", {"--without", "everything"}, "--without");
    refused("few", {"--paper", "a5"}, "--paper");
    std::filesystem::create_directories(*s_folder / "letters");
    writeFileAtomically(*s_folder / "letters" / "mine.txt", "dear");
    refused("letters", {"--overwrite"}, "found other files than a report's");
    EXPECT_EQ(readFile(*s_folder / "letters" / "mine.txt"), "dear");
}

} // namespace latentoscope
