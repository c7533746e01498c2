#include "app/commands/Options.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <thread>

namespace latentoscope {

const CLI::Validator kSomeName([](const std::string& name) { return name.empty() ? "is empty, expected a name" : std::string(); },
                               "", "name");

void ConfigurationOptions::addTo(CLI::App& command)
{
    std::vector<std::string> names;
    for (const Preset& known : presets()) names.push_back(known.name);
    auto* presetOption =
        command.add_option("--preset", preset, "Named settings: " + joined(names) + "; or a file")->type_name("NAME");
    command.add_option("--config", config, "Settings from a JSON file, such as another run's config.json")
        ->type_name("FILE")
        ->excludes(presetOption);
    command.add_option("--set", sets, "Overrides one setting, such as training.epochs=3; may be repeated")
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

void MachineOptions::addDataTo(CLI::App& command)
{
    command.add_option("--data", data, "Folder of the data set's four IDX files (default: Debian's Fashion-MNIST)")
        ->type_name("FOLDER");
}

void MachineOptions::addThreadsTo(CLI::App& command)
{
    command.add_option("--threads", threads, "Threads that compute (default: all cores); the result is the same for any number")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
}

void MachineOptions::addDeviceTo(CLI::App& command)
{
    command.add_option("--device", device, "auto, cpu, cuda or cuda:N")->type_name("DEVICE")->capture_default_str();
}

int MachineOptions::threadCount() const
{
    return threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::shared_ptr<const DataSet> MachineOptions::load() const { return data.empty() ? loadDataSet() : loadDataSet(data); }

std::shared_ptr<const DataSet> dataOfRun(const RunRecord& run, const MachineOptions& machine)
{
    std::shared_ptr<const DataSet> data;
    try {
        data = loadDataSet(machine.data.empty() ? std::filesystem::path(run.dataFolder) : std::filesystem::path(machine.data));
    } catch (const Error& error) {
        if (!machine.data.empty()) throw;
        throw error.within("the data that the run was trained on (give --data where they are now)");
    }
    if (data->train.shape != run.shape) {
        throw Error(Error::Kind::InvalidArgument,
                    data->folder.string() + ": holds images of " + std::to_string(data->train.shape.height) + " x " +
                        std::to_string(data->train.shape.width) + " x " + std::to_string(data->train.shape.channels) +
                        ", but the run was trained on " + std::to_string(run.shape.height) + " x " +
                        std::to_string(run.shape.width) + " x " + std::to_string(run.shape.channels));
    }
    if (data->digest != run.dataDigest) {
        std::cerr << "latentoscope: note: this is other data (" << data->name << ", digest " << data->digest.substr(0, 12)
                  << ") than the run was trained on (" << run.dataName << ", digest " << run.dataDigest.substr(0, 12) << ")\n";
    }
    return data;
}

ItemSelection selectionOf(const RunRecord& run, const std::shared_ptr<const DataSet>& data, const std::string& split)
{
    return wholeSplit(divide(data, run.configuration.data), split);
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
