#include "ui/runs/RunsPanel.h"

#include "core/base/FileLock.h"
#include "ui/common/Dialogs.h"
#include "ui/common/PanelHeader.h"
#include "ui/runs/RunDelegate.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace latentoscope::ui {
namespace {

constexpr std::size_t kManyRuns = 8; ///< from which on they are looked for
constexpr int kSettleMs = 500;       ///< after a change in the folder, which is rarely the only one

QString textOf(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

QString dateWords(const std::string& created)
{
    const QDateTime when = QDateTime::fromString(QString::fromStdString(created), Qt::ISODate).toLocalTime();
    if (!when.isValid()) return {};
    if (when.date() == QDate::currentDate()) return when.toString(QStringLiteral("HH:mm"));
    if (when.date().addDays(1) == QDate::currentDate()) return QCoreApplication::translate("RunsPanel", "yesterday");
    return QLocale::c().toString(when.date(), QStringLiteral("d MMM yyyy"));
}

} // namespace

QString runWords(const RunSummary& summary)
{
    if (summary.kind.empty()) return QCoreApplication::translate("RunsPanel", "damaged; open it to see why");
    QStringList words; // what tells runs apart comes first: the end is cut off in a narrow panel
    words << QCoreApplication::translate("RunsPanel", "latent %1").arg(summary.latent);
    if (summary.accuracy)
        words << QCoreApplication::translate("RunsPanel", "%1 % right").arg(*summary.accuracy, 0, 'f', 1);
    else if (summary.best)
        words << QStringLiteral("%1 %2")
                     .arg(QString::fromStdString(summary.bestLabel).section(QLatin1Char(' '), 1))
                     .arg(*summary.best, 0, 'g', 3);
    if (summary.folds > 0) {
        words << (summary.foldsDone < summary.folds
                      ? QCoreApplication::translate("RunsPanel", "%1 of %2 folds").arg(summary.foldsDone).arg(summary.folds)
                      : QCoreApplication::translate("RunsPanel", "%1 folds").arg(summary.folds));
    }
    if (!summary.encoder.empty())
        words << QCoreApplication::translate("RunsPanel", "from %1").arg(QString::fromStdString(summary.encoder));
    words << dateWords(summary.created) << QString::fromStdString(summary.kind) << QString::fromStdString(summary.dataName);
    words.removeAll(QString());
    return words.join(QStringLiteral(" · "));
}

/// What a row has no room for, a line each.
QString runTip(const RunSummary& run)
{
    QStringList lines{QString::fromStdString(run.name)};
    if (!run.kind.empty()) {
        lines << QCoreApplication::translate("RunsPanel", "%1, latent %2, on %3")
                     .arg(QString::fromStdString(run.kind))
                     .arg(run.latent)
                     .arg(QString::fromStdString(run.dataName));
        if (!run.encoder.empty())
            lines << QCoreApplication::translate("RunsPanel", "encoder of %1").arg(QString::fromStdString(run.encoder));
    }
    if (run.best)
        lines << QCoreApplication::translate("RunsPanel", "best %1 %2")
                     .arg(QString::fromStdString(run.bestLabel))
                     .arg(*run.best, 0, 'g', 6);
    if (run.accuracy) lines << QCoreApplication::translate("RunsPanel", "%1 % of the images right").arg(*run.accuracy, 0, 'f', 2);
    if (run.folds > 0) lines << QCoreApplication::translate("RunsPanel", "%1 of %2 folds").arg(run.foldsDone).arg(run.folds);
    if (run.folds == 0 && run.epochsDone > 0)
        lines << (run.epochsDone == 1 ? QCoreApplication::translate("RunsPanel", "1 epoch")
                                      : QCoreApplication::translate("RunsPanel", "%1 epochs").arg(run.epochsDone));
    for (const std::string& note : run.notes)
        lines << QCoreApplication::translate("RunsPanel", "Note: %1").arg(QString::fromStdString(note));
    if (!run.holder.empty() && run.holder != kThisProgram)
        lines << QCoreApplication::translate("RunsPanel", "%1 is at work there").arg(QString::fromStdString(run.holder));
    lines << (run.folds == 0
                  ? QCoreApplication::translate("RunsPanel", "Double-click to open the run; tick it to compare its curves")
                  : QCoreApplication::translate("RunsPanel", "Double-click to open its table of folds"));
    return lines.join(QLatin1Char('\n'));
}

RunsPanel::RunsPanel(QWidget* parent)
    : QWidget(parent),
      m_header(new PanelHeader(tr("Runs"), this)),
      m_list(new QListWidget(this)),
      m_empty(new QLabel(tr("Train a network, and its run is listed here."), this)),
      m_find(new QLineEdit(this))
{
    setObjectName(QStringLiteral("runsPanel"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* folderButton = new QToolButton(this);
    folderButton->setObjectName(QStringLiteral("runsFolder"));
    folderButton->setText(tr("Folder…"));
    folderButton->setAutoRaise(true);
    folderButton->setToolTip(tr("Choose the folder for runs"));
    connect(folderButton, &QToolButton::clicked, this, &RunsPanel::folderChangeRequested);
    m_header->addTool(folderButton);

    m_list->setObjectName(QStringLiteral("runsList"));
    m_list->setAccessibleName(tr("Runs"));
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

    // Runs of other programs come and go in the folder.
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_settle, &QTimer::timeout, this, &RunsPanel::refresh);

    m_empty->setProperty("secondary", true);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(12, 4, 12, 4);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_find->setObjectName(QStringLiteral("findRun"));
    m_find->setPlaceholderText(tr("Find: name, kind, latent 2, data …"));
    m_find->setAccessibleName(tr("Find runs"));
    m_find->setToolTip(tr("Show only runs that contain all of these words"));
    m_find->setClearButtonEnabled(true);
    connect(m_find, &QLineEdit::textChanged, this, &RunsPanel::find);
    auto* finding = new QHBoxLayout;
    finding->setContentsMargins(12, 0, 12, 4);
    finding->addWidget(m_find);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(finding);
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
    m_listing = {folder};
    m_header->setToolTip(textOf(folder));
    if (!m_watcher.directories().isEmpty()) m_watcher.removePaths(m_watcher.directories());
    refresh();
}

void RunsPanel::setCurrent(const std::filesystem::path& run)
{
    m_scrollTo = run != m_current;
    m_current = run;
    fill();
}

void RunsPanel::setTraining(const std::filesystem::path& run, bool paused)
{
    m_training = run;
    m_paused = paused;
    fill();
}

std::vector<std::filesystem::path> RunsPanel::ticked() const
{
    std::vector<std::filesystem::path> runs;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) runs.push_back(runOf(m_list->item(row)));
    }
    return runs;
}

