#include "core/search/SearchPlan.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/PresetTexts.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"
#include "core/search/SpaceText.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

constexpr const char* kGrid = "grid";
constexpr int kGridValues = 5; ///< of a range, where nothing else is said

[[noreturn]] void refuse(const std::string& what, const std::string& found, const std::string& expected)
{
    throw Error(Error::Kind::InvalidArgument, what + ": found " + found + ", expected " + expected);
}

std::string textAt(const Json& json, const char* key, const std::string& source)
{
    if (!json.at(key).is_string()) refuse(source + ": " + key, json.at(key).dump(), "a text");
    return json.at(key).get<std::string>();
}

int wholeAt(const Json& json, const char* key, const std::string& source)
{
    const Json& value = json.at(key);
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > 1000)
        refuse(source + ": " + key, value.dump(), "a whole number from 0 to 1000");
    return value.get<int>();
}

/// What a kind is searched for unless another is asked for.
const char* usualObjective(const Kind& kind)
{
    return kind.classifies ? "accuracy" : kind.hasPosterior ? "elbo" : "reconstruction_accuracy";
}

/// Sets a field to what a trial has for it.
void set(Configuration& configuration, const std::string& path, const Distribution& distribution, double internal)
{
    setField(configuration, path, Json::parse(valueJson(distribution, internal)));
}

/// The ends of a range, or all choices, as internal values.
std::vector<double> extremes(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution)) return {real->low, real->high};
    if (const auto* whole = std::get_if<IntDistribution>(&distribution))
        return {static_cast<double>(whole->low), static_cast<double>(whole->high)};
    std::vector<double> all;
    for (std::size_t i = 0; i < std::get<CategoricalDistribution>(distribution).choices.size(); ++i)
        all.push_back(static_cast<double>(i));
    return all;
}

/// Whether the field means something in a configuration, or would with other values of what is searched beside it.
bool appliesSomewhere(const Field& field, const SearchPlan& plan, const Configuration& tried)
{
    if (applies(field, tried)) return true;
    for (const auto& [path, distribution] : plan.space.parameters) {
        if (path == field.path) continue;
        for (const double value : extremes(distribution)) {
            Configuration other = tried;
            set(other, path, distribution, value);
            if (applies(field, other)) return true;
        }
    }
    return false;
}

/// What is searched may make another kind of network, which measures other things.
void requireObjectives(const SearchPlan& plan, const Configuration& tried, const ImageShape& shape)
{
    const std::vector<Objective> measured = objectivesOf(tried, shape);
    for (const Objective& objective : plan.objectives) {
        if (std::find(measured.begin(), measured.end(), objective) != measured.end()) continue;
        std::vector<std::string> names;
        for (const Objective& one : measured) names.push_back(one.name);
        refuse("objective", objective.name + ", which a network of kind " + tried.model.kind + " in the space does not measure",
               "one that all have, such as " + joined(names));
    }
}

} // namespace

std::string samplerName(const SearchPlan& plan)
{
    if (plan.grid > 0) return kGrid;
    return plan.sampler == SamplerKind::Random ? "random" : plan.sampler == SamplerKind::Tpe ? "tpe" : "multivariate-tpe";
}

void setSampler(SearchPlan& plan, const std::string& name, int gridValues)
{
    if (name != kGrid && name != "tpe" && name != "multivariate-tpe" && name != "random")
        refuse("sampler", name, "one of tpe, multivariate-tpe, random, grid");
    plan.grid = name == kGrid ? std::max(2, gridValues) : 0;
    plan.sampler = name == "tpe"                ? SamplerKind::Tpe
                   : name == "multivariate-tpe" ? SamplerKind::MultivariateTpe
                                                : SamplerKind::Random;
}

