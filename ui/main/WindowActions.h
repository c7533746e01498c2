/// Every command of the window, with its words, keys and place in the menus.
#pragma once

#include <QList>

class QAction;
class QMainWindow;
class QMenu;
class QPalette;

namespace latentoscope::ui {

/// Owned by the window. Menus and the command palette show the same actions.
struct WindowActions {
    explicit WindowActions(QMainWindow& window);

    /// Icons in the palette's colours.
    void tint(const QPalette& palette) const;
    /// All of them, for the command palette.
    QList<QAction*> all() const { return m_list; }

    QAction* openRun;
    QAction* openStudy;
    QAction* openConfiguration;
    QAction* saveConfiguration;
    QAction* runsFolder;
    QAction* exportView;
    QAction* exportAll;
    QAction* quit;
    QAction* copyFigure;
    QAction* copyData;
    QAction* copyCode;
    QAction* copyCommand;
    QAction* palette;
    QAction* fit;
    QAction* themeSystem;
    QAction* themeLight;
    QAction* themeDark;
    QAction* resetLayout;
    QAction* workspaceTrain;
    QAction* workspaceSearch;
    QAction* train;
    QAction* pause;
    QAction* stop;
    QAction* further;
    QAction* fineTune;
    QAction* crossValidate;
    QAction* report;
    QAction* resetSettings;
    QAction* playEpochs;
    QAction* probeMean;
    QAction* clearProbe;
    QAction* showAllClasses;
    QAction* shortcuts;
    QAction* about;

    QMenu* panels; ///< takes the docks' own actions

private:
    QAction* make(QMainWindow& window, const char* name, const char* words, const char* tip, const char* icon = "");

    QList<QAction*> m_list;
};

} // namespace latentoscope::ui