RunsPanel::Listing RunsPanel::listingOf(const std::filesystem::path& folder)
{
    Listing listing{folder};
    try {
        std::error_code ignored;
        listing.isThere = std::filesystem::is_directory(folder, ignored);
        if (listing.isThere) listing.runs = listRuns(folder);
    } catch (const std::exception& error) {
        listing.problem = QString::fromUtf8(error.what());
    }
    for (const RunSummary& run : listing.runs)
        listing.thumbnails.push_back(run.thumbnail.empty() ? QImage() : QImage(textOf(run.thumbnail)));
    return listing;
}

void RunsPanel::refresh()
{
    m_reading.ask([folder = m_folder] { return listingOf(folder); },
                  [this](const Listing& listing) {
                      if (listing.folder != m_folder) return;
                      if (!listing.problem.isEmpty()) Q_EMIT messageRaised(listing.problem);
                      // It may have been made since.
                      if (listing.isThere && m_watcher.directories().isEmpty()) m_watcher.addPath(textOf(m_folder));
                      m_listing = listing;
                      fill();
                  });
}

void RunsPanel::fill()
{
    std::set<std::filesystem::path> kept;
    for (const auto& run : ticked()) kept.insert(run);
    const std::filesystem::path selected = runOf(m_list->currentItem());
    const int scrolled = m_list->verticalScrollBar()->value();
    const std::vector<RunSummary>& runs = m_listing.runs;
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (std::size_t row = 0; row < runs.size(); ++row) {
            const RunSummary& run = runs[row];
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
            if (training)
                words = m_paused ? tr("paused · ") + words : tr("training now · ") + words;
            else if (!run.holder.empty() && run.holder != kThisProgram)
                words = tr("in use by %1 · ").arg(QString::fromStdString(run.holder)) + words;
            item->setData(RunDelegate::WordsRole, words);
            item->setData(RunDelegate::CurrentRole, run.folder == m_current);
            if (const auto color = m_tickColors.find(run.folder); color != m_tickColors.end())
                item->setData(RunDelegate::TickColorRole, color->second);
            if (!m_listing.thumbnails[row].isNull()) item->setData(RunDelegate::PictureRole, m_listing.thumbnails[row]);
            item->setToolTip(runTip(run));
            item->setData(Qt::AccessibleTextRole, QString::fromStdString(run.name) + QStringLiteral(", ") + words);
            if (run.folder == selected) m_list->setCurrentItem(item);
        }
        m_list->verticalScrollBar()->setValue(scrolled);
    }
    if (m_scrollTo) { // a run that was opened or made is seen
        for (int row = 0; row < m_list->count(); ++row) {
            if (runOf(m_list->item(row)) != m_current) continue;
            m_list->scrollToItem(m_list->item(row));
            m_scrollTo = false;
        }
    }
    m_find->setVisible(runs.size() >= kManyRuns || !m_find->text().isEmpty());
    find();
    m_empty->setVisible(runs.empty());
    m_list->setVisible(!runs.empty());
    if (ticked().size() != kept.size()) Q_EMIT tickedChanged();
}

