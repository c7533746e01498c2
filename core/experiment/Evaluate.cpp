#include "core/experiment/Evaluate.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace latentoscope {
namespace {

constexpr std::size_t kPiece = 256; ///< images summed together; fixed, so that the sum has one order

} // namespace

double Evaluation::at(const std::string& name) const
{
    for (const NamedValue& value : values) {
        if (value.name == name) return value.value;
    }
    throw Error(Error::Kind::InvalidArgument, "evaluation: has no figure called " + name);
}

Evaluation evaluate(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int threads, std::uint64_t seed)
{
    const auto start = std::chrono::steady_clock::now();
    const ImageSet& set = items.images(data);
    const std::span<const int> all(items.items);
    if (all.empty()) throw Error(Error::Kind::InvalidArgument, "the " + items.split + " split holds no image to measure");
    std::vector<std::vector<double>> sums((all.size() + kPiece - 1) / kPiece);
    WorkerPool pool(std::max(1, threads), [] {});
    pool.run(static_cast<int>(sums.size()), [&](int, int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * kPiece;
        sums[static_cast<std::size_t>(piece)] =
            model.measure(set, all.subspan(begin, std::min(kPiece, all.size() - begin)), seed, static_cast<std::uint32_t>(piece));
    });

    Evaluation evaluation;
    evaluation.split = items.split;
    evaluation.images = static_cast<int>(all.size());
    const Kind& kind = kindOf(model.options());
    const std::vector<Measure> measures = kind.measures(model.imageShape());
    const std::vector<double> means = meansOf(measures, sums, all.size());
    for (std::size_t m = 0; m < measures.size(); ++m) {
        if (!std::isfinite(means[m])) {
            throw Error(Error::Kind::Numeric, "the network's " + measures[m].title() + " over the " + items.split + " split is " +
                                                  std::to_string(means[m]) +
                                                  ", expected a finite number; its training has diverged: train it again with a "
                                                  "lower training.learning_rate");
        }
        evaluation.values.push_back({measures[m].name, means[m]});
    }
    if (kind.derived != nullptr) {
        const std::vector<NamedValue> derived = kind.derived(evaluation.values);
        evaluation.values.insert(evaluation.values.end(), derived.begin(), derived.end());
    }
    evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return evaluation;
}

} // namespace latentoscope
