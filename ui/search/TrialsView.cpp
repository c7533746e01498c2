#include "ui/search/TrialsView.h"

#include "core/figures/FigureData.h"
#include "core/search/NextTrial.h"
#include "ui/common/PanelHeader.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTableView>

#include <algorithm>
#include <set>

namespace latentoscope::ui {
namespace {

constexpr int kFirstColumns = 2; ///< number and state

QString numberWords(double value) { return QString::number(value, 'g', 6); }

} // namespace

/// Every word that was typed must stand somewhere in the row.
class TrialsView::Filter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWords(const QString& words)
    {
        m_words = words.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
        invalidateFilter();
    }
    void setWithin(const std::optional<std::vector<int>>& trials)
    {
        m_within.reset();
        if (trials) m_within = std::set<int>(trials->begin(), trials->end());
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        if (m_within && !m_within->contains(row)) return false;
        return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
            for (int column = 0; column < sourceModel()->columnCount(parent); ++column) {
                if (sourceModel()->index(row, column).data().toString().contains(word, Qt::CaseInsensitive)) return true;
            }
            return false;
        });
    }

private:
    QStringList m_words;
    std::optional<std::set<int>> m_within;
};

void TrialsModel::setStudy(std::shared_ptr<const StudyView> view)
{
    const std::vector<std::string> parameters = view ? parametersOf(*view) : std::vector<std::string>();
    const int before = rowCount();
    const int now = view ? static_cast<int>(view->trials.size()) : 0;
    const bool same = m_view && view && parameters == m_parameters && view->study.name == m_view->study.name && now >= before;
    if (!same) {
        beginResetModel();
        m_view = std::move(view);
        m_parameters = parameters;
        endResetModel();
        return;
    }
    // Rows stay where they are, so that a selection and the scrolling do, too.
    if (now > before) beginInsertRows({}, before, now - 1);
    m_view = std::move(view);
    if (now > before) endInsertRows();
    if (before > 0) Q_EMIT dataChanged(index(0, 0), index(before - 1, columnCount() - 1));
}

int TrialsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_view ? 0 : static_cast<int>(m_view->trials.size());
}

int TrialsModel::columnCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_view) return 0;
    return kFirstColumns + static_cast<int>(m_view->objectives.size() + m_parameters.size()) + 1;
}

QVariant TrialsModel::cell(int row, int column, bool forSorting) const
{
    const Trial& trial = m_view->trials[static_cast<std::size_t>(row)];
    if (column == 0) return trial.number;
    if (column == 1) return QString::fromStdString(stateText(trial));
    column -= kFirstColumns;
    const auto objectives = static_cast<int>(m_view->objectives.size());
    if (column < objectives) {
        if (column >= static_cast<int>(trial.values.size())) return {};
        const double value = trial.values[static_cast<std::size_t>(column)];
        return forSorting ? QVariant(value) : QVariant(numberWords(value));
    }
    column -= objectives;
    if (column < static_cast<int>(m_parameters.size())) {
        const auto found = trial.parameters.find(m_parameters[static_cast<std::size_t>(column)]);
        if (found == trial.parameters.end()) return {};
        const Parameter& parameter = found->second;
        if (std::holds_alternative<CategoricalDistribution>(*parameter.distribution))
            return QString::fromStdString(valueText(*parameter.distribution, parameter.internal));
        return forSorting ? QVariant(parameter.internal) : QVariant(QString::number(parameter.internal, 'g', 4));
    }
    const auto start = secondsOf(trial.started), end = secondsOf(trial.completed);
    if (!start || !end) return {};
    return forSorting ? QVariant(*end - *start) : QVariant(QString::number(*end - *start, 'f', 1));
}

QVariant TrialsModel::data(const QModelIndex& index, int role) const
{
    if (!m_view || !index.isValid()) return {};
    if (role == Qt::DisplayRole) return cell(index.row(), index.column(), false);
    if (role == SortRole) return cell(index.row(), index.column(), true);
    if (role == Qt::TextAlignmentRole) {
        const bool words = index.column() == 1 || cell(index.row(), index.column(), true).typeId() == QMetaType::QString;
        return QVariant(Qt::AlignVCenter | (words ? Qt::AlignLeft : Qt::AlignRight));
    }
    if (role == Qt::ToolTipRole) {
        const Attributes& user = m_view->trials[static_cast<std::size_t>(index.row())].user;
        if (const auto failure = user.find(kFailureAttribute); failure != user.end())
            return QString::fromStdString(failure->second);
    }
    return {};
}

