#include "ui/figures/FigureView.h"

#include "core/base/Error.h"
#include "core/figures/FigureCsv.h"
#include "ui/common/EmptyState.h"
#include "ui/common/PanelHeader.h"
#include "ui/figures/ExportDialog.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace latentoscope::ui {

FigureView::FigureView(const QString& objectName, const QString& title, QWidget* parent)
    : QWidget(parent), m_header(new PanelHeader(title, this)), m_empty(nullptr), m_stack(new QStackedLayout)
{
    setObjectName(objectName);
    setAccessibleName(title);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_empty = new EmptyState(tr("Nothing here yet"), tr("Press Train, or open a run."), this);
    m_stack->addWidget(m_empty);
    m_header->hideTools();
    // X11 makes a context menu of the Menu key alone.
    auto* menuKey = new QShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F10), this);
    menuKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(menuKey, &QShortcut::activated, this, [this] { showMenu(mapToGlobal(rect().center())); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(m_stack, 1);
}

void FigureView::setEmptyText(const QString& headline, const QString& words) { m_empty->setText(headline, words); }

void FigureView::setContent(QWidget* content) { m_stack->addWidget(content); }

void FigureView::setContentState(ContentState state)
{
    const bool hasFigure = state == ContentState::Filled;
    m_stack->setCurrentIndex(hasFigure ? 1 : 0);
    if (hasFigure)
        m_header->showTools();
    else
        m_header->hideTools();
    if (hasFigure == m_hasFigure) return;
    m_hasFigure = hasFigure;
    Q_EMIT figureAvailable(hasFigure);
}

void FigureView::openExportDialog()
{
    if (!m_hasFigure) return;
    ExportDialog dialog(exportedFigure(), figureName(), this);
    dialog.setFileName(exportName());
    dialog.setWindowTitle(tr("Export figure: %1").arg(m_header->title()));
    if (dialog.exec() == QDialog::Accepted) Q_EMIT figureExported(QString::fromStdString(dialog.file().string()));
}

FigureData FigureView::exportedFigure() const
{
    FigureData shown = figure();
    if (m_subject.isEmpty()) return shown;
    std::visit(
        [this](auto& one) {
            if constexpr (requires { one.title; }) {
                const std::string subject = m_subject.toStdString();
                if (one.title.empty())
                    one.title = subject;
                else if (one.title.find(subject) == std::string::npos)
                    one.title += " · " + subject;
            }
        },
        shown);
    return shown;
}

QString FigureView::exportName() const
{
    if (m_subject.isEmpty()) return figureName();
    QString name = m_subject + QLatin1Char('-') + figureName();
    return name.replace(QLatin1Char('/'), QLatin1Char('-'));
}

void FigureView::copyFigure()
{
    try {
        QGuiApplication::clipboard()->setMimeData(figureMimeData(exportedFigure()).release());
        Q_EMIT copied(tr("the figure"));
    } catch (const Error& error) {
        Q_EMIT messageRaised(QString::fromStdString(error.what()));
    }
}

void FigureView::copyData()
{
    try {
        QGuiApplication::clipboard()->setText(QString::fromStdString(figureCsv(figure())));
        Q_EMIT copied(tr("the data"));
    } catch (const Error& error) {
        Q_EMIT messageRaised(QString::fromStdString(error.what()));
    }
}

void FigureView::extendMenu(QMenu&) {}

void FigureView::showMenu(const QPoint& globalPosition)
{
    QMenu menu(this);
    extendMenu(menu);
    if (!menu.isEmpty()) menu.addSeparator();
    QAction* exporting = menu.addAction(tr("Export…"), this, &FigureView::openExportDialog);
    exporting->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    QAction* copying = menu.addAction(tr("Copy"), this, &FigureView::copyFigure);
    QAction* copyingData = menu.addAction(tr("Copy data"), this, &FigureView::copyData);
    copyingData->setToolTip(tr("Copy what is drawn as comma-separated values"));
    for (QAction* action : {exporting, copying, copyingData}) action->setEnabled(m_hasFigure);
    menu.exec(globalPosition);
}

void FigureView::offerMenuOn(QWidget& content)
{
    content.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&content, &QWidget::customContextMenuRequested, this,
            [this, &content](const QPoint& position) { showMenu(content.mapToGlobal(position)); });
}

bool FigureView::event(QEvent* event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::Polish || event->type() == QEvent::FontChange)
        applyColors();
    return handled;
}

void FigureView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    showMenu(keyboard ? mapToGlobal(rect().center()) : event->globalPos());
}

} // namespace latentoscope::ui
