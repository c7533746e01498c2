/// How often images of each class are taken for each class.
#pragma once

#include "core/experiment/Classification.h"
#include "core/figures/ConfusionFigure.h"
#include "ui/figures/FigureView.h"

#include <optional>
#include <string>
#include <vector>

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class ConfusionView : public FigureView {
    Q_OBJECT

public:
    explicit ConfusionView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("confusion"); }

    /// None empties the view.
    void setPredictions(const std::optional<Predictions>& predictions, const std::vector<std::string>& classNames);

Q_SIGNALS:
    /// A cell of mistakes was clicked: images of class `label` that were taken for `predicted`. On the diagonal -1, -1.
    void pairChosen(int label, int predicted);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QRectF area() const;
    QString wordsAt(const QPointF& position) const;

    std::optional<ConfusionMatrix> m_matrix;
    ConfusionFigure m_figure;
    QWidget* m_canvas;
};

} // namespace latentoscope::ui
