/// The data that a command works on.
#pragma once

#include "core/config/SuitedPreset.h"
#include "core/data/ItemSelection.h"
#include "core/storage/Origin.h"

#include <memory>
#include <optional>
#include <string>

namespace latentoscope {

struct ConfigurationOptions;
struct DataOptions;
struct DataSet;
struct MachineOptions;
struct RunRecord;

/// --data, or the packaged data set, as the options make images of it; what was chosen and left out is said on stderr. Throws as
/// loadData.
std::shared_ptr<const DataSet> dataGiven(const MachineOptions& machine, const DataOptions& options);

/// The data to train on: --data, else those that the configuration was recorded with, else the default ones. Data of another
/// digest than was recorded are refused unless --data names them: then stderr says so. Throws Error.
std::shared_ptr<const DataSet> dataFor(const std::optional<Origin>& origin, const MachineOptions& machine,
                                       const DataOptions& options);

/// Gives the fields that a preset leaves to the data (suitedPreset) their values, where no --set does. Says on stderr where the
/// training's length is not the preset's.
void followData(const ConfigurationOptions& options, const DataSet& data, Configuration& configuration,
                Holding holding = Holding::Validation);

/// The data of a run: --data, else the folder the run was trained on. Says on stderr where the digest differs.
std::shared_ptr<const DataSet> dataOfRun(const RunRecord& run, const MachineOptions& machine);

/// Everything of one split of a run's data, divided as it was for the run. Throws Error(InvalidArgument) as wholeSplit.
ItemSelection selectionOf(const RunRecord& run, const std::shared_ptr<const DataSet>& data, const std::string& split);

} // namespace latentoscope