void RunsPanel::find()
{
    const QStringList words = m_find->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    int found = 0;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        const QString text = item->text() + QLatin1Char(' ') + item->data(RunDelegate::WordsRole).toString();
        const bool holds = std::all_of(words.begin(), words.end(),
                                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
        item->setHidden(!holds);
        found += holds ? 1 : 0;
    }
    const int all = m_list->count();
    m_header->setSubtitle(all == 0 ? QString() : found == all ? QString::number(all) : tr("%1 of %2").arg(found).arg(all));
}

void RunsPanel::setTickColors(const std::map<std::filesystem::path, QColor>& colors)
{
    m_tickColors = colors;
    const QSignalBlocker quiet(m_list); // a colour is no tick
    for (int row = 0; row < m_list->count(); ++row) {
        const auto found = colors.find(runOf(m_list->item(row)));
        m_list->item(row)->setData(RunDelegate::TickColorRole, found == colors.end() ? QVariant() : QVariant(found->second));
    }
    m_list->viewport()->update();
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::FocusIn && m_list->currentItem() == nullptr && m_list->count() > 0) {
        const QSignalBlocker quiet(m_list);
        m_list->setCurrentRow(0); // where the keys are is seen
    }
    if (watched == m_list && event->type() == QEvent::KeyPress && m_list->currentItem() != nullptr) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Delete) moveToTrash(runOf(m_list->currentItem()));
        if (key == Qt::Key_F2) rename(runOf(m_list->currentItem()));
        if (key == Qt::Key_Delete || key == Qt::Key_F2) return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RunsPanel::showMenu(const QPoint& position)
{
    const QListWidgetItem* item = m_list->itemAt(position);
    if (item == nullptr) return;
    const std::filesystem::path run = runOf(item);
    QMenu menu(this);
    menu.addAction(tr("Open"), this, [this, run] { Q_EMIT openRequested(run); });
    menu.addAction(tr("Show in file manager"), this, [run] { QDesktopServices::openUrl(QUrl::fromLocalFile(textOf(run))); });
    menu.addSeparator();
    QAction* renaming = menu.addAction(tr("Rename…"), this, [this, run] { rename(run); });
    renaming->setShortcut(Qt::Key_F2);
    QAction* trash = menu.addAction(tr("Move to trash…"), this, [this, run] { moveToTrash(run); });
    renaming->setEnabled(run != m_training);
    trash->setEnabled(run != m_training);
    menu.exec(m_list->viewport()->mapToGlobal(position));
}

