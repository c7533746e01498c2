#include "ui/main/WindowActions.h"

#include "ui/common/Icons.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPalette>

namespace latentoscope::ui {

QAction* WindowActions::make(QMainWindow& window, const char* name, const char* words, const char* tip, const char* icon)
{
    auto* action = new QAction(QString::fromUtf8(words), &window);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(QString::fromUtf8(tip));
    action->setStatusTip(QString());
    action->setProperty("drawing", QString::fromLatin1(icon));
    action->setIconVisibleInMenu(false);
    window.addAction(action);
    m_list.append(action);
    return action;
}

WindowActions::WindowActions(QMainWindow& window)
{
    openRun = make(window, "openRun", "&Open run…", "Opens the folder of a run", "open");
    openStudy = make(window, "openStudy", "Open st&udy…",
                     "Shows a hyper-parameter study, such as one of Optuna's, and follows it", "open");
    openConfiguration = make(window, "openConfiguration", "Open &settings…", "Sets the whole panel from a file", "open");
    saveConfiguration =
        make(window, "saveConfiguration", "Save se&ttings as…", "Writes the panel's settings to a file", "export");
    runsFolder = make(window, "chooseRunsFolder", "&Runs folder…", "Choose the folder for runs", "folder");
    exportView = make(window, "exportView", "&Export view…", "Saves the view last used as PNG, SVG, PDF or CSV", "export");
    exportAll = make(window, "exportAll", "Export &all figures…", "Saves every figure in every format into a folder", "export");
    quit = make(window, "quit", "&Quit", "Ends the program", "close");
    copyFigure = make(window, "copyFigure", "&Copy figure", "Copies the view last used to the clipboard", "copy");
    copyData = make(window, "copyData", "Copy &data", "Copies the values of the view last used", "copy");
    copyCode = make(window, "copyCode", "Copy probe c&ode", "Copies the code under the probe", "copy");
    copyCommand =
        make(window, "copyCommandAction", "Copy as co&mmand", "Copies the “latentoscope train …” that does the same", "copy");
    palette = make(window, "commandPaletteAction", "&Find a command…", "Finds any command by a few letters", "search");
    resetLayout = make(window, "resetLayout", "&Reset layout", "Restore the default layout", "reset");
    workspaceTrain = make(window, "workspaceTrain", "Train", "The panels of training and of the latent space");
    workspaceSearch = make(window, "workspaceSearch", "Search", "The panels of the search for hyper-parameters");
    fit = make(window, "fit", "&Fit", "Shows all of the data in the view last used", "fit");
    themeSystem = make(window, "themeSystem", "Theme: as the &system", "Light or dark as the desktop says", "theme");
    themeLight = make(window, "themeLight", "Theme: &light", "Always light", "theme");
    themeDark = make(window, "themeDark", "Theme: &dark", "Always dark", "theme");
    train = make(window, "train", "&Train", "Start a new training with the current settings", "play");
    pause = make(window, "pause", "&Pause", "Pause the training. Resuming continues exactly where it was", "pause");
    stop = make(window, "stop", "&Stop", "Ends the training and keeps its weights", "stop");
    further = make(window, "further", "Train &further…", "Goes on for more epochs", "further");
    fineTune = make(window, "fineTune", "Fine-tune on &labels", "Prepares a classifier that begins with the shown run's encoder",
                    "further");
    crossValidate =
        make(window, "crossValidate", "Cross-&validate…",
             "Trains these settings once for each of several folds, and measures each on what it never saw", "further");
    report =
        make(window, "report", "&Report…", "Makes every table and figure of the reference report, with its networks", "export");
    resetSettings = make(window, "resetSettings", "&Reset settings", "Reset all settings to the preset or file", "reset");
    playEpochs = make(window, "playEpochsAction", "Play &epochs", "Plays all epochs so far", "play");
    probeMean = make(window, "probeMean", "Probe the &mean code", "Decodes the middle of all codes", "search");
    clearProbe = make(window, "clearProbe", "&Clear probe", "Takes the probe off the map", "close");
    showAllClasses = make(window, "showAllClasses", "&Show all classes", "Colours every class again", "fit");
    shortcuts = make(window, "shortcuts", "&Keyboard shortcuts", "Show all keyboard shortcuts", "keyboard");
    about = make(window, "about", "&About Latentoscope", "Version, licence and credits", "info");

    openRun->setShortcut(QKeySequence::Open);
    openConfiguration->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+O")));
    saveConfiguration->setShortcut(QKeySequence(QStringLiteral("Ctrl+S")));
    exportView->setShortcut(QKeySequence(QStringLiteral("Ctrl+E")));
    exportAll->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+E")));
    quit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Q")));
    quit->setMenuRole(QAction::QuitRole);
    palette->setShortcut(QKeySequence(QStringLiteral("Ctrl+K")));
    fit->setShortcut(QKeySequence(QStringLiteral("Ctrl+0")));
    train->setShortcut(QKeySequence(QStringLiteral("F5")));
    pause->setShortcut(QKeySequence(QStringLiteral("F6")));
    stop->setShortcut(QKeySequence(QStringLiteral("Shift+F5")));
    further->setShortcut(QKeySequence(QStringLiteral("Ctrl+F5")));
    copyCommand->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+C")));
    clearProbe->setShortcut(QKeySequence(QStringLiteral("Esc")));
    shortcuts->setShortcut(QKeySequence(QStringLiteral("F1")));
    about->setMenuRole(QAction::AboutRole);

    workspaceTrain->setShortcut(QKeySequence(QStringLiteral("Ctrl+1")));
    workspaceSearch->setShortcut(QKeySequence(QStringLiteral("Ctrl+2")));
    auto* workspaces = new QActionGroup(&window);
    for (QAction* workspace : {workspaceTrain, workspaceSearch}) {
        workspace->setCheckable(true);
        workspaces->addAction(workspace);
    }
    workspaceTrain->setChecked(true);

    auto* themes = new QActionGroup(&window);
    for (QAction* theme : {themeSystem, themeLight, themeDark}) {
        theme->setCheckable(true);
        themes->addAction(theme);
    }

    QMenuBar& bar = *window.menuBar();
    const auto fill = [&bar](const QString& title, const QList<QAction*>& actions) {
        QMenu* menu = bar.addMenu(title);
        for (QAction* action : actions) {
            if (action == nullptr)
                menu->addSeparator();
            else
                menu->addAction(action);
        }
        return menu;
    };
    fill(QCoreApplication::translate("WindowActions", "&File"),
         {openRun, openStudy, runsFolder, nullptr, openConfiguration, saveConfiguration, nullptr, exportView, exportAll, nullptr,
          quit});
    fill(QCoreApplication::translate("WindowActions", "&Edit"),
         {copyFigure, copyData, copyCode, copyCommand, nullptr, resetSettings, nullptr, palette});
    QMenu* view =
        fill(QCoreApplication::translate("WindowActions", "&View"), {workspaceTrain, workspaceSearch, nullptr, fit, nullptr});
    panels = view->addMenu(QCoreApplication::translate("WindowActions", "&Panels"));
    view->addAction(resetLayout);
    view->addSeparator();
    view->addActions({themeSystem, themeLight, themeDark});
    fill(QCoreApplication::translate("WindowActions", "&Train"),
         {train, pause, stop, nullptr, further, fineTune, crossValidate, nullptr, report});
    fill(QCoreApplication::translate("WindowActions", "&Latent"), {probeMean, clearProbe, showAllClasses, nullptr, playEpochs});
    fill(QCoreApplication::translate("WindowActions", "&Help"), {palette, shortcuts, nullptr, about});
}

void WindowActions::tint(const QPalette& colors) const
{
    for (QAction* action : m_list) {
        const QString icon = action->property("drawing").toString();
        if (!icon.isEmpty()) action->setIcon(tintedIcon(icon, colors.color(QPalette::ButtonText)));
    }
}

} // namespace latentoscope::ui
