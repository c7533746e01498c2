#include "core/storage/RunList.h"

#include "core/base/Error.h"
#include "core/kinds/Kind.h"
#include "core/storage/FoldsFolder.h"
#include "core/storage/RunFolder.h"

#include <algorithm>
#include <cmath>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;

void summarizeRun(const fs::path& folder, RunSummary& summary)
{
    const RunRecord record = readRun(folder);
    summary.kind = record.configuration.model.kind;
    summary.latent = record.configuration.model.latent;
    summary.created = record.created;
    summary.dataName = record.dataName;
    summary.encoder = fs::path(record.encoderFolder).filename().string();
    summary.notes = record.notes;
    const Measure loss = measuresOf(record.configuration.model, record.shape).front();
    for (const EpochMetrics& epoch : readMetrics(folder)) {
        summary.epochsDone = std::max(summary.epochsDone, epoch.epoch);
        const auto validation = epoch.find("validation", loss.name);
        const auto value = validation ? validation : epoch.find("train", loss.name);
        if (!value || !std::isfinite(*value)) continue;
        summary.bestLabel = (validation ? "validation " : "training ") + loss.label;
        if (summary.best && (loss.lowerIsBetter ? *value >= *summary.best : *value <= *summary.best)) continue;
        summary.best = value;
        summary.accuracy = epoch.find(validation ? "validation" : "train", "accuracy");
    }
}

void summarizeFolds(const fs::path& folder, RunSummary& summary)
{
    const FoldsRecord record = readFoldsRecord(folder);
    summary.kind = record.configuration.model.kind;
    summary.latent = record.configuration.model.latent;
    summary.created = record.created;
    summary.folds = record.folds();
    summary.dataName = record.dataName;
    summary.encoder = fs::path(record.encoderFolder).filename().string();
    summary.notes = record.notes;
    std::vector<FoldScore> scores = readScores(folder);
    std::erase_if(scores, [&](const FoldScore& score) {
        std::error_code ignored;
        return !fs::exists(foldFolder(folder, score.fold, summary.folds) / "model.safetensors", ignored);
    });
    summary.foldsDone = static_cast<int>(scores.size());
    const Measure loss = measuresOf(record.configuration.model, record.shape).front();
    for (const FoldSpread& spread : spreadOf(scores)) {
        if (spread.name == "accuracy" && kindOf(record.configuration.model).classifies) summary.accuracy = spread.mean;
        if (spread.name != loss.name) continue;
        summary.best = spread.mean;
        summary.bestLabel = "mean " + loss.label;
    }
}

/// A damaged one stays in the list; opening it says what is wrong.
RunSummary summaryOf(const fs::path& folder)
{
    RunSummary summary;
    summary.folder = folder;
    summary.name = folder.filename().string();
    const bool folds = holdsFolds(folder);
    try {
        if (folds)
            summarizeFolds(folder, summary);
        else
            summarizeRun(folder, summary);
    } catch (const Error&) {
        summary.kind.clear();
    }
    summary.holder = holderOf(folder).value_or("");
    // A cross-validation looks like its first fold.
    const fs::path pictured = folds && summary.folds > 0 ? foldFolder(folder, 1, summary.folds) : folder;
    const fs::path thumbnail = pictured / "figures" / "thumbnail.png";
    std::error_code ignored;
    if (fs::exists(thumbnail, ignored)) summary.thumbnail = thumbnail;
    return summary;
}

} // namespace

std::vector<RunSummary> listRuns(const fs::path& folder)
{
    std::vector<RunSummary> runs;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const bool run = entry.is_directory(error) && fs::exists(entry.path() / "config.json", error);
        if (run || holdsFolds(entry.path())) runs.push_back(summaryOf(entry.path()));
    }
    std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
        return a.created != b.created ? a.created > b.created : a.name > b.name;
    });
    return runs;
}

} // namespace latentoscope
