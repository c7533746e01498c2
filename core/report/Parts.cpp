#include "core/report/Parts.h"

#include "core/base/AtomicFile.h"
#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/experiment/CrossValidation.h"
#include "core/experiment/Evaluate.h"
#include "core/report/LatentParts.h"
#include "core/storage/FoldsFolder.h"
#include "core/training/Prepare.h"
#include "core/training/RunToEnd.h"
#include "core/training/Snapshot.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace latentoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kLook{30};
constexpr double kTrainingShare = 0.97; ///< of a training and its evaluation

/// Makes room for a run that is trained anew.
void clear(const std::filesystem::path& folder)
{
    std::error_code failure;
    std::filesystem::remove_all(folder, failure);
    if (!failure) std::filesystem::create_directories(folder.parent_path(), failure);
    if (failure) throw Error(Error::Kind::Io, folder.string() + ": cannot be made anew: " + failure.message());
}

SessionSetup trainingOf(const ReproductionPart& part, const PartContext& context)
{
    SessionSetup setup;
    setup.configuration = part.configuration;
    setup.data = context.data;
    setup.threads = context.threads;
    setup.device = context.device;
    return setup;
}

std::optional<Json> train(const ReproductionPart& part, const PartContext& context)
{
    SessionSetup setup = trainingOf(part, context);
    setup.runFolder = context.run(part.name);
    clear(setup.runFolder);
    if (!part.encoder.empty()) beginWithEncoder(setup, context.run(part.encoder));
    TrainingSession session(setup);
    const auto tell = [&](const Snapshot& news) { context.progress(kTrainingShare * news.progress.fraction); };
    const Snapshot last = runToEnd(session, tell, context.stop);
    if (last.state == RunState::Failed) throw Error(Error::Kind::Numeric, last.message);
    if (last.state != RunState::Finished) return std::nullopt;
    const ItemSelection test = wholeSplit(session.setup().divided(), "test");
    const Evaluation found = evaluate(*session.model(), *context.data, test, context.threads, context.settings.seed);
    Json record{{"images", found.images}, {"weights", weightsDigest(setup.runFolder)}};
    for (const NamedValue& value : found.values) record["test"][value.name] = value.value;
    return record;
}

std::optional<Json> crossValidate(const ReproductionPart& part, const PartContext& context)
{
    CrossValidationSetup setup;
    setup.training = trainingOf(part, context);
    setup.folds = context.settings.folds;
    setup.pretraining = part.pretraining;
    setup.folder = context.run(part.name);
    std::unique_ptr<CrossValidation> folds;
    try {
        folds = std::make_unique<CrossValidation>(setup); // goes on with what is there
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::CorruptData && error.kind() != Error::Kind::NotFound) throw;
        clear(setup.folder); // damaged: all anew
        folds = std::make_unique<CrossValidation>(setup);
    }
    folds->start();
    for (bool ended = false; !ended;) {
        ended = folds->waitFor(kLook);
        const double share = folds->channel().look([](const CrossValidationState& now) { return now.fraction; });
        if (!context.progress(share)) folds->stop();
    }
    const CrossValidationState state = folds->state();
    if (state.state == RunState::Failed) throw Error(Error::Kind::Numeric, state.message);
    if (state.state != RunState::Finished) return std::nullopt;
    Json record;
    for (const FoldScore& score : state.scores()) {
        Json row{{"fold", score.fold}, {"images", score.heldOutImages}};
        for (const NamedValue& value : score.values) row["values"][value.name] = value.value;
        record["folds"].push_back(row);
    }
    return record;
}

} // namespace

std::string weightsDigest(const std::filesystem::path& run)
{
    const std::string bytes = readFile(run / "model.safetensors");
    Digest digest(Digest::Algorithm::Sha256);
    digest.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return digest.hexadecimal();
}

bool computePart(const ReproductionPart& part, const PartContext& context)
{
    try {
        std::optional<Json> record;
        switch (part.kind) {
        case PartKind::Train:
            record = train(part, context);
            break;
        case PartKind::Folds:
            record = crossValidate(part, context);
            break;
        case PartKind::Picture:
            record = drawPicture(part, context);
            break;
        case PartKind::Samples:
            record = drawSamples(part, context);
            break;
        }
        if (!record) return false;
        std::filesystem::create_directories(context.record(part.name).parent_path());
        writeFileAtomically(context.record(part.name), record->dump() + "\n");
        return true;
    } catch (const Error& error) {
        throw error.within(part.label);
    } catch (const std::filesystem::filesystem_error& error) {
        throw Error(Error::Kind::Io, part.label + ": " + error.what());
    }
}

std::optional<Json> readPart(const ReproductionPart& part, const PartContext& context)
{
    const std::filesystem::path file = context.record(part.name);
    if (!std::filesystem::exists(file)) return std::nullopt;
    Json record = parsedJson<Json>(readFile(file));
    const bool whole =
        record.is_object() &&
        (part.kind == PartKind::Folds ? record.contains("folds") : record.contains("weights") && record["weights"].is_string());
    if (!whole) throw Error(Error::Kind::CorruptData, file.string() + ": found no record of a finished part");
    if (part.kind == PartKind::Folds) {
        if (static_cast<int>(record["folds"].size()) != context.settings.folds)
            throw Error(Error::Kind::CorruptData, file.string() + ": found " + std::to_string(record["folds"].size()) +
                                                      " folds, expected " + std::to_string(context.settings.folds));
        const std::filesystem::path folds = context.run(part.name);
        for (const FoldState& fold : readCrossValidation(folds, readFoldsRecord(folds)).folds) {
            if (fold.stage == FoldState::Stage::Done) continue;
            throw Error(Error::Kind::CorruptData, fold.warning.empty()
                                                      ? folds.string() + ": fold " + std::to_string(fold.fold) + " is not there"
                                                      : fold.warning);
        }
        return record;
    }
    const std::string& run = part.kind == PartKind::Train ? part.name : part.run;
    if (weightsDigest(context.run(run)) != record["weights"].get<std::string>()) {
        throw Error(Error::Kind::CorruptData, (context.run(run) / "model.safetensors").string() +
                                                  ": found other weights than those that " + file.string() + " is of");
    }
    if (record.contains("judge") && weightsDigest(context.run(network::kFineTune)) != record["judge"].get<std::string>())
        throw Error(Error::Kind::CorruptData, file.string() + ": found samples that another classifier judged");
    if (part.kind == PartKind::Train) { // what the report reads of it besides
        (void)readRun(context.run(run));
        const auto epochs = static_cast<int>(readMetrics(context.run(run)).size());
        if (epochs != part.configuration.training.epochs)
            throw Error(Error::Kind::CorruptData, (context.run(run) / "metrics.csv").string() + ": found " +
                                                      std::to_string(epochs) + " epochs, expected " +
                                                      std::to_string(part.configuration.training.epochs));
        (void)readSteps(context.run(run));
    }
    return record;
}

} // namespace latentoscope
