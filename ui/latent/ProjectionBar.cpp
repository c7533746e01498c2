#include "ui/latent/ProjectionBar.h"

#include "core/base/Text.h"
#include "ui/common/FlowLayout.h"
#include "ui/common/NumberBox.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr int kMostNeighbours = 500;
constexpr double kLargestPerplexity = 500; ///< each point needs three times as many neighbours, in memory too

template <class Box> Box* numberBox(const QString& name, const QString& prefix, const QString& words, QWidget* parent)
{
    auto* box = new Box(parent);
    box->setObjectName(name);
    box->setAccessibleName(prefix.trimmed());
    box->setToolTip(words);
    box->setPrefix(prefix);
    box->setKeyboardTracking(false);
    return box;
}

QPushButton* button(const QString& name, const QString& text, const QString& words, QWidget* parent)
{
    auto* made = new QPushButton(text, parent);
    made->setObjectName(name);
    made->setToolTip(words);
    return made;
}

QString number(double value, int decimals) { return QString::number(value, 'f', decimals); }

} // namespace

QString newsText(const ProjectionNews& news)
{
    const QString words = QString::fromStdString(news.stage);
    QString count =
        QCoreApplication::translate("ProjectionBar", "%1 of %2")
            .arg(QString::fromStdString(groupedText(news.iteration)), QString::fromStdString(groupedText(news.iterations)));
    switch (news.state) {
    case ProjectionState::Running:
        if (news.stage != "t-SNE" && news.stage != "UMAP")
            return QStringLiteral("%1 %2 %").arg(words).arg(std::lround(100 * news.done));
        if (news.secondsLeft)
            count += QCoreApplication::translate("ProjectionBar", ", %1 left")
                         .arg(QString::fromStdString(durationText(std::ceil(*news.secondsLeft))));
        return count;
    case ProjectionState::Paused:
        return news.places ? QCoreApplication::translate("ProjectionBar", "Paused at %1").arg(count)
                           : QCoreApplication::translate("ProjectionBar", "Paused");
    case ProjectionState::Stopped:
        return news.places ? QCoreApplication::translate("ProjectionBar", "Stopped at %1").arg(count)
                           : QCoreApplication::translate("ProjectionBar", "Stopped");
    case ProjectionState::Failed:
        return QCoreApplication::translate("ProjectionBar", "Failed");
    case ProjectionState::Finished:
        break;
    }
    if (news.alike) return QCoreApplication::translate("ProjectionBar", "All codes are the same: the network has collapsed");
    QString figures;
    if (news.klDivergence) figures = QCoreApplication::translate("ProjectionBar", "KL %1 · ").arg(number(*news.klDivergence, 3));
    if (news.quality) {
        figures += QCoreApplication::translate("ProjectionBar", "trust %1 · continuity %2")
                       .arg(number(news.quality->trustworthiness, 3), number(news.quality->continuity, 3));
        if (news.quality->labelAccuracy)
            figures += QCoreApplication::translate("ProjectionBar", " · %1-NN %2 %")
                           .arg(news.quality->neighbours)
                           .arg(number(100 * *news.quality->labelAccuracy, 1));
    }
    return figures;
}

