#include "core/storage/FoldsFolder.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/Validation.h"
#include "core/storage/Origin.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace latentoscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kRecord = "cross-validation.json";
constexpr const char* kScores = "folds.csv";
constexpr const char* kOwn = "cross_validation"; ///< the object beside data, model and training
const std::vector<std::string> kLeading{"fold", "train_images", "held_out_images"};

std::string numbered(const char* name, int fold, int folds)
{
    const std::string number = std::to_string(fold);
    const std::size_t digits = std::max<std::size_t>(2, std::to_string(folds).size());
    return std::string(name) + "-" + std::string(digits - std::min(digits, number.size()), '0') + number;
}

Json toJson(const FoldsRecord& record, const std::vector<FoldScore>& scores)
{
    Json json = latentoscope::toJson(record.configuration);
    json["data"].erase("fold");
    Json& own = json[kOwn];
    own = {{"shape", {record.shape.height, record.shape.width, record.shape.channels}},
           {"data_name", record.dataName},
           {"data_digest", record.dataDigest},
           {"data_folder", record.dataFolder},
           {"created", record.created},
           {"version", record.version},
           {"finished", scores.size()}};
    if (!record.encoderFolder.empty()) own["encoder"] = record.encoderFolder;
    if (!record.weightsDigest.empty()) own["weights_digest"] = record.weightsDigest;
    if (!record.encoderDigest.empty()) own["encoder_weights"] = record.encoderDigest;
    if (!record.notes.empty()) own["notes"] = record.notes;
    if (record.pretraining) own["pretraining"] = latentoscope::toJson(*record.pretraining);
    for (const FoldSpread& spread : spreadOf(scores))
        own["summary"][spread.name] = {{"mean", spread.mean}, {"deviation", spread.deviation}};
    return json;
}

/// "training.epochs has 10, found 20", of the first field that differs; empty where none does.
std::string differingField(const Configuration& there, const Configuration& asked)
{
    for (const Field& field : fields()) {
        if (field.path == "data.fold" || fieldValue(there, field.path) == fieldValue(asked, field.path)) continue;
        return field.path + " " + fieldText(there, field.path) + ", found " + fieldText(asked, field.path);
    }
    return {};
}

/// What of the older one is another than is asked for; empty where it is the same.
std::string difference(const FoldsRecord& there, const FoldsRecord& asked)
{
    if (std::string field = differingField(there.configuration, asked.configuration); !field.empty()) return field;
    if (there.dataDigest != asked.dataDigest)
        return there.dataName + " (digest " + there.dataDigest.substr(0, 12) + "), found " + asked.dataName + " (digest " +
               asked.dataDigest.substr(0, 12) + ")";
    if (there.pretraining.has_value() != asked.pretraining.has_value())
        return there.pretraining ? "an encoder of each fold's own, found none" : "no encoder of each fold's own, found one";
    if (there.pretraining) {
        if (std::string field = differingField(*there.pretraining, *asked.pretraining); !field.empty())
            return "a pre-training with " + field;
    }
    if (there.weightsDigest != asked.weightsDigest)
        return (there.encoderFolder.empty() ? "no given encoder" : "the encoder of " + there.encoderFolder) + ", found " +
               (asked.encoderFolder.empty() ? "none" : "that of " + asked.encoderFolder);
    return {};
}

constexpr const char* kReplacement = ".replacement"; ///< holds folds that are to replace those around it

/// What a cross-validation writes beside its runs.
std::vector<std::string> ownFiles()
{
    std::vector<std::string> names{kScores, kRecord};
    for (const char* ending : {".png", ".svg", ".pdf", ".csv"}) names.push_back(std::string("figures/folds") + ending);
    return names;
}

std::vector<std::string> runNames(int folds)
{
    std::vector<std::string> names;
    for (int fold = 1; fold <= folds; ++fold) {
        names.push_back(foldFolder({}, fold, folds).string());
        names.push_back(foldEncoderFolder({}, fold, folds).string());
    }
    return names;
}

/// Takes away what a cross-validation wrote: its summary first, so that what is left never passes for whole.
void removeFolds(const fs::path& folder, int folds)
{
    std::error_code error;
    for (const std::string& name : ownFiles()) {
        fs::remove(folder / name, error);
        if (error) throw Error(Error::Kind::Io, (folder / name).string() + ": cannot be removed: " + error.message());
    }
    for (const std::string& name : runNames(folds)) removeRun(folder / name);
    fs::remove(folder / "figures", error); // where it holds nothing else
}

