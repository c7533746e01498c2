#include "ui/main/ProjectionLink.h"

#include "core/base/Machine.h"
#include "core/base/Niceness.h"
#include "core/base/WorkerPool.h"
#include "core/data/Selection.h"
#include "core/models/ComputeThread.h"
#include "core/models/FrozenModel.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/ProbeLink.h"

#include <QComboBox>
#include <QtConcurrentRun>

#include <algorithm>
#include <array>

namespace latentoscope::ui {
namespace {

/// As a training's: whoever looks and clicks comes first.
constexpr int kNiceness = 3;
constexpr int kFewestForWaysBack = 40;
constexpr int kFrameMs = 16; ///< between two frames of a picture that forms

std::string componentTitle(int component, double share)
{
    return QStringLiteral("PC %1 (%2 %)").arg(component).arg(100 * share, 0, 'f', 1).toStdString();
}

} // namespace

ProjectionLink::Linear ProjectionLink::linearPicture(const LatentCodes& codes)
{
    try {
        const Points points{codes.dimension, codes.values};
        requireFinite(points, "the codes");
        WorkerPool pool(1, [] {});
        auto pca = principalComponents(points, 2, pool);
        const std::vector<double> shares = pca->explained();
        ScatterPicture picture;
        picture.name = "PCA";
        picture.xTitle = componentTitle(1, shares[0]);
        picture.yTitle = componentTitle(2, shares[1]);
        picture.places = std::make_shared<const Points>(pca->project(points));
        picture.map = mapOfPca(std::move(*pca));
        return {std::move(picture), {}};
    } catch (const std::exception& error) {
        return {std::nullopt, QString::fromUtf8(error.what())};
    }
}

ProjectionLink::ProjectionLink(ScatterView& scatter, ProbeLink& probe, QObject* parent)
    : QObject(parent), m_scatter(scatter), m_probe(probe), m_method(new QComboBox(&scatter)), m_bar(new ProjectionBar(&scatter))
{
    m_method->setObjectName(QStringLiteral("scatterMethod"));
    m_method->setAccessibleName(QStringLiteral("What the map shows"));
    m_method->setToolTip(
        QStringLiteral("The codes themselves, in two of their dimensions; or their principal components, t-SNE or UMAP"));
    m_method->addItem(QStringLiteral("Codes"));
    m_method->addItem(QStringLiteral("PCA"));
    m_method->addItem(QStringLiteral("t-SNE"));
    m_method->addItem(QStringLiteral("UMAP"));
    m_scatter.addFirstTool(m_method);
    m_scatter.setStrip(m_bar);
    m_bar->hide();
    m_frame.setSingleShot(true);
    connect(&m_frame, &QTimer::timeout, this, &ProjectionLink::showNews);
    connect(m_method, &QComboBox::currentIndexChanged, this, &ProjectionLink::methodChosen);
    connect(m_bar, &ProjectionBar::startRequested, this, &ProjectionLink::start);
    connect(m_bar, &ProjectionBar::changeRequested, this, [this] {
        m_waysBack.forget(); // it is of a picture that moves on
        if (m_interrupted) *m_interrupted = true;
        if (m_running) m_running->change(m_bar->settings());
    });
    connect(m_bar, &ProjectionBar::pauseRequested, this, [this] {
        if (m_running) m_running->pause();
    });
    connect(m_bar, &ProjectionBar::resumeRequested, this, [this] {
        if (m_running) m_running->resume();
    });
    connect(m_bar, &ProjectionBar::stopRequested, this, &ProjectionLink::stop);
}

ProjectionLink::~ProjectionLink()
{
    if (m_interrupted) *m_interrupted = true;
}

ProjectionMethod ProjectionLink::method() const { return static_cast<ProjectionMethod>(m_method->currentIndex()); }

bool ProjectionLink::forms() const { return method() == ProjectionMethod::Tsne || method() == ProjectionMethod::Umap; }

void ProjectionLink::setMethod(ProjectionMethod method) { m_method->setCurrentIndex(static_cast<int>(method)); }

int ProjectionLink::threads() const { return m_threads > 0 ? m_threads : processorsAllowed(); }

bool ProjectionLink::idle() const
{
    const bool running = m_news && m_news->state == ProjectionState::Running;
    return !running && m_linear.idle() && m_encoding.idle() && m_waysBack.idle();
}

void ProjectionLink::drop()
{
    if (m_interrupted) *m_interrupted = true;
    m_encoding.forget();
    m_linear.forget();
    m_waysBack.forget();
    m_frame.stop();
    if (m_running) {
        // It ends after the present stage or step, which may take longer than a person should wait.
        m_running->stop();
        m_endings.addFuture(QtConcurrent::run([old = m_running.release()] { delete old; }));
    }
    m_news.reset();
    m_points.reset();
    m_places.reset();
    m_keeping = false;
    m_bar->setNews(std::nullopt);
}

void ProjectionLink::setRun(const ShownRun& run)
{
    drop();
    m_run = run;
    m_live.reset();
    m_scatter.setPicture(std::nullopt);
    updateBar();
}

void ProjectionLink::setModelSource(Replay::ModelSource source)
{
    m_source = std::move(source);
    updateBar();
}

void ProjectionLink::updateBar()
{
    const int all = m_run.data && m_source ? m_run.data->train.count() + m_run.data->test.count() : 0;
    m_bar->setCounts(m_live ? m_live->count() : 0, all);
    m_bar->setVisible(forms() && m_live && m_live->dimension > 1);
}

void ProjectionLink::show(const Shown& shown)
{
    m_scatter.setImages(m_run.data, shown.items);
    m_scatter.setCodes(shown.codes);
    m_probe.setCodes(shown.codes, shown.items);
}

void ProjectionLink::setCodes(const std::shared_ptr<const LatentCodes>& codes)
{
    m_live = codes;
    updateBar();
    if (!codes) drop();
    if (m_keeping) return;
    show({codes, m_run.items, {}});
    if (method() == ProjectionMethod::Pca) projectLinearly();
}

void ProjectionLink::methodChosen()
{
    drop();
    m_scatter.setPicture(std::nullopt);
    show({m_live, m_run.items, {}});
    m_bar->setMethod(method() == ProjectionMethod::Umap ? FormingMethod::Umap : FormingMethod::Tsne);
    updateBar();
    if (method() == ProjectionMethod::Pca) projectLinearly();
}

void ProjectionLink::projectLinearly()
{
    if (!m_live || m_live->dimension < 2 || m_live->count() == 0) return;
    m_linear.ask([codes = m_live] { return linearPicture(*codes); },
                 [this](const Linear& linear) {
                     m_scatter.setPicture(linear.picture);
                     if (!linear.sentence.isEmpty()) Q_EMIT messageRaised(linear.sentence);
                 });
}

void ProjectionLink::start()
{
    if (!m_live || m_live->dimension < 2) return;
    drop();
    if (m_bar->codes() == ProjectedCodes::All)
        encodeAll();
    else
        begin({m_live, m_run.items, {}});
}

void ProjectionLink::encodeAll()
{
    m_bar->setBusy(QStringLiteral("Encoding all images"));
    m_interrupted = std::make_shared<std::atomic<bool>>(false);
    m_encoding.ask(
        [source = m_source, run = m_run, epoch = m_live->epoch, threads = threads(), interrupted = m_interrupted]() -> Shown {
            try {
                const auto model = source();
                if (!model) return {};
                ItemSelection items = wholeSplit(divide(run.data, run.configuration.data), "all");
                WorkerPool pool(threads, [] { giveWay(kNiceness); });
                auto codes = encodeItems(
                    *model, *run.data, items, epoch, [&] { return interrupted->load(); },
                    [&](int pieces, const std::function<void(int)>& work) {
                        pool.run(pieces, [&](int, int piece) { work(piece); });
                    });
                return {std::move(codes), std::move(items), {}};
            } catch (const std::exception& error) {
                return {nullptr, {}, QString::fromUtf8(error.what())};
            }
        },
        [this](const Shown& shown) {
            if (shown.codes) return begin(shown);
            m_bar->setNews(std::nullopt);
            if (!shown.sentence.isEmpty()) Q_EMIT messageRaised(shown.sentence);
        });
}

void ProjectionLink::begin(const Shown& shown)
{
    m_keeping = true;
    show(shown);
    m_points = std::make_shared<const Points>(Points{shown.codes->dimension, shown.codes->values});
    ProjectionSetup setup;
    setup.points = m_points;
    setup.labels = shown.codes->labels;
    setup.settings = m_bar->settings();
    setup.threads = threads();
    setup.niceness = kNiceness;
    m_news.emplace();
    m_news->stage = "Neighbours";
    m_bar->setNews(m_news);
    m_running = std::make_unique<RunningProjection>(std::move(setup), [this] {
        QMetaObject::invokeMethod(
            this, [this] { wake(); }, Qt::QueuedConnection);
    });
}

void ProjectionLink::stop()
{
    if (m_running) m_running->stop();
    if (m_interrupted) *m_interrupted = true;
}

void ProjectionLink::wake()
{
    if (m_frame.isActive()) return;
    const qint64 since = m_sinceFrame.isValid() ? m_sinceFrame.elapsed() : kFrameMs;
    m_frame.start(static_cast<int>(std::max<qint64>(0, kFrameMs - since)));
}

void ProjectionLink::showNews()
{
    if (!m_running) return;
    m_sinceFrame.start();
    Q_EMIT frameBegins();
    const bool wasFinished = m_news && m_news->state == ProjectionState::Finished;
    m_news = m_running->take();
    m_bar->setNews(m_news);
    if (m_news->state == ProjectionState::Failed) Q_EMIT messageRaised(QString::fromStdString(m_news->message));
    if (m_news->places && m_news->places != m_places) {
        m_places = m_news->places;
        showPicture(mapOfNeighbours(m_points, m_places));
    }
    if (m_news->state == ProjectionState::Finished && !wasFinished) chooseWayBack();
}

void ProjectionLink::showPicture(std::shared_ptr<const PlaneMap> map)
{
    const std::string name = m_method->currentText().toStdString();
    m_scatter.setPicture(
        ScatterPicture{name, name + " 1", name + " 2", m_bar->startedWords().toStdString(), m_places, std::move(map)});
}

void ProjectionLink::chooseWayBack()
{
    if (m_points->count() < kFewestForWaysBack) return;
    if (m_interrupted) *m_interrupted = true;
    m_interrupted = std::make_shared<std::atomic<bool>>(false);
    m_waysBack.ask(
        [codes = m_points, places = m_places, source = m_source, interrupted = m_interrupted]() -> std::optional<WaysBack> {
            try {
                const auto model = source ? source() : nullptr;
                const bool fits = model && model->latentDimension() == codes->dimension;
                return compareWaysBack(codes, places, fits ? model.get() : nullptr, 0,
                                       [interrupted](double) { return !interrupted->load(); });
            } catch (const std::exception&) {
                return std::nullopt; // the nearest points' way is there
            }
        },
        [this, places = m_places](const std::optional<WaysBack>& ways) {
            if (ways && ways->networkIsBetter && places == m_places) showPicture(ways->better);
        });
}

} // namespace latentoscope::ui
