/// The parts of a reproduction, computed and kept: each leaves a record behind that says that it is whole.
#pragma once

#include "core/base/WorkProgress.h"
#include "core/data/ItemSelection.h"
#include "core/data/Label.h"
#include "core/report/Plan.h"
#include "core/values/Samples.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace latentoscope {

struct DataSet;
class FrozenModel;

/// Where and on what a part works.
struct PartContext {
    std::filesystem::path folder; ///< of the report
    ReproductionSettings settings;
    std::shared_ptr<const DataSet> data;
    int threads = 1; ///< ≥ 1
    std::string device = "auto";
    WorkProgress progress; ///< of the part
    std::stop_token stop;  ///< what `progress` goes by

    std::filesystem::path run(const std::string& name) const { return folder / "runs" / name; }
    std::filesystem::path record(const std::string& name) const { return folder / "parts" / (name + ".json"); }
};

/// Computes a part and writes its record, which is there only when all else is; what an interrupted one left is taken away first,
/// but for the finished folds of a cross-validation. False where it was stopped. Throws Error naming the part.
bool computePart(const ReproductionPart& part, const PartContext& context);

/// What a part's record says; none where it is not finished. Throws Error(CorruptData) naming the file where the record, or the
/// weights that it belongs to, have changed since.
std::optional<nlohmann::ordered_json> readPart(const ReproductionPart& part, const PartContext& context);

/// Test items that pictures of latent spaces show, ascending: the same for all networks.
ItemSelection pictureItems(const PartContext& context);

/// Images drawn for each class from one network, class after class.
struct ClassDraws {
    Samples samples;
    std::vector<Label> predicted; ///< (N) what the classifier takes each for
};

/// Those of a finished part of samples, or those at random places among a class's points of a finished picture.
ClassDraws readDraws(const nlohmann::ordered_json& record, const FrozenModel& model);

/// Codes (n) of each class, drawn for judging; as many are shown.
inline constexpr int kDrawsAClass = 100;
inline constexpr int kShownDraws = 8;

} // namespace latentoscope
