#include "core/experiment/Evaluate.h"

#include "core/base/Error.h"
#include "core/base/WorkerPool.h"
#include "core/config/Configuration.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/data/ItemSelection.h"
#include "core/experiment/Classification.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <span>

namespace latentoscope {
namespace {

constexpr std::size_t kPiece = 256; ///< images summed together; fixed, so that the sum has one order

/// What compute(items, piece) gives for each piece of the selection, in order.
template <class Value, class Compute> std::vector<Value> inPieces(const ItemSelection& items, int threads, const Compute& compute)
{
    const std::span<const int> all(items.items);
    if (all.empty()) throw Error(Error::Kind::InvalidArgument, "the " + items.split + " split holds no image to measure");
    std::vector<Value> values((all.size() + kPiece - 1) / kPiece);
    WorkerPool pool(std::max(1, threads), [] {});
    pool.run(static_cast<int>(values.size()), [&](int, int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * kPiece;
        values[static_cast<std::size_t>(piece)] =
            compute(all.subspan(begin, std::min(kPiece, all.size() - begin)), static_cast<std::uint32_t>(piece));
    });
    return values;
}

void checkFinite(const std::string& figure, const std::string& split, double value)
{
    if (std::isfinite(value)) return;
    throw Error(Error::Kind::Numeric, "the network's " + figure + " over the " + split + " split is " + std::to_string(value) +
                                          ", expected a finite number; its training has diverged: train it again with a lower "
                                          "training.learning_rate");
}

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
    if (model.classifies()) requireLabels(data);
    const auto start = std::chrono::steady_clock::now();
    const ImageSet& set = items.images(data);
    const auto sums = inPieces<std::vector<double>>(
        items, threads, [&](std::span<const int> some, std::uint32_t piece) { return model.measure(set, some, seed, piece); });

    Evaluation evaluation;
    evaluation.split = items.split;
    evaluation.images = static_cast<int>(items.items.size());
    const std::vector<Measure> measures = measuresOf(model.options(), model.imageShape());
    const std::vector<double> means = meansOf(measures, sums, items.items.size());
    for (std::size_t m = 0; m < measures.size(); ++m) checkFinite(measures[m].title(), items.split, means[m]);
    evaluation.values = figuresOf(model.options(), model.imageShape(), means);
    evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return evaluation;
}

std::string collapseOver(const FrozenModel& model, const DataSet& data, const ItemSelection& items,
                         const std::vector<NamedValue>& figures, int threads)
{
    WorkerPool pool(std::max(1, threads), [] {});
    const auto codes = encodeItems(model, data, items, 0, goOn, runOn(pool));
    if (const auto predictions = predictionsOf(*codes, model.options().classes)) {
        if (std::string collapsed = collapseOf(*predictions, data.classNames); !collapsed.empty()) return collapsed;
    }
    if (allAlike(codes->values, codes->dimension)) return "every image has the same code: the network has collapsed";
    for (const NamedValue& figure : figures) {
        if (figure.name == "active_units" && figure.value == 0)
            return "no unit of the code is active: the posterior has collapsed to the prior, and codes say nothing of images";
    }
    return {};
}

double importanceWeightedBound(const FrozenModel& model, const DataSet& data, const ItemSelection& items, int samples,
                               int threads, std::uint64_t seed, const std::function<void(double share)>& progress)
{
    if (!model.hasPosterior()) {
        throw Error(Error::Kind::InvalidArgument, "samples: the importance-weighted bound needs a posterior over codes, which a "
                                                  "network of kind " +
                                                      model.options().kind + " has not; leave --samples out");
    }
    const ImageSet& set = items.images(data);
    std::atomic<std::size_t> done{0};
    const auto sums = inPieces<double>(items, threads, [&](std::span<const int> some, std::uint32_t piece) {
        const double sum = model.importanceWeightedBound(set, some, seed, piece, samples);
        if (progress) progress(static_cast<double>(done += some.size()) / static_cast<double>(items.items.size()));
        return sum;
    });
    const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(items.items.size());
    checkFinite("importance-weighted bound", items.split, mean);
    return mean;
}

} // namespace latentoscope