QVariant TrialsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || !m_view) return {};
    if (section == 0) return tr("Trial");
    if (section == 1) return tr("State");
    section -= kFirstColumns;
    if (section < static_cast<int>(m_view->objectives.size()))
        return QString::fromStdString(shortName(m_view->objectives[static_cast<std::size_t>(section)]));
    section -= static_cast<int>(m_view->objectives.size());
    if (section < static_cast<int>(m_parameters.size()))
        return QString::fromStdString(shortName(m_parameters[static_cast<std::size_t>(section)]));
    return tr("Seconds");
}

TrialsView::TrialsView(QWidget* parent)
    : FigureView(QStringLiteral("trialsView"), tr("Trials"), parent),
      m_model(new TrialsModel(this)),
      m_filter(new Filter(this)),
      m_table(new QTableView(this)),
      m_words(new QLineEdit(this))
{
    m_filter->setSourceModel(m_model);
    m_filter->setSortRole(TrialsModel::SortRole);
    m_table->setObjectName(QStringLiteral("trialsTable"));
    m_table->setAccessibleName(tr("Trials of the study"));
    m_table->setModel(m_filter);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setToolTip(tr("Select several with Ctrl; Enter or a double-click opens the trial's run"));
    m_words->setObjectName(QStringLiteral("trialsFilter"));
    m_words->setPlaceholderText(tr("Filter: complete adamw"));
    m_words->setAccessibleName(tr("Filter of trials"));
    m_words->setClearButtonEnabled(true);
    m_words->setFixedWidth(190);
    header().addTool(m_words);
    offerMenuOn(*m_table);
    setContent(m_table);
    setEmptyText(tr("No trial yet"), tr("Start a search at the left, or open a study."));
    connect(m_words, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_filter->setWords(words);
        updateWords();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_quiet) return;
        std::vector<int> trials;
        for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
            trials.push_back(m_model->trialAt(m_filter->mapToSource(index).row()));
        std::sort(trials.begin(), trials.end());
        Q_EMIT chosenChanged(trials);
    });
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT trialActivated(m_model->trialAt(m_filter->mapToSource(index).row())); });
}

FigureData TrialsView::figure() const
{
    if (!m_view || m_view->empty()) return std::monostate{};
    const TableFigure all = trialsTable(*m_view);
    TableFigure shown{all.title, all.columns, {}};
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const int trial = m_model->trialAt(m_filter->mapToSource(m_filter->index(row, 0)).row());
        shown.rows.push_back(all.rows[static_cast<std::size_t>(trial)]);
    }
    if (shown.rows.empty()) return std::monostate{};
    return shown;
}

void TrialsView::updateWords()
{
    if (!m_view) return header().setSubtitle(QString());
    const int shown = m_filter->rowCount(), all = m_model->rowCount();
    header().setSubtitle(shown == all ? QStringLiteral("%1").arg(all) : tr("%1 of %2").arg(shown).arg(all));
}

void TrialsView::setStudy(std::shared_ptr<const StudyView> view)
{
    m_view = std::move(view);
    const int columns = m_model->columnCount();
    m_model->setStudy(m_view);
    setContentState(m_view && !m_view->empty() ? ContentState::Filled : ContentState::Empty);
    if (m_model->columnCount() != columns) {
        m_table->resizeColumnsToContents();
        // Stretched anew: the columns before it have just got other widths.
        m_table->horizontalHeader()->setStretchLastSection(false);
        m_table->horizontalHeader()->setStretchLastSection(true);
    }
    updateWords();
}

void TrialsView::setChosen(const std::vector<int>& trials)
{
    m_quiet = true;
    QItemSelection selection;
    for (const int trial : trials) {
        const QModelIndex index = m_filter->mapFromSource(m_model->index(trial, 0));
        if (index.isValid()) selection.select(index, index);
    }
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (trials.size() == 1) {
        const QModelIndex index = m_filter->mapFromSource(m_model->index(trials.front(), 0));
        if (index.isValid()) m_table->scrollTo(index);
    }
    m_quiet = false;
}

void TrialsView::setWithin(const std::optional<std::vector<int>>& trials)
{
    m_filter->setWithin(trials);
    updateWords();
}

} // namespace latentoscope::ui
