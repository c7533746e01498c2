/// The table of all configuration fields: one row gives path, words, range and type to JSON, command line, editors and search.
#pragma once

#include "core/config/Configuration.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

struct ImageShape;

/// One field of Configuration.
struct Field {
    enum class Type { Integer, Real, Boolean, Choice, IntegerList, Size };
    enum class Scale { Linear, Logarithmic }; ///< how a slider or a search should walk the range

    std::string path;  ///< "training.learning_rate"
    std::string label; ///< "Learning rate"
    std::string help;  ///< one sentence with unit and meaning, for tooltips and --help
    Type type = Type::Real;
    double minimum = 0; ///< inclusive; of each element for IntegerList, of each side for Size
    double maximum = 0; ///< inclusive
    Scale scale = Scale::Linear;
    std::vector<std::string> choices; ///< of Choice, in the order shown
    std::size_t most = 1;             ///< values of an IntegerList
    /// Where a search on a logarithmic scale begins; the minimum itself may be 0.
    double searchMinimum = 0;

    std::string section() const { return path.substr(0, path.find('.')); } ///< "training"
};

/// Every field, grouped data, model, training, in the order a person meets them.
const std::vector<Field>& fields();

/// The sections in their order: "data", "model", "training".
const std::vector<std::string>& sections();

/// Whether the field means anything for this configuration: a kind of network, or an optimizer, may have no use for it.
bool applies(const Field& field, const Configuration& configuration);

/// The row of a path. Throws Error(InvalidArgument) that names the nearest valid path.
const Field& fieldAt(std::string_view path);

/// The value at a path as JSON (number, truth value, text or list of integers; a size as text: "auto", "64", "48x64").
nlohmann::json fieldValue(const Configuration& configuration, std::string_view path);

/// What a field takes, in words: "a whole number from 1 to 1024".
std::string expectedText(const Field& field);

/// Sets one field after checking type and range. Throws Error(InvalidArgument): field, found, allowed.
void setField(Configuration& configuration, std::string_view path, const nlohmann::json& value);

/// Sets one field from text as typed by a person or given as --set PATH=VALUE ("3", "1e-3", "adam", "yes", "8,16,32"
/// or "[8,16,32]").
void setFieldFromText(Configuration& configuration, std::string_view path, std::string_view text);

/// The value at a path as setFieldFromText takes it.
std::string fieldText(const Configuration& configuration, std::string_view path);

/// All fields as {"data": {…}, "model": {…}, "training": {…}}.
nlohmann::json toJson(const Configuration& configuration);

/// What to do with fields that this program does not know.
enum class Unknown {
    Refuse,  ///< a person's file: a typing error
    PassOver ///< a run's own record: a newer program wrote it
};

/// Reads what toJson wrote, or a part of it over `base`. Unknown fields are errors naming the nearest valid one; the keys
/// "name" and "description" (presets), "run" and "cross_validation" (what was recorded beside the settings) are passed over.
Configuration configurationFromJson(const nlohmann::json& json, const Configuration& base = {},
                                    Unknown unknown = Unknown::Refuse);

/// Reads a configuration, preset or run's config.json. Throws Error naming the file, also where a key stands twice.
Configuration readConfiguration(const std::filesystem::path& file, Unknown unknown = Unknown::Refuse);

/// A preset compiled into the program from resources/presets.
struct Preset {
    std::string name;        ///< "report-autoencoder"
    std::string description; ///< one sentence
    Configuration configuration;
};

/// All presets, in the order shown.
const std::vector<Preset>& presets();

/// The preset of that name or, where `nameOrFile` names an existing file, that file's configuration.
/// Throws Error(InvalidArgument) listing the names.
Configuration presetOrFile(const std::string& nameOrFile);

} // namespace latentoscope
