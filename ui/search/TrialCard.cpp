#include "ui/search/TrialCard.h"

#include "core/data/DataSet.h"
#include "core/data/Selection.h"
#include "core/figures/FigureData.h"
#include "core/figures/ImageFigures.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/search/NextTrial.h"
#include "core/storage/RunFolder.h"
#include "ui/common/Background.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/FigurePainter.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace latentoscope::ui {
namespace {

constexpr int kShown = 8; ///< images of each trial
constexpr std::size_t kMostCompared = 4;
constexpr std::size_t kMostKept = 64; ///< trials whose pictures stay in memory

QString number(double value, int digits) { return QString::number(value, 'g', digits); }

QString words(const Parameter& parameter)
{
    if (std::holds_alternative<FloatDistribution>(*parameter.distribution)) return number(parameter.internal, 4);
    return QString::fromStdString(valueText(*parameter.distribution, parameter.internal));
}

} // namespace

TrialCard::TrialCard(QWidget* parent)
    : FigureView(QStringLiteral("trialCard"), tr("Trial"), parent),
      m_words(new QLabel),
      m_imageArea(new QWidget),
      m_images(new QVBoxLayout(m_imageArea)),
      m_open(new QPushButton(tr("Open run"))),
      m_train(new QPushButton(tr("Train with these")))
{
    auto* content = new QWidget(this);
    auto* body = new QWidget;
    body->setBackgroundRole(QPalette::Base);
    body->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(12, 4, 12, 8);
    column->setSpacing(10);
    m_words->setObjectName(QStringLiteral("trialWords"));
    m_words->setTextFormat(Qt::RichText);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setAlignment(Qt::AlignTop);
    m_images->setContentsMargins(0, 0, 0, 0);
    m_images->setSpacing(8);
    column->addWidget(m_words);
    column->addWidget(m_imageArea);
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(body);
    m_open->setObjectName(QStringLiteral("trialOpen"));
    m_open->setToolTip(tr("Open the trial's run in the other panels"));
    m_train->setObjectName(QStringLiteral("trialTrain"));
    m_train->setToolTip(tr("Copy the trial's settings into the settings panel"));
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(12, 4, 12, 10);
    buttons->addWidget(m_open);
    buttons->addWidget(m_train);
    auto* all = new QVBoxLayout(content);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    all->addLayout(buttons);
    setContent(content);
    setEmptyText(tr("No trial chosen"), tr("Click a trial in a plot or the table; select several with Ctrl."));
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const Trial* trial = m_chosen.empty() ? nullptr : trialAt(m_chosen.front())) Q_EMIT openRequested(runOf(*trial));
    });
    connect(m_train, &QPushButton::clicked, this, [this] {
        if (!m_chosen.empty()) Q_EMIT settingsRequested(m_chosen.front());
    });
}

TrialCard::~TrialCard() { finishBackground(*this); }

FigureData TrialCard::figure() const
{
    const Trial* trial = m_chosen.empty() ? nullptr : trialAt(m_chosen.front());
    if (trial == nullptr) return std::monostate{};
    const auto known = m_pictures.find(runOf(*trial));
    if (known == m_pictures.end() || !known->second.reconstructions) return std::monostate{};
    ReconstructionsFigure figure;
    figure.reconstructions = known->second.reconstructions;
    figure.classNames = known->second.classNames;
    return figure;
}

const Trial* TrialCard::trialAt(int trial) const
{
    if (!m_view || trial < 0 || trial >= static_cast<int>(m_view->trials.size())) return nullptr;
    return &m_view->trials[static_cast<std::size_t>(trial)];
}

void TrialCard::setData(std::shared_ptr<const DataSet> set)
{
    m_data = std::move(set);
    m_pictures.clear();
    refresh();
}

void TrialCard::setStudy(std::shared_ptr<const StudyView> view)
{
    if (!view || !m_view || view->study.name != m_view->study.name || view->storage != m_view->storage) m_chosen.clear();
    m_view = std::move(view);
    refresh();
}

void TrialCard::setChosen(const std::vector<int>& trials)
{
    m_chosen = trials;
    refresh();
}

/// A column a trial; of one alone the best's beside it.
QString TrialCard::tableOf(std::vector<const Trial*> shown) const
{
    const std::vector<int> bests = bestNumbers(*m_view);
    const bool alone = shown.size() == 1;
    if (alone && bests.size() == 1 && bests.front() != shown.front()->number) shown.push_back(trialAt(bests.front()));
    QString html = QStringLiteral("<table cellspacing='0' cellpadding='2' width='100%'>");
    const auto row = [&](const QString& name, const QStringList& cells, bool bold) {
        html += QStringLiteral("<tr><td>%1</td>").arg(name.toHtmlEscaped());
        const bool differ = std::adjacent_find(cells.begin(), cells.end(), std::not_equal_to<>()) != cells.end();
        for (const QString& cell : cells) {
            const bool strong = bold || (differ && !alone);
            html += QStringLiteral("<td align='right'>%1%2%3</td>")
                        .arg(strong ? QStringLiteral("<b>") : QString(), cell.toHtmlEscaped(),
                             strong ? QStringLiteral("</b>") : QString());
        }
        html += QStringLiteral("</tr>");
    };
    if (shown.size() > 1) {
        QStringList heads;
        for (const Trial* trial : shown) {
            const bool best = bests.size() == 1 && bests.front() == trial->number;
            heads << (alone && !best ? QStringLiteral("this")
                      : best         ? tr("best (%1)").arg(trial->number)
                                     : QString::number(trial->number));
        }
        row(QString(), heads, false);
    }
    for (std::size_t o = 0; o < m_view->objectives.size(); ++o) {
        QStringList cells;
        for (const Trial* trial : shown) cells << (o < trial->values.size() ? number(trial->values[o], 6) : QStringLiteral("–"));
        row(QString::fromStdString(shortName(m_view->objectives[o])), cells, true);
    }
    for (const std::string& name : parametersOf(*m_view)) {
        QStringList cells;
        bool any = false;
        for (const Trial* trial : shown) {
            const auto own = trial->parameters.find(name);
            any = any || own != trial->parameters.end();
            cells << (own == trial->parameters.end() ? QStringLiteral("–") : words(own->second));
        }
        if (any) row(QString::fromStdString(shortName(name)), cells, false);
    }
    html += QStringLiteral("</table>");
    if (!alone) return html;
    if (const auto failure = shown.front()->user.find(kFailureAttribute); failure != shown.front()->user.end())
        html += QStringLiteral("<p>%1</p>").arg(QString::fromStdString(failure->second).toHtmlEscaped());
    return html;
}