void begin(const fs::path& folder, const FoldsRecord& record)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Error(Error::Kind::Io, folder.string() + ": cannot be made: " + error.message());
    writeScores(folder, record, {});
}

/// What another program left of the same folds when it was stopped while it was about to replace the older ones.
std::vector<FoldScore> begunBefore(const fs::path& files, const FoldsRecord& record)
{
    try {
        if (holdsFolds(files) && difference(readFoldsRecord(files), record).empty()) return readScores(files);
    } catch (const Error&) {
        // Damaged: all anew.
    }
    return {};
}

} // namespace

std::vector<FoldSpread> spreadOf(const std::vector<FoldScore>& scores)
{
    std::vector<FoldSpread> spreads;
    if (scores.empty()) return spreads;
    for (const NamedValue& figure : scores.front().values) {
        std::vector<double> values;
        for (const FoldScore& score : scores) {
            for (const NamedValue& value : score.values) {
                if (value.name == figure.name) values.push_back(value.value);
            }
        }
        if (values.size() != scores.size()) continue;
        const auto count = static_cast<double>(values.size());
        double mean = 0;
        for (const double value : values) mean += value / count;
        double squares = 0;
        for (const double value : values) squares += (value - mean) * (value - mean);
        spreads.push_back({figure.name, mean, values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0});
    }
    return spreads;
}

fs::path foldFolder(const fs::path& folder, int fold, int folds) { return folder / numbered("fold", fold, folds); }

fs::path foldEncoderFolder(const fs::path& folder, int fold, int folds) { return folder / numbered("encoder", fold, folds); }

bool holdsFolds(const fs::path& folder)
{
    std::error_code ignored;
    return fs::is_regular_file(folder / kRecord, ignored);
}

NewFolds openFolds(const fs::path& folder, const FoldsRecord& record, Existing existing)
{
    std::error_code error;
    if (folder.empty()) throw Error(Error::Kind::InvalidArgument, "the folder: found no name, expected one");
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        throw Error(Error::Kind::InvalidArgument, folder.string() + ": is a file, expected the name of a folder");
    const bool made = fs::create_directories(folder, error);
    if (error) throw Error(Error::Kind::Io, folder.string() + ": cannot be made: " + error.message());
    NewFolds folds{folder, folder, nullptr, {}};
    try {
        folds.lock = std::make_shared<const FileLock>(folder / kFolderLock);
        sweepTemporaries(folder / kRecord);
        sweepTemporaries(folder / kScores);
        if (!holdsFolds(folder)) {
            for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
                if (entry.path().filename() == kFolderLock) continue;
                throw Error(Error::Kind::InvalidArgument, folder.string() + ": holds files but no cross-validation (a " +
                                                              kRecord + "), expected a new folder; choose another name");
            }
            begin(folder, record);
            return folds;
        }
        if (existing == Existing::Refuse) {
            const std::string other = difference(readFoldsRecord(folder), record);
            if (!other.empty()) {
                throw Error(
                    Error::Kind::InvalidArgument,
                    folder.string() + ": the cross-validation that is there has " + other +
                        "; continue it with the settings that it has, give --overwrite to replace it, or choose another name");
            }
            folds.scores = readScores(folder);
            return folds;
        }
        folds.files = folder / kReplacement;
        folds.scores = begunBefore(folds.files, record);
        if (!folds.scores.empty()) return folds;
        fs::remove_all(folds.files, error);
        begin(folds.files, record);
    } catch (...) {
        if (folds.lock) abandon(folds);
        folds.lock.reset();
        if (made) fs::remove(folder, error);
        throw;
    }
    return folds;
}

void replaceOlder(NewFolds& folds, const FoldsRecord& record)
{
    if (!folds.replacing()) return;
    int older = record.folds();
    try {
        older = readFoldsRecord(folds.folder).folds();
    } catch (const Error&) {
        // Damaged, or half exchanged by a program that was killed: of its folds those go that have names of ours.
    }
    removeFolds(folds.folder, older);
    for (const std::string& name : runNames(record.folds())) {
        std::error_code error;
        if (!fs::is_directory(folds.files / name, error)) continue;
        fs::create_directories(folds.folder / name, error);
        NewRun run{folds.folder / name, folds.files / name, nullptr};
        replaceOlder(run);
    }
    writeScores(folds.folder, record, readScores(folds.files)); // the last, so that what is half there never passes for whole
    abandon(folds);
    folds.files = folds.folder;
}