ProjectionBar::ProjectionBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("projectionBar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 2);
    column->setSpacing(2);
    auto* tools = new QWidget(this);
    QSizePolicy flowing(QSizePolicy::Preferred, QSizePolicy::Minimum);
    flowing.setHeightForWidth(true);
    tools->setSizePolicy(flowing);
    auto* line = new FlowLayout(tools);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    m_codes = new QComboBox(this);
    m_codes->setObjectName(QStringLiteral("projectionCodes"));
    m_codes->setAccessibleName(tr("Codes"));
    m_codes->setToolTip(tr("Images to embed; all of them are encoded first"));
    m_perplexity = numberBox<NumberBox>(
        QStringLiteral("projectionPerplexity"), tr("Perplexity "),
        tr("Perplexity, roughly the number of neighbours: small values show fine structure, large ones coarse structure"), this);
    m_perplexity->setDecimals(0);
    m_perplexity->setSingleStep(5);
    m_exaggeration =
        numberBox<NumberBox>(QStringLiteral("projectionExaggeration"), tr("Exaggeration "),
                             tr("Late exaggeration, after the first 250 iterations: above 1, clusters become tighter"), this);
    m_exaggeration->setRange(1, 12);
    m_exaggeration->setDecimals(1);
    m_exaggeration->setSingleStep(0.5);
    m_neighbours = numberBox<CountBox>(
        QStringLiteral("projectionNeighbours"), tr("Neighbours "),
        tr("Neighbours of each point, itself included: few show fine structure, many coarse structure"), this);
    m_neighbours->setSingleStep(5);
    m_distance = numberBox<NumberBox>(QStringLiteral("projectionDistance"), tr("Min. distance "),
                                      tr("Minimum distance between points in the embedding"), this);
    m_distance->setRange(0, 1);
    m_distance->setDecimals(2);
    m_distance->setSingleStep(0.05);
    m_start = button(QStringLiteral("projectionStart"), tr("Start"), QString(), this);
    m_pause = button(QStringLiteral("projectionPause"), tr("Pause"), QString(), this);
    m_stop = button(QStringLiteral("projectionStop"), tr("Stop"), tr("Stop now and keep the current embedding"), this);
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("projectionProgress"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(60, 6);
    m_words = new QLabel(this);
    m_words->setObjectName(QStringLiteral("projectionWords"));
    m_words->setProperty("secondary", true);
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_codes, m_perplexity, m_exaggeration, m_neighbours, m_distance,
                                                           m_start, m_pause, m_stop})
        line->addWidget(widget);
    // A line of its own that is always there: the map does not jump when a picture begins to form.
    auto* news = new QHBoxLayout;
    news->setSpacing(8);
    news->addWidget(m_progress);
    news->addWidget(m_words, 1);
    column->addWidget(tools);
    column->addLayout(news);
    const FormingSettings defaults;
    m_perplexity->setRange(2, kLargestPerplexity);
    m_wantedPerplexity = defaults.perplexities.front();
    m_perplexity->setValue(m_wantedPerplexity);
    m_exaggeration->setValue(defaults.tsne.lateExaggeration);
    m_neighbours->setRange(3, kMostNeighbours);
    m_wantedNeighbours = defaults.umap.neighbours;
    m_neighbours->setValue(m_wantedNeighbours);
    m_distance->setValue(defaults.umap.minimumDistance);

    connect(m_codes, &QComboBox::currentIndexChanged, this, [this] {
        updateLimits();
        updateButtons();
    });
    connect(m_perplexity, &QDoubleSpinBox::valueChanged, this, [this](double value) { m_wantedPerplexity = value; });
    connect(m_neighbours, &QSpinBox::valueChanged, this, [this](int value) { m_wantedNeighbours = value; });
    for (QDoubleSpinBox* box : {m_perplexity, m_exaggeration, m_distance})
        connect(box, &QDoubleSpinBox::valueChanged, this, &ProjectionBar::updateButtons);
    connect(m_neighbours, &QSpinBox::valueChanged, this, &ProjectionBar::updateButtons);
    connect(m_start, &QPushButton::clicked, this, [this] {
        const bool going = m_state && *m_state != ProjectionState::Stopped && *m_state != ProjectionState::Failed;
        const bool change = going && changed() && codes() == m_startedCodes && m_otherEpoch.isEmpty();
        m_started = settings();
        m_startedCodes = codes();
        if (change)
            Q_EMIT changeRequested();
        else
            Q_EMIT startRequested();
        updateButtons();
    });
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_state == ProjectionState::Paused)
            Q_EMIT resumeRequested();
        else
            Q_EMIT pauseRequested();
    });
    connect(m_stop, &QPushButton::clicked, this, &ProjectionBar::stopRequested);
    setMethod(FormingMethod::Tsne);
}

void ProjectionBar::setCounts(int shown, int all)
{
    if (shown == m_shown && all == m_all) return;
    m_shown = shown;
    m_all = all;
    const int index = std::max(0, m_codes->currentIndex());
    const QSignalBlocker quiet(m_codes);
    m_codes->clear();
    m_codes->addItem(tr("The %1 shown").arg(QString::fromStdString(groupedText(shown))));
    if (all > shown) m_codes->addItem(tr("All %1").arg(QString::fromStdString(groupedText(all))));
    m_codes->setCurrentIndex(std::min(index, m_codes->count() - 1));
    updateLimits();
    updateButtons();
}

void ProjectionBar::setMethod(FormingMethod method)
{
    m_method = method;
    const bool isTsne = method == FormingMethod::Tsne;
    m_perplexity->setVisible(isTsne);
    m_exaggeration->setVisible(isTsne);
    m_neighbours->setVisible(!isTsne);
    m_distance->setVisible(!isTsne);
    updateButtons();
}