std::vector<std::filesystem::path> RunsPanel::runs() const
{
    std::vector<std::filesystem::path> all;
    for (int row = 0; row < m_list->count(); ++row) all.push_back(runOf(m_list->item(row)));
    return all;
}

QString RunsPanel::askName(const std::filesystem::path& run, const QString& proposed, const QString& reason)
{
    QInputDialog dialog(this);
    dialog.setWindowTitle(tr("Rename run"));
    dialog.setLabelText(reason.isEmpty() ? tr("New name of %1").arg(textOf(run.filename())) : reason);
    dialog.setTextValue(proposed);
    dialog.resize(dialog.sizeHint().expandedTo(QSize(420, 0)));
    if (auto* line = dialog.findChild<QLineEdit*>()) line->setMinimumWidth(380);
    return dialog.exec() == QDialog::Accepted ? dialog.textValue().trimmed() : QString();
}

void RunsPanel::rename(const std::filesystem::path& run)
{
    if (run.empty() || run == m_training || isHeld(run, tr("%1: %2 is at work there, so it is not renamed; wait for its end.")))
        return;
    QString reason;
    QString name = textOf(run.filename());
    for (;;) { // a name that is not possible is not lost: it is asked for again
        name = askName(run, name, reason);
        if (name.isEmpty() || name == textOf(run.filename())) return;
        const std::filesystem::path target = run.parent_path() / name.toStdString();
        std::error_code error;
        if (name.contains(QLatin1Char('/'))) {
            reason = tr("“%1” has a slash, which no name can have; choose another.").arg(name);
        } else if (std::filesystem::exists(target, error)) {
            reason = tr("There is a run named “%1” already; choose another name.").arg(name);
        } else {
            std::filesystem::rename(run, target, error);
            if (!error) return renamed(run, target);
            reason = tr("It cannot be renamed: %1.").arg(QString::fromStdString(error.message()));
        }
    }
}

void RunsPanel::renamed(const std::filesystem::path& run, const std::filesystem::path& target)
{
    if (m_current == run) m_current = target;
    for (int row = 0; row < m_list->count(); ++row) { // its tick goes with it
        if (runOf(m_list->item(row)) == run) m_list->item(row)->setData(RunDelegate::FolderRole, textOf(target));
    }
    for (RunSummary& listed : m_listing.runs) {
        if (listed.folder == run) listed.folder = target, listed.name = target.filename().string();
    }
    Q_EMIT runMoved(run, target);
    refresh();
}

/// Says so where another program is at work in it.
bool RunsPanel::isHeld(const std::filesystem::path& run, const QString& sentence)
{
    const auto holder = holderOf(run);
    if (!holder || *holder == kThisProgram) return false;
    Q_EMIT messageRaised(sentence.arg(textOf(run), QString::fromStdString(*holder)));
    return true;
}

void RunsPanel::moveToTrash(const std::filesystem::path& run)
{
    if (run.empty() || run == m_training ||
        isHeld(run, tr("%1: %2 is at work there, so it is not moved to the trash; wait for its end.")))
        return;
    QMessageBox question(QMessageBox::Question, tr("Move run to trash"),
                         tr("Move “%1” to the trash?").arg(textOf(run.filename())), QMessageBox::Cancel, this);
    question.setObjectName(QStringLiteral("trashQuestion"));
    question.setInformativeText(tr("Its weights, curves and figures are moved with it."));
    QAbstractButton* yes = question.addButton(tr("Move to trash"), QMessageBox::AcceptRole);
    widen(question);
    question.exec();
    if (question.clickedButton() != yes) return;
    if (!QFile::moveToTrash(textOf(run)))
        Q_EMIT messageRaised(tr("%1 cannot be moved to the trash; delete it in a file manager.").arg(textOf(run)));
    else if (run == m_current)
        Q_EMIT messageRaised(tr("The run shown, %1, was moved to the trash; it stays on screen until you open another.")
                                 .arg(textOf(run.filename())));
    refresh();
}

} // namespace latentoscope::ui
