/// A chart of a study: hover tells the trial, a click chooses it.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/ChartFigure.h"
#include "core/figures/StudyFigures.h"
#include "ui/figures/FigureView.h"

#include <QPointF>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

class QComboBox;
class QCustomPlot;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class ChartPlot;

/// The words of a trial: its number, state, values and parameters, a line each.
QString trialWords(const StudyView& view, int number);

class ChartView : public FigureView {
    Q_OBJECT

public:
    ChartView(const QString& objectName, const QString& title, const QString& figureName, QWidget* parent = nullptr);
    ~ChartView() override;

    FigureData figure() const override;
    QString figureName() const override { return m_name; }

    /// What is drawn of a study and the parameters chosen in the header.
    using Draw = std::function<ChartFigure(const StudyView& view, const std::vector<std::string>& parameters)>;
    void setDraw(Draw draw);
    /// Boxes in the header, each to choose one of the study's parameters.
    void addParameterBoxes(int count);
    /// Allows dragging along an axis of a parallel figure: trials outside are drawn faint.
    void setBrushed(bool brushed) { m_brushed = brushed; }

    void setStudy(std::shared_ptr<const StudyView> view);
    void setChosen(const std::vector<int>& trials);
    /// Draws the trials outside faint; none: there is no brush.
    void setWithin(const std::optional<std::vector<int>>& trials);
    /// Takes all brushes of this view away.
    void clearBrushes();
    bool isBrushed() const { return !m_brushes.empty(); }
    QCustomPlot& plot() const { return *m_plot; }

Q_SIGNALS:
    /// With `add`, beside those that are chosen already.
    void trialClicked(int number, bool add);
    /// A click where no trial is: none is chosen any more.
    void placeClicked();
    /// The trials within the brushes; none: there is no brush.
    void brushChanged(const std::optional<std::vector<int>>& trials);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void refreshBoxes();
    std::vector<std::string> chosenParameters() const;
    void hover(const QPoint& position, const QPoint& global);
    int axisAt(const QPointF& position) const;
    void drag(const QPointF& position);
    void brush();
    void showChosen();

    QString m_name;
    Draw m_draw;
    QCustomPlot* m_plot;
    std::unique_ptr<ChartPlot> m_chart;
    std::vector<QComboBox*> m_boxes;
    std::shared_ptr<const StudyView> m_view;
    std::optional<ChartFigure> m_figure;
    std::vector<int> m_chosen;
    bool m_brushed = false;
    std::map<int, AxisRange> m_brushes; ///< by axis
    int m_dragged = -1;
    double m_dragStart = 0;
    bool m_moved = false;
    std::optional<std::vector<int>> m_within; ///< of the brushes, here or in another view
};

} // namespace latentoscope::ui
