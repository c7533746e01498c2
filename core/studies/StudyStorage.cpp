#include "core/studies/StudyStorage.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/studies/JournalJson.h"
#include "core/studies/JournalOperation.h"
#include "core/studies/Unique.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace latentoscope {
namespace {

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string listOf(const std::vector<double>& numbers)
{
    std::vector<std::string> texts;
    for (const double number : numbers) texts.push_back(pythonNumber(number));
    return "[" + joined(texts) + "]";
}

std::string objectOf(const Attributes& attributes)
{
    std::vector<std::string> parts;
    for (const auto& [name, json] : attributes) parts.push_back(quoted(name) + ": " + json);
    return "{" + joined(parts) + "}";
}

std::string attributeField(const char* field, const std::string& name, const std::string& json)
{
    return std::string("\"") + field + "\": {" + quoted(name) + ": " + json + "}";
}

std::string trialField(int trial) { return "\"trial_id\": " + std::to_string(trial); }

} // namespace

std::string journalTime()
{
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &local);
    std::snprintf(text.data() + length, text.size() - length, ".%06d", static_cast<int>(micro));
    return text.data();
}

StudyStorage::StudyStorage(std::unique_ptr<JournalBackend> backend)
    : m_backend(std::move(backend)), m_worker("latentoscope-" + uniqueText())
{
    sync();
}

void StudyStorage::sync()
{
    for (const std::string& line : m_backend->readNew()) {
        ++m_lines;
        try {
            m_journal.apply(line);
        } catch (const Error& error) {
            throw Error(error.kind(), m_backend->name() + ", line " + std::to_string(m_lines) + ": " + error.what());
        }
    }
}

const Study& StudyStorage::study(const std::string& name) const
{
    if (const Study* found = find(name)) return *found;
    std::vector<std::string> names;
    for (const auto& [id, study] : m_journal.studies()) names.push_back(study.name);
    const std::string nearest = nearText(name, names);
    throw Error(Error::Kind::NotFound, m_backend->name() + ": found no study " + name +
                                           (names.empty()     ? ", nor any other"
                                            : nearest.empty() ? ", expected one of " + joined(names)
                                                              : "; the nearest is " + nearest));
}

std::string StudyStorage::record(JournalOperation operation, const std::string& fields) const
{
    return "{\"op_code\": " + std::to_string(static_cast<int>(operation)) + ", \"worker_id\": " + quoted(m_worker) + ", " +
           fields + "}";
}

void StudyStorage::write(const std::vector<std::string>& records)
{
    if (!records.empty()) m_backend->append(records, Unread::Follow);
    sync();
}

bool StudyStorage::writeUnlessNews(const std::vector<std::string>& records)
{
    const bool done = m_backend->append(records, Unread::Refuse);
    sync();
    return done;
}

int StudyStorage::openStudy(const std::string& name, const std::vector<Direction>& directions)
{
    sync();
    if (find(name) == nullptr) {
        std::vector<std::string> numbers;
        for (const Direction direction : directions) numbers.push_back(std::to_string(static_cast<int>(direction)));
        write({record(JournalOperation::CreateStudy,
                      "\"study_name\": " + quoted(name) + ", \"directions\": [" + joined(numbers) + "]")});
    }
    const Study& found = study(name);
    if (found.directions != directions) {
        throw Error(Error::Kind::InvalidArgument,
                    "study " + name + ": found in " + m_backend->name() +
                        " with other objectives or directions than asked for; give another name, or the study's own directions");
    }
    return found.id;
}

void StudyStorage::setStudyUser(int study, const std::string& name, const std::string& json)
{
    write({record(JournalOperation::SetStudyUser,
                  "\"study_id\": " + std::to_string(study) + ", " + attributeField("user_attr", name, json))});
}

void StudyStorage::setStudySystem(int study, const std::string& name, const std::string& json)
{
    write({record(JournalOperation::SetStudySystem,
                  "\"study_id\": " + std::to_string(study) + ", " + attributeField("system_attr", name, json))});
}

std::string StudyStorage::created(int study, const NewTrial& trial) const
{
    std::vector<std::string> distributions, values;
    for (const auto& [name, parameter] : trial.parameters) {
        distributions.push_back(quoted(name) + ": " + quoted(distributionText(*parameter.distribution)));
        values.push_back(quoted(name) + ": " + pythonNumber(parameter.internal));
    }
    const bool waiting = trial.state == TrialState::Waiting;
    return record(JournalOperation::CreateTrial,
                  "\"study_id\": " + std::to_string(study) +
                      ", \"datetime_start\": " + (waiting ? "null" : quoted(journalTime())) +
                      ", \"state\": " + std::to_string(static_cast<int>(trial.state)) +
                      ", \"value\": null, \"values\": null, \"distributions\": {" + joined(distributions) + "}, \"params\": {" +
                      joined(values) + "}, \"user_attrs\": " + objectOf(trial.user) +
                      ", \"system_attrs\": " + objectOf(trial.system) + ", \"intermediate_values\": {}");
}

