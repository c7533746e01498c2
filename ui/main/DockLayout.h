/// The panels' places: a default arrangement, remembered between starts, and reset on wish.
#pragma once

#include <QByteArray>
#include <QMainWindow>
#include <QString>

#include <vector>

class QDockWidget;

namespace latentoscope::ui {

/// Docks fill the whole window; each one's title bar is its own header, by which it is dragged.
class DockLayout {
public:
    enum class Place { Settings, Runs, Map, Loss, Dimensions, Confusion, Folds, Reconstructions, Samples, Mistakes, Probe };

    explicit DockLayout(QMainWindow& window);

    /// `header` becomes the dock's title bar.
    QDockWidget* add(Place place, const QString& objectName, const QString& title, QWidget* content, QWidget* header);
    const std::vector<QDockWidget*>& docks() const { return m_docks; }
    /// Shows the dock, in front of those it shares tabs with.
    void raise(Place place);
    /// Everything visible at its first place.
    void applyDefault();
    /// What was saved last, if it is of this version and can be understood; else false, and nothing is changed.
    bool restore();
    void save() const;

private:
    QDockWidget* at(Place place) const;

    QMainWindow& m_window;
    std::vector<QDockWidget*> m_docks;
    std::vector<Place> m_places;
};

} // namespace latentoscope::ui