QString ProjectionBar::startedWords() const
{
    if (m_started.method == FormingMethod::Umap) {
        return tr("%1 neighbours, minimum distance %2").arg(m_started.umap.neighbours).arg(m_started.umap.minimumDistance);
    }
    const double late = m_started.tsne.lateExaggeration;
    return tr("perplexity %1").arg(m_started.perplexities.front()) + (late > 1 ? tr(", exaggeration %1").arg(late) : QString());
}

ProjectedCodes ProjectionBar::codes() const { return m_codes->currentIndex() == 1 ? ProjectedCodes::All : ProjectedCodes::Shown; }

void ProjectionBar::updateLimits()
{
    const int points = codes() == ProjectedCodes::All ? m_all : m_shown;
    if (points == 0) return;
    const QSignalBlocker quiet(m_perplexity), still(m_neighbours);
    m_perplexity->setMaximum(std::clamp(std::floor((points - 1) / 3.0), 2.0, kLargestPerplexity));
    m_perplexity->setValue(m_wantedPerplexity);
    m_neighbours->setMaximum(std::clamp(points, 3, kMostNeighbours));
    m_neighbours->setValue(m_wantedNeighbours);
}

FormingSettings ProjectionBar::settings() const
{
    FormingSettings settings;
    settings.method = m_method;
    settings.perplexities = {m_perplexity->value()};
    settings.tsne.lateExaggeration = m_exaggeration->value();
    settings.umap.neighbours = m_neighbours->value();
    settings.umap.minimumDistance = m_distance->value();
    return settings;
}

bool ProjectionBar::changed() const
{
    const FormingSettings now = settings();
    if (m_method == FormingMethod::Umap) {
        return now.umap.neighbours != m_started.umap.neighbours || now.umap.minimumDistance != m_started.umap.minimumDistance;
    }
    return now.perplexities != m_started.perplexities || now.tsne.lateExaggeration != m_started.tsne.lateExaggeration;
}

void ProjectionBar::setNews(const std::optional<ProjectionNews>& news)
{
    m_busy = false;
    m_state = news ? std::optional(news->state) : std::nullopt;
    const QString words = news ? newsText(*news) : QString();
    m_words->setText(words.isEmpty() ? QStringLiteral(" ") : words);
    m_words->setToolTip(words);
    m_progress->setValue(news ? static_cast<int>(std::lround(1000 * news->done)) : 0);
    updateButtons();
}

void ProjectionBar::setStarted(ProjectedCodes codes)
{
    m_startedCodes = codes;
    updateButtons();
}

void ProjectionBar::setOtherEpoch(const QString& words)
{
    if (words == m_otherEpoch) return;
    m_otherEpoch = words;
    updateButtons();
}

void ProjectionBar::setBusy(const QString& words)
{
    m_busy = true;
    m_words->setText(words);
    m_progress->setValue(0);
    updateButtons();
}

void ProjectionBar::updateButtons()
{
    const bool ended = !m_state || *m_state == ProjectionState::Stopped || *m_state == ProjectionState::Failed;
    const bool working = m_busy || (m_state && (*m_state == ProjectionState::Running || *m_state == ProjectionState::Paused));
    const bool warm = !ended && codes() == m_startedCodes;
    const bool other = m_state && !m_otherEpoch.isEmpty();
    m_start->setText(other ? m_otherEpoch : warm && changed() ? tr("Apply") : ended && !m_state ? tr("Start") : tr("Again"));
    m_start->setToolTip(other               ? tr("The embedding, the probe and the samples belong to another epoch than the one "
                                                               "looked at; this one is kept")
                        : warm && changed() ? tr("Continue from the current embedding with these settings")
                                            : tr("Compute the embedding of these codes from the start"));
    m_start->setEnabled(!m_busy && m_shown > 6);
    m_pause->setText(m_state == ProjectionState::Paused ? tr("Resume") : tr("Pause"));
    m_pause->setToolTip(m_state == ProjectionState::Paused ? tr("Resume the training exactly where it was paused")
                                                           : tr("Holds it where it is"));
    m_pause->setVisible(working);
    m_pause->setEnabled(!m_busy);
    m_stop->setVisible(working);
    m_progress->setVisible(working);
}

} // namespace latentoscope::ui
