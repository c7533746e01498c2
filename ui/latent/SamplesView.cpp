#include "ui/latent/SamplesView.h"

#include "core/figures/FigureData.h"
#include "core/figures/RunFigures.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"
#include "ui/common/NumberBox.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/Theme.h"

#include <QComboBox>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <set>

namespace latentoscope::ui {
namespace {

constexpr double kMargin = 12;
constexpr double kGap = 4;
constexpr double kBar = 3;  ///< of a class's colour, above its column
constexpr int kFewest = 24; ///< pictures are as large as lets so many be seen
constexpr int kMost = 240;
constexpr int kLargestFactor = 4;

int fitting(double room, double one) { return std::max(1, static_cast<int>((room + kGap) / (one + kGap))); }

} // namespace

SamplesView::SamplesView(QWidget* parent)
    : FigureView(QStringLiteral("samplesView"), tr("Samples"), parent), m_canvas(new QWidget(this))
{
    m_canvas->setObjectName(QStringLiteral("samplesCanvas"));
    m_canvas->setAccessibleName(tr("Images decoded from random codes"));
    m_canvas->setMouseTracking(true);
    m_canvas->setMinimumSize(120, 80);
    m_canvas->setCursor(Qt::PointingHandCursor);
    setContent(m_canvas);
    m_canvas->installEventFilter(this);
    setEmptyText(tr("No samples"), tr("Draw new codes from a class or from the prior to see them decoded here."));
    buildTools();
    updateSubtitle();
}

void SamplesView::buildTools()
{
    m_sources = new QComboBox(this);
    m_sources->setObjectName(QStringLiteral("samplesSource"));
    m_sources->setAccessibleName(tr("Drawn from"));
    m_sources->setToolTip(tr("What codes are drawn from"));
    m_sources->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_densities = new QComboBox(this);
    m_densities->setObjectName(QStringLiteral("samplesDensity"));
    m_densities->setAccessibleName(tr("Density"));
    m_densities->setToolTip(
        tr("Model of each class's codes: one Gaussian, a Gaussian mixture whose size is chosen by BIC, or kernels around "
           "each code as far as its tenth neighbour is"));
    for (const DensityName& known : densities())
        m_densities->addItem(QString::fromStdString(known.label), static_cast<int>(known.density));
    m_densities->setCurrentIndex(m_densities->findData(static_cast<int>(m_request.density)));
    m_temperature = new NumberBox(this);
    m_temperature->setObjectName(QStringLiteral("samplesTemperature"));
    m_temperature->setAccessibleName(tr("Temperature"));
    m_temperature->setToolTip(
        tr("Temperature: the standard deviation that codes are drawn with. Below 1 typical images, above 1 bold ones"));
    m_temperature->setRange(0, 3);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(1);
    m_temperature->setValue(m_request.temperature);
    m_temperature->setPrefix(QStringLiteral("T "));
    auto* anew = new QToolButton(this);
    anew->setObjectName(QStringLiteral("samplesAnew"));
    anew->setText(tr("Redraw"));
    anew->setToolTip(tr("Draw new random codes"));
    header().addTool(m_sources);
    header().addTool(m_densities);
    header().addTool(m_temperature);
    header().addTool(anew);
    connect(m_sources, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_request.from = m_sources->itemData(index).toInt();
        m_densities->setVisible(m_request.from != SamplesRequest::Prior);
        countRoom();
        Q_EMIT requestChanged();
    });
    connect(m_densities, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_request.density = static_cast<Density>(m_densities->itemData(index).toInt());
        Q_EMIT requestChanged();
    });
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_request.temperature = value;
        Q_EMIT requestChanged();
    });
    connect(anew, &QToolButton::clicked, this, [this] {
        ++m_request.seed;
        Q_EMIT requestChanged();
    });
}

void SamplesView::setSources(const std::vector<std::string>& classNames, OwnPrior prior)
{
    const QSignalBlocker quiet(m_sources);
    m_classNames = classNames;
    m_sources->clear();
    if (prior == OwnPrior::Yes) m_sources->addItem(tr("Prior"), SamplesRequest::Prior);
    m_sources->addItem(classNames.empty() ? tr("All codes") : tr("All classes"), SamplesRequest::AllClasses);
    for (std::size_t label = 0; label < classNames.size(); ++label)
        m_sources->addItem(QString::fromStdString(classNames[label]), static_cast<int>(label));
    m_sources->setCurrentIndex(std::max(0, m_sources->findData(m_request.from)));
    m_request.from = m_sources->currentData().toInt();
    m_densities->setVisible(m_request.from != SamplesRequest::Prior);
}

QString SamplesView::sourceWords() const
{
    if (m_request.from == SamplesRequest::Prior) return tr("the prior");
    if (m_request.from == SamplesRequest::AllClasses) return m_classNames.empty() ? tr("all codes") : tr("all classes");
    const auto label = static_cast<std::size_t>(m_request.from);
    return label < m_classNames.size() ? QString::fromStdString(m_classNames[label]) : QString::number(m_request.from);
}

