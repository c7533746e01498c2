#include "ui/session/RunLoader.h"

#include "core/base/Digest.h"
#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/sources/LoadData.h"
#include "core/training/Snapshot.h"
#include "ui/common/Background.h"

#include <QCoreApplication>
#include <QFutureWatcher>
#include <QPromise>
#include <QThread>
#include <QtConcurrentRun>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kShownCodes = 10'000;
constexpr int kShownReconstructions = 64;
constexpr int kProgressSteps = 1000;

struct Outcome {
    std::shared_ptr<const OpenedRun> run;
    QString sentence;
};

/// The run's own data where they can be had, else the window's where the images have the same size.
void findData(OpenedRun& run, const std::shared_ptr<const DataSet>& current)
{
    const RunRecord& record = run.record;
    if (current && current->digest == record.dataDigest) {
        run.data = current;
        return;
    }
    QString reason;
    try {
        run.data = loadData(record.dataFolder, record.configuration.data, std::max(1, QThread::idealThreadCount() - 1));
    } catch (const Error& error) {
        reason = QString::fromUtf8(error.what());
    }
    const auto fits = [&](const std::shared_ptr<const DataSet>& data) { return data && data->train.shape == record.shape; };
    if (run.data && run.data->digest == record.dataDigest) return;
    if (run.data && !fits(run.data)) {
        const ImageShape& found = run.data->train.shape;
        reason = QCoreApplication::translate("RunLoader", "%1 holds images of %2 × %3 × %4 now, expected %5 × %6 × %7.")
                     .arg(QString::fromStdString(record.dataFolder))
                     .arg(found.height)
                     .arg(found.width)
                     .arg(found.channels)
                     .arg(record.shape.height)
                     .arg(record.shape.width)
                     .arg(record.shape.channels);
    }
    if (!fits(run.data)) run.data = fits(current) ? current : nullptr;
    const QString trained = QString::fromStdString(record.dataName);
    if (run.data) {
        run.warning = QCoreApplication::translate("RunLoader", "This run was trained on %1, but it is shown on other data: %2.")
                          .arg(trained, QString::fromStdString(run.data->name));
    } else {
        run.warning = QCoreApplication::translate(
                          "RunLoader", "The data this run was trained on (%1) cannot be read, so only its curves are shown. %2")
                          .arg(trained, reason);
    }
}

/// Whether Train could begin with its encoder again.
bool encoderIsThere(const RunRecord& record)
{
    if (record.encoderFolder.empty()) return false;
    try {
        const RunRecord run = readRun(record.encoderFolder);
        const auto model = readModel(record.encoderFolder, run.configuration.model, run.shape);
        return record.encoderDigest.empty() || weightsDigest(model->weights()) == record.encoderDigest;
    } catch (const Error&) {
        return false;
    }
}

void look(OpenedRun& run, QPromise<Outcome>& promise, const std::stop_token& cancelled)
{
    const std::filesystem::path weights = run.folder / "model.safetensors";
    if (!run.data) return;
    if (!std::filesystem::exists(weights)) {
        run.warning =
            QCoreApplication::translate("RunLoader", "This run has no saved weights yet, so only its curves are shown.");
        return;
    }
    const Configuration& configuration = run.record.configuration;
    auto model = readModel(weights, configuration.model, run.record.shape);
    auto picture = std::make_shared<EpochPicture>();
    picture->epoch = run.epochs.empty() ? 0 : run.epochs.back().epoch;
    picture->model = model;
    const DividedData divided = divide(run.data, configuration.data);
    run.shown = heldOutItems(divided, kShownCodes);
    if (model->decodes()) {
        const ItemSelection showcase = showcaseItems(divided, kShownReconstructions);
        picture->reconstructions = reconstructItems(*model, *run.data, showcase, picture->epoch);
    }
    picture->codes = encodeItems(*model, *run.data, run.shown, picture->epoch, [&](double done) {
        promise.setProgressValue(static_cast<int>(kProgressSteps * done));
        return !cancelled.stop_requested();
    });
    if (picture->codes) run.picture = std::move(picture);
}

void openFolder(QPromise<Outcome>& promise, const std::filesystem::path& folder, const std::shared_ptr<const DataSet>& current,
                const std::stop_token& cancelled)
{
    promise.setProgressRange(0, kProgressSteps);
    try {
        auto run = std::make_shared<OpenedRun>();
        run->folder = folder;
        run->record = readRun(folder);
        run->steps = readSteps(folder);
        run->epochs = readMetrics(folder);
        run->encoderIsThere = encoderIsThere(run->record);
        findData(*run, current);
        look(*run, promise, cancelled);
        promise.addResult(Outcome{std::move(run), {}});
    } catch (const std::exception& error) {
        promise.addResult(Outcome{nullptr, QString::fromUtf8(error.what())});
    }
}

} // namespace

RunLoader::~RunLoader()
{
    cancel();
    finishBackground(*this);
}

void RunLoader::cancel()
{
    if (m_cancel) m_cancel->request_stop();
    m_cancel.reset();
}

void RunLoader::open(const std::filesystem::path& folder, std::shared_ptr<const DataSet> current)
{
    cancel();
    m_cancel.emplace();
    auto* watcher = new QFutureWatcher<Outcome>(this);
    connect(watcher, &QFutureWatcherBase::progressValueChanged, this, [this, own = m_cancel](int value) {
        if (own == m_cancel) Q_EMIT progressChanged(static_cast<double>(value) / kProgressSteps);
    });
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, own = m_cancel] {
        watcher->deleteLater();
        if (own != m_cancel) return;
        m_cancel.reset();
        const Outcome outcome = watcher->result();
        if (outcome.run)
            Q_EMIT opened(outcome.run);
        else
            Q_EMIT failed(outcome.sentence);
    });
    watcher->setFuture(QtConcurrent::run(openFolder, folder, std::move(current), m_cancel->get_token()));
}

} // namespace latentoscope::ui
