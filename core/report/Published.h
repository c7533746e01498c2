/// What the reference report publishes: its settings and figures, which ours are held against.
#pragma once

namespace latentoscope::published {

/// Table V: 100·(1 − MSE) is our reading of its accuracies of auto-encoders, in percent.
inline constexpr double kAutoencoderAccuracy = 94.64;
inline constexpr double kSearchedAccuracy = 98.27;
/// "Fine-Tune": an error rate in percent, or an accuracy of chance; it does not say.
inline constexpr double kFineTune = 9.7;
/// BCE summed + KL, nats an image, after 20 epochs.
inline constexpr double kVaeLoss = 243;
inline constexpr int kFolds = 10;

// Table VI: what was searched, and found.
inline constexpr const char* kLatentRange = "2 to 20";
inline constexpr const char* kRateRange = "1e-5 to 1e-1";
inline constexpr const char* kLatentFound = "11";
inline constexpr const char* kLearningRateFound = "0.02";
inline constexpr const char* kWeightDecayFound = "1.54e-5";

} // namespace latentoscope::published
