#include "ui/session/DataLoader.h"

#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "ui/common/Background.h"

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

DataLoader::~DataLoader() { finishBackground(*this); }

void DataLoader::load(const std::filesystem::path& folder)
{
    const quint64 generation = ++m_generation;
    ++m_running;
    inBackground(
        this, [folder] { return readFolder(folder); },
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
