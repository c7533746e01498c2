/// What a folder of runs holds: runs and cross-validations, a line each.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// A line in the list.
struct RunSummary {
    std::filesystem::path folder;
    std::string name; ///< the folder's
    std::string kind; ///< model.kind
    int latent = 0;
    int folds = 0;                  ///< of a cross-validation; 0: it is a run
    int epochsDone = 0;             ///< of a run
    int foldsDone = 0;              ///< of a cross-validation
    std::optional<double> best;     ///< lowest validation (or, without, training) loss; of folds the mean of what they held out
    std::string bestLabel;          ///< "validation MSE", "training MSE" or "mean MSE"
    std::optional<double> accuracy; ///< of a classifier, in percent, where `best` is
    std::string dataName;           ///< of the data that it was trained on
    std::string encoder;            ///< name of the run that its encoder came from; empty: none
    std::string holder;             ///< who writes into it now (holderOf); empty: nobody
    std::vector<std::string> notes; ///< what a reader of its figures must know
    std::string created;
    std::filesystem::path thumbnail; ///< figures/thumbnail.png where it is there
};

/// All runs and cross-validations directly in `folder`, newest first; other things are passed over, a damaged one is listed by
/// name alone.
std::vector<RunSummary> listRuns(const std::filesystem::path& folder);

} // namespace latentoscope
