#include "core/experiment/References.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/base/WorkerPool.h"
#include "core/config/Configuration.h"
#include "core/data/DataSet.h"
#include "core/data/ImageSet.h"
#include "core/models/ComputeThread.h"

#include <nlohmann/json.hpp>

#include <ATen/Functions.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

/// Images multiplied together. Bytes are at most 255, and 256 · 255² < 2^24: every sum is a whole number that a float holds
/// exactly, so the result is the same in whatever order a library adds.
constexpr int kBlock = 256;
constexpr double kLeastMean = 1e-6; ///< of a pixel that is always black or always white, so that its logarithm is finite
constexpr auto kWorthKeeping = std::chrono::milliseconds(500);

/// What the sums over both image sets take of the time; the rest goes into the eigenvalues.
constexpr double kTrainShare = 0.7;
constexpr double kTestShare = 0.1;

/// Sums over images of values and of their products, in units of bytes.
struct Moments {
    at::Tensor sum;      ///< (P), double
    at::Tensor products; ///< (P, P), double; undefined where not asked for
    std::int64_t count = 0;
};

/// None where interrupted.
std::optional<Moments> momentsOf(const ImageSet& set, bool products, WorkerPool& pool, const WorkProgress& progress)
{
    const auto values = static_cast<std::int64_t>(set.shape.values());
    Moments moments{at::zeros({values}, at::kDouble), {}, set.count()};
    if (products) moments.products = at::zeros({values, values}, at::kDouble);
    std::vector<Moments> parts(static_cast<std::size_t>(pool.threads()));
    std::atomic<bool> broken{false};
    std::atomic<int> begun{0};
    const int blocks = (set.count() + kBlock - 1) / kBlock;
    pool.run(blocks, [&](int worker, int block) {
        if (broken || !progress(static_cast<double>(begun++) / blocks)) {
            broken = true;
            return;
        }
        const at::NoGradGuard noGrad;
        const std::int64_t first = std::int64_t{block} * kBlock;
        const std::int64_t length = std::min<std::int64_t>(kBlock, set.count() - first);
        const at::Tensor bytes =
            at::from_blob(const_cast<std::uint8_t*>(set.pixels.data()) + first * values, {length, values}, at::kByte); // NOLINT
        const at::Tensor x = bytes.to(at::kFloat);
        // Each worker's own sums are whole numbers below 2^53: exact, whichever blocks it got.
        Moments& part = parts[static_cast<std::size_t>(worker)];
        if (!part.sum.defined()) {
            part.sum = at::zeros({values}, at::kDouble);
            if (products) part.products = at::zeros({values, values}, at::kDouble);
        }
        part.sum.add_(x.sum(0));
        if (products) part.products.add_(x.t().matmul(x));
    });
    if (broken) return std::nullopt;
    for (const Moments& part : parts) {
        if (!part.sum.defined()) continue;
        moments.sum.add_(part.sum);
        if (products) moments.products.add_(part.products);
    }
    return moments;
}

/// Mean over the images of (x - mean)(x - mean)ᵀ for pixels in [0, 1]; `mean` may be of other images.
at::Tensor scatterAround(const at::Tensor& mean, const Moments& moments)
{
    const auto count = static_cast<double>(moments.count);
    const at::Tensor own = moments.sum.div(count * 255);
    const at::Tensor products = moments.products.div(count * 255 * 255);
    return products.sub(at::outer(own, mean)).sub(at::outer(mean, own)).add(at::outer(mean, mean));
}

/// -p log q - (1 - p) log(1 - q), 0 log 0 being 0.
double crossEntropy(double p, double q) { return -(p > 0 ? p * std::log(q) : 0) - (p < 1 ? (1 - p) * std::log1p(-q) : 0); }

/// Entropy of the pixels, and cross-entropy and squared error of the mean image, from how often each byte occurs at each pixel.
void measureMeanImage(const ImageSet& set, const std::vector<double>& mean, References& references)
{
    constexpr std::size_t kPixels = 1024; // counted together: a table for every pixel of a large image would fill the memory
    const std::size_t values = set.shape.values();
    std::vector<std::array<std::uint32_t, 256>> occurs(std::min(kPixels, values));
    double squares = 0;
    for (std::size_t begin = 0; begin < values; begin += kPixels) {
        const std::size_t end = std::min(begin + kPixels, values);
        for (auto& counts : occurs) counts.fill(0);
        for (std::size_t image = 0; image < set.pixels.size(); image += values)
            for (std::size_t pixel = begin; pixel < end; ++pixel) ++occurs[pixel - begin][set.pixels[image + pixel]];
        for (std::size_t pixel = begin; pixel < end; ++pixel) {
            const double q = std::clamp(mean[pixel], kLeastMean, 1 - kLeastMean);
            for (std::size_t byte = 0; byte < 256; ++byte) {
                const double times = occurs[pixel - begin][byte];
                if (times == 0) continue;
                const double p = static_cast<double>(byte) / 255;
                squares += times * (p - mean[pixel]) * (p - mean[pixel]);
                references.meanImageBce += times * crossEntropy(p, q);
                if (byte > 0 && byte < 255) references.entropyFloor += times * crossEntropy(p, p);
            }
        }
    }
    const auto images = static_cast<double>(set.count());
    references.meanImageMse = squares / (images * static_cast<double>(values));
    references.meanImageBce /= images;
    references.entropyFloor /= images;
}

std::filesystem::path fileOf(const std::filesystem::path& folder, const DataSet& data)
{
    return folder / ("references-" + data.digest + ".json");
}

