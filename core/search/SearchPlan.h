/// What a search that trains is about: what its trials have in common, what is searched, what counts.
#pragma once

#include "core/config/Configuration.h"
#include "core/search/NextTrial.h"
#include "core/search/Pruner.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

struct ImageShape;

/// What trials are compared by.
struct Objective {
    std::string name; ///< of a figure on held-out images, or "images_per_second", "latent", "parameters"
    Direction direction = Direction::Maximize;

    bool operator==(const Objective&) const = default;
};

/// The parameters' names are paths of configuration fields, such as training.learning_rate. As JSON it is a configuration with
/// "space" (SpaceText.h), "objectives" [names], "sampler", "grid", "pruner", "folds", "encoder" and "encoder_digest" beside its
/// sections; what is left out has its default.
struct SearchPlan {
    std::string name = "search";
    std::string description;
    Configuration configuration;
    ConditionalSpace space;
    std::vector<Objective> objectives; ///< at least one
    SamplerKind sampler = SamplerKind::Tpe;
    int grid = 0; ///< values a range: a grid is searched, not what a sampler suggests; 0: none
    PrunerKind pruner = PrunerKind::Median;
    std::string encoder{};       ///< of a classifier's search: the run whose trained encoder every trial begins with; empty: none
    std::string encoderDigest{}; ///< of its weights when the study was begun
    int folds = 0;               ///< what is measured is the mean over so many folds; 0: the held-out share
};

/// "tpe", "multivariate-tpe", "random"; with a grid "grid".
std::string samplerName(const SearchPlan& plan);
/// Sets sampler and grid. Throws Error(InvalidArgument) naming them.
void setSampler(SearchPlan& plan, const std::string& name, int gridValues);

/// Reads JSON over `base`; `source` is how it is called in sentences. Throws Error(InvalidArgument) naming the field.
SearchPlan searchPlanOf(const std::string& json, const std::string& source, const SearchPlan& base = {});
nlohmann::json toJson(const SearchPlan& plan);

/// The objectives that a configuration has, best known first, each with its direction.
std::vector<Objective> objectivesOf(const Configuration& configuration, const ImageShape& shape);

/// Fills in what is left open (the kind's own objective, in a cross-validation no share) and checks the rest: objectives, every
/// field of the space with its ends and choices, that something is held out. Throws Error(InvalidArgument) naming the field.
SearchPlan completed(SearchPlan plan, const ImageShape& shape);

/// A trial's configuration: the plan's with the trial's values. Throws Error(InvalidArgument) naming the field.
Configuration configurationOf(const SearchPlan& plan, const std::map<std::string, Parameter>& parameters);

/// How trials of the plan are begun and judged.
TrialSource sourceOf(const SearchPlan& plan);
PrunerOptions prunerOptionsOf(const SearchPlan& plan);

/// The JSON texts of resources/searches, by name.
struct SearchPreset {
    std::string name;
    std::string description;
    SearchPlan plan;
};
const std::vector<SearchPreset>& searchPresets();

/// One of searchPresets(), or a file of their form. Throws Error naming the presets.
SearchPlan searchPresetOrFile(const std::string& nameOrFile);

/// The user attribute of a study that holds its plan, as JSON.
inline constexpr const char* kPlanAttribute = "latentoscope:plan";

/// The plan of a study that a search that trains has begun. Throws Error(InvalidArgument) saying that it was not one.
SearchPlan planOf(const Study& study);

/// The configuration of a trial as a preset that `train` takes, with a name and a sentence of where it comes from.
nlohmann::json presetOf(const SearchPlan& plan, const Study& study, const Trial& trial);

} // namespace latentoscope