SearchPlan searchPlanOf(const std::string& text, const std::string& source, const SearchPlan& base)
{
    Json json = parsedJson<Json>(text);
    if (!json.is_object()) refuse(source, "no JSON object", "a search: a configuration with space");
    SearchPlan plan = base;
    Json configuration = Json::object();
    for (const auto& [key, value] : json.items()) {
        if (key == "name")
            plan.name = textAt(json, "name", source);
        else if (key == "description")
            plan.description = textAt(json, "description", source);
        else if (key == "space")
            plan.space = spaceOf(value.dump(), source + ": space");
        else if (key == "encoder")
            plan.encoder = textAt(json, "encoder", source);
        else if (key == "encoder_digest")
            plan.encoderDigest = textAt(json, "encoder_digest", source);
        else if (key == "folds")
            plan.folds = wholeAt(json, "folds", source);
        else if (key == "pruner")
            plan.pruner = prunerOf(textAt(json, "pruner", source));
        else if (key == "sampler")
            setSampler(plan, textAt(json, "sampler", source), json.contains(kGrid) ? wholeAt(json, kGrid, source) : kGridValues);
        else if (key == "objectives") {
            if (!value.is_array()) refuse(source + ": objectives", value.dump(), "a list of names");
            plan.objectives.clear();
            for (const Json& name : value) {
                if (!name.is_string()) refuse(source + ": objectives", value.dump(), "a list of names");
                plan.objectives.push_back({name.get<std::string>()});
            }
        } else if (key != kGrid)
            configuration[key] = value;
    }
    try {
        plan.configuration = configurationFromJson(configuration, base.configuration);
    } catch (const Error& error) {
        throw error.within(source);
    }
    return plan;
}

Json toJson(const SearchPlan& plan)
{
    Json json = toJson(plan.configuration);
    json["name"] = plan.name;
    json["description"] = plan.description;
    json["space"] = Json::parse(spaceText(plan.space));
    for (const Objective& objective : plan.objectives) json["objectives"].push_back(objective.name);
    json["sampler"] = samplerName(plan);
    if (plan.grid > 0) json[kGrid] = plan.grid;
    json["pruner"] = prunerName(plan.pruner);
    json["folds"] = plan.folds;
    if (!plan.encoder.empty()) json["encoder"] = plan.encoder;
    if (!plan.encoderDigest.empty()) json["encoder_digest"] = plan.encoderDigest;
    return json;
}

std::vector<Objective> objectivesOf(const Configuration& configuration, const ImageShape& shape)
{
    const Kind& kind = kindOf(configuration.model);
    const std::vector<Measure> measures = measuresOf(configuration.model, shape);
    std::vector<Objective> all;
    for (const std::string& name : tabledFigures(configuration.model, shape)) {
        const auto measure = std::find_if(measures.begin(), measures.end(), [&](const Measure& one) { return one.name == name; });
        const bool lower = measure != measures.end() ? measure->lowerIsBetter : name == "error";
        all.push_back({name, lower ? Direction::Minimize : Direction::Maximize});
        if (name == "negative_elbo") all.push_back({"elbo", Direction::Maximize});
    }
    std::stable_partition(all.begin(), all.end(), [&](const Objective& one) { return one.name == usualObjective(kind); });
    all.push_back({"images_per_second", Direction::Maximize});
    all.push_back({"latent", Direction::Minimize});
    all.push_back({"parameters", Direction::Minimize});
    return all;
}

SearchPlan completed(SearchPlan plan, const ImageShape& shape)
{
    if (plan.space.parameters.empty()) refuse("space", "nothing that is searched", "at least one configuration field");
    const std::vector<Objective> known = objectivesOf(plan.configuration, shape);
    if (plan.objectives.empty()) plan.objectives = {known.front()};
    std::vector<std::string> names;
    for (const Objective& one : known) names.push_back(one.name);
    for (std::size_t i = 0; i < plan.objectives.size(); ++i) {
        Objective& objective = plan.objectives[i];
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const Objective& one) { return one.name == objective.name; });
        if (found == known.end()) refuse("objective", objective.name, "one of " + joined(names));
        objective = *found;
        if (std::find(plan.objectives.begin(), plan.objectives.begin() + static_cast<std::ptrdiff_t>(i), objective) !=
            plan.objectives.begin() + static_cast<std::ptrdiff_t>(i))
            refuse("objective", objective.name + " twice", "different ones");
    }
    DataOptions& data = plan.configuration.data;
    data.folds = plan.folds;
    data.fold = 1;
    if (plan.folds == 1) refuse("folds", "1", "0 (a held-out share) or at least 2");
    if (plan.folds == 0 && !(data.validationFraction > 0))
        refuse("data.validation_fraction", "0",
               "more than 0, such as 0.1, or --folds: trials are compared by images that are held out");
    for (const auto& [path, distribution] : plan.space.parameters) {
        if (path.starts_with("data."))
            refuse("space", path, "a field of model or training: trials must be compared by the same images");
        const Field& field = fieldAt(path);
        if (field.type == Field::Type::Integer && std::holds_alternative<FloatDistribution>(distribution))
            refuse("space: " + path, "a range of floats", "type int or choices: the field takes " + expectedText(field));
        bool matters = false;
        for (const double value : extremes(distribution)) {
            Configuration tried = plan.configuration;
            set(tried, path, distribution, value);
            requireObjectives(plan, tried, shape);
            matters = matters || appliesSomewhere(field, plan, tried);
        }
        if (!matters) {
            refuse("space: " + path, "a field that has no effect",
                   "one that a network of kind " + plan.configuration.model.kind + " with these settings has a use for");
        }
        const bool bound = std::any_of(plan.objectives.begin(), plan.objectives.end(), [](const Objective& one) {
            return one.name == "elbo" || one.name == "negative_elbo" || one.name == "reconstruction" || one.name == "loss";
        });
        if (path == "model.likelihood" && bound) {
            refuse("space: model.likelihood", "several beside the objective " + plan.objectives.front().name,
                   "one: log-densities of different likelihoods are no comparable numbers; search by mse instead");
        }
    }
    dependencyOrder(plan.space);
    if (plan.grid > 0) gridOf(plan.space, plan.grid);
    return plan;
}

