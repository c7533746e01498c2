/// The images that a classifier is most confidently wrong about, each leading to its point in the map.
#pragma once

#include "core/experiment/Classification.h"
#include "core/figures/ImageFigures.h"
#include "ui/figures/FigureView.h"

#include <memory>
#include <optional>
#include <vector>

class QScrollArea;
class QToolButton;

namespace latentoscope {
struct FigureData;
struct DataSet;
} // namespace latentoscope

namespace latentoscope::ui {

class MistakesView : public FigureView {
    Q_OBJECT

public:
    explicit MistakesView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("mistakes"); }

    /// None, or no data, empties the view. What showPair() has chosen stays where there are such images.
    void setPredictions(const std::optional<Predictions>& predictions, const std::shared_ptr<const DataSet>& images);
    /// Shows only images of one class that were taken for another; -1, -1: all.
    void showPair(int label, int predicted);
    /// Of the predictions, as they are shown.
    const std::vector<int>& rows() const { return m_rows; }
    /// Where a picture lies on the canvas.
    QRectF pictureAt(int index) const;

Q_SIGNALS:
    /// A picture was clicked: its row of the predictions.
    void rowChosen(int row);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QRectF area() const;
    void select();
    void arrange();

    std::optional<Predictions> m_predictions;
    std::shared_ptr<const DataSet> m_images;
    MistakesFigure m_figure;
    std::vector<int> m_rows;
    int m_wrong = 0;
    int m_label = -1;
    int m_taken = -1;
    QScrollArea* m_scroll;
    QWidget* m_canvas;
    QToolButton* m_all;
};

} // namespace latentoscope::ui
