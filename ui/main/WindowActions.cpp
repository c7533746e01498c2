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
    auto* action = new QAction(QCoreApplication::translate("WindowActions", words), &window);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(QCoreApplication::translate("WindowActions", tip));
    action->setStatusTip(QString());
    action->setProperty("drawing", QString::fromLatin1(icon));
    action->setIconVisibleInMenu(false);
    window.addAction(action);
    m_list.append(action);
    return action;
}

WindowActions::WindowActions(QMainWindow& window)
{
    openRun = make(window, "openRun", QT_TRANSLATE_NOOP("WindowActions", "&Open run…"),
                   QT_TRANSLATE_NOOP("WindowActions", "Open the folder of a run"), "open");
    openStudy =
        make(window, "openStudy", QT_TRANSLATE_NOOP("WindowActions", "Open st&udy…"),
             QT_TRANSLATE_NOOP("WindowActions", "Open a hyper-parameter study, Optuna's too, and follow it live"), "open");
    openConfiguration = make(window, "openConfiguration", QT_TRANSLATE_NOOP("WindowActions", "Open &settings…"),
                             QT_TRANSLATE_NOOP("WindowActions", "Load all settings from a file"), "open");
    saveConfiguration = make(window, "saveConfiguration", QT_TRANSLATE_NOOP("WindowActions", "Save se&ttings as…"),
                             QT_TRANSLATE_NOOP("WindowActions", "Save the settings to a file"), "export");
    runsFolder = make(window, "chooseRunsFolder", QT_TRANSLATE_NOOP("WindowActions", "&Runs folder…"),
                      QT_TRANSLATE_NOOP("WindowActions", "Choose the folder for runs"), "folder");
    exportView = make(window, "exportView", QT_TRANSLATE_NOOP("WindowActions", "&Export view…"),
                      QT_TRANSLATE_NOOP("WindowActions", "Save the view last used as PNG, SVG, PDF or CSV"), "export");
    exportAll = make(window, "exportAll", QT_TRANSLATE_NOOP("WindowActions", "Export &all figures…"),
                     QT_TRANSLATE_NOOP("WindowActions", "Save every figure in every format into a folder"), "export");
    quit = make(window, "quit", QT_TRANSLATE_NOOP("WindowActions", "&Quit"),
                QT_TRANSLATE_NOOP("WindowActions", "Quit the program"), "close");
    copyFigure = make(window, "copyFigure", QT_TRANSLATE_NOOP("WindowActions", "&Copy figure"),
                      QT_TRANSLATE_NOOP("WindowActions", "Copy the view last used to the clipboard"), "copy");
    copyData = make(window, "copyData", QT_TRANSLATE_NOOP("WindowActions", "Copy &data"),
                    QT_TRANSLATE_NOOP("WindowActions", "Copy the values of the view last used"), "copy");
    copyCode = make(window, "copyCode", QT_TRANSLATE_NOOP("WindowActions", "Copy probe c&ode"),
                    QT_TRANSLATE_NOOP("WindowActions", "Copy the latent code under the probe"), "copy");
    copyCommand = make(window, "copyCommandAction", QT_TRANSLATE_NOOP("WindowActions", "Copy as co&mmand"),
                       QT_TRANSLATE_NOOP("WindowActions", "Copy the “latentoscope train …” command that does the same"), "copy");
    palette = make(window, "commandPaletteAction", QT_TRANSLATE_NOOP("WindowActions", "&Find a command…"),
                   QT_TRANSLATE_NOOP("WindowActions", "Find any command by a few letters"), "search");
    resetLayout = make(window, "resetLayout", QT_TRANSLATE_NOOP("WindowActions", "&Reset layout"),
                       QT_TRANSLATE_NOOP("WindowActions", "Restore the default layout"), "reset");
    workspaceTrain = make(window, "workspaceTrain", QT_TRANSLATE_NOOP("WindowActions", "Show training panels"),
                          QT_TRANSLATE_NOOP("WindowActions", "Show the panels of training and of the latent space"));
    workspaceSearch = make(window, "workspaceSearch", QT_TRANSLATE_NOOP("WindowActions", "Show search panels"),
                           QT_TRANSLATE_NOOP("WindowActions", "Show the panels of hyper-parameter search"));
    fit = make(window, "fit", QT_TRANSLATE_NOOP("WindowActions", "&Fit"),
               QT_TRANSLATE_NOOP("WindowActions", "Show all data in the view last used"), "fit");
    themeSystem = make(window, "themeSystem", QT_TRANSLATE_NOOP("WindowActions", "Theme: as the &system"),
                       QT_TRANSLATE_NOOP("WindowActions", "Follow the desktop's light or dark theme"), "theme");
    themeLight = make(window, "themeLight", QT_TRANSLATE_NOOP("WindowActions", "Theme: &light"),
                      QT_TRANSLATE_NOOP("WindowActions", "Always use the light theme"), "theme");
    themeDark = make(window, "themeDark", QT_TRANSLATE_NOOP("WindowActions", "Theme: &dark"),
                     QT_TRANSLATE_NOOP("WindowActions", "Always use the dark theme"), "theme");
    train = make(window, "train", QT_TRANSLATE_NOOP("WindowActions", "&Train"),
                 QT_TRANSLATE_NOOP("WindowActions", "Start a new training with the current settings"), "play");
    pause = make(window, "pause", QT_TRANSLATE_NOOP("WindowActions", "&Pause"),
                 QT_TRANSLATE_NOOP("WindowActions", "Pause the training. Resuming continues exactly where it was"), "pause");
    stop = make(window, "stop", QT_TRANSLATE_NOOP("WindowActions", "&Stop"),
                QT_TRANSLATE_NOOP("WindowActions", "Stop the training and keep its weights"), "stop");
    further = make(window, "further", QT_TRANSLATE_NOOP("WindowActions", "Train &further…"),
                   QT_TRANSLATE_NOOP("WindowActions", "Continue the training for more epochs"), "further");
    fineTune =
        make(window, "fineTune", QT_TRANSLATE_NOOP("WindowActions", "Fine-tune on &labels"),
             QT_TRANSLATE_NOOP("WindowActions", "Set up a classifier initialised with the shown run's encoder"), "further");
    crossValidate = make(
        window, "crossValidate", QT_TRANSLATE_NOOP("WindowActions", "Cross-&validate…"),
        QT_TRANSLATE_NOOP("WindowActions", "Train these settings once per fold and evaluate each network on its held-out fold"),
        "further");
    report = make(window, "report", QT_TRANSLATE_NOOP("WindowActions", "&Report…"),
                  QT_TRANSLATE_NOOP("WindowActions", "Reproduce every table and figure of the reference report"), "export");
    resetSettings = make(window, "resetSettings", QT_TRANSLATE_NOOP("WindowActions", "&Reset settings"),
                         QT_TRANSLATE_NOOP("WindowActions", "Reset all settings to the preset or file"), "reset");
    playEpochs = make(window, "playEpochsAction", QT_TRANSLATE_NOOP("WindowActions", "Play &epochs"),
                      QT_TRANSLATE_NOOP("WindowActions", "Play all epochs so far"), "play");
    probeMean = make(window, "probeMean", QT_TRANSLATE_NOOP("WindowActions", "Probe the &mean code"),
                     QT_TRANSLATE_NOOP("WindowActions", "Decode the mean of all codes"), "search");
    clearProbe = make(window, "clearProbe", QT_TRANSLATE_NOOP("WindowActions", "&Clear probe"),
                      QT_TRANSLATE_NOOP("WindowActions", "Remove the probe from the map"), "close");
    showAllClasses = make(window, "showAllClasses", QT_TRANSLATE_NOOP("WindowActions", "&Show all classes"),
                          QT_TRANSLATE_NOOP("WindowActions", "Show every class in colour again"), "fit");
    shortcuts = make(window, "shortcuts", QT_TRANSLATE_NOOP("WindowActions", "&Keyboard shortcuts"),
                     QT_TRANSLATE_NOOP("WindowActions", "Show all keyboard shortcuts"), "keyboard");
    about = make(window, "about", QT_TRANSLATE_NOOP("WindowActions", "&About Latentoscope"),
                 QT_TRANSLATE_NOOP("WindowActions", "Show version, licence and credits"), "info");

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
    workspaceTrain->setIconText(QCoreApplication::translate("WindowActions", "Train")); // on the tabs
    workspaceSearch->setIconText(QCoreApplication::translate("WindowActions", "Search"));
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
