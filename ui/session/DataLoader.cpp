#include "ui/session/DataLoader.h"

#include "core/base/Error.h"

#include <QFutureWatcher>
#include <QtConcurrentRun>

namespace latentoscope::ui {
namespace {

struct Outcome {
    std::shared_ptr<const DataSet> data;
    QString sentence;
    bool missing = false;
};

Outcome readFolder(const std::filesystem::path& folder)
{
    try {
        return {loadDataSet(folder), {}, false};
    } catch (const Error& error) {
        return {nullptr, QString::fromUtf8(error.what()), error.kind() == Error::Kind::NotFound};
    } catch (const std::exception& error) {
        return {nullptr, QString::fromUtf8(error.what()), false};
    }
}

} // namespace

DataLoader::~DataLoader()
{
    for (auto* watcher : findChildren<QFutureWatcherBase*>()) watcher->waitForFinished();
}

void DataLoader::load(const std::filesystem::path& folder)
{
    const quint64 generation = ++m_generation;
    ++m_running;
    auto* watcher = new QFutureWatcher<Outcome>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation] {
        --m_running;
        watcher->deleteLater();
        if (generation != m_generation) return;
        const Outcome outcome = watcher->result();
        if (outcome.data)
            Q_EMIT loaded(outcome.data);
        else
            Q_EMIT failed(outcome.sentence, outcome.missing);
    });
    watcher->setFuture(QtConcurrent::run(readFolder, folder));
}

} // namespace latentoscope::ui
