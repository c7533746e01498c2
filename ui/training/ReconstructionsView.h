/// Inputs above what the network makes of them.
#pragma once

#include "core/figures/ImageFigures.h"
#include "ui/figures/FigureView.h"

#include <memory>
#include <string>
#include <vector>

class QSpinBox;
class QToolButton;

namespace latentoscope {
struct FigureData;
struct Reconstructions;
} // namespace latentoscope

namespace latentoscope::ui {

class ReconstructionsCanvas;

class ReconstructionsView : public FigureView {
    Q_OBJECT

public:
    explicit ReconstructionsView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("reconstructions"); }

    /// Null empties the view.
    void setReconstructions(std::shared_ptr<const Reconstructions> reconstructions);
    /// Whether they are of an earlier epoch than the newest, which the header then says.
    void setPast(bool past);
    void setClassNames(std::vector<std::string> names);
    /// Bands of items, and items a band: 1 … 8 and 1 … 32, or 0 for as many as fit well (at first both). Fewer are shown where
    /// there are not so many.
    void setGrid(int rows, int columns);
    int rows() const;
    int columns() const;
    ErrorRow errorRow() const;
    void setErrorRow(ErrorRow errorRow);
    /// Whether outputs of a posterior's samples are shown too, where there are any.
    void setSampleRow(bool shown);

Q_SIGNALS:
    /// A picture was clicked: the item's index in its image set.
    void itemChosen(int item);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildTools();
    void settingsChanged();
    void arrange();
    void updateSubtitle();

    ReconstructionsFigure m_figure;
    ReconstructionsCanvas* m_canvas;
    QSpinBox* m_rows = nullptr;
    bool m_past = false;
    QSpinBox* m_columns = nullptr;
    QToolButton* m_error = nullptr;
    QToolButton* m_sample = nullptr;
};

} // namespace latentoscope::ui
