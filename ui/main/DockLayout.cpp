#include "ui/main/DockLayout.h"

#include <QDockWidget>
#include <QSettings>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kLayoutVersion = 4; ///< raised when docks come or go: an older layout is then forgotten
constexpr int kSideWidth = 280;
constexpr int kProbeWidth = 288;

QString key(const char* name) { return QStringLiteral("window/") + QString::fromLatin1(name); }

} // namespace

DockLayout::DockLayout(QMainWindow& window) : m_window(window)
{
    m_window.setDockNestingEnabled(true);
    m_window.setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AnimatedDocks);
    m_window.setDocumentMode(true); // tabs without a frame
    m_window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
}

QDockWidget* DockLayout::add(Place place, const QString& objectName, const QString& title, QWidget* content, QWidget* header)
{
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(objectName);
    dock->setWidget(content);
    header->setBackgroundRole(QPalette::Base);
    header->setAutoFillBackground(true);
    dock->setTitleBarWidget(header);
    dock->toggleViewAction()->setObjectName(QStringLiteral("show:") + objectName);
    m_docks.push_back(dock);
    m_places.push_back(place);
    return dock;
}

QDockWidget* DockLayout::at(Place place) const
{
    const auto found = std::find(m_places.begin(), m_places.end(), place);
    return m_docks[static_cast<std::size_t>(found - m_places.begin())];
}

void DockLayout::raise(Place place)
{
    at(place)->show();
    at(place)->raise();
}

void DockLayout::applyDefault()
{
    for (QDockWidget* dock : m_docks) {
        dock->setFloating(false);
        m_window.removeDockWidget(dock);
    }
    QDockWidget* settings = at(Place::Settings);
    QDockWidget* map = at(Place::Map);
    QDockWidget* loss = at(Place::Loss);
    m_window.addDockWidget(Qt::LeftDockWidgetArea, settings);
    m_window.splitDockWidget(settings, map, Qt::Horizontal);
    m_window.splitDockWidget(map, at(Place::Probe), Qt::Horizontal);
    m_window.splitDockWidget(map, loss, Qt::Vertical);
    m_window.splitDockWidget(loss, at(Place::Reconstructions), Qt::Horizontal);
    m_window.splitDockWidget(settings, at(Place::Runs), Qt::Vertical);
    m_window.tabifyDockWidget(loss, at(Place::Dimensions));
    m_window.tabifyDockWidget(at(Place::Dimensions), at(Place::Confusion));
    m_window.tabifyDockWidget(at(Place::Confusion), at(Place::Folds));
    m_window.tabifyDockWidget(at(Place::Reconstructions), at(Place::Samples));
    m_window.tabifyDockWidget(at(Place::Samples), at(Place::Mistakes));
    for (QDockWidget* dock : m_docks) dock->show();
    loss->raise();
    at(Place::Reconstructions)->raise();
    const int width = m_window.width();
    const int middle = width - kSideWidth - kProbeWidth;
    m_window.resizeDocks({settings, map, at(Place::Probe)}, {kSideWidth, middle, kProbeWidth}, Qt::Horizontal);
    m_window.resizeDocks({loss, at(Place::Reconstructions)}, {middle / 2, middle / 2}, Qt::Horizontal);
    const int height = m_window.height();
    const int bottom = std::max(256, height * 31 / 100);
    m_window.resizeDocks({map, loss}, {height - bottom, bottom}, Qt::Vertical);
    m_window.resizeDocks({settings, at(Place::Runs)}, {height * 72 / 100, height * 28 / 100}, Qt::Vertical);
}

bool DockLayout::restore()
{
    const QSettings settings;
    if (settings.value(key("version")).toInt() != kLayoutVersion) return false;
    m_window.restoreGeometry(settings.value(key("geometry")).toByteArray());
    return m_window.restoreState(settings.value(key("layout")).toByteArray(), kLayoutVersion);
}

void DockLayout::save() const
{
    QSettings settings;
    settings.setValue(key("version"), kLayoutVersion);
    settings.setValue(key("geometry"), m_window.saveGeometry());
    settings.setValue(key("layout"), m_window.saveState(kLayoutVersion));
}

} // namespace latentoscope::ui
