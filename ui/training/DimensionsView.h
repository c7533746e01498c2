/// How much each dimension of a posterior's code carries: a bar of KL divergence each.
#pragma once

#include "core/figures/BarsFigure.h"
#include "core/storage/Metrics.h"
#include "ui/figures/FigureView.h"

#include <memory>
#include <optional>
#include <vector>

class QCustomPlot;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class BarsPlot;

class DimensionsView : public FigureView {
    Q_OBJECT

public:
    explicit DimensionsView(QWidget* parent = nullptr);
    ~DimensionsView() override;

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("kl"); }

    void append(const std::vector<EpochMetrics>& epochs);
    void clear();
    /// Shows the last epoch at or before this one; none: the newest.
    void setMarkerEpoch(std::optional<double> epoch);

Q_SIGNALS:
    /// A bar was clicked.
    void dimensionChosen(int dimension);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void applyColors() override;

private:
    void refresh();

    std::vector<EpochMetrics> m_epochs;
    std::optional<double> m_marker;
    std::optional<BarsFigure> m_figure;
    QCustomPlot* m_plot;
    std::unique_ptr<BarsPlot> m_bars;
};

} // namespace latentoscope::ui
