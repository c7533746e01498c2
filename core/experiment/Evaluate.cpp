#include "core/experiment/Evaluate.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"
#include "core/models/ComputeThread.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

namespace latentoscope {
namespace {

constexpr std::size_t kPiece = 256; ///< images summed together; fixed, so that the sum has one order

double squaredError(const FrozenModel& model, const ImageSet& set, std::span<const int> items)
{
    std::vector<std::uint8_t> inputs;
    inputs.reserve(items.size() * set.shape.values());
    for (const int item : items) {
        const std::span<const std::uint8_t> image = set.image(item);
        inputs.insert(inputs.end(), image.begin(), image.end());
    }
    const std::vector<float> outputs = model.reconstruct(inputs);
    double sum = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const double difference = double{outputs[i]} - static_cast<double>(inputs[i]) / 255.0;
        sum += difference * difference;
    }
    return sum;
}

} // namespace

Evaluation evaluate(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads)
{
    const auto start = std::chrono::steady_clock::now();
    const ImageSet& set = items.images(data);
    const std::span<const int> all(items.items);
    std::vector<double> sums((all.size() + kPiece - 1) / kPiece);
    WorkerPool pool(std::max(1, threads), [] {});
    pool.run(static_cast<int>(sums.size()), [&](int, int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * kPiece;
        sums[static_cast<std::size_t>(piece)] =
            squaredError(model, set, all.subspan(begin, std::min(kPiece, all.size() - begin)));
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    Evaluation evaluation;
    evaluation.split = items.split;
    evaluation.images = static_cast<int>(all.size());
    evaluation.mse = sum / static_cast<double>(all.size() * set.shape.values());
    if (!std::isfinite(evaluation.mse)) {
        throw Error(Error::Kind::Numeric,
                    "the network's mean squared error over the " + items.split + " split is " + std::to_string(evaluation.mse) +
                        ", expected a finite number; its training has diverged: train it again with a lower "
                        "training.learning_rate");
    }
    evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return evaluation;
}

} // namespace latentoscope
