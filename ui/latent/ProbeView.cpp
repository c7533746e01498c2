#include "ui/latent/ProbeView.h"

#include "core/figures/BarsFigure.h"
#include "core/figures/FigureData.h"
#include "core/figures/ImageFigures.h"
#include "ui/common/ItemImage.h"
#include "ui/common/PanelHeader.h"
#include "ui/latent/ProbeParts.h"

#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <span>

namespace latentoscope::ui {
namespace {

constexpr double kFar = 3; ///< typical gaps
constexpr int kSides = 12;
constexpr int kSpacing = 8;
constexpr int kLeastPicture = 112;
constexpr int kLeastSliders = 60;

QString numberText(double value) { return value < 10 ? QString::number(value, 'f', 1) : QString::number(value, 'f', 0); }

} // namespace

QString trustText(double gaps)
{
    if (!std::isfinite(gaps)) return QCoreApplication::translate("ProbeView", "not known");
    const QString times = numberText(gaps) + QCoreApplication::translate("ProbeView", " × usual gap");
    if (gaps > kFar) return QCoreApplication::translate("ProbeView", "far from data · ") + times;
    return (gaps > 1.5 ? QCoreApplication::translate("ProbeView", "near data · ")
                       : QCoreApplication::translate("ProbeView", "among data · ")) +
           times;
}

double trustLevel(double gaps) { return std::isfinite(gaps) ? 1 / (1 + std::pow(std::max(gaps, 0.0) / kFar, 2)) : 0; }

ProbeView::ProbeView(QWidget* parent)
    : FigureView(QStringLiteral("probeView"), tr("Probe"), parent),
      m_canvas(new ItemCanvas),
      m_bars(new ClassBars),
      m_sliders(new CodeSliders),
      m_trust(new TrustBar),
      m_nearest(new NearestItems)
{
    auto* content = new QWidget(this);
    m_content = content;
    content->installEventFilter(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kSides, 0, kSides, kSides);
    column->setSpacing(kSpacing);
    m_heading = new QWidget(content);
    auto* heading = new QHBoxLayout(m_heading);
    heading->setContentsMargins(0, 4, 0, 0);
    auto* name = new QLabel(tr("Nearest items"), content);
    name->setProperty("heading", true);
    auto* words = new QLabel(tr("in latent space"), content);
    words->setProperty("secondary", true);
    heading->addWidget(name);
    heading->addStretch(1);
    heading->addWidget(words);
    column->addWidget(m_canvas);
    column->addWidget(m_bars);
    m_bars->hide();
    column->addWidget(m_sliders);
    m_sliders->setTabAfter(header().lastStop());
    column->addWidget(m_trust);
    column->addWidget(m_heading);
    column->addWidget(m_nearest);
    column->addStretch(1);
    setContent(content);
    setEmptyText(tr("No place chosen"), tr("Click or drag in the map to decode that place."));
    setSubtitle({});
    connect(m_sliders, &CodeSliders::valueEdited, this, [this](int dimension, float value) {
        if (static_cast<std::size_t>(dimension) >= m_code.size()) return;
        m_code[static_cast<std::size_t>(dimension)] = value;
        m_sliders->setCode(m_code);
        Q_EMIT codeEdited(m_code);
    });
    connect(m_nearest, &NearestItems::chosen, this, &ProbeView::nearestChosen);
}

void ProbeView::arrange()
{
    const int width = std::max(1, m_content->width() - 2 * kSides);
    constexpr int kGaps = 5; // between the parts and before the stretch
    const int room =
        m_content->height() - kSides - kGaps * kSpacing - m_heading->sizeHint().height() - m_trust->sizeHint().height();
    const bool bars = !m_bars->isHidden();
    const int largest = bars ? m_bars->sizeHint().height() : width;
    const int least = bars ? largest : std::min(width, kLeastPicture);
    const int sliders = m_sliders->wholeHeight();
    const bool two = room >= largest + sliders + m_nearest->heightOf(2, width);
    m_nearest->setMostRows(two ? 2 : 1);
    const int nearest = m_nearest->heightForWidth(width);
    const int picture = std::clamp(room - sliders - nearest, least, largest);
    if (!bars) m_canvas->setMaximumHeight(picture);
    m_sliders->setShownHeight(std::clamp(room - picture - nearest, std::min(sliders, kLeastSliders), sliders));
}

bool ProbeView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_content && event->type() == QEvent::Resize) arrange();
    return FigureView::eventFilter(watched, event);
}