std::optional<References> readReferences(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
    try {
        const Json json = Json::parse(readFile(file));
        return References{json.at("mean_image_mse"), json.at("pca_mse").get<std::vector<double>>(), json.at("entropy_floor"),
                          json.at("mean_image_bce")};
    } catch (const std::exception&) {
        return std::nullopt; // computed anew, and written over it
    }
}

void keep(const std::filesystem::path& file, const References& references)
{
    try {
        std::filesystem::create_directories(file.parent_path());
        writeFileAtomically(file, Json{{"mean_image_mse", references.meanImageMse},
                                       {"pca_mse", references.pcaMse},
                                       {"entropy_floor", references.entropyFloor},
                                       {"mean_image_bce", references.meanImageBce}}
                                          .dump() +
                                      "\n");
    } catch (const std::exception&) {
        // A disk that is full or read-only costs two seconds the next time, and nothing else.
    }
}

} // namespace

std::optional<References> computeReferences(const DataSet& data, int threads, const WorkProgress& progress)
{
    if (data.train.count() == 0 || data.test.count() == 0)
        throw Error(Error::Kind::InvalidArgument, data.name + ": found no images, expected some to compute reference lines from");
    const bool pca = data.train.shape.values() <= kMostPcaValues;
    WorkerPool pool(std::max(1, threads), [] { static thread_local const ComputeThread thread; });
    const ComputeThread thread;
    const at::NoGradGuard noGrad;
    const auto train = momentsOf(data.train, pca, pool, [&](double done) { return progress(kTrainShare * done); });
    if (!train) return std::nullopt;
    const at::Tensor mean = train->sum.div(255.0 * static_cast<double>(train->count));
    References references;
    measureMeanImage(data.test, {mean.data_ptr<double>(), mean.data_ptr<double>() + mean.numel()}, references);
    if (!pca) return references;
    const auto test = momentsOf(data.test, true, pool, [&](double done) { return progress(kTrainShare + (kTestShare * done)); });
    if (!test || !progress(kTrainShare + kTestShare)) return std::nullopt;
    const auto [eigenvalues, vectors] = at::linalg_eigh(scatterAround(mean, *train)); // ascending
    const at::Tensor scatter = scatterAround(mean, *test);
    // What each component takes away from the error of the mean image.
    const at::Tensor gains = vectors.mul(scatter.matmul(vectors)).sum(0);
    const auto values = static_cast<double>(mean.numel());
    double left = scatter.diagonal().sum().item<double>();
    for (std::int64_t d = mean.numel() - 1; d >= 0; --d) {
        left -= gains[d].item<double>();
        references.pcaMse.push_back(std::max(0.0, left / values));
    }
    return references;
}

std::optional<References> referencesOf(const DataSet& data, int threads, const std::filesystem::path& folder,
                                       const WorkProgress& progress)
{
    const bool known = !folder.empty() && !data.digest.empty();
    if (known) {
        if (auto kept = readReferences(fileOf(folder, data))) return kept;
    }
    const auto start = std::chrono::steady_clock::now();
    std::optional<References> references = computeReferences(data, threads, progress);
    if (references && known && std::chrono::steady_clock::now() - start > kWorthKeeping) keep(fileOf(folder, data), *references);
    return references;
}

std::map<std::string, std::vector<ReferenceLine>> referenceLines(const References& references, const ModelOptions& model,
                                                                 const ClassShares& classes)
{
    using Meaning = ReferenceLine::Meaning;
    std::map<std::string, std::vector<ReferenceLine>> lines;
    if (kindOf(model).classifies) {
        constexpr double kEven = 1.05; // times a class's even share: whoever reads it expects "chance"
        const bool even = classes.present < 2 || classes.largest() * classes.present < kEven;
        lines["nll"] = {{even ? "chance" : "class entropy", classes.entropy(), Meaning::Compare}};
        lines["accuracy"] = {{even ? "chance" : "largest class", 100 * classes.largest(), Meaning::Compare}};
        return lines;
    }
    std::vector<ReferenceLine>& mse = lines["mse"];
    mse.push_back({"mean image", references.meanImageMse, Meaning::Compare});
    if (model.latent <= static_cast<int>(references.pcaMse.size())) {
        mse.push_back({"PCA-" + std::to_string(model.latent), references.pcaMse[static_cast<std::size_t>(model.latent - 1)],
                       Meaning::Compare});
    }
    if (model.likelihood != PixelLikelihood::Bernoulli) return lines;
    const std::vector<ReferenceLine> entropy{{"entropy floor", references.entropyFloor, Meaning::Floor},
                                             {"mean image", references.meanImageBce, Meaning::Compare}};
    for (const char* name : {"bce", "reconstruction", "negative_elbo"}) lines[name] = entropy;
    if (!isWeighted(model)) return lines;
    lines["loss"] = entropy; // with a weight below 1, too, for the KL divergence is never negative
    return lines;
}

std::string verdict(double value, const Measure& measure, const std::vector<ReferenceLine>& lines)
{
    if (!std::isfinite(value) || !measure.lowerIsBetter) return {};
    const ReferenceLine* best = nullptr;
    for (const ReferenceLine& line : lines) {
        if (line.meaning == ReferenceLine::Meaning::Floor) {
            return fixedText(value - line.y, 1) + " above the " + line.label;
        }
        if (best == nullptr || line.y < best->y) best = &line;
    }
    if (best == nullptr || !(best->y > 0)) return {};
    const double percent = 100 * (1 - value / best->y);
    return std::to_string(std::lround(std::abs(percent))) + " % " + (percent >= 0 ? "below " : "above ") + best->label;
}

} // namespace latentoscope
