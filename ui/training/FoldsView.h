/// A cross-validation: the mean over its folds, and each fold with its curve and figures, to be opened as a run.
#pragma once

#include "core/experiment/CrossValidation.h"
#include "ui/figures/FigureView.h"
#include "ui/training/FoldsModel.h"

class QTableView;
class QToolButton;

namespace latentoscope {
struct FigureData;
struct ImageShape;
struct Configuration;
} // namespace latentoscope

namespace latentoscope::ui {

class FoldsView : public FigureView {
    Q_OBJECT

public:
    explicit FoldsView(QWidget* parent = nullptr);

    /// The curves of all folds and their mean.
    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("folds"); }
    /// The first measure on the held-out images by epoch, a line a fold, and their mean.
    FigureData curves() const;

    /// Another cross-validation.
    void begin(const Configuration& configuration, const ImageShape& shape);
    void setState(const CrossValidationState& state);
    void clear();
    /// How many folds are done.
    std::size_t scores() const { return m_state.scores().size(); }
    const FoldsModel& model() const { return *m_model; }
    QTableView& table() const { return *m_table; }

Q_SIGNALS:
    /// A fold that is done was chosen, to be opened.
    void foldChosen(int fold);
    /// To go on with one that was stopped.
    void continueRequested();

protected:
    void extendMenu(QMenu& menu) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Figures as wide as they are, and what is left to the curves.
    void fitColumns();
    void choose(const QModelIndex& index);

    FoldsModel* m_model;
    QTableView* m_table;
    QToolButton* m_continue;
    std::optional<Measure> m_loss;
    CrossValidationState m_state;
};

} // namespace latentoscope::ui
