#include "ui/latent/ProbeParts.h"

#include "ui/common/Keyboard.h"
#include "ui/common/NumberBox.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr int kSteps = 1000; ///< of a slider over its range
constexpr int kRowHeight = 28;
constexpr int kDigits = 5; ///< that a value is written with: codes may lie within a thousandth of each other
constexpr double kLargestNumber = 1e6;

/// As many decimals as a value of its size needs: "-0.021346", "1.25", "99999".
class CodeBox : public NumberBox {
public:
    explicit CodeBox(QWidget* parent) : NumberBox(parent) { setDecimals(8); }

    QString textFromValue(double value) const override
    {
        const int before = value == 0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
        QString text = QString::number(value, 'f', std::clamp(kDigits - before, 0, 8));
        if (text.contains(QLatin1Char('.'))) {
            while (text.endsWith(QLatin1Char('0'))) text.chop(1);
            if (text.endsWith(QLatin1Char('.'))) text.chop(1);
        }
        return text == QStringLiteral("-0") ? QStringLiteral("0") : text;
    }
};

} // namespace

CodeSliders::CodeSliders(QWidget* parent) : QScrollArea(parent), m_content(new QWidget), m_grid(new QGridLayout(m_content))
{
    setObjectName(QStringLiteral("codeSliders"));
    setAccessibleName(tr("Code"));
    setWidget(m_content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus); // its fields take it
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(1, 1);
}

QSize CodeSliders::sizeHint() const { return {200, m_shownHeight > 0 ? std::min(m_shownHeight, wholeHeight()) : wholeHeight()}; }

int CodeSliders::wholeHeight() const
{
    const int laidOut = m_content->layout()->totalSizeHint().height();
    return std::max(laidOut, std::max(1, static_cast<int>(m_rows.size())) * (kRowHeight + 2));
}

void CodeSliders::setShownHeight(int height)
{
    if (height == m_shownHeight) return;
    m_shownHeight = height;
    updateGeometry();
}

QSize CodeSliders::minimumSizeHint() const
{
    const int shown = std::clamp(static_cast<int>(m_rows.size()), 1, 2);
    return {120, shown * (kRowHeight + 2)};
}

void CodeSliders::setRanges(std::vector<AxisRange> ranges)
{
    std::vector<float> now;
    for (const Row& row : m_rows) now.push_back(static_cast<float>(row.number->value()));
    m_ranges = std::move(ranges);
    for (int d = 0; d < static_cast<int>(m_rows.size()); ++d) applyRange(d);
    setCode(now);
}

void CodeSliders::setCode(const std::vector<float>& code)
{
    resizeRows(static_cast<int>(code.size()));
    for (std::size_t d = 0; d < code.size(); ++d) {
        const Row& row = m_rows[d];
        const QSignalBlocker quietNumber(row.number);
        const QSignalBlocker quietSlider(row.slider);
        const double value = static_cast<double>(code[d]);
        row.number->setValue(value);
        const AxisRange range = d < m_ranges.size() ? m_ranges[d] : AxisRange{-1, 1};
        const double share = (value - range.lower) / std::max(range.size(), 1e-12);
        row.slider->setValue(static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kSteps)));
    }
}

void CodeSliders::resizeRows(int count)
{
    if (count == static_cast<int>(m_rows.size())) return;
    while (static_cast<int>(m_rows.size()) > count) {
        for (QWidget* widget : {static_cast<QWidget*>(m_rows.back().name), static_cast<QWidget*>(m_rows.back().slider),
                                static_cast<QWidget*>(m_rows.back().number)})
            delete widget;
        m_rows.pop_back();
    }
    while (static_cast<int>(m_rows.size()) < count) {
        const int d = static_cast<int>(m_rows.size());
        const QString name = QStringLiteral("z%1").arg(d);
        Row row{new QLabel(name, m_content), new QSlider(Qt::Horizontal, m_content), new CodeBox(m_content)};
        row.slider->setObjectName(QStringLiteral("codeSlider%1").arg(d));
        row.slider->setAccessibleName(name);
        row.slider->setRange(0, kSteps);
        row.slider->setPageStep(kSteps / 20);
        row.number->setObjectName(QStringLiteral("codeNumber%1").arg(d));
        row.number->setAccessibleName(name);
        row.number->setRange(-kLargestNumber, kLargestNumber);
        row.number->setAlignment(Qt::AlignRight);
        row.number->setButtonSymbols(QAbstractSpinBox::NoButtons);
        row.number->setKeyboardTracking(false);
        row.number->setFixedWidth(84);
        m_grid->addWidget(row.name, d, 0);
        m_grid->addWidget(row.slider, d, 1);
        m_grid->addWidget(row.number, d, 2);
        m_grid->setRowMinimumHeight(d, kRowHeight);
        connect(row.slider, &QSlider::valueChanged, this, [this, d](int position) {
            const AxisRange range =
                static_cast<std::size_t>(d) < m_ranges.size() ? m_ranges[static_cast<std::size_t>(d)] : AxisRange{-1, 1};
            Q_EMIT valueEdited(d, static_cast<float>(range.lower + range.size() * position / kSteps));
        });
        connect(row.number, &QDoubleSpinBox::valueChanged, this,
                [this, d](double value) { Q_EMIT valueEdited(d, static_cast<float>(value)); });
        m_rows.push_back(row);
        applyRange(d);
    }
    m_grid->setRowStretch(count, 1);
    std::vector<QWidget*> stops;
    for (const Row& row : m_rows) stops.insert(stops.end(), {row.slider, row.number});
    joinTabOrder(m_tabAfter, stops);
    updateGeometry();
}

void CodeSliders::applyRange(int dimension)
{
    const auto d = static_cast<std::size_t>(dimension);
    if (d >= m_ranges.size()) return;
    const AxisRange& range = m_ranges[d];
    m_rows[d].number->setSingleStep(range.size() / 100);
    m_rows[d].slider->setToolTip(
        tr("z%1 over the codes' 1-99 % range: %2 … %3").arg(dimension).arg(range.lower, 0, 'g', 3).arg(range.upper, 0, 'g', 3));
    m_rows[d].number->setToolTip(tr("Value of z%1; you can type any number").arg(dimension));
}

} // namespace latentoscope::ui
