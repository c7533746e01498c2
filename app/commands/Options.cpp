#include "app/commands/Options.h"

#include "core/base/Error.h"
#include "core/base/Machine.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/Selection.h"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace latentoscope {

const CLI::Validator kSomeName([](const std::string& name) { return name.empty() ? "is empty, expected a name" : std::string(); },
                               "", "name");

const CLI::Validator kSeed(
    [](const std::string& text) {
        constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
        const std::optional<std::int64_t> seed = parseInteger(text);
        if (seed && *seed >= 0 && *seed <= kMost) return std::string();
        return "found " + (text.empty() ? "nothing" : text) + ", expected a whole number from 0 to " + std::to_string(kMost);
    },
    "", "seed");

void refuseEmptyValues(CLI::App& command)
{
    static const CLI::Validator kGiven(
        [](const std::string& value) { return value.empty() ? "found nothing, expected a value" : std::string(); }, "", "value");
    for (CLI::Option* option : command.get_options()) {
        if (option->get_items_expected_max() > 0 && option->get_type_size_max() > 0) option->check(kGiven);
    }
    for (CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; })) refuseEmptyValues(*sub);
}

void refuseOutputOnInput(const std::string& option, const std::filesystem::path& out,
                         const std::vector<std::filesystem::path>& inputs)
{
    for (const std::filesystem::path& input : inputs) {
        std::error_code missing;
        if (input.empty() || !std::filesystem::equivalent(out, input, missing)) continue; // false where one is not there
        throw Error(Error::Kind::InvalidArgument, option + ": found " + out.string() + ", which this command reads from" +
                                                      (out == input ? "" : " (as " + input.string() + ")") +
                                                      "; give it a file of its own");
    }
}

void refuseOutputOnRun(const std::string& option, const std::filesystem::path& out, const std::filesystem::path& folder,
                       const std::filesystem::path& dataFolder)
{
    std::vector<std::filesystem::path> files;
    for (const std::string& name : runFiles()) files.push_back(folder / name);
    if (!dataFolder.empty()) {
        for (const char* part : {"train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"}) {
            for (const char* ending : {"-ubyte", "-ubyte.gz"}) files.push_back(dataFolder / (std::string(part) + ending));
        }
    }
    refuseOutputOnInput(option, out, files);
}

void ConfigurationOptions::addTo(CLI::App& command)
{
    std::vector<std::string> names;
    for (const Preset& known : presets()) names.push_back(known.name);
    auto* presetOption =
        command.add_option("--preset", preset, "Named settings: " + joined(names) + "; or a file")->type_name("NAME");
    command.add_option("--config", config, "Settings from a JSON file, such as another run's config.json")
        ->type_name("FILE")
        ->excludes(presetOption);
    command.add_option("--set", sets, "Override a setting, such as training.epochs=3; may be repeated")
        ->type_name("FIELD=VALUE")
        ->take_all()
        ->allow_extra_args(false);
    command.add_option("--seed", seed, "Short for --set training.seed=N")->type_name("N");
}

Configuration ConfigurationOptions::configuration() const
{
    Configuration configuration = config.empty() ? presetOrFile(preset) : readConfiguration(config);
    for (const std::string& set : sets) {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos) {
            throw Error(Error::Kind::InvalidArgument,
                        "--set: found " + set + ", expected FIELD=VALUE, such as training.epochs=3");
        }
        setFieldFromText(configuration, set.substr(0, equals), set.substr(equals + 1));
    }
    if (!seed.empty()) setFieldFromText(configuration, "training.seed", seed);
    return configuration;
}

namespace {

bool isPreset(const std::string& name)
{
    const std::vector<Preset>& known = presets();
    return std::any_of(known.begin(), known.end(), [&](const Preset& one) { return one.name == name; });
}

} // namespace

bool ConfigurationOptions::namesPreset() const { return isPreset(preset); }

bool ConfigurationOptions::overrides(const std::string& field) const
{
    return std::any_of(sets.begin(), sets.end(), [&](const std::string& set) { return set.starts_with(field + "="); });
}

std::optional<Origin> ConfigurationOptions::origin() const
{
    const std::string& file = config.empty() ? preset : config;
    std::error_code ignored;
    if (file.empty() || !std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
    if (config.empty() && isPreset(file)) return std::nullopt; // a preset's name wins over a file of that name
    return readOrigin(file);
}

void MachineOptions::addDataTo(CLI::App& command)
{
    command
        .add_option("--data", data,
                    "Folder of pictures, a sub-folder for each class, or of four IDX files (default: Debian's Fashion-MNIST)")
        ->type_name("FOLDER");
}

void MachineOptions::addThreadsTo(CLI::App& command)
{
    command.add_option("--threads", threads, "Number of threads (default: all cores); the result does not depend on it")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
}

void MachineOptions::addDeviceTo(CLI::App& command)
{
    command.add_option("--device", device, "auto, cpu, cuda or cuda:N")->type_name("DEVICE")->capture_default_str();
}

int MachineOptions::threadCount() const { return threads > 0 ? threads : processorsAllowed(); }

void requireFiniteValues(std::span<const float> values, const std::string& what)
{
    const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return;
    throw Error(Error::Kind::Numeric, "the network's " + what + " hold " + numberText(*bad) +
                                          ", expected finite numbers; its training has diverged: train it again with a lower "
                                          "training.learning_rate");
}

void printNotes(const std::vector<std::string>& notes)
{
    for (const std::string& note : notes) std::cerr << "latentoscope: note: " << note << std::endl;
}

std::vector<float> parseCode(const std::string& text)
{
    std::vector<float> code;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        const std::optional<double> value = parseReal(text.substr(start, comma - start));
        // A double may be finite and yet beyond what a float holds.
        if (!value || !std::isfinite(static_cast<float>(*value))) {
            throw Error(Error::Kind::InvalidArgument,
                        "--code: found " + text + ", expected finite numbers separated by commas, such as 0.1,-0.5");
        }
        code.push_back(static_cast<float>(*value));
        start = comma + 1;
    }
    return code;
}

} // namespace latentoscope
