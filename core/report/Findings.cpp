#include "core/report/Findings.h"

#include "core/base/Error.h"
#include "core/models/FrozenModel.h"

#include <nlohmann/json.hpp>

#include <numeric>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

RunFindings runOf(const ReproductionPart& part, const Json& record, const PartContext& context)
{
    RunFindings run;
    const std::filesystem::path folder = context.run(part.name);
    run.label = part.label;
    run.record = readRun(folder);
    for (const auto& [name, value] : record.at("test").items()) run.test[name] = value.get<double>();
    run.testImages = record.at("images");
    run.losses = readSteps(folder);
    run.epochs = readMetrics(folder);
    run.model = readModel(folder, run.record.configuration.model, run.record.shape);
    return run;
}

std::vector<FoldScore> scoresOf(const Json& record)
{
    std::vector<FoldScore> scores;
    for (const Json& row : record.at("folds")) {
        FoldScore score;
        score.fold = row.at("fold");
        score.heldOutImages = row.at("images");
        for (const auto& [name, value] : row.at("values").items()) score.values.push_back({name, value.get<double>()});
        scores.push_back(std::move(score));
    }
    return scores;
}

PictureFindings pictureOf(const Json& record, const FrozenModel& model)
{
    PictureFindings picture;
    picture.items = record.at("items").get<std::vector<int>>();
    picture.places = record.at("places").get<std::vector<float>>();
    picture.perplexity = record.at("perplexity");
    picture.klDivergence = record.at("kl_divergence");
    picture.alike = record.value("alike", false);
    if (record.contains("trustworthiness")) {
        picture.trustworthiness = record.at("trustworthiness").get<double>();
        if (record.contains("label_accuracy")) picture.labelAccuracy = record.at("label_accuracy").get<double>();
    }
    if (record.contains("codes")) picture.draws = readDraws(record, model);
    return picture;
}

void read(const ReproductionPart& part, const PartContext& context, Findings& into)
{
    const std::optional<Json> record = readPart(part, context);
    if (!record) throw Error(Error::Kind::NotFound, part.label + ": is not finished");
    switch (part.kind) {
    case PartKind::Train:
        into.runs.emplace(part.name, runOf(part, *record, context));
        break;
    case PartKind::Folds:
        into.folds.emplace(part.run, scoresOf(*record));
        break;
    case PartKind::Picture:
        into.pictures.emplace(part.run, pictureOf(*record, *into.runs.at(part.run).model));
        break;
    case PartKind::Samples:
        into.draws.emplace(part.run, readDraws(*record, *into.runs.at(part.run).model));
        break;
    }
}

} // namespace

Findings readFindings(const Reproduction& report)
{
    const PartContext& context = report.context();
    Findings findings;
    findings.settings = context.settings;
    findings.threads = context.threads;
    findings.data = context.data;
    findings.pictureItems = pictureItems(context);
    for (const ReproductionPart& part : report.plan()) {
        try {
            read(part, context, findings);
        } catch (const nlohmann::json::exception& error) {
            throw Error(Error::Kind::CorruptData, context.record(part.name).string() + ": " + error.what() +
                                                      "; take the file away, and it is computed again");
        }
    }
    findings.references = referencesOf(*context.data, context.threads);
    return findings;
}

std::optional<FoldSpread> spreadOf(const Findings& findings, const std::string& network, const std::string& name)
{
    const auto folds = findings.folds.find(network);
    if (folds == findings.folds.end()) return std::nullopt;
    for (const FoldSpread& spread : spreadOf(folds->second)) {
        if (spread.name == name) return spread;
    }
    return std::nullopt;
}

Predictions predictionsOf(const ClassDraws& draws, int classes)
{
    Predictions predictions;
    predictions.classes = classes;
    predictions.split = "sampled";
    predictions.items.resize(draws.predicted.size());
    std::iota(predictions.items.begin(), predictions.items.end(), 0);
    predictions.labels = draws.samples.labels;
    predictions.predicted = draws.predicted;
    return predictions;
}

} // namespace latentoscope
