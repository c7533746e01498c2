#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/WindowBenchmark.h"

#include "app/commands/CommandData.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct BenchOptions {
    std::string what;
    MachineOptions machine;
    std::string preset = "report-autoencoder";
    int epochs = 5;
    bool json = false;
};

double milliseconds(Clock::duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

double percentile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

SessionSetup setupOf(const BenchOptions& options)
{
    SessionSetup setup;
    setup.configuration = presetOrFile(options.preset);
    setup.configuration.training.epochs = options.epochs;
    setup.data = dataGiven(options.machine, setup.configuration.data);
    setup.threads = options.machine.threads;
    setup.device = options.machine.device;
    return setup;
}

/// Asks for a state and waits until the session is in it.
double actingMilliseconds(const TrainingSession& session, RunState wanted, const std::function<void()>& ask)
{
    const Clock::time_point start = Clock::now();
    ask();
    while (session.state() != wanted && session.state() != RunState::Failed)
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    return milliseconds(Clock::now() - start);
}

double longestPause(SessionSetup setup)
{
    setup.configuration.training.epochs = 1000;
    TrainingSession session(setup);
    session.start();
    while (session.state() != RunState::Running) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    double longest = 0;
    for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(37)); // not in step with the training
        longest = std::max(longest, actingMilliseconds(session, RunState::Paused, [&] { session.pause(); }));
        longest = std::max(longest, actingMilliseconds(session, RunState::Running, [&] { session.resume(); }));
    }
    return std::max(longest, actingMilliseconds(session, RunState::Stopped, [&] { session.stop(); }));
}

Json benchTrain(const BenchOptions& options)
{
    const SessionSetup setup = setupOf(options);
    TrainingSession session(setup);
    session.start();
    session.wait();
    const Snapshot history = session.channel().take();
    if (session.state() == RunState::Failed) throw Error(Error::Kind::Numeric, history.message);
    std::vector<double> rates;
    for (const EpochMetrics& epoch : history.epochs) rates.push_back(epoch.imagesPerSecond());
    return {{"images_per_second", percentile(rates, 0.5)},  {"first_epoch_images_per_second", rates.front()},
            {"last_epoch_images_per_second", rates.back()}, {"epochs", rates.size()},
            {"threads", session.setup().threads},           {"device", session.setup().device},
            {"pause_ms_max", longestPause(setup)}};
}

Json benchDecode(const BenchOptions& options)
{
    SessionSetup setup = setupOf(options);
    const TrainingSession session(setup);
    const auto model = session.model();
    RandomStream random(0, RandomPurpose::Noise);
    std::vector<double> times;
    constexpr int kDecodes = 2000;
    for (int i = 0; i < kDecodes; ++i) {
        std::vector<float> code(static_cast<std::size_t>(model->latentDimension()));
        for (float& value : code) value = 6 * random.uniform() - 3;
        const Clock::time_point start = Clock::now();
        (void)model->decode(code);
        times.push_back(milliseconds(Clock::now() - start));
    }
    return {{"decode_ms_p50", percentile(times, 0.5)}, {"decode_ms_p99", percentile(times, 0.99)}, {"decodes", kDecodes}};
}

Json benchWindow(const BenchOptions& options, int& argc, char** argv)
{
    const std::filesystem::path data =
        options.machine.data.empty() ? packagedDataFolder() : std::filesystem::path(options.machine.data);
    const WindowBenchmarkFigures figures =
        benchmarkWindow(argc, argv, {data, options.preset, options.machine.device, options.machine.threads});
    return {{"images_per_second", figures.imagesPerSecond},
            {"headless_images_per_second", figures.headlessImagesPerSecond},
            {"live_ratio", figures.liveRatio},
            {"click_ms_p99", figures.clickP99},
            {"clicks", figures.clicks},
            {"pause_ms_max", figures.pauseMax},
            {"projection_points", figures.projectionPoints},
            {"projection_seconds", figures.projectionSeconds},
            {"projection_frames", figures.projectionFrames},
            {"projection_frame_ms_p95", figures.projectionFrameP95},
            {"projection_click_ms_p50", figures.projectionClickP50},
            {"projection_click_ms_p99", figures.projectionClickP99}};
}

int bench(const BenchOptions& options, int& argc, char** argv)
{
    const Json figures = options.what == "train"    ? benchTrain(options)
                         : options.what == "decode" ? benchDecode(options)
                                                    : benchWindow(options, argc, argv);
    if (options.json) {
        std::cout << figures.dump() << std::endl;
        return kExitDone;
    }
    for (const auto& [name, value] : figures.items()) std::printf("%-32s %s\n", name.c_str(), value.dump().c_str());
    return kExitDone;
}

} // namespace

void addBenchCommand(CLI::App& program, Action& action, int& argc, char** argv)
{
    auto options = std::make_shared<BenchOptions>();
    CLI::App* command =
        program.add_subcommand("bench", "Measure the speed of training, of the window and of decoding on this machine");
    command->add_option("what", options->what, "train, window or decode")
        ->required()
        ->type_name("WHAT")
        ->check(CLI::IsMember({"train", "window", "decode"}));
    command->add_option("--preset", options->preset, "Network to train")->type_name("NAME")->capture_default_str();
    command->add_option("--epochs", options->epochs, "Number of epochs that `train` times")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    command->footer("Example: latentoscope bench train --epochs 10 --json");
    command->add_flag("--json", options->json, "Print one JSON object and nothing else");
    command->callback(
        [options, &action, &argc, argv] { action = [options, &argc, argv] { return bench(*options, argc, argv); }; });
}

} // namespace latentoscope
