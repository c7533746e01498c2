/// What a listener learns of a training run: plain values, safe to keep and to hand to any thread.
#pragma once

#include "core/base/Channel.h"
#include "core/storage/Metrics.h"
#include "core/training/Life.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {

struct LatentCodes;
struct Reconstructions;
class FrozenModel;

/// Everything a person may look at again later: the state after one epoch (epoch 0: before training).
struct EpochPicture {
    int epoch = 0;
    std::shared_ptr<const Reconstructions> reconstructions; ///< null where the network makes no images
    std::shared_ptr<const LatentCodes> codes;
    std::shared_ptr<const FrozenModel> model;
};

struct Progress {
    int epoch = 0;                     ///< whole epochs done
    int epochs = 0;                    ///< asked for
    double fraction = 0;               ///< of all steps asked for, 0 … 1
    double imagesPerSecond = 0;        ///< over the last second
    std::optional<double> secondsLeft; ///< none before there is a rate
};

/// What is new since the last take(): curves are complete, pictures are the newest.
struct Snapshot {
    std::vector<LossPoint> losses;                             ///< every step's, in order
    std::vector<EpochMetrics> epochs;                          ///< every epoch's, in order
    std::vector<std::shared_ptr<const EpochPicture>> pictures; ///< every epoch's, in order
    std::shared_ptr<const Reconstructions> reconstructions;    ///< newest; null: unchanged
    std::shared_ptr<const LatentCodes> codes;                  ///< newest; null: unchanged
    RunState state = RunState::Ready;
    Progress progress;
    std::string message;        ///< of Failed: what happened and what to try
    bool storageFailed = false; ///< of Failed: its files could not be written, which is not its settings' fault
    std::string warning;        ///< of a training that goes on but has gone wrong; empty: none, or told before
};

/// State, progress and message are always the current ones; curves and pictures are taken once.
inline Snapshot afterTaken(const Snapshot& taken)
{
    Snapshot rest;
    rest.state = taken.state;
    rest.progress = taken.progress;
    rest.message = taken.message;
    rest.storageFailed = taken.storageFailed;
    return rest;
}

/// Losses are appended and pictures replaced, so a slow listener loses no loss and grows no queue of pictures.
using SnapshotChannel = Channel<Snapshot>;

} // namespace latentoscope
