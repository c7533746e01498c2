#include "app/commands/Options.h"
#include "app/commands/Program.h"
#include "app/commands/WindowVersion.h"

#include "ui/main/Window.h"

#include <QtGlobal>

#include <algorithm>
#include <memory>

namespace latentoscope {
namespace {

struct GuiOptions {
    ui::WindowRequest request;
    MachineOptions machine;
    std::string open;
    std::string screenshot;
    std::string theme;
    std::string runs;
    bool train = false;
    bool reset = false;
};

int openWindow(GuiOptions options, int& argc, char** argv)
{
    ui::WindowRequest& request = options.request;
    if (!options.open.empty()) request.open = options.open;
    if (!options.screenshot.empty()) request.screenshot = options.screenshot;
    if (options.theme == "light") request.theme = ui::ThemeChoice::Light;
    if (options.theme == "dark") request.theme = ui::ThemeChoice::Dark;
    if (options.train) request.start = ui::WindowRequest::Start::Train;
    if (options.reset) request.settings = ui::WindowRequest::Settings::Reset;
    request.dataFolder = options.machine.data;
    request.runsFolder = options.runs;
    request.threads = options.machine.threads;
    request.device = options.machine.device;
    // The window's own toolkit must not read our options as its own.
    int one = std::min(argc, 1);
    return ui::runWindow(one, argv, request);
}

} // namespace

std::string qtVersion() { return qVersion(); }

void addGuiCommand(CLI::App& program, Action& action, int& argc, char** argv)
{
    auto options = std::make_shared<GuiOptions>();
    CLI::App* command = program.add_subcommand("gui", "Open the window (the default without a command)");
    command->add_option("open", options->open, "A run's folder or a configuration file to open")->type_name("RUN|FILE");
    command->add_option("--preset", options->request.preset, "Preset or file to start with")->type_name("NAME");
    command->add_flag("--train", options->train, "Start training at once");
    command->add_option("--screenshot", options->screenshot, "Write a screenshot of the window and exit")->type_name("FILE");
    command->add_option("--runs", options->runs, "Folder for the window's runs")->type_name("FOLDER");
    command->add_option("--theme", options->theme, "light or dark (default: as the desktop)")
        ->type_name("THEME")
        ->check(CLI::IsMember({"light", "dark"}));
    command->add_flag("--reset-settings", options->reset, "Forget the remembered layout and settings");
    options->machine.addDataTo(*command);
    options->machine.addThreadsTo(*command);
    options->machine.addDeviceTo(*command);
    command->footer("Example: latentoscope gui runs/latent-11 --theme dark");
    action = [options, &argc, argv] { return openWindow(*options, argc, argv); };
}

} // namespace latentoscope
