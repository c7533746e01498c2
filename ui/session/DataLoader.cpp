#include "ui/session/DataLoader.h"

#include "core/base/Error.h"
#include "core/base/Machine.h"
#include "core/data/DataSet.h"
#include "core/sources/LoadData.h"
#include "ui/common/Background.h"

namespace latentoscope::ui {
namespace {

struct Outcome {
    std::shared_ptr<const DataSet> data;
    QString sentence;
    bool missing = false;
};

Outcome readFolder(const std::filesystem::path& folder, const DataOptions& options, const std::stop_token& stop)
{
    try {
        return {loadData(folder, options, processorsAllowed(), untilStopped(stop)), {}, false};
    } catch (const Error& error) {
        return {nullptr, QString::fromUtf8(error.what()), error.kind() == Error::Kind::NotFound};
    } catch (const std::exception& error) {
        return {nullptr, QString::fromUtf8(error.what()), false};
    }
}

} // namespace

DataLoader::~DataLoader()
{
    m_stop.request_stop();
    finishBackground(*this);
}

void DataLoader::load(const std::filesystem::path& folder, const DataOptions& options)
{
    m_stop.request_stop(); // what was asked for before is not wanted any more
    m_stop = std::stop_source();
    m_options = options;
    const quint64 generation = ++m_generation;
    ++m_running;
    inBackground(
        this, [folder, options, stop = m_stop.get_token()] { return readFolder(folder, options, stop); },
        [this, generation](const Outcome& outcome) {
            --m_running;
            if (generation != m_generation) return;
            if (outcome.data)
                Q_EMIT loaded(outcome.data);
            else
                Q_EMIT failed(outcome.sentence, outcome.missing);
        });
}

} // namespace latentoscope::ui