FigureData SamplesView::figure() const
{
    if (!m_samples || m_samples->count() == 0) return std::monostate{};
    QString title = tr("Samples of %1, temperature %2").arg(sourceWords()).arg(m_request.temperature, 0, 'f', 1);
    if (m_request.from != SamplesRequest::Prior) title += QStringLiteral(", ") + m_densities->currentText().toLower();
    return samplesFigure(*m_samples, title.toStdString(), m_columns, m_classNames);
}

void SamplesView::setSamples(std::optional<Samples> samples)
{
    m_samples = std::move(samples);
    setContentState(m_samples && m_samples->count() > 0 ? ContentState::Filled : ContentState::Empty);
    m_hovered = -1;
    countRoom();
    updateSubtitle();
    m_canvas->update();
}

void SamplesView::applyColors() { m_canvas->update(); }

void SamplesView::updateSubtitle()
{
    header().setSubtitle(m_samples && m_samples->count() > 0 ? tr("%1 of %2").arg(m_samples->count()).arg(sourceWords())
                                                             : QString());
}

void SamplesView::countRoom()
{
    const ImageShape shape = m_samples ? m_samples->shape : ImageShape{28, 28, 1};
    // All classes stand in columns, and must have room beside each other.
    const bool all = m_request.from == SamplesRequest::AllClasses && !m_classNames.empty();
    const std::set<int> drawn = m_samples ? std::set<int>(m_samples->labels.begin(), m_samples->labels.end()) : std::set<int>();
    const int classes = static_cast<int>(drawn.size() > 1 ? drawn.size() : m_classNames.size());
    int count = 1;
    for (int factor = 1; factor <= kLargestFactor; ++factor) {
        const QSizeF side = QSizeF(shape.width, shape.height) * factor / devicePixelRatioF();
        const int columns = fitting(m_canvas->width() - 2 * kMargin, side.width());
        const int rows = fitting(m_canvas->height() - kMargin - kBar, side.height());
        if (factor > 1 && (all ? columns < classes || rows < 2 : columns * rows < kFewest)) break;
        m_side = side;
        m_columns = all ? classes : columns;
        count = all ? std::min(kMost / classes, rows) * classes : std::min(kMost, columns * rows);
    }
    if (count == m_request.count) return;
    m_request.count = count;
    Q_EMIT requestChanged();
}

QRectF SamplesView::cell(int index) const
{
    const int row = index / m_columns;
    return {QPointF(kMargin + index % m_columns * (m_side.width() + kGap), 2 + kBar + row * (m_side.height() + kGap)), m_side};
}

int SamplesView::at(const QPointF& position) const
{
    for (int i = 0; m_samples && i < m_samples->count(); ++i)
        if (cell(i).contains(position)) return i;
    return -1;
}

void SamplesView::paintCanvas()
{
    QPainter painter(m_canvas);
    if (!m_samples) return;
    const std::size_t values = m_samples->shape.values();
    for (int i = 0; i < m_samples->count(); ++i) {
        const QRectF target = cell(i);
        if (target.bottom() > m_canvas->height()) break;
        const auto pixels = std::span(m_samples->images).subspan(static_cast<std::size_t>(i) * values, values);
        paintItem(painter, target, itemImage(m_samples->shape, pixels), Frame::Plain);
        if (m_request.from == SamplesRequest::AllClasses && i < m_columns && !m_samples->labels.empty())
            painter.fillRect(QRectF(target.left(), 0, target.width(), kBar),
                             classColor(m_samples->labels[static_cast<std::size_t>(i)]));
        if (i != m_hovered) continue;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(themeColors(palette()).accent, 1.5));
        painter.drawRoundedRect(target.adjusted(-1, -1, 1, 1), 2, 2);
    }
}

bool SamplesView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_canvas) return FigureView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Paint:
        paintCanvas();
        return true;
    case QEvent::Resize:
        countRoom();
        return false;
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = at(help->pos());
        QString words = index < 0 ? QString() : tr("Click to probe its code");
        if (index >= 0 && !m_samples->labels.empty()) {
            const auto label = static_cast<std::size_t>(m_samples->labels[static_cast<std::size_t>(index)]);
            if (label < m_classNames.size()) words = tr("Drawn as %1. ").arg(QString::fromStdString(m_classNames[label])) + words;
        }
        QToolTip::showText(help->globalPos(), words, m_canvas);
        return true;
    }
    case QEvent::MouseMove:
    case QEvent::Leave: {
        const int hovered = event->type() == QEvent::Leave ? -1 : at(static_cast<QMouseEvent*>(event)->position());
        if (hovered != m_hovered) m_canvas->update();
        m_hovered = hovered;
        return false;
    }
    case QEvent::MouseButtonPress: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int chosen = mouse->button() == Qt::LeftButton ? at(mouse->position()) : -1;
        if (chosen < 0) return false;
        const auto begin = m_samples->codes.begin() + std::ptrdiff_t{chosen} * m_samples->dimension;
        Q_EMIT codeChosen(std::vector<float>(begin, begin + m_samples->dimension));
        return true;
    }
    default:
        return false;
    }
}

} // namespace latentoscope::ui
