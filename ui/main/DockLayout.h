/// The panels' places in each workspace: a default arrangement, remembered between starts, and reset on wish.
#pragma once

#include "core/values/LatentCodes.h"
#include "core/values/Samples.h"

#include <QByteArray>
#include <QMainWindow>
#include <QString>

#include <vector>

class QDockWidget;

namespace latentoscope::ui {

/// Docks fill the whole window; each one's title bar is its own header, by which it is dragged.
class DockLayout {
public:
    enum class Place {
        Settings,
        Runs,
        Map,
        Loss,
        Dimensions,
        Confusion,
        Folds,
        Reconstructions,
        Samples,
        Mistakes,
        Probe,
        // Of the search.
        Search,
        History,
        Intermediate,
        Slice,
        Contour,
        Importance,
        Pareto,
        Timeline,
        Parallel,
        Trials,
        Trial
    };
    /// What the window is arranged for; each has its own panels.
    enum class Workspace { Train, Search };

    explicit DockLayout(QMainWindow& window);

    /// `header` becomes the dock's title bar.
    QDockWidget* add(Place place, const QString& objectName, const QString& title, QWidget* content, QWidget* header);
    const std::vector<QDockWidget*>& docks() const { return m_docks; }
    Workspace workspace() const { return m_workspace; }
    /// Shows its panels as they were left, and no others.
    void setWorkspace(Workspace workspace);
    /// The Tab key goes through `first` and then panel by panel, header before content, in the order they were added in.
    void orderTabKeys(QWidget* first);
    /// Shows the dock, in its workspace, in front of those it shares tabs with.
    void raise(Place place);
    /// Everything of the workspace visible at its first place.
    void applyDefault();
    /// What was saved last, if it is of this version and can be understood; else false, and nothing is changed.
    bool restore();
    void save();

private:
    QDockWidget* at(Place place) const;
    static Workspace workspaceOf(Place place);
    void placeTrain();
    void placeSearch();
    /// The panels of other workspaces, also from the menu of panels.
    void hideOthers();

    QMainWindow& m_window;
    std::vector<QDockWidget*> m_docks;
    std::vector<Place> m_places;
    Workspace m_workspace = Workspace::Train;
    QByteArray m_other; ///< how the other workspace was left; empty: as at first
};

} // namespace latentoscope::ui
