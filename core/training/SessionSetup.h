/// What a training run is begun with, as values.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/Selection.h"
#include "core/storage/RunFolder.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace latentoscope {

struct DataSet;
struct EpochMetrics;
struct Split;

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

} // namespace latentoscope