/// The trial that this writer has just created in the study.
int StudyStorage::madeIn(int study) const
{
    const int made = m_journal.lastCreatedBy(m_worker);
    if (made < 0 || m_journal.trial(made).study != study)
        throw Error(Error::Kind::NotFound, m_backend->name() + ": the study is not there any more; someone has deleted it");
    return made;
}

int StudyStorage::createTrial(int study, const NewTrial& trial)
{
    write({created(study, trial)});
    return madeIn(study);
}

std::optional<int> StudyStorage::createTrialUnlessNews(int study, const NewTrial& trial)
{
    if (!writeUnlessNews({created(study, trial)})) return std::nullopt;
    return madeIn(study);
}

void StudyStorage::requireOpen(int trial) const
{
    const Trial& found = m_journal.trial(trial);
    if (isFinished(found.state)) {
        throw Error(Error::Kind::InvalidArgument,
                    "trial " + std::to_string(found.number) + ": found it " + stateName(found.state) +
                        ", expected one that is running or waiting: finished ones cannot be changed");
    }
}

bool StudyStorage::claim(int trial, const Attributes& user, const Attributes& system)
{
    if (m_journal.trial(trial).state != TrialState::Waiting) return false;
    std::vector<std::string> records = attributed(trial, user, system);
    records.insert(records.begin(),
                   record(JournalOperation::SetState,
                          trialField(trial) + ", \"state\": 0, \"values\": null, \"datetime_start\": " + quoted(journalTime())));
    return writeUnlessNews(records);
}

/// Records that set a trial's attributes.
std::vector<std::string> StudyStorage::attributed(int trial, const Attributes& user, const Attributes& system) const
{
    std::vector<std::string> records;
    for (const auto& [name, json] : user)
        records.push_back(
            record(JournalOperation::SetTrialUser, trialField(trial) + ", " + attributeField("user_attr", name, json)));
    for (const auto& [name, json] : system)
        records.push_back(
            record(JournalOperation::SetTrialSystem, trialField(trial) + ", " + attributeField("system_attr", name, json)));
    return records;
}

void StudyStorage::setParameters(int trial, const std::map<std::string, Parameter>& parameters)
{
    requireOpen(trial);
    std::vector<std::string> records;
    for (const auto& [name, parameter] : parameters) {
        records.push_back(record(JournalOperation::SetParameter,
                                 trialField(trial) + ", \"param_name\": " + quoted(name) +
                                     ", \"param_value_internal\": " + pythonNumber(parameter.internal) +
                                     ", \"distribution\": " + quoted(distributionText(*parameter.distribution))));
    }
    write(records);
}

void StudyStorage::setIntermediate(int trial, std::int64_t step, double value)
{
    requireOpen(trial);
    write({record(JournalOperation::SetIntermediate, trialField(trial) + ", \"step\": " + std::to_string(step) +
                                                         ", \"intermediate_value\": " + pythonNumber(value))});
}

void StudyStorage::setUser(int trial, const Attributes& attributes)
{
    requireOpen(trial);
    write(attributed(trial, attributes, {}));
}

void StudyStorage::setSystem(int trial, const Attributes& attributes)
{
    requireOpen(trial);
    write(attributed(trial, {}, attributes));
}

bool StudyStorage::finish(int trial, TrialState state, const std::vector<double>& values, const Attributes& user)
{
    if (!isFinished(state))
        throw Error(Error::Kind::InvalidArgument, "state: found " + std::string(stateName(state)) + ", expected an end");
    const std::size_t objectives = m_journal.studies().at(m_journal.trial(trial).study).directions.size();
    if (state == TrialState::Complete && values.size() != objectives) {
        throw Error(Error::Kind::InvalidArgument, "values: found " + std::to_string(values.size()) + ", expected " +
                                                      std::to_string(objectives) + ", one an objective");
    }
    for (const double value : values) {
        if (std::isnan(value))
            throw Error(Error::Kind::InvalidArgument, "value: found NaN, expected a number; end the trial as failed");
    }
    sync();
    if (isFinished(m_journal.trial(trial).state)) return false;
    const std::string time = journalTime();
    write(ended(trial, state, values, user, time));
    return m_journal.trial(trial).completed == time && m_journal.trial(trial).state == state;
}

std::optional<int> StudyStorage::failAndCreate(int trial, const Attributes& user, const NewTrial& next)
{
    const int study = m_journal.trial(trial).study;
    for (;;) {
        sync();
        if (isFinished(m_journal.trial(trial).state)) return std::nullopt;
        std::vector<std::string> records = ended(trial, TrialState::Fail, {}, user, journalTime());
        records.push_back(created(study, next));
        if (writeUnlessNews(records)) return madeIn(study);
    }
}

std::vector<std::string> StudyStorage::ended(int trial, TrialState state, const std::vector<double>& values,
                                             const Attributes& user, const std::string& time) const
{
    std::vector<std::string> records = attributed(trial, user, {});
    records.push_back(record(JournalOperation::SetState,
                             trialField(trial) + ", \"state\": " + std::to_string(static_cast<int>(state)) + ", \"values\": " +
                                 (values.empty() ? "null" : listOf(values)) + ", \"datetime_complete\": " + quoted(time)));
    return records;
}

} // namespace latentoscope
