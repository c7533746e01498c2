#include "ui/main/AboutDialog.h"

#include "core/base/Version.h"
#include "core/models/ComputeThread.h"
#include "ui/common/Icons.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <utility>

namespace latentoscope::ui {
namespace {

QDialogButtonBox* closeButton(QDialog& dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, &dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    return buttons;
}

} // namespace

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Latentoscope"));
    auto* icon = new QLabel(this);
    icon->setPixmap(programIcon().pixmap(QSize(64, 64), devicePixelRatio()));
    auto* words = new QLabel(this);
    words->setObjectName(QStringLiteral("aboutWords"));
    words->setTextFormat(Qt::RichText);
    words->setOpenExternalLinks(true);
    words->setTextInteractionFlags(Qt::TextBrowserInteraction);
    words->setWordWrap(true);
    words->setMinimumWidth(420);
    words->setText(
        tr("<h3>Latentoscope %1</h3>"
           "<p>A desktop lab for auto-encoders: train them, watch them learn, click through their latent space.</p>"
           "<p>Free software under the <a href=\"https://www.gnu.org/licenses/gpl-3.0.html\">GNU General Public License, "
           "version 3 or later</a>; it comes without any warranty.</p>"
           "<p>Built on <a href=\"https://pytorch.org\">libtorch</a> %2 (BSD-3-Clause), "
           "<a href=\"https://www.qt.io\">Qt</a> %3 (LGPL-3.0), "
           "<a href=\"https://www.qcustomplot.com\">QCustomPlot</a> 2.1 by Emanuel Eichhammer (GPL-3.0), "
           "CLI11, nlohmann/json, FFTW, hiredis, OpenSSL, zlib and libpng. Class colours: M. A. Petroff, arXiv 2107.02270.</p>")
            .arg(QString::fromLatin1(version()), QString::fromLatin1(torchVersion()), QString::fromLatin1(qVersion())));
    auto* line = new QHBoxLayout;
    line->setSpacing(16);
    line->addWidget(icon, 0, Qt::AlignTop);
    line->addWidget(words, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 16, 24, 16);
    column->setSpacing(16);
    column->addLayout(line);
    column->addWidget(closeButton(*this));
}

ShortcutsDialog::ShortcutsDialog(const QList<QAction*>& actions, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    QList<std::pair<QString, QString>> rows;
    for (const QAction* action : actions) {
        QString words = action->text();
        words.remove(QLatin1Char('&')).remove(QStringLiteral("…"));
        if (!action->shortcut().isEmpty()) rows.append({words, action->shortcut().toString(QKeySequence::NativeText)});
    }
    rows.append({tr("Move the probe on the map"), tr("Arrows, Shift for finer steps")});
    rows.append({tr("Pan the map"), tr("Space or middle button and drag")});
    rows.append({tr("Zoom a plot"), tr("Wheel")});
    rows.append({tr("Step a number in the settings"), tr("Up, Down")});
    rows.append({tr("Tick, open, throw away a run"), tr("Space, Enter, Del")});

    auto* table = new QTableWidget(static_cast<int>(rows.size()), 2, this);
    table->setObjectName(QStringLiteral("shortcutsTable"));
    table->horizontalHeader()->hide();
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setStyleSheet(QStringLiteral("background: transparent"));
    table->setFrameShape(QFrame::NoFrame);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->setFocusPolicy(Qt::NoFocus);
    for (int row = 0; row < rows.size(); ++row) {
        table->setItem(row, 0, new QTableWidgetItem(rows[row].first));
        table->setItem(row, 1, new QTableWidgetItem(rows[row].second));
    }
    table->resizeColumnsToContents();
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(table);
    column->addWidget(closeButton(*this));
    resize(560, 560);
}

} // namespace latentoscope::ui
