#include "core/storage/RunFolder.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kMetricsHeader = "epoch,split,metric,value\n";
constexpr const char* kStepsHeader = "epoch,loss\n";

std::vector<std::string> splitLine(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
}

/// The rows of a CSV that a run appends to, without its header. A last line without its end was cut off by a crash: passed over.
std::vector<std::vector<std::string>> readRows(const fs::path& file, std::size_t columns)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return {};
    const std::string text = readFile(file);
    std::vector<std::vector<std::string>> rows;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
        const std::vector<std::string> cells = splitLine(text.substr(start, end - start));
        if (start != 0) {
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

void appendRows(const fs::path& file, const char* header, const std::string& rows)
{
    std::error_code ignored;
    appendToFile(file, fs::exists(file, ignored) ? rows : header + rows);
}

RunSummary summaryOf(const fs::path& folder)
{
    RunSummary summary;
    summary.folder = folder;
    summary.name = folder.filename().string();
    try {
        const RunRecord record = readRun(folder);
        summary.kind = record.configuration.model.kind;
        summary.latent = record.configuration.model.latent;
        summary.created = record.created;
        for (const EpochMetrics& epoch : readMetrics(folder)) {
            summary.epochsDone = std::max(summary.epochsDone, epoch.epoch);
            const double value = epoch.validation.value_or(epoch.train);
            summary.bestLabel = epoch.validation ? "validation MSE" : "training MSE";
            if (!summary.best || value < *summary.best) summary.best = value;
        }
    } catch (const Error&) {
        summary.kind.clear(); // a damaged run stays in the list; opening it says what is wrong
    }
    const fs::path thumbnail = folder / "figures" / "thumbnail.png";
    std::error_code ignored;
    if (fs::exists(thumbnail, ignored)) summary.thumbnail = thumbnail;
    return summary;
}

} // namespace

void createRun(const fs::path& folder, const RunRecord& record, Existing existing)
{
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
        throw Error(Error::Kind::InvalidArgument, folder.string() + ": is a file, expected the name of a folder for the run");
    }
    if (fs::is_directory(folder, error) && !fs::is_empty(folder, error)) {
        if (existing == Existing::Refuse) {
            throw Error(Error::Kind::InvalidArgument,
                        folder.string() +
                            ": is not empty, expected a new folder for the run; give --overwrite to replace what is there");
        }
        for (const char* name : {"config.json", "metrics.csv", "steps.csv", "model.safetensors", "log.txt", "figures"}) {
            fs::remove_all(folder / name, error);
            if (error) throw Error(Error::Kind::Io, (folder / name).string() + ": cannot be removed: " + error.message());
        }
    }
    fs::create_directories(folder / "figures", error);
    if (error) throw Error(Error::Kind::Io, folder.string() + ": cannot be made: " + error.message());

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
    writeFileAtomically(folder / "config.json", json.dump(2) + "\n");
}

RunRecord readRun(const fs::path& folder)
{
    const fs::path file = folder / "config.json";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        throw Error(Error::Kind::NotFound, folder.string() + ": holds no config.json, expected the folder of a run");
    }
    RunRecord record;
    record.configuration = readConfiguration(file);
    const Json json = Json::parse(readFile(file));
    try {
        const Json& run = json.at("run");
        const auto shape = run.at("shape").get<std::vector<int>>();
        if (shape.size() != 3) throw Error(Error::Kind::CorruptData, file.string() + ": run.shape has not three sizes");
        record.shape = {shape[0], shape[1], shape[2]};
        record.dataName = run.at("data_name");
        record.dataDigest = run.at("data_digest");
        record.dataFolder = run.at("data_folder");
        record.classNames = run.at("class_names").get<std::vector<std::string>>();
        record.device = run.at("device");
        record.threads = run.at("threads");
        record.created = run.at("created");
        record.version = run.at("version");
        record.torchVersion = run.at("torch_version");
    } catch (const Json::exception& error) {
        throw Error(Error::Kind::CorruptData, file.string() + ": \"run\" is not as a run writes it: " + error.what());
    }
    validate(record.configuration, record.shape);
    return record;
}

void appendMetrics(const fs::path& folder, const EpochMetrics& metrics)
{
    const std::string epoch = std::to_string(metrics.epoch);
    std::string rows = epoch + ",train,mse," + numberText(metrics.train) + "\n";
    if (metrics.validation) rows += epoch + ",validation,mse," + numberText(*metrics.validation) + "\n";
    rows += epoch + ",train,images_per_second," + numberText(metrics.imagesPerSecond) + "\n";
    rows += epoch + ",train,seconds," + numberText(metrics.seconds) + "\n";
    appendRows(folder / "metrics.csv", kMetricsHeader, rows);
}

void appendSteps(const fs::path& folder, const std::vector<LossPoint>& losses)
{
    std::string rows;
    for (const LossPoint& point : losses) rows += numberText(point.epoch) + "," + numberText(double{point.loss}) + "\n";
    appendRows(folder / "steps.csv", kStepsHeader, rows);
}

std::vector<EpochMetrics> readMetrics(const fs::path& folder)
{
    const fs::path file = folder / "metrics.csv";
    std::vector<EpochMetrics> epochs;
    for (const auto& row : readRows(file, 4)) {
        const int epoch = static_cast<int>(number(file, row[0]));
        if (epochs.empty() || epochs.back().epoch != epoch) epochs.push_back({epoch, 0, std::nullopt, 0, 0});
        const double value = number(file, row[3]);
        if (row[2] == "images_per_second") epochs.back().imagesPerSecond = value;
        if (row[2] == "seconds") epochs.back().seconds = value;
        if (row[2] == "mse" && row[1] == "train") epochs.back().train = value;
        if (row[2] == "mse" && row[1] == "validation") epochs.back().validation = value;
    }
    return epochs;
}

std::vector<LossPoint> readSteps(const fs::path& folder)
{
    const fs::path file = folder / "steps.csv";
    std::vector<LossPoint> losses;
    for (const auto& row : readRows(file, 2)) losses.push_back({number(file, row[0]), static_cast<float>(number(file, row[1]))});
    return losses;
}

void appendLog(const fs::path& folder, const std::string& line)
{
    appendToFile(folder / "log.txt", timestamp() + " " + line + "\n");
}

std::vector<RunSummary> listRuns(const fs::path& folder)
{
    std::vector<RunSummary> runs;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (entry.is_directory(error) && fs::exists(entry.path() / "config.json", error)) runs.push_back(summaryOf(entry.path()));
    }
    std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
        return a.created != b.created ? a.created > b.created : a.name > b.name;
    });
    return runs;
}

fs::path freshRunFolder(const fs::path& folder, const std::string& name)
{
    std::error_code ignored;
    fs::path candidate = folder / name;
    for (int number = 2; fs::exists(candidate, ignored); ++number) candidate = folder / (name + "-" + std::to_string(number));
    return candidate;
}

} // namespace latentoscope
