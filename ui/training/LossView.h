/// Loss curves while they grow: zoom, pan, read, compare.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/CurvesFigure.h"
#include "ui/figures/FigureView.h"
#include "ui/training/LossScene.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QCPGraph;
class QCustomPlot;
class QMouseEvent;
class QSlider;
class QTimer;
class QToolButton;
class QWheelEvent;

namespace latentoscope {
struct FigureData;
struct LossPoint;
struct EpochMetrics;
} // namespace latentoscope

namespace latentoscope::ui {

class CurvesPlot;

class LossView : public FigureView {
    Q_OBJECT

public:
    explicit LossView(QWidget* parent = nullptr);
    ~LossView() override;

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("loss"); }

    /// What a run measures, its loss first; before curves come. Where there are several, a person chooses which is shown.
    void setMeasures(std::vector<Measure> measures);
    /// By its name, such as "kl"; passed over where there is none.
    void showMeasure(const std::string& name);
    /// Steps after those already there. Cheap; drawn at most 30 times a second.
    void append(const std::vector<LossPoint>& steps);
    void append(const std::vector<EpochMetrics>& epochs);
    /// Forgets the run's curves (not reference lines, overlays and settings).
    void clear();
    /// Horizontal lines to compare each measure with, as referenceLines gives them; the subtitle says how the run stands to them.
    void setReferences(std::map<std::string, std::vector<ReferenceLine>> references);
    /// Curves of other runs behind this one's.
    void setOverlays(std::vector<NamedCurves> overlays);
    /// Which of them have no curve here, as LossScene says it.
    std::string withoutCurve() const { return m_scene.withoutCurve(); }
    /// A vertical line at the epoch that the window looks at; none: no line.
    void setMarkerEpoch(std::optional<double> epoch);
    /// The x axis reaches at least to here, so that it does not creep while training.
    void setExpectedEpochs(int epochs);

    AxisScale scale() const;
    void setScale(AxisScale scale);
    /// 0 is off, up to 99: per cent of the past kept by an exponential mean.
    int smoothing() const;
    void setSmoothing(int percent);

    QCustomPlot& plot() const { return *m_plot; }

public Q_SLOTS:
    void fit() override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void extendMenu(QMenu& menu) override;
    void applyColors() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildTools();
    void connectPlot();
    void scheduleReplot();
    void refresh();
    void updateRanges();
    void updateSubtitle();
    void followScale();
    void markRead(const QVector<double>& x, const QVector<double>& y);
    void readValues(const QMouseEvent& event);
    void zoom(const QWheelEvent& event);

    LossScene m_scene;
    QCustomPlot* m_plot;
    std::unique_ptr<CurvesPlot> m_curves;
    QTimer* m_replotTimer;
    QComboBox* m_measure = nullptr;
    QToolButton* m_logButton = nullptr;
    QSlider* m_smoothing = nullptr;
    QWidget* m_smoothingWords = nullptr;
    std::string m_chosen;       ///< the measure that a person has chosen; empty: none
    bool m_logarithmic = true;  ///< what a person wants of losses
    QCPGraph* m_read = nullptr; ///< of the plot: rings around what is read
    bool m_following = true;    ///< the axes show all of the data; false after a zoom or pan
    bool m_rebuild = true;      ///< the set of curves changed, not only their ends
};

} // namespace latentoscope::ui
