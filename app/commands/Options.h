/// Options that several sub-commands share, with one wording.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/Selection.h"
#include "core/storage/RunFolder.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// For names of files and folders: an empty one means nothing.
extern const CLI::Validator kSomeName;

/// --preset, --config and --set, in this order of effect.
struct ConfigurationOptions {
    std::string preset;
    std::string config;
    std::vector<std::string> sets;
    std::string seed; ///< as typed: the field itself says what it takes

    void addTo(CLI::App& command);
    bool given() const { return !preset.empty() || !config.empty(); }
    /// Throws Error(InvalidArgument).
    Configuration configuration() const;
};

/// --data, --threads and --device.
struct MachineOptions {
    std::string data;
    int threads = 0;
    std::string device = "auto";

    void addDataTo(CLI::App& command);
    void addThreadsTo(CLI::App& command);
    void addDeviceTo(CLI::App& command);
    /// As given, else one a core.
    int threadCount() const;
    std::shared_ptr<const DataSet> load() const;
};

/// The data of a run: --data, else the folder the run was trained on. Says on stderr where the digest differs.
std::shared_ptr<const DataSet> dataOfRun(const RunRecord& run, const MachineOptions& machine);

/// Everything of one split of a run's data, divided as it was for the run. Throws Error(InvalidArgument) as wholeSplit.
ItemSelection selectionOf(const RunRecord& run, const std::shared_ptr<const DataSet>& data, const std::string& split);

/// "NAME=VALUE" parts of --code, --set: text as a person types it.
std::vector<float> parseCode(const std::string& text);

} // namespace latentoscope
