#include "ui/training/FoldsView.h"

#include "core/base/Text.h"
#include "core/figures/FigureData.h"
#include "core/figures/RunFigures.h"
#include "ui/common/PanelHeader.h"
#include "ui/training/SparklineDelegate.h"

#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {

FoldsView::FoldsView(QWidget* parent)
    : FigureView(QStringLiteral("foldsView"), tr("Folds"), parent),
      m_model(new FoldsModel(this)),
      m_table(new QTableView(this)),
      m_continue(new QToolButton(this))
{
    m_table->setObjectName(QStringLiteral("foldsTable"));
    m_table->setAccessibleName(tr("Folds of the cross-validation"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new SparklineDelegate(*m_model, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(24);
    offerMenuOn(*m_table);
    connect(m_table, &QTableView::activated, this, &FoldsView::choose);

    m_continue->setObjectName(QStringLiteral("continueFolds"));
    m_continue->setText(tr("Continue"));
    m_continue->setToolTip(tr("Train the missing folds"));
    m_continue->setAutoRaise(true);
    m_continue->hide();
    connect(m_continue, &QToolButton::clicked, this, &FoldsView::continueRequested);
    header().addTool(m_continue);

    setContent(m_table);
    setEmptyText(tr("No folds"), tr("Train › Cross-validate trains a network once for each of several folds."));
}

FigureData FoldsView::figure() const
{
    if (m_state.folds.empty()) return std::monostate{};
    return m_model->table();
}

FigureData FoldsView::curves() const
{
    if (!m_loss || m_state.folds.empty()) return std::monostate{};
    std::vector<std::vector<EpochMetrics>> epochs;
    for (const FoldState& fold : m_state.folds) epochs.push_back(fold.epochs);
    return foldsFigure(*m_loss, epochs);
}

void FoldsView::begin(const Configuration& configuration, const ImageShape& shape)
{
    m_loss = measuresOf(configuration.model, shape).front();
    m_model->begin(configuration, shape);
    m_state = {};
}

void FoldsView::fitColumns()
{
    constexpr int kRoom = 8; // around words
    constexpr int kCurve = 44;
    QHeaderView* columns = m_table->horizontalHeader();
    const QAbstractItemView& cells = *m_table;
    int left = m_table->viewport()->width();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        if (column == FoldsModel::Curve) continue;
        const int width = std::max(columns->sectionSizeHint(column), cells.sizeHintForColumn(column) + kRoom);
        columns->resizeSection(column, width);
        left -= width;
    }
    columns->resizeSection(FoldsModel::Curve, std::max(kCurve, left));
}

void FoldsView::resizeEvent(QResizeEvent* event)
{
    FigureView::resizeEvent(event);
    fitColumns();
}

void FoldsView::setState(const CrossValidationState& state)
{
    const QModelIndex selected = m_table->currentIndex();
    m_state = state;
    m_model->setState(state);
    if (selected.isValid()) m_table->setCurrentIndex(m_model->index(selected.row(), selected.column()));
    QString words = m_model->summary();
    const std::size_t done = state.scores().size();
    if (done < state.folds.size()) {
        words += (words.isEmpty() ? QString() : QStringLiteral(" · ")) + tr("%1 of %2 done").arg(done).arg(state.folds.size());
    }
    if (state.secondsLeft) words += tr(" · %1 left").arg(QString::fromStdString(durationText(*state.secondsLeft)));
    if (!subject().isEmpty()) words = subject() + (words.isEmpty() ? QString() : QStringLiteral(" · ")) + words;
    header().setSubtitle(words);
    m_continue->setVisible(state.state != RunState::Running && done < state.folds.size());
    setContentState(ContentState::Filled);
    fitColumns();
}

void FoldsView::clear()
{
    m_state = {};
    m_loss.reset();
    m_model->clear();
    header().setSubtitle(QString());
    setContentState(ContentState::Empty);
}

void FoldsView::extendMenu(QMenu& menu)
{
    const FoldState* fold = m_model->foldAt(m_table->currentIndex().row());
    QAction* opening = menu.addAction(tr("Open as run"), this, [this] { choose(m_table->currentIndex()); });
    opening->setEnabled(fold != nullptr && fold->stage == FoldState::Stage::Done);
}

void FoldsView::choose(const QModelIndex& index)
{
    const FoldState* fold = m_model->foldAt(index.row());
    if (fold != nullptr && fold->stage == FoldState::Stage::Done) Q_EMIT foldChosen(fold->fold);
}

} // namespace latentoscope::ui
