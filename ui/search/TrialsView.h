/// The trials of a study as a table: sorted by a click, narrowed by words.
#pragma once

#include "core/figures/StudyFigures.h"
#include "ui/figures/FigureView.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

/// A row a trial: number, state, objectives, parameters, seconds.
class TrialsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role { SortRole = Qt::UserRole }; ///< numbers as numbers

    explicit TrialsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void setStudy(std::shared_ptr<const StudyView> view);
    /// The number of a row's trial.
    int trialAt(int row) const { return row; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant cell(int row, int column, bool forSorting) const;

    std::shared_ptr<const StudyView> m_view;
    std::vector<std::string> m_parameters;
};

class TrialsView : public FigureView {
    Q_OBJECT

public:
    explicit TrialsView(QWidget* parent = nullptr);

    /// The rows that are shown, in their order, with every column there is.
    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("trials"); }

    void setStudy(std::shared_ptr<const StudyView> view);
    /// Selects their rows without telling.
    void setChosen(const std::vector<int>& trials);
    /// Shows these alone; none: all.
    void setWithin(const std::optional<std::vector<int>>& trials);
    QTableView& table() const { return *m_table; }

Q_SIGNALS:
    void chosenChanged(const std::vector<int>& trials);
    /// To be opened as a run.
    void trialActivated(int number);

private:
    class Filter;

    void updateWords();

    std::shared_ptr<const StudyView> m_view;
    TrialsModel* m_model;
    Filter* m_filter;
    QTableView* m_table;
    QLineEdit* m_words;
    bool m_quiet = false;
};

} // namespace latentoscope::ui
