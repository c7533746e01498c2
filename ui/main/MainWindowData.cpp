// Which data set there is, what is said of it, and where runs are kept.
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/data/DataSet.h"
#include "ui/common/MessageBar.h"
#include "ui/features/FineTuneFeature.h"
#include "ui/latent/ProbeView.h"
#include "ui/latent/ScatterView.h"
#include "ui/main/CommandBar.h"
#include "ui/main/MainWindow.h"
#include "ui/runs/RunsPanel.h"
#include "ui/runs/StatusLine.h"
#include "ui/settings/ControlPanel.h"
#include "ui/training/LossView.h"
#include "ui/training/ReconstructionsView.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <QUrl>

#include <cmath>

namespace latentoscope::ui {
namespace {

QString textOf(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

/// Of the training images, those that settings hold out.
double heldOutShare(const DataOptions& data) { return data.folds > 0 ? 1.0 / data.folds : data.validationFraction; }

} // namespace

void MainWindow::showData()
{
    m_controls->setDataSet(m_controller.data()); // tells showSettings()
    openWaiting();
    sayWhatWasFound();
    if (m_controller.data() && !m_controller.hasRun()) {
        m_scatter->setEmptyText(tr("Press Train, or drop images here"),
                                tr("Each held-out image becomes a point. Runs, settings and studies can be dropped, too."));
        showEmptyWords(tr("Press Train (F5), or tick runs to compare."));
    }
    updateActions(m_controller.state());
}

/// What reading the data came upon: files that are left out in a message, what was chosen in the status line.
void MainWindow::sayWhatWasFound()
{
    const auto& read = m_controller.data();
    if (!read) return;
    QStringList notes;
    for (const std::string& note : read->found.notes) notes << QString::fromStdString(note);
    if (!notes.isEmpty()) m_status->remark(notes.join(QStringLiteral("; ")));
    const std::vector<Unreadable>& bad = read->found.unreadable;
    if (bad.empty()) return;
    m_messages->show(MessageBar::Kind::Information,
                     tr("%n picture(s) cannot be read and are left out, such as %1: %2.", nullptr, static_cast<int>(bad.size()))
                         .arg(QString::fromStdString(shownText(bad.front().file)), QString::fromStdString(bad.front().reason)));
}

/// Whether the settings make other images of the pictures than those that are loaded.
bool MainWindow::readsOtherImages() const
{
    const DataOptions chosen = m_controls->request().configuration.data, loaded = m_controller.dataOptions();
    const bool drawn = m_controller.data() && m_controller.data()->found.testIsDrawn;
    return !chosen.readsAs(loaded) || (drawn && !chosen.drawsTestAs(loaded));
}

void MainWindow::readDataAgain()
{
    if (!m_controls->isValid() || !readsOtherImages()) return;
    const TrainingRequest request = m_controls->request();
    m_controller.loadData(request.dataFolder, request.configuration.data);
}

/// One set of words for all panels that have nothing to show yet, whether there are data or not.
void MainWindow::showEmptyWords(const QString& first)
{
    m_loss->setEmptyText(tr("No curves yet"), first);
    m_reconstructions->setEmptyText(tr("No reconstructions yet"), tr("Inputs appear above what the network makes of them."));
    m_probe->setEmptyText(tr("Nothing probed"), tr("Click anywhere in the map to decode that place."));
}

void MainWindow::showSettings()
{
    if (m_controls->isValid() && readsOtherImages()) m_readAgain.start();
    m_fineTuning->showEncoder();
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    m_commandBar->setPresets(names, m_controls->base().name, m_controls->isChanged() ? tr("changed") : QString());
    const auto& loaded = m_controller.data();
    QString words = m_controller.loadingData() ? tr("Reading the data set…") : tr("No data set");
    QString tip = words;
    if (loaded) {
        const Configuration& chosen = m_controls->request().configuration;
        const auto count = [](std::int64_t images) { return QString::fromStdString(groupedText(images)); };
        const int all = loaded->train.count();
        const auto held = static_cast<int>(std::lround(heldOutShare(chosen.data) * all));
        words = tr("%1 · %2%3 + %4 · seed %5")
                    .arg(QString::fromStdString(loaded->name), count(all - held),
                         held > 0 ? tr(" + %1").arg(count(held)) : QString(), count(loaded->test.count()))
                    .arg(chosen.training.seed);
        tip = tr("%1\n%2 images to train on%3, %4 to test with\nseed %5 of weights and order")
                  .arg(QString::fromStdString(loaded->name), count(all - held),
                       held > 0 ? tr(", about %1 held out of training").arg(count(held)) : QString(), count(loaded->test.count()))
                  .arg(chosen.training.seed);
    }
    m_commandBar->setDataWords(words, tip);
    const bool trainable = !busy() && loaded && m_controls->isValid();
    m_actions.copyCommand->setEnabled(m_controls->isValid());
    if (m_actions.train->isEnabled() != trainable) updateActions(m_controller.state());
}

void MainWindow::setDataFolder(const std::filesystem::path& folder)
{
    QSettings().setValue(QStringLiteral("data/folder"), textOf(folder));
    m_controls->setDataFolder(folder);
    m_messages->dismiss();
    m_controller.loadData(folder, m_controls->request().configuration.data);
}

void MainWindow::showMissingData()
{
    const QString command = QStringLiteral("sudo apt install dataset-fashion-mnist");
    const QString offer = tr("Drop a folder of pictures here, choose one, or install Fashion-MNIST with “%1”.").arg(command);
    m_scatter->setEmptyText(tr("No data set yet"), offer);
    showEmptyWords(tr("A data set comes first; runs can be opened and compared without one."));
    const std::filesystem::path folder = m_controls->request().dataFolder;
    const QString where = textOf(folder.empty() ? packagedDataFolder() : folder);
    m_messages->show(MessageBar::Kind::Information, tr("There is no data set in %1. %2").arg(where, offer),
                     {{tr("Copy “apt install …”"), [command] { QApplication::clipboard()->setText(command); }},
                      {tr("Choose a folder…"),
                       [this] {
                           const QString chosen = QFileDialog::getExistingDirectory(this, tr("Folder of pictures"));
                           if (!chosen.isEmpty()) setDataFolder(chosen.toStdString());
                       }},
                      {tr("Look again"), [this, folder] { setDataFolder(folder); }}});
}

void MainWindow::showDamagedData(const QString& sentence)
{
    m_scatter->setEmptyText(tr("No data set"), tr("The chosen data set cannot be read; choose another one in the settings."));
    showEmptyWords(tr("A data set comes first; runs can be opened and compared without one."));
    m_messages->show(MessageBar::Kind::Error, sentence, {{tr("Use Fashion-MNIST"), [this] { setDataFolder({}); }}});
}

void MainWindow::chooseRunsFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for runs"), textOf(m_controller.runsFolder()));
    if (folder.isEmpty()) return;
    if (!QTemporaryDir(folder + QStringLiteral("/.latentoscope-XXXXXX")).isValid())
        return raiseProblem(tr("%1: nothing can be written there, so no run can be kept in it; the folder stays %2.")
                                .arg(folder, textOf(m_controller.runsFolder())));
    m_messages->dismiss();
    QSettings().setValue(QStringLiteral("runs/folder"), folder);
    m_controller.setRunsFolder(folder.toStdString());
    m_runs->setFolder(folder.toStdString());
}

void MainWindow::raiseRunProblem(const QString& sentence)
{
    const QFileInfo named(sentence.section(QLatin1Char(':'), 0, 0));
    if (!named.isAbsolute() || !named.exists()) return raiseProblem(sentence);
    const QString folder = named.isDir() ? named.absoluteFilePath() : named.absolutePath();
    m_messages->show(MessageBar::Kind::Error, sentence,
                     {{tr("Show the folder"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); }}});
}

void MainWindow::raiseFolderProblem(const QString& sentence)
{
    if (!sentence.startsWith(textOf(m_controller.runsFolder()))) return raiseProblem(sentence);
    m_messages->show(MessageBar::Kind::Error, sentence, {{tr("Choose another folder…"), [this] { chooseRunsFolder(); }}});
}

} // namespace latentoscope::ui
