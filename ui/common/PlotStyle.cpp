#include "ui/common/PlotStyle.h"

#include "ui/common/PlotLibrary.h"
#include "ui/common/Ticks.h"

#include <QApplication>

namespace latentoscope::ui {
namespace {

/// Puts Ticks.h under QCustomPlot's axes.
class RoundTicker : public QCPAxisTicker {
public:
    enum class Numbers { All, Whole };
    explicit RoundTicker(AxisScale scale, Numbers numbers = Numbers::All) : m_scale(scale), m_numbers(numbers) {}

protected:
    QVector<double> createTickVector(double, const QCPRange& range) override
    {
        const AxisRange axis{range.lower, range.upper};
        const std::vector<double> ticks = m_scale == AxisScale::Logarithmic ? logTicks(axis)
                                          : m_numbers == Numbers::Whole     ? wholeTicks(axis, 5)
                                                                            : linearTicks(axis, 5);
        return {ticks.begin(), ticks.end()};
    }
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return QString::fromStdString(tickText(tick)); }

private:
    AxisScale m_scale;
    Numbers m_numbers;
};

} // namespace

PlotStyle screenStyle(const QPalette& palette, const QFont& font)
{
    QFont small = font;
    if (font.pointSizeF() > 0) small.setPointSizeF(font.pointSizeF() * 0.92);
    return {themeColors(palette), small, small, 1.6, 2.0, 0.6};
}

PlotStyle printStyle()
{
    // Pixel sizes: on a page they are units of 1/96 inch whatever the device's resolution.
    QFont font(QApplication::font().family());
    font.setPixelSize(10);
    font.setHintingPreference(QFont::PreferNoHinting);
    QFont title = font;
    title.setPixelSize(11);
    PlotStyle style{themeColors(Appearance::Light), font, title, 1.4, 1.2, 0.6};
    style.colors.text = QColor(0x1a, 0x1a, 0x1a);
    style.colors.secondary = QColor(0x4a, 0x4f, 0x59);
    return style;
}

void styleAxes(QCustomPlot& plot, const PlotStyle& style)
{
    plot.setBackground(QBrush(style.colors.plot));
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0, 0);
        axis->setTickLabelFont(style.font);
        axis->setTickLabelColor(style.colors.secondary);
        axis->setTickLabelPadding(6);
        axis->setLabelFont(style.titleFont);
        axis->setLabelColor(style.colors.secondary);
        axis->setLabelPadding(4);
        axis->grid()->setPen(QPen(style.colors.grid, 1));
        axis->grid()->setSubGridVisible(false);
        axis->grid()->setZeroLinePen(QPen(style.colors.grid, 1));
    }
    plot.xAxis2->setVisible(false);
    plot.yAxis2->setVisible(false);
}

void setAxisScale(QCPAxis& axis, AxisScale scale)
{
    axis.setScaleType(scale == AxisScale::Linear ? QCPAxis::stLinear : QCPAxis::stLogarithmic);
    axis.setTicker(QSharedPointer<QCPAxisTicker>(new RoundTicker(scale)));
}

void setWholeTicks(QCPAxis& axis)
{
    axis.setScaleType(QCPAxis::stLinear);
    axis.setTicker(QSharedPointer<QCPAxisTicker>(new RoundTicker(AxisScale::Linear, RoundTicker::Numbers::Whole)));
}

void setAxisNames(QCPAxis& axis, const std::vector<std::string>& names)
{
    constexpr int kWidest = 80;
    axis.setScaleType(QCPAxis::stLinear);
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const QFontMetrics metrics(axis.tickLabelFont());
    for (std::size_t i = 0; i < names.size(); ++i)
        ticker->addTick(static_cast<double>(i), metrics.elidedText(QString::fromStdString(names[i]), Qt::ElideRight, kWidest));
    axis.setTicker(ticker);
}

} // namespace latentoscope::ui
