#include "ui/latent/SamplesView.h"

#include "core/report/RunFigures.h"
#include "ui/common/ItemImage.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/Theme.h"

#include <QDoubleSpinBox>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr double kMargin = 12;
constexpr double kGap = 4;
constexpr int kFewest = 24; ///< pictures are as large as lets so many be seen
constexpr int kMost = 240;
constexpr int kLargestFactor = 4;

int fitting(double room, double one) { return std::max(1, static_cast<int>((room + kGap) / (one + kGap))); }

} // namespace

SamplesView::SamplesView(QWidget* parent)
    : FigureView(QStringLiteral("samplesView"), QStringLiteral("Samples"), parent), m_canvas(new QWidget(this))
{
    m_canvas->setObjectName(QStringLiteral("samplesCanvas"));
    m_canvas->setAccessibleName(QStringLiteral("Images decoded from random codes"));
    m_canvas->setToolTip(QStringLiteral("Click a picture to probe its code"));
    m_canvas->setMouseTracking(true);
    m_canvas->setMinimumSize(120, 80);
    m_canvas->setCursor(Qt::PointingHandCursor);
    setContent(m_canvas);
    m_canvas->installEventFilter(this);
    setEmptyText(QStringLiteral("No samples"), QStringLiteral("Codes from the prior of a variational auto-encoder, decoded."));
    buildTools();
    updateSubtitle();
}

void SamplesView::buildTools()
{
    m_temperature = new QDoubleSpinBox(this);
    m_temperature->setObjectName(QStringLiteral("samplesTemperature"));
    m_temperature->setAccessibleName(QStringLiteral("Temperature"));
    m_temperature->setToolTip(QStringLiteral(
        "Temperature: the standard deviation that codes are drawn with. Below 1 typical images, above 1 bold ones"));
    m_temperature->setRange(0, 3);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(1);
    m_temperature->setValue(m_request.temperature);
    m_temperature->setPrefix(QStringLiteral("T "));
    auto* anew = new QToolButton(this);
    anew->setObjectName(QStringLiteral("samplesAnew"));
    anew->setText(QStringLiteral("Anew"));
    anew->setToolTip(QStringLiteral("Draw other codes"));
    header().addTool(m_temperature);
    header().addTool(anew);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_request.temperature = value;
        Q_EMIT requestChanged();
    });
    connect(anew, &QToolButton::clicked, this, [this] {
        ++m_request.seed;
        Q_EMIT requestChanged();
    });
}

FigureData SamplesView::figure() const
{
    if (!m_samples || m_samples->count() == 0) return std::monostate{};
    char title[64];
    std::snprintf(title, sizeof title, "Samples from the prior, temperature %.1f", m_request.temperature);
    return samplesFigure(*m_samples, title, m_columns);
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
    header().setSubtitle(m_samples && m_samples->count() > 0 ? QStringLiteral("%1 of the prior N(0, I)").arg(m_samples->count())
                                                             : QString());
}

void SamplesView::countRoom()
{
    const ImageShape shape = m_samples ? m_samples->shape : ImageShape{28, 28, 1};
    int count = 1;
    for (int factor = 1; factor <= kLargestFactor; ++factor) {
        const QSizeF side = QSizeF(shape.width, shape.height) * factor / devicePixelRatioF();
        const int columns = fitting(m_canvas->width() - 2 * kMargin, side.width());
        const int fits = columns * fitting(m_canvas->height() - kMargin, side.height());
        if (factor > 1 && fits < kFewest) break;
        m_side = side;
        m_columns = columns;
        count = std::min(kMost, fits);
    }
    if (count == m_request.count) return;
    m_request.count = count;
    Q_EMIT requestChanged();
}

QRectF SamplesView::cell(int index) const
{
    const int row = index / m_columns;
    return {QPointF(kMargin + index % m_columns * (m_side.width() + kGap), 2 + row * (m_side.height() + kGap)), m_side};
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
