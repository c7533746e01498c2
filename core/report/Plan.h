/// What reproducing the reference report takes: its trainings, cross-validations, latent spaces and samples, in an order in which
/// each finds what it needs.
#pragma once

#include "core/config/Configuration.h"
#include "core/report/FoundSearch.h"
#include "core/values/Samples.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;

struct ReproductionSettings {
    std::uint64_t seed = 0; ///< of weights, orders, folds and samples
    int folds = 10;         ///< of each cross-validation, ≥ 2
    bool quick = false;     ///< one epoch, and pictures of 2,000 codes: to see that everything works
    bool crossValidation = true;
    bool latentSpaces = true;
    bool samples = true;
    std::shared_ptr<const FoundSearch> search = {}; ///< a study whose best auto-encoder is one network more; null: none

    bool operator==(const ReproductionSettings&) const = default;
};

enum class PartKind {
    Train,   ///< one run
    Folds,   ///< a cross-validation
    Picture, ///< a t-SNE of a run's test codes
    Samples  ///< new images of each class, and what the classifier takes them for
};

struct ReproductionPart {
    PartKind kind = PartKind::Train;
    std::string name;                         ///< of its folder or file: "autoencoder", "folds-vae"
    std::string label;                        ///< "Auto-encoder"
    std::string run;                          ///< of Picture and Samples: the part whose network it is
    std::string encoder;                      ///< of Train: the part whose encoder it begins with; empty: none
    Configuration configuration;              ///< of Train and Folds
    std::optional<Configuration> pretraining; ///< of Folds: of each fold's encoder
    double seconds = 0;                       ///< estimated
};

/// The names of the networks; the last is there with a study alone.
namespace network {
inline constexpr const char* kAutoencoder = "autoencoder";
inline constexpr const char* kSearched = "autoencoder-searched";
inline constexpr const char* kVae = "vae";
inline constexpr const char* kFineTune = "fine-tune";
inline constexpr const char* kScratch = "from-scratch";
inline constexpr const char* kFound = "autoencoder-found";
} // namespace network

/// A t-SNE is drawn of so many test codes at most.
int pictureCodes(const ReproductionSettings& settings);

/// Whether the published figures are of these data, and may stand beside ours.
bool hasPublishedFigures(const DataSet& data);

/// Whether these data have classes to tell apart: without, the parts with classifiers and samples of classes are left out.
bool hasClasses(const DataSet& data);

/// All parts that the settings ask for, without estimates. On data other than the reference report's, networks are trained for as
/// long as suits how many images there are (suitedTo). Throws Error(InvalidArgument) for fewer than two folds, and for more than
/// a class has images.
std::vector<ReproductionPart> planReproduction(const ReproductionSettings& settings, const DataSet& data);

/// Puts an estimate into each part that is not `done`: trains each network for a moment to see how fast this machine is, half a
/// second in all.
void estimateSeconds(std::vector<ReproductionPart>& plan, const std::vector<bool>& done, const ReproductionSettings& settings,
                     const DataSet& data, int threads, const std::string& device);

/// What decides the results, for comparing: a folder made with another value of any of these is another report.
nlohmann::ordered_json identityOf(const ReproductionSettings& settings, const std::vector<ReproductionPart>& plan,
                                  const DataSet& data);

} // namespace latentoscope