Configuration configurationOf(const SearchPlan& plan, const std::map<std::string, Parameter>& parameters)
{
    Configuration configuration = plan.configuration;
    for (const auto& [path, parameter] : parameters) set(configuration, path, *parameter.distribution, parameter.internal);
    return configuration;
}

TrialSource sourceOf(const SearchPlan& plan)
{
    TrialSource source;
    source.space = plan.space;
    source.sampler.kind = plan.sampler;
    source.sampler.seed = plan.configuration.training.seed;
    source.grid = plan.grid;
    return source;
}

PrunerOptions prunerOptionsOf(const SearchPlan& plan)
{
    PrunerOptions options;
    options.kind = plan.pruner;
    options.lastStep = plan.folds > 0 ? plan.folds : plan.configuration.training.epochs;
    return options;
}

const std::vector<SearchPreset>& searchPresets()
{
    static const std::vector<SearchPreset> all = [] {
        std::vector<SearchPreset> list;
        for (const PresetText& text : kSearchTexts) {
            SearchPlan plan = searchPlanOf(std::string(text.json), "search preset " + std::string(text.name));
            list.push_back({std::string(text.name), plan.description, std::move(plan)});
        }
        return list;
    }();
    return all;
}

SearchPlan searchPresetOrFile(const std::string& nameOrFile)
{
    std::vector<std::string> names;
    for (const SearchPreset& preset : searchPresets()) {
        if (preset.name == nameOrFile) return preset.plan;
        names.push_back(preset.name);
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(nameOrFile, ignored)) return searchPlanOf(readFile(nameOrFile), nameOrFile);
    // Any settings to train with are the fixed part of a search; what is searched must then be given.
    for (const Preset& preset : presets()) {
        if (preset.name != nameOrFile) continue;
        SearchPlan plan;
        plan.name = preset.name;
        plan.configuration = preset.configuration;
        return plan;
    }
    const bool meantAsFile = nameOrFile.find('/') != std::string::npos || nameOrFile.ends_with(".json");
    throw Error(meantAsFile ? Error::Kind::NotFound : Error::Kind::InvalidArgument,
                nameOrFile + ": neither a search nor a preset nor a file; the searches are " + joined(names));
}

SearchPlan planOf(const Study& study)
{
    const auto found = study.user.find(kPlanAttribute);
    if (found == study.user.end()) {
        throw Error(Error::Kind::InvalidArgument, "study " + study.name +
                                                      ": found no plan in it, expected a study that `search` has begun; give "
                                                      "--preset with what its trials are to train");
    }
    return searchPlanOf(found->second, "study " + study.name + ": " + kPlanAttribute);
}

Json presetOf(const SearchPlan& plan, const Study& study, const Trial& trial)
{
    Configuration configuration = configurationOf(plan, trial.parameters);
    configuration.data.folds = 0;
    Json json = toJson(configuration);
    json["name"] = study.name + "-" + std::to_string(trial.number);
    std::vector<std::string> figures;
    for (std::size_t i = 0; i < trial.values.size() && i < plan.objectives.size(); ++i)
        figures.push_back(plan.objectives[i].name + " " + numberText(trial.values[i]));
    json["description"] = "Trial " + std::to_string(trial.number) + " of the study " + study.name + ": " + joined(figures);
    return json;
}

} // namespace latentoscope
