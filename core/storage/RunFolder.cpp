#include "core/storage/RunFolder.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/JsonText.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/storage/Origin.h"
#include "core/storage/Safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kMetricsHeader = "epoch,split,metric,value\n";

/// The rows of a CSV that a run appends to, each with as many cells as its header and at least `least`. A last line without its
/// end was cut off by a crash: passed over.
std::vector<std::vector<std::string>> readRows(const fs::path& file, std::size_t least)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return {};
    const std::string text = readRegularFile(file);
    std::vector<std::vector<std::string>> rows;
    std::size_t start = 0;
    std::size_t columns = least;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
        const std::vector<std::string> cells = cellsOf(text.substr(start, end - start));
        if (start == 0) {
            columns = std::max(least, cells.size());
        } else {
            if (cells.size() != columns) {
                throw Error(Error::Kind::CorruptData, file.string() + ": line " + std::to_string(rows.size() + 2) + " has " +
                                                          std::to_string(cells.size()) + " cells, expected " +
                                                          std::to_string(columns));
            }
            rows.push_back(cells);
        }
        start = end + 1;
    }
    return rows;
}

double number(const fs::path& file, const std::string& cell)
{
    const std::optional<double> value = parseReal(cell);
    if (!value) throw Error(Error::Kind::CorruptData, file.string() + ": found \"" + cell + "\", expected a number");
    return *value;
}

void appendRows(const fs::path& file, const std::string& header, const std::string& rows)
{
    std::error_code ignored;
    appendToFile(file, fs::exists(file, ignored) ? rows : header + rows);
}

constexpr const char* kReplacement = ".replacement"; ///< holds a run that is to replace the one around it

Error damaged(const Error& error)
{
    return {error.kind() == Error::Kind::InvalidArgument ? Error::Kind::CorruptData : error.kind(), error.what()};
}

/// As a sentence of ours instead of the JSON library's.
Error notAsWritten(const fs::path& file, const Json::exception& error)
{
    const std::string what = error.what(); // "[json.exception.type_error.302] type must be string, but is number"
    const std::size_t end = what.find("] ");
    return {Error::Kind::CorruptData,
            file.string() + ": \"run\" is not as a run writes it: " + (end == std::string::npos ? what : what.substr(end + 2))};
}

Json ancestorJson(const Ancestor& ancestor)
{
    return {{"folder", ancestor.folder},          {"kind", ancestor.kind},
            {"labels", ancestor.labels},          {"data_name", ancestor.dataName},
            {"data_digest", ancestor.dataDigest}, {"validation_fraction", ancestor.data.validationFraction},
            {"seed", ancestor.data.seed},         {"folds", ancestor.data.folds},
            {"fold", ancestor.data.fold},         {"labels_fraction", ancestor.data.labelsFraction}};
}

Ancestor ancestorOf(const Json& json)
{
    Ancestor ancestor;
    ancestor.folder = json.at("folder");
    ancestor.kind = json.at("kind");
    ancestor.labels = json.at("labels");
    ancestor.dataName = json.at("data_name");
    ancestor.dataDigest = json.at("data_digest");
    ancestor.data.validationFraction = json.at("validation_fraction");
    ancestor.data.seed = json.at("seed");
    ancestor.data.folds = json.at("folds");
    ancestor.data.fold = json.at("fold");
    ancestor.data.labelsFraction = json.at("labels_fraction");
    return ancestor;
}

bool isRun(const fs::path& folder)
{
    std::error_code ignored;
    if (!fs::is_regular_file(folder / "config.json", ignored)) return false;
    const Json json = parsedJson<Json>(readRegularFile(folder / "config.json"));
    return json.is_object() && json.contains("run") && json["run"].is_object();
}

void check(const fs::path& file, const std::error_code& error, const char* doing)
{
    if (error) throw Error(Error::Kind::Io, file.string() + ": cannot be " + doing + ": " + error.message());
}

/// What a program leaves that ends before config.json is there: an empty figures/ and files that were being written. The lock is
/// ours, so whoever made them is gone.
void sweepUnbegun(const fs::path& folder)
{
    std::error_code error;
    if (fs::exists(folder / "config.json", error)) return;
    sweepTemporaries(folder / "config.json");
    if (fs::is_directory(folder / "figures", error)) fs::remove(folder / "figures", error); // an empty one alone
}

/// Whether nothing is there but our own lock.
bool isUnused(const fs::path& folder)
{
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().filename() != kFolderLock) return false;
    }
    return !error;
}

} // namespace

std::vector<std::string> runFiles()
{
    std::vector<std::string> names{"model.safetensors", "config.json", "metrics.csv", "steps.csv", "log.txt"};
    for (const std::string& figure : kRunFigures) {
        for (const char* ending : {".png", ".svg", ".pdf", ".csv"}) names.push_back("figures/" + figure + ending);
    }
    return names;
}

