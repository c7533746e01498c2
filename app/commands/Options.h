/// Options that several sub-commands share, with one wording.
#pragma once

#include "core/config/Configuration.h"
#include "core/storage/Origin.h"
#include "core/storage/RunFolder.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace latentoscope {

/// For names of files and folders: an empty one means nothing.
extern const CLI::Validator kSomeName;

/// For seeds: a whole number from 0 to 2^53 - 1, which a configuration and JSON can hold.
extern const CLI::Validator kSeed;

/// Refuses an empty text for every option of the command and its sub-commands that takes a value: "$UNSET" in a script is no 0.
void refuseEmptyValues(CLI::App& command);

/// Throws Error(InvalidArgument) where `out`, given for `option`, is one of the files that the command reads: it would be
/// destroyed.
void refuseOutputOnInput(const std::string& option, const std::filesystem::path& out,
                         const std::vector<std::filesystem::path>& inputs);
/// The same for every file that the run in `folder` consists of and for those of its data.
void refuseOutputOnRun(const std::string& option, const std::filesystem::path& out, const std::filesystem::path& folder,
                       const std::filesystem::path& dataFolder);

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
    /// Whether --preset is the name of one, and no file.
    bool namesPreset() const;
    /// Whether there is a --set of this field.
    bool overrides(const std::string& field) const;
    /// What the file recorded beside its settings: of --config, or of a --preset that is a file; none of settings alone.
    std::optional<Origin> origin() const;
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
};

/// Throws Error(Numeric) where a network has given a value that is NaN or infinite; `what` names its output.
void requireFiniteValues(std::span<const float> values, const std::string& what);

/// Prints "latentoscope: note: …" on stderr, a line each.
void printNotes(const std::vector<std::string>& notes);

/// "NAME=VALUE" parts of --code, --set: text as a person types it.
std::vector<float> parseCode(const std::string& text);

} // namespace latentoscope
