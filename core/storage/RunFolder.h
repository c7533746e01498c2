/// A run on disk: config.json, metrics.csv, steps.csv, model.safetensors, log.txt, figures/.
#pragma once

#include "core/base/FileLock.h"
#include "core/config/Configuration.h"
#include "core/data/DataOptions.h"
#include "core/data/ImageShape.h"
#include "core/storage/Metrics.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

/// What a run names its figures, each with the endings that figures are written in; thumbnail has .png alone.
inline const std::vector<std::string> kRunFigures{"loss", "reconstructions", "latent",   "manifold", "samples",
                                                  "kl",   "confusion",       "mistakes", "thumbnail"};

/// A run whose encoder went, at first or second hand, into another: what the encoder has seen.
struct Ancestor {
    std::string folder;
    std::string kind; ///< model.kind; empty: the run could not be read any more
    std::string dataName;
    std::string dataDigest;
    DataOptions data;    ///< how its images were divided
    bool labels = false; ///< whether it learned from labels
};

/// What config.json records under "run", beside the configuration itself.
struct RunRecord {
    Configuration configuration;
    ImageShape shape;
    std::string dataName;
    std::string dataDigest;
    std::string dataFolder;
    std::vector<std::string> classNames;
    std::string device;
    int threads = 0;
    std::string created; ///< ISO 8601, local time with offset
    std::string version; ///< of this program
    std::string torchVersion;
    std::string encoderFolder;      ///< of the run that the encoder came from; empty: none
    std::string encoderDigest;      ///< weightsDigest() of that run's network as it was then; empty: none, or not told
    std::vector<Ancestor> lineage;  ///< that run, the one whose encoder it had begun with, and so on
    std::vector<std::string> notes; ///< what a reader of its figures must know, sentences without capital and full stop
};

enum class Existing { Refuse, Overwrite };

/// Where a run is being written. A run that replaces another one grows in a folder within it, and the older one is
/// whole until replaceOlder(): a training that comes to nothing costs nothing.
struct NewRun {
    std::filesystem::path folder;   ///< of the run
    std::filesystem::path files;    ///< where its files are now
    std::shared_ptr<FileLock> lock; ///< of the folder, for as long as somebody may write into it

    bool replacing() const { return files != folder; }
};

/// Makes the folder, takes its lock and writes config.json. What a program left that was killed before it had written anything is
/// taken away. Throws Error(Io) naming the process where another one writes a run there, Error(InvalidArgument) where the folder
/// is not empty and `existing` is Refuse, or holds no run and it is Overwrite.
NewRun createRun(const std::filesystem::path& folder, const RunRecord& record, Existing existing);

/// Every file that a run writes, relative to its folder, weights first.
std::vector<std::string> runFiles();

/// Takes away what a run wrote, its weights first, and the folders that are then empty. Anybody else's files stay. Throws
/// Error(Io).
void removeRun(const std::filesystem::path& folder);

/// Puts the new run's files in the place of the older one's. Files that no run writes stay. Nothing where none is replaced.
void replaceOlder(NewRun& run);

/// Takes away what has been written of a run that replaces another one, which stays as it was.
void abandon(const NewRun& run) noexcept;

/// Writes config.json anew, whole or not at all. Throws Error(Io).
void writeRecord(const std::filesystem::path& folder, const RunRecord& record);

/// Reads config.json. Throws Error naming the file, what was found and what was expected.
RunRecord readRun(const std::filesystem::path& folder);

/// Appends to metrics.csv (epoch,split,metric,value) and steps.csv (epoch,loss and a column for each of the points' terms, whose
/// names the header takes); each call is one write.
void appendMetrics(const std::filesystem::path& folder, const EpochMetrics& metrics);
void appendSteps(const std::filesystem::path& folder, const std::vector<LossPoint>& losses,
                 const std::vector<std::string>& termNames = {});
std::vector<EpochMetrics> readMetrics(const std::filesystem::path& folder);
std::vector<LossPoint> readSteps(const std::filesystem::path& folder);

/// How far the weights in model.safetensors have been trained; none where they are not there or do not say.
std::optional<TrainedTo> readTrainedTo(const std::filesystem::path& folder);

/// NAME, NAME-2, NAME-3 …: the first that does not exist in `folder`. The name that training NAME-2 again takes is NAME-3 too
/// where NAME is there, not NAME-2-2.
std::filesystem::path freshRunFolder(const std::filesystem::path& folder, const std::string& name);

/// Makes the folder that freshRunFolder names: it is empty and nobody else's. Throws Error(Io).
std::filesystem::path makeFreshRunFolder(const std::filesystem::path& folder, const std::string& name);

} // namespace latentoscope
