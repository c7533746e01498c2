#include "ui/main/RunsPanel.h"

#include "ui/common/PanelHeader.h"
#include "ui/main/RunDelegate.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace latentoscope::ui {
namespace {

QString textOf(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

QString dateWords(const std::string& created)
{
    const QDateTime when = QDateTime::fromString(QString::fromStdString(created), Qt::ISODate).toLocalTime();
    if (!when.isValid()) return {};
    if (when.date() == QDate::currentDate()) return when.toString(QStringLiteral("HH:mm"));
    if (when.date().addDays(1) == QDate::currentDate()) return QStringLiteral("yesterday");
    return QLocale::c().toString(when.date(), QStringLiteral("d MMM yyyy"));
}

} // namespace

QString runWords(const RunSummary& summary)
{
    if (summary.kind.empty()) return QStringLiteral("damaged: open it to see why");
    QStringList words; // what tells runs apart comes first: the end is cut off in a narrow panel
    if (summary.best) words << QString::number(*summary.best, 'g', 3);
    words << dateWords(summary.created);
    if (summary.folds > 0) {
        words << (summary.foldsDone < summary.folds ? QStringLiteral("%1 of %2 folds").arg(summary.foldsDone).arg(summary.folds)
                                                    : QStringLiteral("%1 folds").arg(summary.folds));
    }
    words << QStringLiteral("%1, latent %2").arg(QString::fromStdString(summary.kind)).arg(summary.latent);
    words.removeAll(QString());
    return words.join(QStringLiteral(" · "));
}

RunsPanel::RunsPanel(QWidget* parent)
    : QWidget(parent),
      m_header(new PanelHeader(QStringLiteral("Runs"), this)),
      m_list(new QListWidget(this)),
      m_empty(new QLabel(QStringLiteral("Every training becomes a run here."), this))
{
    setObjectName(QStringLiteral("runsPanel"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* folderButton = new QToolButton(this);
    folderButton->setObjectName(QStringLiteral("runsFolder"));
    folderButton->setText(QStringLiteral("Folder…"));
    folderButton->setAutoRaise(true);
    folderButton->setToolTip(QStringLiteral("Chooses where runs are kept"));
    connect(folderButton, &QToolButton::clicked, this, &RunsPanel::folderChangeRequested);
    m_header->addTool(folderButton);

    m_list->setObjectName(QStringLiteral("runsList"));
    m_list->setAccessibleName(QStringLiteral("Runs"));
    m_list->setItemDelegate(new RunDelegate(m_list));
    m_list->setMouseTracking(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    connect(m_list, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { Q_EMIT openRequested(runOf(item)); });
    connect(m_list, &QListWidget::itemChanged, this, [this] { Q_EMIT tickedChanged(); });
    connect(m_list, &QWidget::customContextMenuRequested, this, &RunsPanel::showMenu);

    m_empty->setProperty("secondary", true);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(12, 4, 12, 4);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_empty, 1);
    column->addWidget(m_list, 1);
}

std::filesystem::path RunsPanel::runOf(const QListWidgetItem* item) const
{
    return item == nullptr ? std::filesystem::path()
                           : std::filesystem::path(item->data(RunDelegate::FolderRole).toString().toStdString());
}

int RunsPanel::count() const { return m_list->count(); }

void RunsPanel::setFolder(const std::filesystem::path& folder)
{
    m_folder = folder;
    m_header->setToolTip(textOf(folder));
    refresh();
}

void RunsPanel::setCurrent(const std::filesystem::path& run)
{
    m_current = run;
    refresh();
}

void RunsPanel::setTraining(const std::filesystem::path& run)
{
    m_training = run;
    refresh();
}

std::vector<std::filesystem::path> RunsPanel::ticked() const
{
    std::vector<std::filesystem::path> runs;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) runs.push_back(runOf(m_list->item(row)));
    }
    return runs;
}

void RunsPanel::refresh()
{
    std::set<std::filesystem::path> kept;
    for (const auto& run : ticked()) kept.insert(run);
    const std::filesystem::path selected = runOf(m_list->currentItem());
    std::vector<RunSummary> runs;
    try {
        std::error_code ignored;
        if (std::filesystem::is_directory(m_folder, ignored)) runs = listRuns(m_folder);
    } catch (const std::exception& error) {
        Q_EMIT messageRaised(QString::fromUtf8(error.what()));
    }
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const RunSummary& run : runs) {
            auto* item = new QListWidgetItem(QString::fromStdString(run.name), m_list);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
            // A cross-validation has no one curve to lay over others.
            if (run.folds == 0) {
                item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
                item->setCheckState(kept.contains(run.folder) ? Qt::Checked : Qt::Unchecked);
            }
            item->setData(RunDelegate::FolderRole, textOf(run.folder));
            const bool training = run.folder == m_training;
            QString words = runWords(run);
            if (training) words = QStringLiteral("training now · ") + words;
            item->setData(RunDelegate::WordsRole, words);
            item->setData(RunDelegate::CurrentRole, run.folder == m_current);
            if (!run.thumbnail.empty()) item->setData(RunDelegate::PictureRole, QImage(textOf(run.thumbnail)));
            QString tip = QString::fromStdString(run.name) + QLatin1Char('\n') + words;
            if (run.best)
                tip += QStringLiteral("\nbest %1 %2").arg(QString::fromStdString(run.bestLabel)).arg(*run.best, 0, 'g', 6);
            item->setToolTip(tip + (run.folds == 0
                                        ? QStringLiteral("\nDouble-click opens it, the tick lays its curves over the others")
                                        : QStringLiteral("\nDouble-click opens its table of folds")));
            item->setData(Qt::AccessibleTextRole, QString::fromStdString(run.name) + QStringLiteral(", ") + words);
            if (run.folder == selected) m_list->setCurrentItem(item);
        }
    }
    m_header->setSubtitle(runs.empty() ? QString() : QString::number(runs.size()));
    m_empty->setVisible(runs.empty());
    m_list->setVisible(!runs.empty());
    if (ticked().size() != kept.size()) Q_EMIT tickedChanged();
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete &&
        m_list->currentItem() != nullptr) {
        moveToTrash(runOf(m_list->currentItem()));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RunsPanel::showMenu(const QPoint& position)
{
    const QListWidgetItem* item = m_list->itemAt(position);
    if (item == nullptr) return;
    const std::filesystem::path run = runOf(item);
    QMenu menu(this);
    menu.addAction(QStringLiteral("Open"), this, [this, run] { Q_EMIT openRequested(run); });
    menu.addAction(QStringLiteral("Show in file manager"), this,
                   [run] { QDesktopServices::openUrl(QUrl::fromLocalFile(textOf(run))); });
    menu.addSeparator();
    QAction* renaming = menu.addAction(QStringLiteral("Rename…"), this, [this, run] { rename(run); });
    QAction* trash = menu.addAction(QStringLiteral("Move to trash…"), this, [this, run] { moveToTrash(run); });
    renaming->setEnabled(run != m_training);
    trash->setEnabled(run != m_training);
    menu.exec(m_list->viewport()->mapToGlobal(position));
}

void RunsPanel::rename(const std::filesystem::path& run)
{
    bool accepted = false;
    const QString name = QInputDialog::getText(this, QStringLiteral("Rename run"), QStringLiteral("New name"), QLineEdit::Normal,
                                               textOf(run.filename()), &accepted)
                             .trimmed();
    if (!accepted || name.isEmpty() || name == textOf(run.filename())) return;
    const std::filesystem::path target = run.parent_path() / name.toStdString();
    std::error_code error;
    if (name.contains(QLatin1Char('/')) || std::filesystem::exists(target, error)) {
        Q_EMIT messageRaised(
            QStringLiteral("There is a run named “%1” already, or the name is not possible; choose another.").arg(name));
        return;
    }
    std::filesystem::rename(run, target, error);
    if (error) {
        Q_EMIT messageRaised(
            QStringLiteral("%1 cannot be renamed: %2").arg(textOf(run), QString::fromStdString(error.message())));
        return;
    }
    if (m_current == run) m_current = target;
    Q_EMIT runMoved(run, target);
    refresh();
}

void RunsPanel::moveToTrash(const std::filesystem::path& run)
{
    if (run.empty() || run == m_training) return;
    QMessageBox question(QMessageBox::Question, QStringLiteral("Move run to trash"),
                         QStringLiteral("Move “%1” to the trash?").arg(textOf(run.filename())), QMessageBox::Cancel, this);
    question.setObjectName(QStringLiteral("trashQuestion"));
    question.setInformativeText(QStringLiteral("Its weights, curves and figures go with it."));
    QAbstractButton* yes = question.addButton(QStringLiteral("Move to trash"), QMessageBox::AcceptRole);
    question.exec();
    if (question.clickedButton() != yes) return;
    if (!QFile::moveToTrash(textOf(run)))
        Q_EMIT messageRaised(QStringLiteral("%1 cannot be moved to the trash; delete it in a file manager.").arg(textOf(run)));
    refresh();
}

} // namespace latentoscope::ui
