#include "app/commands/CommandData.h"

#include "app/commands/Options.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/sources/LoadData.h"

#include <iostream>

namespace latentoscope {
namespace {

/// Reads data, and says what is to be known of them.
std::shared_ptr<const DataSet> read(const std::filesystem::path& path, const DataOptions& options, int threads)
{
    auto data = loadData(path, options, threads);
    std::vector<std::string> notes = data->found.notes;
    if (const std::size_t bad = data->found.unreadable.size(); bad > 0) {
        const Unreadable& first = data->found.unreadable.front();
        notes.push_back((bad == 1 ? std::string("1 picture is") : groupedText(static_cast<std::int64_t>(bad)) + " pictures are") +
                        " left out, such as " + first.file + ": " + first.reason);
    }
    printNotes(notes);
    return data;
}

} // namespace

std::shared_ptr<const DataSet> dataGiven(const MachineOptions& machine, const DataOptions& options)
{
    return read(machine.data.empty() ? packagedDataFolder() : std::filesystem::path(machine.data), options,
                machine.threadCount());
}

std::shared_ptr<const DataSet> dataFor(const std::optional<Origin>& origin, const MachineOptions& machine,
                                       const DataOptions& options)
{
    if (!origin || origin->dataDigest.empty()) return dataGiven(machine, options);
    const std::string recorded = origin->dataName + ", digest " + origin->dataDigest.substr(0, 12);
    if (!machine.data.empty()) {
        auto data = dataGiven(machine, options);
        if (data->digest != origin->dataDigest)
            printNotes({"this is other data (" + data->name + ", digest " + data->digest.substr(0, 12) + ") than " +
                        origin->file.string() + " was made with (" + recorded + ")"});
        return data;
    }
    std::shared_ptr<const DataSet> data;
    try {
        data = read(origin->dataFolder, options, machine.threadCount());
    } catch (const Error& error) {
        throw error.within("the data that " + origin->file.string() + " was made with (give --data where they are now)");
    }
    if (data->digest != origin->dataDigest) {
        throw Error(Error::Kind::InvalidArgument, data->folder.string() + ": found data of digest " + data->digest.substr(0, 12) +
                                                      ", expected those that " + origin->file.string() + " was made with (" +
                                                      recorded + "); give --data where they are now, or --data " +
                                                      data->folder.string() + " to train on these");
    }
    return data;
}

void followData(const ConfigurationOptions& options, const DataSet& data, Configuration& configuration, Holding holding)
{
    if (!options.config.empty() || !options.namesPreset()) return;
    const Configuration suited = suitedPreset(options.preset, data, holding), preset = presetOrFile(options.preset);
    // What hangs together is a person's or the data's as a whole.
    const bool ownLength = options.overrides("training.epochs") || options.overrides("training.batch_size");
    const bool ownHolding = ownLength || options.overrides("data.validation_fraction") || options.overrides("training.keep");
    bool otherLength = false;
    for (const std::string& field : suitedFields()) {
        const bool ofLength = field == "training.epochs" || field == "training.batch_size" || field == "training.learning_rate";
        const bool ofHolding = field == "data.validation_fraction" || field == "training.keep";
        const std::string value = fieldText(suited, field);
        const bool own = options.overrides(field) || (ofLength && ownLength) || (ofHolding && ownHolding);
        if (own || value == fieldText(preset, field)) continue;
        setFieldFromText(configuration, field, value);
        otherLength = otherLength || ofLength;
    }
    if (otherLength) {
        printNotes({"for so few images the preset becomes " + lengthText(data, configuration) +
                    (configuration.training.keep == KeptWeights::Best ? ", of which the best epoch is kept" : "") +
                    "; --set training.epochs=… sets another length"});
    }
}

std::shared_ptr<const DataSet> dataOfRun(const RunRecord& run, const MachineOptions& machine)
{
    std::shared_ptr<const DataSet> data;
    try {
        data = read(machine.data.empty() ? run.dataFolder : machine.data, run.configuration.data, machine.threadCount());
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

} // namespace latentoscope