void abandon(const NewFolds& folds) noexcept
{
    std::error_code ignored;
    if (folds.replacing()) fs::remove_all(folds.files, ignored);
}

FoldsRecord readFoldsRecord(const fs::path& folder)
{
    const fs::path file = folder / kRecord;
    if (!holdsFolds(folder)) {
        throw Error(Error::Kind::NotFound,
                    folder.string() + ": holds no " + kRecord + ", expected the folder of a cross-validation");
    }
    FoldsRecord record;
    try {
        record.configuration = readConfiguration(file, Unknown::PassOver);
        const Json own = Json::parse(readRegularFile(file)).at(kOwn);
        record.shape = shapeOf(own.at("shape"), file.string() + ": shape");
        record.dataName = own.at("data_name");
        record.dataDigest = own.at("data_digest");
        record.dataFolder = own.at("data_folder");
        record.created = own.at("created");
        record.version = own.at("version");
        record.encoderFolder = own.value("encoder", "");
        record.weightsDigest = own.value("weights_digest", "");
        record.encoderDigest = own.value("encoder_weights", "");
        record.notes = own.value("notes", std::vector<std::string>());
        if (own.contains("pretraining")) record.pretraining = configurationFromJson(own.at("pretraining"), {}, Unknown::PassOver);
        validate(record.configuration, record.shape);
    } catch (const Json::exception& error) {
        throw Error(Error::Kind::CorruptData, file.string() + ": is not as a cross-validation writes it: " + error.what());
    } catch (const Error& error) {
        const std::string what = error.what();
        throw Error(Error::Kind::CorruptData, what.starts_with(file.string()) ? what : file.string() + ": " + what);
    }
    if (record.folds() < 2) {
        throw Error(Error::Kind::CorruptData,
                    file.string() + ": data.folds: found " + std::to_string(record.folds()) + ", expected at least 2");
    }
    return record;
}

std::vector<FoldScore> readScores(const fs::path& folder)
{
    const fs::path file = folder / kScores;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return {};
    std::istringstream stream(readRegularFile(file));
    std::string line;
    std::getline(stream, line);
    const std::vector<std::string> header = cellsOf(line);
    const std::size_t leading = kLeading.size();
    if (header.size() <= leading || !std::equal(kLeading.begin(), kLeading.end(), header.begin())) {
        throw Error(Error::Kind::CorruptData,
                    file.string() + ": found the header " + line + ", expected it to begin with " + joined(kLeading, ","));
    }
    std::vector<FoldScore> scores;
    for (int number = 2; std::getline(stream, line); ++number) {
        const std::vector<std::string> cells = cellsOf(line);
        const auto wrong = [&](const std::string& found, const std::string& expected) {
            return Error(Error::Kind::CorruptData,
                         file.string() + ": line " + std::to_string(number) + ": found " + found + ", expected " + expected);
        };
        if (cells.size() != header.size()) throw wrong(std::to_string(cells.size()) + " cells", std::to_string(header.size()));
        std::vector<double> values;
        for (const std::string& cell : cells) {
            const std::optional<double> value = parseReal(cell);
            if (!value) throw wrong(cell, "a number");
            values.push_back(*value);
        }
        FoldScore score{static_cast<int>(values[0]), static_cast<int>(values[1]), static_cast<int>(values[2]), {}};
        if (score.fold <= (scores.empty() ? 0 : scores.back().fold)) throw wrong("fold " + cells[0], "a later one");
        for (std::size_t i = leading; i < cells.size(); ++i) score.values.push_back({header[i], values[i]});
        scores.push_back(std::move(score));
    }
    return scores;
}

void writeScores(const fs::path& folder, const FoldsRecord& record, const std::vector<FoldScore>& scores)
{
    if (!scores.empty()) {
        std::string text = joined(kLeading, ",");
        for (const NamedValue& value : scores.front().values) text += "," + value.name;
        text += "\n";
        for (const FoldScore& score : scores) {
            text +=
                std::to_string(score.fold) + "," + std::to_string(score.trainImages) + "," + std::to_string(score.heldOutImages);
            for (const NamedValue& value : score.values) text += "," + numberText(value.value);
            text += "\n";
        }
        writeFileAtomically(folder / kScores, text);
    }
    writeFileAtomically(folder / kRecord, toJson(record, scores).dump(2) + "\n");
}

} // namespace latentoscope
