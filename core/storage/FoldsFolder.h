/// A cross-validation on disk: cross-validation.json, folds.csv (a row a fold), the runs fold-01 …, where each fold pre-trains an
/// encoder of its own the runs encoder-01 …, and figures/.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"
#include "core/storage/RunFolder.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// What cross-validation.json holds: all that decides the figures, and where the data were.
struct FoldsRecord {
    Configuration configuration;              ///< of every fold; data.folds says how many there are, data.fold nothing
    std::optional<Configuration> pretraining; ///< of every fold's own encoder
    ImageShape shape;
    std::string dataName;
    std::string dataDigest;
    std::string dataFolder;
    std::string encoderFolder;      ///< of the run that every fold's encoder comes from; empty: none
    std::string weightsDigest;      ///< SHA-256 of the first weights that this gives; empty: drawn by the seed
    std::string created;            ///< ISO 8601, local time with offset
    std::string version;            ///< of this program
    std::string encoderDigest;      ///< weightsDigest() of the network in encoderFolder; empty: none
    std::vector<std::string> notes; ///< what a reader of the figures must know, as RunRecord has them

    int folds() const { return configuration.data.folds; }
};

/// How one fold did on the images that it held out: a row of folds.csv.
struct FoldScore {
    int fold = 1;
    int trainImages = 0;
    int heldOutImages = 0;
    std::vector<NamedValue> values; ///< of the kept weights, as evaluate() gives them
};

/// A figure over folds.
struct FoldSpread {
    std::string name;
    double mean = 0;
    double deviation = 0; ///< sample standard deviation (n - 1); 0 of a single fold
};

/// Of every figure that all the scores have, in the first one's order.
std::vector<FoldSpread> spreadOf(const std::vector<FoldScore>& scores);

/// RUN/fold-01 and RUN/encoder-01: as many digits as the number of folds has, two at least.
std::filesystem::path foldFolder(const std::filesystem::path& folder, int fold, int folds);
std::filesystem::path foldEncoderFolder(const std::filesystem::path& folder, int fold, int folds);

/// Whether a cross-validation is (or was begun) there.
bool holdsFolds(const std::filesystem::path& folder);

/// Where a cross-validation is being written. One that replaces another grows in a folder within it, as a run does (RunFolder.h).
struct NewFolds {
    std::filesystem::path folder;
    std::filesystem::path files;          ///< where its files are now
    std::shared_ptr<const FileLock> lock; ///< of the folder
    std::vector<FoldScore> scores;        ///< what of it was there already

    bool replacing() const { return files != folder; }
};

/// Makes the folder and takes its lock, or opens the one in which the same cross-validation was begun. With Overwrite, what is
/// there stays whole until replaceOlder(). Throws Error(Io) naming the process that is at work there, Error(InvalidArgument)
/// naming what differs where another cross-validation is there, or files that are none.
NewFolds openFolds(const std::filesystem::path& folder, const FoldsRecord& record, Existing existing);

/// Puts the new folds in the place of the older ones, of which everything goes that a cross-validation writes. Files that none
/// writes stay. Nobody may be training in `folds.files`. Nothing where none is replaced. Throws Error(Io).
void replaceOlder(NewFolds& folds, const FoldsRecord& record);

/// Takes away what has been written of folds that were to replace others, which stay as they were.
void abandon(const NewFolds& folds) noexcept;

/// Throws Error naming the file, found and expected.
FoldsRecord readFoldsRecord(const std::filesystem::path& folder);

/// The folds of folds.csv, ascending; none where there is no such file yet. Whether their runs are still there is not looked at.
/// Throws as readFoldsRecord.
std::vector<FoldScore> readScores(const std::filesystem::path& folder);

/// Writes folds.csv and the means and deviations into cross-validation.json, each whole or not at all. Throws Error(Io).
void writeScores(const std::filesystem::path& folder, const FoldsRecord& record, const std::vector<FoldScore>& scores);

} // namespace latentoscope
