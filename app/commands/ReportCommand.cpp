#include "app/commands/Interrupt.h"
#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/ProgressPrinter.h"
#include "app/commands/ReportFiles.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/data/DataSet.h"
#include "core/experiment/HyperparameterSearch.h"
#include "core/report/Reproduction.h"
#include "core/studies/JournalLocation.h"
#include "core/studies/StudyStorage.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <mutex>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kQuickFolds = 2;

struct ReportOptions {
    MachineOptions machine;
    ReproductionSettings settings;
    std::string out;
    std::string paper = "a4";
    std::vector<std::string> without;
    bool overwrite = false;
    bool json = false;
    std::string study;
    std::string storage;
    int trials = 0; ///< of a search that comes first; 0: none
};

const std::vector<std::string> kParts{"cross-validation", "latent-spaces", "samples"};

/// Seconds to a length that a person would say: 7, 40, 130.
std::string roughly(double seconds)
{
    return seconds < 60 ? durationText(std::ceil(seconds)) : durationText(10 * std::ceil(seconds / 10));
}

void printPlan(const Reproduction& report, const ReportOptions& options)
{
    const PartContext& context = report.context();
    std::cout << "The report in " << options.out << ": " << context.data->name << ", " << groupedText(context.data->train.count())
              << " training and " << groupedText(context.data->test.count()) << " test images, seed " << context.settings.seed
              << (context.settings.quick ? ", quick" : "") << "; " << context.threads << " threads" << std::endl;
    std::array<char, 32> number{};
    for (std::size_t i = 0; i < report.plan().size(); ++i) {
        const ReproductionPart& part = report.plan()[i];
        std::snprintf(number.data(), number.size(), "%4zu  ", i + 1);
        std::cout << number.data() << part.label << (report.done(i) ? ": is there" : ": " + roughly(part.seconds)) << std::endl;
    }
    if (report.secondsMissing() > 0)
        std::cout << "In all " << roughly(report.secondsMissing()) << " on this machine" << std::endl;
}

/// A line a finished part, and a moving one of the whole; with --json an object each.
class ReportPrinter {
public:
    ReportPrinter(const Reproduction& report, bool json) : m_report(report), m_json(json) {}

    void show(const ReproductionNews& news)
    {
        const std::lock_guard lock(m_mutex);
        const auto now = std::chrono::steady_clock::now();
        if (news.part != m_part) {
            finish(now);
            m_part = news.part;
            m_start = now;
            m_next = now; // each part is told at once
        }
        if (!m_json) return m_bar.show(news.fraction, news.secondsLeft);
        if (now < m_next) return;
        m_next = now + std::chrono::milliseconds(200);
        std::cout << Json{{"doing", news.label}, {"fraction", news.fraction}, {"seconds_left", news.secondsLeft}}.dump()
                  << std::endl;
    }

    /// Of the last one.
    void finish() { finish(std::chrono::steady_clock::now()); }

private:
    void finish(std::chrono::steady_clock::time_point now)
    {
        if (m_part < 0) return;
        const double seconds = std::chrono::duration<double>(now - m_start).count();
        const std::string& label = m_report.plan()[static_cast<std::size_t>(m_part)].label;
        m_part = -1;
        if (m_json) {
            std::cout << Json{{"done", label}, {"seconds", seconds}}.dump() << std::endl;
            return;
        }
        m_bar.clear();
        std::cout << label << ": " << durationText(seconds) << std::endl;
    }

    const Reproduction& m_report;
    bool m_json;
    std::mutex m_mutex;
    int m_part = -1;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_next;
    SharePrinter m_bar{"Report"};
};

/// Searches in the report's folder until the study has so many trials; whether it came to the end.
bool searchFirst(const ReportOptions& options, const std::shared_ptr<const DataSet>& data)
{
    SearchSetup setup;
    setup.plan = searchPresetOrFile("report-search");
    setup.plan.configuration.training.seed = options.settings.seed;
    setup.plan.configuration.data.seed = options.settings.seed;
    if (options.settings.quick) setup.plan.configuration.training.epochs = 1;
    setup.folder = std::filesystem::path(options.out) / kSearchFolder;
    setup.storage = options.storage;
    setup.study = options.study;
    setup.data = data;
    setup.trials = options.trials;
    setup.threads = options.machine.threadCount();
    setup.workers = setup.threads;
    setup.device = options.machine.device;
    std::filesystem::create_directories(setup.folder);
    HyperparameterSearch search(setup);
    SharePrinter bar("Search");
    search.start();
    int told = -1;
    for (bool ended = false; !ended;) {
        ended = search.waitFor(std::chrono::milliseconds(200));
        const SearchState state = search.state();
        if (options.json && state.ended != told)
            std::cout << Json{{"doing", "Search: trial " + std::to_string(state.ended) + " of " + std::to_string(options.trials)},
                              {"fraction", state.fraction},
                              {"seconds_left", state.secondsLeft.value_or(0)}}
                             .dump()
                      << std::endl;
        told = state.ended;
        if (!options.json) bar.show(state.fraction, state.secondsLeft);
        if (interrupted()) search.stop();
    }
    bar.clear();
    const SearchState state = search.state();
    if (state.state == RunState::Failed) throw Error(Error::Kind::Io, state.message);
    if (!options.json && state.state == RunState::Finished)
        std::cout << "Search: " << state.ended << " trials, " << state.pruned << " pruned, " << state.failed << " failed"
                  << std::endl;
    return state.state == RunState::Finished;
}

