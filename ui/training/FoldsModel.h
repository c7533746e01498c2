/// The folds of a cross-validation as a table: the mean over folds first, then a row a fold.
#pragma once

#include "core/experiment/CrossValidation.h"
#include "core/figures/CurvesFigure.h"
#include "core/figures/TableFigure.h"
#include "core/kinds/Kind.h"

#include <QAbstractTableModel>
#include <QList>
#include <QString>

#include <optional>
#include <vector>

namespace latentoscope {
struct ImageShape;
struct Configuration;
} // namespace latentoscope

namespace latentoscope::ui {

class FoldsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Fold, Curve, Stage, FirstFigure };
    /// Of the Curve column: values of the first measure on the held-out images by epoch, as QList<double>.
    enum Role { CurveRole = Qt::UserRole };

    explicit FoldsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// Another cross-validation: the columns are those of its kind.
    void begin(const Configuration& configuration, const ImageShape& shape);
    void setState(const CrossValidationState& state);
    void clear();

    /// The fold of a row; none of the row of means.
    const FoldState* foldAt(int row) const;
    /// What the curves have in common: epochs to come, least and largest value.
    int expectedEpochs() const { return m_epochs; }
    double lowest() const { return m_lowest; }
    double highest() const { return m_highest; }
    /// "MSE 0.0312 ± 0.0004" of the folds that are done; empty where none is.
    QString summary() const;
    /// All of it: a row a fold in full precision, then mean and sample deviation of those that are done.
    TableFigure table() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::optional<double> valueAt(const FoldState& fold, const std::string& name) const;
    QVariant words(const QModelIndex& index) const;
    QList<double> curveOf(int row) const;

    std::vector<Measure> m_measures;
    std::vector<std::string> m_columns; ///< the figures shown, by name
    CrossValidationState m_state;
    std::vector<FoldSpread> m_spreads;
    int m_epochs = 1;
    double m_lowest = 0;
    double m_highest = 1;
};

} // namespace latentoscope::ui
