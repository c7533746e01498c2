/// The images that a classifier is most confidently wrong about, each leading to its point in the map.
#pragma once

#include "core/experiment/Classification.h"
#include "ui/figures/FigureView.h"

#include <memory>
#include <optional>
#include <vector>

namespace latentoscope::ui {

class MistakesView : public FigureView {
    Q_OBJECT

public:
    explicit MistakesView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("mistakes"); }

    /// None, or no data, empties the view.
    void setPredictions(const std::optional<Predictions>& predictions, const std::shared_ptr<const DataSet>& images);

Q_SIGNALS:
    /// A picture was clicked: its row of the predictions.
    void rowChosen(int row);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QRectF area() const;
    void arrange();

    MistakesFigure m_figure;
    std::vector<int> m_rows;
    int m_wrong = 0;
    QWidget* m_canvas;
};

} // namespace latentoscope::ui