/// What the study has found, which is searched first where trials are asked for; none where that was stopped.
std::shared_ptr<const FoundSearch> foundFor(ReportOptions options, const std::shared_ptr<const DataSet>& data)
{
    if (options.trials > 0) {
        if (options.storage.empty())
            options.storage = (std::filesystem::path(options.out) / kSearchFolder / "study.log").string();
        if (options.study.empty()) options.study = "report-search";
        if (!searchFirst(options, data)) return nullptr;
    }
    if (options.study.empty() || options.storage.empty()) {
        throw Error(
            Error::Kind::InvalidArgument,
            std::string(options.study.empty() ? "--study" : "--storage") +
                ": found none, expected both --study and --storage of a search that is done, or --trials, which searches first");
    }
    const StudyStorage storage(openJournal(options.storage, MissingJournal::Refuse));
    return std::make_shared<FoundSearch>(foundIn(storage.journal(), storage.study(options.study)));
}

int stoppedIn(const std::string& folder)
{
    std::cerr << "latentoscope: stopped; run the same command again to continue what is in " << folder << std::endl;
    return kExitFailed;
}

int report(const ReportOptions& options)
{
    watchInterrupts();
    ReproductionSetup setup;
    setup.folder = options.out;
    setup.settings = options.settings;
    setup.threads = options.machine.threads;
    setup.device = options.machine.device;
    setup.overwrite = options.overwrite;
    setup.data = dataGiven(options.machine, {});
    if (options.trials > 0 || !options.study.empty() || !options.storage.empty()) {
        setup.settings.search = foundFor(options, setup.data);
        if (!setup.settings.search) return stoppedIn(options.out);
    }
    Reproduction report(std::move(setup));
    for (const std::string& note : report.notes()) {
        if (options.json)
            std::cout << Json{{"note", note}}.dump() << std::endl;
        else
            std::cerr << "latentoscope: note: " << note << std::endl;
    }
    if (!options.json) printPlan(report, options);
    ReportPrinter printer(report, options.json);
    const bool whole = report.run([&](const ReproductionNews& news) { printer.show(news); }, interruption());
    if (!whole) return stoppedIn(options.out);
    printer.finish();
    if (options.json)
        std::cout << Json{{"doing", "tables, figures and pages"}, {"fraction", 1}, {"seconds_left", 0}}.dump() << std::endl;
    const std::filesystem::path html = writeReport(report, options.paper == "letter");
    if (options.json)
        std::cout << Json{{"report", html.string()}}.dump() << std::endl;
    else
        std::cout << "Done: " << html.string() << std::endl;
    return kExitDone;
}

} // namespace

void addReportCommand(CLI::App& program, Action& action)
{
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = program.add_subcommand(
        "report", "Reproduce the reference report: train its networks, cross-validate, and write every table and figure");
    command
        ->add_option("--out", options->out,
                     "Folder for report.html, report.pdf, report.tex, tables, figures and runs; an unfinished report of the same "
                     "settings is continued")
        ->type_name("FOLDER")
        ->required()
        ->check(kSomeName);
    auto* folds =
        command->add_option("--folds", options->settings.folds, "Number of folds of each cross-validation (with --quick 2)")
            ->type_name("N")
            ->capture_default_str();
    command->add_option("--seed", options->settings.seed, "Seed of weights, batch order, folds and samples")
        ->check(kSeed)
        ->capture_default_str();
    command->add_flag("--quick", options->settings.quick,
                      "Use one epoch, two folds and a t-SNE of 2,000 codes, to check that everything works");
    command
        ->add_option("--without", options->without,
                     "Skip cross-validation, latent-spaces or samples; separate several with commas")
        ->type_name("PART[,PART…]")
        ->delimiter(',')
        ->check(CLI::IsMember(kParts));
    command->add_option("--study", options->study, "Include the best auto-encoder of this study of `search`")->type_name("NAME");
    command->add_option("--storage", options->storage, "Storage of that study")->type_name("FILE|URL");
    command
        ->add_option("--trials", options->trials,
                     "Search first, as --preset report-search, until the study has this many trials (stored in the folder unless "
                     "--study and --storage are given)")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--paper", options->paper, "Paper size of report.pdf and report.tex: a4 or letter")
        ->capture_default_str()
        ->check(CLI::IsMember({"a4", "letter"}));
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    command->add_flag("--overwrite", options->overwrite, "Start over if the folder holds another report");
    command->add_flag("--json", options->json, "Print one JSON object per line: progress, then where the report is");
    command->footer("Examples: latentoscope report --out report; latentoscope report --quick --out /tmp/report");
    command->callback([options, folds, &action] {
        if (options->settings.quick && folds->empty()) options->settings.folds = kQuickFolds;
        const auto left = [&](const std::string& part) {
            return std::find(options->without.begin(), options->without.end(), part) != options->without.end();
        };
        options->settings.crossValidation = !left(kParts[0]);
        options->settings.latentSpaces = !left(kParts[1]);
        options->settings.samples = !left(kParts[2]);
        action = [options] { return report(*options); };
    });
}

} // namespace latentoscope
