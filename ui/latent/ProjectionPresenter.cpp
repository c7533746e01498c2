#include "ui/latent/ProjectionPresenter.h"

#include "core/base/Machine.h"
#include "core/base/Niceness.h"
#include "core/base/WorkerPool.h"
#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/latent/Codes.h"
#include "core/models/ComputeThread.h"
#include "core/models/FrozenModel.h"
#include "core/values/LatentCodes.h"
#include "ui/latent/ProbePresenter.h"
#include "ui/latent/ScatterView.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QtConcurrentRun>

#include <algorithm>
#include <cmath>
#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kFewestForWaysBack = 40;
constexpr int kFrameMs = 16; ///< between two frames of a picture that forms

std::string componentTitle(int component, double share)
{
    return QCoreApplication::translate("ProjectionPresenter", "PC %1 (%2 %)")
        .arg(component)
        .arg(100 * share, 0, 'f', 1)
        .toStdString();
}

} // namespace

ProjectionPresenter::Linear ProjectionPresenter::linearPicture(const LatentCodes& codes)
{
    try {
        const Points points{codes.dimension, codes.values};
        requireFinite(points, tr("the codes").toStdString());
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

ProjectionPresenter::ProjectionPresenter(ScatterView& scatter, ProbePresenter& probe, QObject* parent)
    : QObject(parent),
      m_scatter(scatter),
      m_probe(probe),
      m_method(new QComboBox(&scatter)),
      m_bar(new ProjectionBar(&scatter)),
      m_frame(kFrameMs)
{
    m_method->setObjectName(QStringLiteral("scatterMethod"));
    m_method->setAccessibleName(tr("What the map shows"));
    m_method->setToolTip(tr("Show two latent dimensions, or a PCA, t-SNE or UMAP embedding of the codes"));
    m_method->addItem(tr("Codes"));
    m_method->addItem(QStringLiteral("PCA"));
    m_method->addItem(QStringLiteral("t-SNE"));
    m_method->addItem(QStringLiteral("UMAP"));
    m_scatter.addFirstTool(m_method);
    m_scatter.setStrip(m_bar);
    m_bar->hide();
    connect(&m_frame, &Wakeup::due, this, &ProjectionPresenter::showNews);
    connect(m_method, &QComboBox::currentIndexChanged, this, &ProjectionPresenter::methodChosen);
    connect(m_bar, &ProjectionBar::startRequested, this, &ProjectionPresenter::start);
    connect(m_bar, &ProjectionBar::changeRequested, this, [this] {
        m_waysBack.forget(); // it is of a picture that moves on
        m_stop.request_stop();
        if (!m_formed || !m_formed->running) return;
        m_formed->words = m_bar->startedWords().toStdString();
        m_formed->running->change(m_bar->settings());
    });
    connect(m_bar, &ProjectionBar::pauseRequested, this, [this] {
        if (m_formed && m_formed->running) m_formed->running->pause();
    });
    connect(m_bar, &ProjectionBar::resumeRequested, this, [this] {
        if (m_formed && m_formed->running) m_formed->running->resume();
    });
    connect(m_bar, &ProjectionBar::stopRequested, this, &ProjectionPresenter::stop);
}

ProjectionPresenter::~ProjectionPresenter()
{
    m_stop.request_stop();
    m_kept.clear();
    m_formed.reset(); // before all else of this object: its threads call m_frame
}

const std::optional<ProjectionNews>& ProjectionPresenter::news() const
{
    static const std::optional<ProjectionNews> kNone;
    return m_formed ? m_formed->news : kNone;
}

std::shared_ptr<const FrozenModel> ProjectionPresenter::heldModel() const { return m_formed ? m_formed->shown.model : nullptr; }

std::shared_ptr<const LatentCodes> ProjectionPresenter::heldCodes() const { return m_formed ? m_formed->shown.codes : nullptr; }

ProjectionMethod ProjectionPresenter::method() const { return static_cast<ProjectionMethod>(m_method->currentIndex()); }

bool ProjectionPresenter::forms() const { return method() == ProjectionMethod::Tsne || method() == ProjectionMethod::Umap; }

void ProjectionPresenter::setMethod(ProjectionMethod method) { m_method->setCurrentIndex(static_cast<int>(method)); }

int ProjectionPresenter::threads() const { return m_threads > 0 ? m_threads : processorsAllowed(); }

bool ProjectionPresenter::idle() const
{
    const bool running = news() && news()->state == ProjectionState::Running;
    return !running && m_linear.idle() && m_encoding.idle() && m_waysBack.idle();
}

void ProjectionPresenter::end(const std::shared_ptr<Formed>& formed)
{
    if (!formed->running) return;
    // It ends after the present stage or step, which may take longer than a person should wait.
    formed->running->stop();
    formed->running->channel().setWake(nullptr);
    m_endings.addFuture(QtConcurrent::run([old = formed->running.release()] { delete old; }));
}

void ProjectionPresenter::leave()
{
    m_stop.request_stop();
    m_encoding.forget();
    m_linear.forget();
    m_waysBack.forget();
    m_frame.cancel();
    m_bar->setNews(std::nullopt);
    if (!m_formed) return;
    const std::shared_ptr<Formed> formed = std::exchange(m_formed, nullptr);
    if (formed->places) {
        formed->resumes = formed->news && formed->news->state == ProjectionState::Running;
        if (formed->resumes) formed->running->pause();
        m_kept.push_back(formed);
        if (m_kept.size() > kMostKept) {
            end(m_kept.front());
            m_kept.erase(m_kept.begin());
        }
    } else {
        end(formed); // there was nothing to see yet
    }
    Q_EMIT heldChanged();
}

void ProjectionPresenter::drop()
{
    const std::shared_ptr<Formed> formed = m_formed;
    leave();
    if (!formed) return;
    std::erase(m_kept, formed);
    end(formed);
}

std::shared_ptr<ProjectionPresenter::Formed> ProjectionPresenter::kept(double epoch, bool any) const
{
    std::shared_ptr<Formed> found;
    for (const std::shared_ptr<Formed>& formed : m_kept) {
        if (formed->run != m_run.folder || formed->created != m_run.created || formed->method != method()) continue;
        const bool same = formed->shown.codes->epoch == epoch;
        if (same || (any && (!found || found->shown.codes->epoch != epoch))) found = formed;
    }
    return found;
}

void ProjectionPresenter::enter(const std::shared_ptr<Formed>& formed)
{
    std::erase(m_kept, formed);
    m_formed = formed;
    show(formed->shown);
    m_bar->setNews(formed->news);
    m_bar->setStarted(formed->shown.items.split == "all" ? ProjectedCodes::All : ProjectedCodes::Shown);
    if (formed->map) showPicture(formed->map);
    Q_EMIT heldChanged();
    sayEpoch();
    if (std::exchange(formed->resumes, false) && formed->running) formed->running->resume();
    m_frame.call(); // what it had to tell while nobody looked
}

/// Where the run is looked at in another epoch than the picture is of, the bar says so.
void ProjectionPresenter::sayEpoch()
{
    if (!m_formed || !m_live || m_live->epoch == m_formed->shown.codes->epoch) return m_bar->setOtherEpoch({});
    const double epoch = m_live->epoch;
    const bool whole = epoch == std::floor(epoch);
    m_bar->setOtherEpoch(whole ? tr("Again for epoch %1").arg(epoch) : tr("Again for now"));
}

void ProjectionPresenter::setRun(const ShownRun& run)
{
    leave();
    m_run = run;
    m_live.reset();
    m_scatter.setPicture(std::nullopt);
    updateBar();
}

void ProjectionPresenter::setModelSource(Replay::ModelSource source)
{
    m_source = std::move(source);
    updateBar();
}

void ProjectionPresenter::updateBar()
{
    const int all = m_run.data && m_source ? m_run.data->train.count() + m_run.data->test.count() : 0;
    m_bar->setCounts(m_live ? m_live->count() : 0, all);
    m_bar->setVisible(forms() && m_live && m_live->dimension > 1);
}

void ProjectionPresenter::show(const Shown& shown)
{
    m_scatter.setImages(m_run.data, shown.items);
    m_scatter.setCodes(shown.codes);
    m_probe.setCodes(shown.codes, shown.items);
}

void ProjectionPresenter::setCodes(const std::shared_ptr<const LatentCodes>& codes)
{
    const bool first = !m_live;
    m_live = codes;
    updateBar();
    if (!codes) leave();
    // Another epoch's own picture, where there is one; with a run's first codes the one made last.
    if (const auto other = codes && forms() ? kept(codes->epoch, first && !m_formed) : nullptr) {
        leave();
        return enter(other);
    }
    if (m_formed) return sayEpoch();
    show({codes, m_run.items, {}});
    if (method() == ProjectionMethod::Pca) projectLinearly();
}

void ProjectionPresenter::methodChosen()
{
    leave();
    m_scatter.setPicture(std::nullopt);
    m_bar->setMethod(method() == ProjectionMethod::Umap ? FormingMethod::Umap : FormingMethod::Tsne);
    updateBar();
    if (const auto before = m_live && forms() ? kept(m_live->epoch, true) : nullptr) return enter(before);
    show({m_live, m_run.items, {}});
    sayEpoch();
    if (method() == ProjectionMethod::Pca) projectLinearly();
}

void ProjectionPresenter::projectLinearly()
{
    if (!m_live || m_live->dimension < 2 || m_live->count() == 0) return;
    m_linear.ask([codes = m_live] { return linearPicture(*codes); },
                 [this](const Linear& linear) {
                     m_scatter.setPicture(linear.picture);
                     if (!linear.sentence.isEmpty()) Q_EMIT messageRaised(linear.sentence);
                 });
}

void ProjectionPresenter::start()
{
    if (!m_live || m_live->dimension < 2) return;
    // Of the same epoch it takes the older one's place; another's is kept.
    if (m_formed && m_formed->shown.codes->epoch == m_live->epoch)
        drop();
    else
        leave();
    if (m_bar->codes() == ProjectedCodes::All || m_moving)
        encode(m_bar->codes());
    else
        begin({m_live, m_run.items, {}, m_source ? m_source() : nullptr});
}

void ProjectionPresenter::encode(ProjectedCodes which)
{
    m_bar->setBusy(which == ProjectedCodes::All ? tr("Encoding all images") : tr("Encoding"));
    m_stop = std::stop_source();
    m_encoding.ask(
        [which, source = m_source, run = m_run, epoch = m_live->epoch, threads = threads(),
         stop = m_stop.get_token()]() -> Shown {
            try {
                const auto model = source();
                if (!model) return {};
                ItemSelection items =
                    which == ProjectedCodes::All ? wholeSplit(divide(run.data, run.configuration.data), "all") : run.items;
                WorkerPool pool(threads, [] { giveWay(kBackgroundNiceness); });
                auto codes = encodeItems(*model, *run.data, items, epoch, untilStopped(stop), runOn(pool));
                return {std::move(codes), std::move(items), {}, model};
            } catch (const std::exception& error) {
                return {nullptr, {}, QString::fromUtf8(error.what()), nullptr};
            }
        },
        [this](const Shown& shown) {
            if (shown.codes) return begin(shown);
            m_bar->setNews(std::nullopt);
            if (!shown.sentence.isEmpty()) Q_EMIT messageRaised(shown.sentence);
        });
}

void ProjectionPresenter::begin(const Shown& shown)
{
    m_formed = std::make_shared<Formed>();
    m_formed->run = m_run.folder;
    m_formed->created = m_run.created;
    m_formed->method = method();
    m_formed->shown = shown;
    m_formed->words = m_bar->startedWords().toStdString();
    m_formed->points = std::make_shared<const Points>(Points{shown.codes->dimension, shown.codes->values});
    show(shown);
    ProjectionSetup setup;
    setup.points = m_formed->points;
    setup.labels = shown.codes->labels;
    setup.settings = m_bar->settings();
    setup.threads = threads();
    setup.niceness = kBackgroundNiceness;
    m_formed->news.emplace();
    m_formed->news->stage = kFirstStage;
    m_bar->setNews(m_formed->news);
    m_formed->running = std::make_unique<RunningProjection>(std::move(setup));
    m_formed->running->channel().setWake(m_frame.caller());
    sayEpoch();
    Q_EMIT heldChanged();
}

void ProjectionPresenter::stop()
{
    if (m_formed && m_formed->running) m_formed->running->stop();
    m_stop.request_stop();
}

void ProjectionPresenter::showNews()
{
    if (!m_formed || !m_formed->running) return;
    Q_EMIT frameBegins();
    std::optional<ProjectionNews>& news = m_formed->news;
    const bool wasFinished = news && news->state == ProjectionState::Finished;
    news = m_formed->running->channel().take();
    m_bar->setNews(news);
    if (news->state == ProjectionState::Failed) Q_EMIT messageRaised(QString::fromStdString(news->message));
    if (news->places && news->places != m_formed->places) {
        m_formed->places = news->places;
        showPicture(mapOfNeighbours(m_formed->points, m_formed->places));
    }
    if (news->state == ProjectionState::Finished && !wasFinished) chooseWayBack();
}

void ProjectionPresenter::showPicture(std::shared_ptr<const PlaneMap> map)
{
    const std::string name = m_method->currentText().toStdString();
    m_formed->map = std::move(map);
    m_scatter.setPicture(ScatterPicture{name, name + " 1", name + " 2", m_formed->words, m_formed->places, m_formed->map});
}

void ProjectionPresenter::chooseWayBack()
{
    if (m_formed->points->count() < kFewestForWaysBack) return;
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_waysBack.ask(
        [codes = m_formed->points, places = m_formed->places, model = m_formed->shown.model,
         stop = m_stop.get_token()]() -> std::optional<WaysBack> {
            try {
                const bool fits = model && model->latentDimension() == codes->dimension;
                return compareWaysBack(codes, places, fits ? model.get() : nullptr, 0, untilStopped(stop));
            } catch (const std::exception&) {
                return std::nullopt; // the nearest points' way is there
            }
        },
        [this, places = m_formed->places](const std::optional<WaysBack>& ways) {
            if (ways && ways->networkIsBetter && m_formed && places == m_formed->places) showPicture(ways->better);
        });
}

} // namespace latentoscope::ui
