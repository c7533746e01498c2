/// Everything that one run may set, as plain values; every field's path, range and meaning is in Fields.h.
#pragma once

#include "core/base/Choices.h"
#include "core/data/DataOptions.h"
#include "core/kinds/ModelOptions.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace latentoscope {

/// The rule that turns gradients into steps (Optimizer.h).
enum class OptimizerRule { Adam, AdamW, Sgd, RmsProp };
template <> struct ChoiceWords<OptimizerRule> {
    static constexpr std::array<std::string_view, 4> kAll{"adam", "adamw", "sgd", "rmsprop"};
};

/// How the learning rate goes over the training (Schedule.h).
enum class LearningRateSchedule { Constant, Cosine, OneCycle };
template <> struct ChoiceWords<LearningRateSchedule> {
    static constexpr std::array<std::string_view, 3> kAll{"constant", "cosine", "one-cycle"};
};

/// Which epoch's weights a run keeps: the last, or the best by validation loss.
enum class KeptWeights { Last, Best };
template <> struct ChoiceWords<KeptWeights> {
    static constexpr std::array<std::string_view, 2> kAll{"last", "best"};
};

/// JSON object "training"; the report's Table II gives the defaults.
struct TrainingOptions {
    int epochs = 10;     ///< passes over the training split
    int batchSize = 256; ///< images an optimizer step
    OptimizerRule optimizer = OptimizerRule::Adam;
    double learningRate = 5e-4; ///< step size
    double weightDecay = 1e-5;  ///< L2 (Adam, SGD, RMSprop) or decoupled (AdamW), as in PyTorch
    double momentum = 0.9;      ///< of SGD
    LearningRateSchedule schedule = LearningRateSchedule::Constant;
    double warmup = 0; ///< epochs over which the learning rate grows from 0
    KeptWeights keep = KeptWeights::Last;
    double inputNoise = 0;  ///< standard deviation of the noise on inputs (denoising)
    bool flip = false;      ///< half of the images mirrored left to right, anew in every epoch
    int shift = 0;          ///< most pixels that an image is moved by, in each direction
    std::uint64_t seed = 0; ///< weights, order, noise: same seed, same bytes, any thread count
    int shardSize = 64;     ///< images of a batch computed together on one thread
};

struct Configuration {
    DataOptions data;
    ModelOptions model;
    TrainingOptions training;
};

} // namespace latentoscope