FigureData ProbeView::figure() const
{
    if (!m_probabilities.empty()) {
        BarsFigure bars;
        bars.title = "Probabilities of classes";
        bars.xTitle = "Class";
        bars.yTitle = "Probability";
        bars.names = m_classNames;
        bars.names.resize(m_probabilities.size());
        bars.values.assign(m_probabilities.begin(), m_probabilities.end());
        return bars;
    }
    if (m_values.empty()) return std::monostate{};
    ImageFigure figure;
    figure.shape = m_shape;
    for (const float value : m_values)
        figure.pixels.push_back(static_cast<std::uint8_t>(value > 0 ? (value < 1 ? std::lround(value * 255) : 255) : 0));
    figure.code = m_code;
    QStringList numbers;
    const std::size_t shown = std::min<std::size_t>(m_code.size(), 6);
    for (std::size_t d = 0; d < shown; ++d) numbers << QString::number(static_cast<double>(m_code[d]), 'f', 2);
    if (shown < m_code.size()) numbers << QStringLiteral("…");
    figure.caption = tr("decoded from z = (%1)").arg(numbers.join(QStringLiteral(", "))).toStdString();
    return figure;
}

void ProbeView::setImage(const ImageShape& shape, std::vector<float> values)
{
    if (values.size() != shape.values() || values.empty()) return;
    m_shape = shape;
    m_values = std::move(values);
    m_probabilities.clear();
    m_bars->hide();
    m_canvas->show();
    m_canvas->setImage(itemImage(m_shape, std::span<const float>(m_values)));
    setContentState(ContentState::Filled);
    arrange();
}

void ProbeView::setProbabilities(const std::vector<std::string>& names, std::vector<float> probabilities)
{
    if (probabilities.empty()) return;
    m_values.clear();
    m_classNames = names;
    m_probabilities = std::move(probabilities);
    m_bars->setProbabilities(m_classNames, m_probabilities);
    m_canvas->hide();
    m_bars->show();
    setContentState(ContentState::Filled);
    arrange();
}

void ProbeView::clearImage()
{
    m_values.clear();
    m_probabilities.clear();
    m_nearest->setItems({});
    setTrust({}, {});
    setContentState(ContentState::Empty);
}

void ProbeView::setCode(std::vector<float> code)
{
    m_code = std::move(code);
    m_sliders->setCode(m_code);
}

void ProbeView::setRanges(std::vector<AxisRange> ranges)
{
    m_sliders->setRanges(std::move(ranges));
    m_sliders->setCode(m_code);
}

void ProbeView::setNearest(std::vector<NearestItem> items)
{
    m_nearest->setItems(std::move(items));
    arrange();
}

void ProbeView::setTrust(std::optional<double> latent, std::optional<double> picture)
{
    m_trust->setGaps(latent, picture);
    m_canvas->setFar(std::max(latent.value_or(0), picture.value_or(0)) > kFar);
}

void ProbeView::setSubtitle(const QString& words)
{
    header().setSubtitle(words.isEmpty() ? tr("drag in the map, or arrow keys") : words);
}

void ProbeView::applyColors()
{
    for (QWidget* part : {static_cast<QWidget*>(m_canvas), static_cast<QWidget*>(m_trust), static_cast<QWidget*>(m_nearest)})
        part->update();
}

} // namespace latentoscope::ui