void removeRun(const fs::path& folder)
{
    std::error_code error;
    for (const std::string& name : runFiles()) {
        fs::remove(folder / name, error);
        check(folder / name, error, "removed");
    }
    fs::remove(folder / "figures", error); // where they hold nothing else
    fs::remove(folder, error);
}

NewRun createRun(const fs::path& folder, const RunRecord& record, Existing existing)
{
    std::error_code error;
    if (folder.empty()) throw Error(Error::Kind::InvalidArgument, "the run's folder: found no name, expected one");
    if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
        throw Error(Error::Kind::InvalidArgument, folder.string() + ": is a file, expected the name of a folder for the run");
    }
    const bool made = fs::create_directories(folder, error);
    check(folder, error, "made");
    NewRun run{folder, folder, nullptr};
    try {
        run.lock = std::make_shared<FileLock>(folder / kFolderLock);
        sweepUnbegun(folder);
        if (!isUnused(folder)) {
            if (existing == Existing::Refuse) {
                throw Error(
                    Error::Kind::InvalidArgument,
                    folder.string() + ": is not empty, expected a new folder for the run" +
                        (isRun(folder) ? "; give --overwrite to replace the run that is there" : "; choose another name"));
            }
            if (!isRun(folder)) {
                throw Error(Error::Kind::InvalidArgument,
                            folder.string() +
                                ": holds files but no run (a config.json with \"run\"), and only a run is overwritten; "
                                "choose another folder");
            }
            for (const std::string& name : runFiles()) sweepTemporaries(folder / name);
            run.files = folder / kReplacement;
            fs::remove_all(run.files, error); // left by a program that was killed
        }
        fs::create_directories(run.files / "figures", error);
        check(run.files, error, "made");
        writeRecord(run.files, record);
    } catch (...) {
        // Beside a lock that is not ours nothing is touched.
        if (run.lock && run.replacing()) abandon(run);
        if (run.lock && !run.replacing()) sweepUnbegun(folder);
        run.lock.reset();
        if (made) fs::remove(folder, error);
        throw;
    }
    return run;
}

void replaceOlder(NewRun& run)
{
    if (!run.replacing()) return;
    std::error_code error;
    // The older weights go first and the new ones come last: at no moment does a run hold weights of another's settings.
    for (const std::string& name : runFiles()) {
        fs::remove(run.folder / name, error);
        check(run.folder / name, error, "replaced");
    }
    fs::create_directories(run.folder / "figures", error);
    const std::vector<std::string> names = runFiles();
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        if (!fs::exists(run.files / *name, error)) continue;
        fs::rename(run.files / *name, run.folder / *name, error);
        check(run.folder / *name, error, "replaced");
    }
    abandon(run);
    run.files = run.folder;
}

void abandon(const NewRun& run) noexcept
{
    std::error_code ignored;
    if (run.replacing()) fs::remove_all(run.files, ignored);
}

void writeRecord(const fs::path& folder, const RunRecord& record)
{
    Json json = toJson(record.configuration);
    json["run"] = {{"shape", {record.shape.height, record.shape.width, record.shape.channels}},
                   {"data_name", record.dataName},
                   {"data_digest", record.dataDigest},
                   {"data_folder", record.dataFolder},
                   {"class_names", record.classNames},
                   {"device", record.device},
                   {"threads", record.threads},
                   {"created", record.created},
                   {"version", record.version},
                   {"torch_version", record.torchVersion}};
    if (!record.encoderFolder.empty()) json["run"]["encoder"] = record.encoderFolder;
    if (!record.encoderDigest.empty()) json["run"]["encoder_weights"] = record.encoderDigest;
    for (const Ancestor& ancestor : record.lineage) json["run"]["lineage"].push_back(ancestorJson(ancestor));
    if (!record.notes.empty()) json["run"]["notes"] = record.notes;
    writeFileAtomically(folder / "config.json", json.dump(2) + "\n");
}

