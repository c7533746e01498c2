/// One training run on its own threads: start, pause, resume, stop, train further, and a stream of what happens.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/Selection.h"
#include "core/storage/RunFolder.h"
#include "core/training/Life.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace latentoscope {

struct DataSet;
struct EpochMetrics;
struct Snapshot;
struct Split;
class FrozenModel;
template <class T> class Channel;

/// What a run shows while it trains: nothing, unless asked for.
struct MonitorOptions {
    int reconstructions = 64;                            ///< images of the fixed set
    int codes = 10'000;                                  ///< held-out items, stratified and seeded where there are more
    std::chrono::milliseconds reconstructionInterval{0}; ///< zero: none between epochs
    std::chrono::milliseconds codeInterval{0};           ///< zero: none between epochs
    bool pictures = false; ///< whether to publish an EpochPicture an epoch; each holds a whole model

    /// Whether anything is shown between epochs.
    bool live() const { return reconstructionInterval.count() > 0 || codeInterval.count() > 0; }
};

struct SessionSetup {
    Configuration configuration;
    std::shared_ptr<const DataSet> data;
    std::shared_ptr<const Split> split; ///< of data->train, such as one fold's; null: as configuration.data says
    /// Weights to begin with, in parameterLayout's order, such as withEncoderOf gives; null: as training.seed draws them.
    std::shared_ptr<const std::vector<float>> weights;
    std::filesystem::path encoder;        ///< the run that the encoder comes from, for the record; empty: none
    std::string encoderDigest;            ///< weightsDigest() of that run's network
    std::vector<Ancestor> lineage;        ///< of the encoder, that run first
    std::filesystem::path runFolder;      ///< where config.json, metrics.csv, model.safetensors … go; empty: nowhere
    Existing existing = Existing::Refuse; ///< what to do where runFolder is not empty
    int threads = 0;                      ///< workers; 0: all cores
    std::string device = "auto";          ///< auto, cpu, cuda or cuda:N
    int niceness = 0; ///< what the training threads' niceness is set to, so that a window on the same cores stays quick
    /// How long the last save is tried again where the disk refuses it; stop() ends that too.
    std::chrono::seconds savePatience{60};
    MonitorOptions monitor;
    /// Asked after every epoch, on the training thread; false stops the training (a pruner's word). Null: goes on.
    std::function<bool(const EpochMetrics& metrics)> goOn;

    DividedData divided() const { return {data, split, configuration.data.seed}; }
};

/// Weights are saved after the first epoch, every ten seconds at an epoch's end, when paused and at the end, and only where
/// they give a finite loss. What the disk refuses is said (Snapshot::warning) and tried again; the training goes on. Owns its
/// threads; calls return at once and act within 100 ms, seen as a state in the channel. All calls are safe from one controlling
/// thread. The destructor stops and waits.
class TrainingSession {
public:
    /// Checks everything that can be checked before anything is computed. Throws Error.
    explicit TrainingSession(SessionSetup setup);
    ~TrainingSession();
    TrainingSession(const TrainingSession&) = delete;
    TrainingSession& operator=(const TrainingSession&) = delete;

    void start();  ///< Ready → Running
    void pause();  ///< Running → Paused; the weights are saved
    void resume(); ///< Paused → Running
    void stop();   ///< Running, Paused → Stopped; the weights of the last whole step are kept and saved
    /// Finished, Stopped → Running for that many more epochs (≥ 1; of a stopped run: from where it stands).
    /// Throws Error(InvalidArgument) where training.epochs would become more than that field takes.
    void trainFurther(int epochs);
    /// The run's folder was renamed, while Finished or Stopped: training further writes there. In other states nothing.
    void moved(const std::filesystem::path& folder);
    void wait(); ///< blocks until Finished, Stopped or Failed and all is written; not at all where never started
    /// As wait(), for at most `limit`; whether that end has come.
    bool waitFor(std::chrono::milliseconds limit);

    RunState state() const;
    bool kept() const;                          ///< whether the run folder holds weights of this training
    const Configuration& configuration() const; ///< epochs grows with trainFurther, here and in config.json; controlling thread
    const SessionSetup& setup() const;          ///< with split, device and threads as they are used
    Channel<Snapshot>& channel();
    /// The newest weights, at most 50 ms old while training; never null. Any thread.
    std::shared_ptr<const FrozenModel> model() const;
    /// Gives the same on any thread, also after the session has gone: then the last weights.
    std::function<std::shared_ptr<const FrozenModel>()> modelSource() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace latentoscope
