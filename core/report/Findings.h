/// What a finished reproduction found, as values: all that its tables, words and figures are made of.
#pragma once

#include "core/data/ItemSelection.h"
#include "core/experiment/Classification.h"
#include "core/experiment/References.h"
#include "core/report/Reproduction.h"
#include "core/storage/FoldsFolder.h"
#include "core/storage/Metrics.h"
#include "core/storage/RunFolder.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
class FrozenModel;

/// One network, trained once on all training images.
struct RunFindings {
    std::string label;
    RunRecord record;
    std::map<std::string, double> test; ///< its figures on the test images, by name
    int testImages = 0;
    std::vector<LossPoint> losses;
    std::vector<EpochMetrics> epochs;
    std::shared_ptr<const FrozenModel> model;
};

/// A t-SNE of a network's test codes.
struct PictureFindings {
    std::vector<int> items;    ///< (N) test images
    std::vector<float> places; ///< (N, 2)
    double perplexity = 0;
    double klDivergence = 0;
    bool alike = false; ///< all codes are the same: there is nothing to see
    std::optional<double> trustworthiness;
    std::optional<double> labelAccuracy; ///< 0 … 1, of ten neighbours
    std::optional<ClassDraws> draws;     ///< at random places among each class's points; none where the network does not decode
};

struct Findings {
    ReproductionSettings settings;
    int threads = 1; ///< for what figures compute
    std::shared_ptr<const DataSet> data;
    std::map<std::string, RunFindings> runs;             ///< by the network's name
    std::map<std::string, std::vector<FoldScore>> folds; ///< likewise; without cross-validation none
    std::map<std::string, PictureFindings> pictures;
    std::map<std::string, ClassDraws> draws; ///< from each class's mixture of normal distributions
    std::optional<References> references;
    ItemSelection pictureItems; ///< test images that latent spaces are drawn of
};

/// Whether classifiers were trained: not on data without classes.
inline bool hasClassifiers(const Findings& findings) { return findings.runs.contains(network::kFineTune); }

/// Reads them from the folder of a reproduction that has come to its end. Throws Error where something of it is missing.
Findings readFindings(const Reproduction& report);

/// Mean and sample deviation over folds of the figure `name`; none where a fold has none, or there are no folds.
std::optional<FoldSpread> spreadOf(const Findings& findings, const std::string& network, const std::string& name);

/// The draws as a classifier's predictions of so many classes: labels are what they were drawn for. Without probabilities.
Predictions predictionsOf(const ClassDraws& draws, int classes);

} // namespace latentoscope