RunRecord readRun(const fs::path& folder)
{
    const fs::path file = folder / "config.json";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        std::string found = ": holds no config.json, expected the folder of a run";
        if (fs::exists(folder / "cross-validation.json", ignored))
            found = ": is a cross-validation, expected a run; the folders fold-… in it are runs";
        else if (fs::exists(folder / "study.log", ignored))
            found = ": is a search, expected a run; the folders trial-… in it are runs";
        throw Error(Error::Kind::NotFound, folder.string() + found);
    }
    RunRecord record;
    try {
        record.configuration = readConfiguration(file, Unknown::PassOver);
    } catch (const Error& error) {
        throw damaged(error); // it is the file that is wrong, not how it is used
    }
    const Json json = Json::parse(readRegularFile(file));
    try {
        const Json& run = json.at("run");
        record.shape = shapeOf(run.at("shape"), file.string() + ": run.shape");
        record.dataName = run.at("data_name");
        record.dataDigest = run.at("data_digest");
        record.dataFolder = run.at("data_folder");
        record.classNames = run.at("class_names").get<std::vector<std::string>>();
        record.device = run.at("device");
        record.threads = run.at("threads");
        record.created = run.at("created");
        record.version = run.at("version");
        record.torchVersion = run.at("torch_version");
        record.encoderFolder = run.value("encoder", "");
        record.encoderDigest = run.value("encoder_weights", "");
        for (const Json& ancestor : run.value("lineage", Json::array())) record.lineage.push_back(ancestorOf(ancestor));
        record.notes = run.value("notes", std::vector<std::string>());
    } catch (const Json::exception& error) {
        throw notAsWritten(file, error);
    }
    try {
        validate(record.configuration, record.shape);
    } catch (const Error& error) {
        throw damaged(error).within(file.string());
    }
    return record;
}

void appendMetrics(const fs::path& folder, const EpochMetrics& metrics)
{
    const std::string epoch = std::to_string(metrics.epoch);
    std::string rows;
    for (const Metric& metric : metrics.values)
        rows += epoch + "," + metric.split + "," + metric.name + "," + numberText(metric.value) + "\n";
    appendRows(folder / "metrics.csv", kMetricsHeader, rows);
}

void appendSteps(const fs::path& folder, const std::vector<LossPoint>& losses, const std::vector<std::string>& termNames)
{
    std::string header = "epoch,loss";
    for (const std::string& name : termNames) header += "," + name;
    std::string rows;
    for (const LossPoint& point : losses) {
        rows += numberText(point.epoch) + "," + numberText(point.loss);
        for (const float term : point.terms) rows += "," + numberText(term);
        rows += "\n";
    }
    appendRows(folder / "steps.csv", header + "\n", rows);
}

std::vector<EpochMetrics> readMetrics(const fs::path& folder)
{
    const fs::path file = folder / "metrics.csv";
    std::vector<EpochMetrics> epochs;
    for (const auto& row : readRows(file, 4)) {
        const int epoch = static_cast<int>(number(file, row[0]));
        if (epochs.empty() || epochs.back().epoch != epoch) epochs.push_back({epoch, {}});
        epochs.back().values.push_back({row[1], row[2], number(file, row[3])});
    }
    return epochs;
}

std::vector<LossPoint> readSteps(const fs::path& folder)
{
    const fs::path file = folder / "steps.csv";
    std::vector<LossPoint> losses;
    for (const auto& row : readRows(file, 2)) {
        LossPoint point{number(file, row[0]), static_cast<float>(number(file, row[1])), {}};
        for (std::size_t i = 2; i < row.size(); ++i) point.terms.push_back(static_cast<float>(number(file, row[i])));
        losses.push_back(std::move(point));
    }
    return losses;
}

std::optional<TrainedTo> readTrainedTo(const fs::path& folder)
{
    const fs::path file = folder / "model.safetensors";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    const auto metadata = readSafetensorsMetadata(file);
    const auto value = [&](const char* key) {
        const auto found = metadata.find(key);
        return found == metadata.end() ? std::nullopt : parseInteger(found->second);
    };
    const auto epoch = value("epoch");
    const auto step = value("step");
    if (!epoch || !step) return std::nullopt;
    return TrainedTo{static_cast<int>(*epoch), *step};
}

namespace {

/// "a" of "a-2" where there is an "a"; a number that belongs to the name itself, as in latent-16, stays.
std::string seriesOf(const fs::path& folder, const std::string& name)
{
    const auto dash = name.rfind('-');
    if (dash == std::string::npos || dash == 0 || dash + 1 == name.size()) return name;
    const bool number = std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dash) + 1, name.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    std::error_code ignored;
    return number && fs::exists(folder / name.substr(0, dash), ignored) ? name.substr(0, dash) : name;
}

} // namespace

fs::path freshRunFolder(const fs::path& folder, const std::string& name)
{
    std::error_code ignored;
    fs::path candidate = folder / name;
    if (!fs::exists(candidate, ignored)) return candidate;
    const std::string series = seriesOf(folder, name);
    for (int number = 2; fs::exists(candidate, ignored); ++number) candidate = folder / (series + "-" + std::to_string(number));
    return candidate;
}

fs::path makeFreshRunFolder(const fs::path& folder, const std::string& name)
{
    std::error_code error;
    fs::create_directories(folder, error);
    for (;;) {
        const fs::path candidate = freshRunFolder(folder, name);
        if (!error && fs::create_directory(candidate, error)) return candidate;
        // Without an error somebody else made it just now.
        if (error) throw Error(Error::Kind::Io, candidate.string() + ": cannot be made: " + error.message());
    }
}

} // namespace latentoscope
