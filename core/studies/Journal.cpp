#include "core/studies/Journal.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/studies/JournalJson.h"
#include "core/studies/JournalOperation.h"

#include <array>

namespace latentoscope {
namespace {

using Json = nlohmann::json;

TrialState stateOf(const Json& number)
{
    const int value = number.get<int>();
    if (value < 0 || value > 4)
        throw Error(Error::Kind::CorruptData, "state: found " + std::to_string(value) + ", expected 0 to 4");
    return static_cast<TrialState>(value);
}

/// Adds the one attribute of a record, or all of a trial given whole.
void addAttributes(Attributes& to, const Json& from)
{
    for (const auto& [name, value] : from.items()) to[name] = pythonText(value);
}

std::vector<double> numbersOf(const Json& list)
{
    std::vector<double> numbers;
    for (const Json& number : list) numbers.push_back(numberOf(number));
    return numbers;
}

/// The text at a key; empty where it is missing or null.
std::string textAt(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

/// One line.
struct Journal::Record {
    Json json;
    std::string worker;
};

const char* stateName(TrialState state)
{
    constexpr std::array kNames{"running", "complete", "pruned", "fail", "waiting"};
    return kNames.at(static_cast<std::size_t>(state));
}

const Study* Journal::find(const std::string& name) const
{
    for (const auto& [id, study] : m_studies) {
        if (study.name == name) return &study;
    }
    return nullptr;
}

int Journal::lastCreatedBy(const std::string& worker) const
{
    const auto found = m_created.find(worker);
    return found == m_created.end() ? -1 : found->second;
}

int Journal::claimedBy(const std::string& worker) const
{
    const auto found = m_claimed.find(worker);
    return found == m_claimed.end() ? -1 : found->second;
}

void Journal::apply(std::string_view line)
{
    Record record{pythonJson(line), {}};
    const Json& json = record.json;
    if (!json.is_object() || !json.contains("op_code") || !json["op_code"].is_number_integer())
        throw Error(Error::Kind::CorruptData, "found no JSON object with a number op_code");
    try {
        record.worker = textAt(json, "worker_id");
        switch (static_cast<JournalOperation>(json["op_code"].get<int>())) {
        case JournalOperation::CreateStudy:
            return createStudy(record);
        case JournalOperation::DeleteStudy:
            m_studies.erase(json.at("study_id").get<int>());
            return;
        case JournalOperation::SetStudyUser:
            if (Study* own = study(record)) addAttributes(own->user, json.at("user_attr"));
            return;
        case JournalOperation::SetStudySystem:
            if (Study* own = study(record)) addAttributes(own->system, json.at("system_attr"));
            return;
        case JournalOperation::CreateTrial:
            return createTrial(record);
        case JournalOperation::SetParameter:
            return setParameter(record);
        case JournalOperation::SetState:
            return setState(record);
        case JournalOperation::SetIntermediate:
            if (Trial* own = updatable(record))
                own->intermediate[json.at("step").get<std::int64_t>()] = numberOf(json.at("intermediate_value"));
            return;
        case JournalOperation::SetTrialUser:
            if (Trial* own = updatable(record)) addAttributes(own->user, json.at("user_attr"));
            return;
        case JournalOperation::SetTrialSystem:
            if (Trial* own = updatable(record)) addAttributes(own->system, json.at("system_attr"));
            return;
        default: // of a newer program
            return;
        }
    } catch (const Json::exception& error) {
        throw Error(Error::Kind::CorruptData, error.what());
    }
}

void Journal::createStudy(const Record& record)
{
    Study study;
    study.name = record.json.at("study_name").get<std::string>();
    for (const Json& direction : record.json.at("directions"))
        study.directions.push_back(direction.get<int>() == 2 ? Direction::Maximize : Direction::Minimize);
    if (find(study.name) != nullptr) return;
    study.id = m_nextStudy++;
    m_studies.emplace(study.id, std::move(study));
}

void Journal::createTrial(const Record& record)
{
    const Json& json = record.json;
    Study* own = study(record);
    if (own == nullptr) return;
    Trial trial;
    trial.id = static_cast<int>(m_trials.size());
    trial.number = static_cast<int>(own->trials.size());
    trial.study = own->id;
    trial.started = textAt(json, "datetime_start");
    trial.completed = textAt(json, "datetime_complete");
    if (json.contains("state")) trial.state = stateOf(json["state"]);
    if (json.contains("value") && !json["value"].is_null()) trial.values = {numberOf(json["value"])};
    if (json.contains("values") && !json["values"].is_null()) trial.values = numbersOf(json["values"]);
    if (json.contains("params")) {
        for (const auto& [name, value] : json["params"].items()) {
            Parameter parameter{distribution(json.at("distributions").at(name).get<std::string>()), numberOf(value)};
            m_first[own->id].try_emplace(name, trial.id, parameter.distribution);
            trial.parameters.emplace(name, std::move(parameter));
        }
    }
    if (json.contains("intermediate_values")) {
        for (const auto& [step, value] : json["intermediate_values"].items()) {
            const auto number = parseInteger(step);
            if (!number)
                throw Error(Error::Kind::CorruptData,
                            "intermediate_values: found the step " + step + ", expected a whole number");
            trial.intermediate[*number] = numberOf(value);
        }
    }
    if (json.contains("user_attrs")) addAttributes(trial.user, json["user_attrs"]);
    if (json.contains("system_attrs")) addAttributes(trial.system, json["system_attrs"]);
    m_created[record.worker] = trial.id;
    if (trial.state == TrialState::Running) m_claimed[record.worker] = trial.id;
    own->trials.push_back(trial.id);
    m_trials.push_back(std::move(trial));
}

void Journal::setParameter(const Record& record)
{
    Trial* own = updatable(record);
    if (own == nullptr) return;
    const std::string name = record.json.at("param_name").get<std::string>();
    Parameter parameter{distribution(record.json.at("distribution").get<std::string>()),
                        numberOf(record.json.at("param_value_internal"))};
    const auto [first, isNew] = m_first[own->study].try_emplace(name, own->id, parameter.distribution);
    if (!isNew) {
        auto& [trial, known] = first->second;
        if (known != parameter.distribution && !compatible(*known, *parameter.distribution)) return;
        if (own->id <= trial) first->second = {own->id, parameter.distribution};
    }
    own->parameters.insert_or_assign(name, std::move(parameter));
}

void Journal::setState(const Record& record)
{
    const Json& json = record.json;
    Trial* own = updatable(record);
    if (own == nullptr) return;
    const TrialState state = stateOf(json.at("state"));
    if (state == TrialState::Running) {
        if (own->state == TrialState::Running) return; // someone was first
        own->started = textAt(json, "datetime_start");
        m_claimed[record.worker] = own->id;
    }
    if (isFinished(state)) own->completed = textAt(json, "datetime_complete");
    own->state = state;
    if (const Json& values = json.at("values"); !values.is_null()) own->values = numbersOf(values);
}

Study* Journal::study(const Record& record)
{
    const auto found = m_studies.find(record.json.at("study_id").get<int>());
    return found == m_studies.end() ? nullptr : &found->second;
}

Trial* Journal::updatable(const Record& record)
{
    const auto id = record.json.at("trial_id").get<std::int64_t>();
    if (id < 0 || id >= static_cast<std::int64_t>(m_trials.size())) return nullptr;
    Trial& trial = m_trials[static_cast<std::size_t>(id)];
    return isFinished(trial.state) ? nullptr : &trial;
}

std::shared_ptr<const Distribution> Journal::distribution(const std::string& text)
{
    std::shared_ptr<const Distribution>& known = m_distributions[text];
    if (!known) known = std::make_shared<const Distribution>(distributionOf(text));
    return known;
}

} // namespace latentoscope