QPixmap TrialCard::pictureOf(const Pictures& pictures, int width) const
{
    ReconstructionsFigure figure;
    figure.reconstructions = pictures.reconstructions;
    figure.columns = kShown;
    figure.sampleRow = false;
    const double ratio = devicePixelRatioF();
    const int height = width * 2 / kShown + 4;
    QPixmap pixmap(QSize(width, height) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawReconstructions(painter, figure, QRectF(0, 0, width, height), ratio, Frame::Plain);
    return pixmap;
}

void TrialCard::load(int number)
{
    const Trial* trial = trialAt(number);
    if (trial == nullptr || !m_data) return;
    const std::filesystem::path run = runOf(*trial);
    if (run.empty() || !isFinished(trial->state) || m_pictures.contains(run)) return;
    if (m_pictures.size() >= kMostKept) m_pictures.clear();
    m_pictures[run] = {};
    const auto pictures = [run, set = m_data]() -> Pictures {
        try {
            const RunRecord record = readRun(run);
            const auto model = readModel(run, record.configuration.model, record.shape);
            if (!model->decodes() || record.shape != set->train.shape) return {};
            const DividedData divided = divide(set, record.configuration.data);
            return {reconstructItems(*model, *set, showcaseItems(divided, kShown), record.configuration.training.epochs),
                    set->classNames};
        } catch (const std::exception&) {
            return {}; // a run that is gone, or was stopped before its first weights: there is no picture
        }
    };
    inBackground(this, pictures, [this, run](Pictures found) {
        m_pictures[run] = std::move(found);
        refresh();
    });
}

void TrialCard::refresh()
{
    const Trial* first = m_chosen.empty() ? nullptr : trialAt(m_chosen.front());
    setContentState(first != nullptr ? ContentState::Filled : ContentState::Empty);
    while (QLayoutItem* item = m_images->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (first == nullptr) return header().setSubtitle(QString());
    const bool several = m_chosen.size() > 1;
    header().setSubtitle(several ? (m_chosen.size() > kMostCompared
                                        ? tr("%1 chosen, the first %2 compared").arg(m_chosen.size()).arg(kMostCompared)
                                        : tr("%1 chosen").arg(m_chosen.size()))
                                 : QStringLiteral("%1, %2").arg(first->number).arg(QString::fromStdString(stateText(*first))));
    std::vector<const Trial*> compared;
    for (std::size_t i = 0; i < m_chosen.size() && i < kMostCompared; ++i) {
        if (const Trial* trial = trialAt(m_chosen[i])) compared.push_back(trial);
    }
    m_words->setText(tableOf(compared));
    m_open->setEnabled(!several && !runOf(*first).empty());
    m_train->setEnabled(!several && !first->parameters.empty());
    m_open->setToolTip(several                 ? tr("Not available: select exactly one trial")
                       : runOf(*first).empty() ? tr("Not available: the trial's run is on another machine")
                                               : tr("Open the trial's run in the other panels"));
    m_train->setToolTip(several ? tr("Not available: select exactly one trial")
                                : tr("Copy the trial's settings into the settings panel"));
    const int width = std::max(120, this->width() - 32);
    for (std::size_t i = 0; i < m_chosen.size() && i < kMostCompared; ++i) {
        const Trial* trial = trialAt(m_chosen[i]);
        if (trial == nullptr) continue;
        load(trial->number);
        if (several) {
            auto* caption = new QLabel(
                QStringLiteral("<b>%1</b>  %2")
                    .arg(trial->number)
                    .arg(trial->values.empty() ? QString::fromStdString(stateText(*trial)) : number(trial->values.front(), 6)));
            m_images->addWidget(caption);
        }
        const auto known = m_pictures.find(runOf(*trial));
        if (known == m_pictures.end() || !known->second.reconstructions) continue;
        auto* picture = new QLabel;
        picture->setPixmap(pictureOf(known->second, width));
        picture->setToolTip(tr("Held-out images above their reconstructions by trial %1").arg(trial->number));
        m_images->addWidget(picture);
    }
}

void TrialCard::resizeEvent(QResizeEvent* event)
{
    FigureView::resizeEvent(event);
    // The pictures are as wide as the card.
    if (event->size().width() != event->oldSize().width())
        QMetaObject::invokeMethod(this, &TrialCard::refresh, Qt::QueuedConnection);
}

} // namespace latentoscope::ui
