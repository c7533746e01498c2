#include "ui/main/DockLayout.h"

#include "ui/common/Keyboard.h"

#include <QAction>
#include <QDockWidget>
#include <QSettings>

#include <algorithm>
#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kLayoutVersion = 5; ///< raised when docks come or go: an older layout is then forgotten
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
    // Afloat it is a window with a frame and a button to close it, a little aside of where it was: else nothing seems to happen.
    QObject::connect(dock, &QDockWidget::topLevelChanged, dock, [dock](bool floating) {
        if (!floating) return;
        constexpr QPoint kAside(32, 32);
        const QPoint at = dock->pos() + kAside;
        dock->setWindowFlags(Qt::Window | Qt::CustomizeWindowHint | Qt::WindowTitleHint | Qt::WindowCloseButtonHint);
        dock->move(at);
        dock->show();
    });
    m_docks.push_back(dock);
    m_places.push_back(place);
    return dock;
}

void DockLayout::orderTabKeys(QWidget* first)
{
    std::vector<QWidget*> parts{first};
    for (const QDockWidget* dock : m_docks) {
        parts.push_back(dock->titleBarWidget());
        parts.push_back(dock->widget());
    }
    orderTabs(parts);
}

QDockWidget* DockLayout::at(Place place) const
{
    const auto found = std::find(m_places.begin(), m_places.end(), place);
    return m_docks[static_cast<std::size_t>(found - m_places.begin())];
}

DockLayout::Workspace DockLayout::workspaceOf(Place place)
{
    return place >= Place::Search ? Workspace::Search : Workspace::Train;
}

void DockLayout::hideOthers()
{
    for (std::size_t i = 0; i < m_docks.size(); ++i) {
        const bool own = workspaceOf(m_places[i]) == m_workspace;
        // A state that was saved before the others were first placed says nothing of them.
        if (!own) m_docks[i]->hide();
        m_docks[i]->toggleViewAction()->setVisible(own);
    }
}

void DockLayout::setWorkspace(Workspace workspace)
{
    if (workspace == m_workspace) return;
    const QByteArray left = m_window.saveState(kLayoutVersion);
    m_workspace = workspace;
    const QByteArray wanted = std::exchange(m_other, left);
    // Two workspaces' panels at once have no room in a small window: squeezed to their smallest, they would stay so.
    for (QDockWidget* dock : m_docks) m_window.removeDockWidget(dock);
    if (wanted.isEmpty() || !m_window.restoreState(wanted, kLayoutVersion)) applyDefault();
    hideOthers();
}

void DockLayout::raise(Place place)
{
    setWorkspace(workspaceOf(place));
    at(place)->show();
    at(place)->raise();
}

void DockLayout::applyDefault()
{
    for (QDockWidget* dock : m_docks) {
        dock->setFloating(false);
        m_window.removeDockWidget(dock);
    }
    m_workspace == Workspace::Train ? placeTrain() : placeSearch();
    hideOthers();
}

void DockLayout::placeSearch()
{
    QDockWidget* search = at(Place::Search);
    QDockWidget* history = at(Place::History);
    QDockWidget* parallel = at(Place::Parallel);
    QDockWidget* trials = at(Place::Trials);
    QDockWidget* trial = at(Place::Trial);
    m_window.addDockWidget(Qt::LeftDockWidgetArea, search);
    m_window.splitDockWidget(search, history, Qt::Horizontal);
    m_window.splitDockWidget(history, trial, Qt::Horizontal);
    m_window.splitDockWidget(history, parallel, Qt::Vertical);
    m_window.splitDockWidget(parallel, trials, Qt::Vertical);
    QDockWidget* before = history;
    for (const Place place :
         {Place::Intermediate, Place::Slice, Place::Contour, Place::Importance, Place::Pareto, Place::Timeline}) {
        m_window.tabifyDockWidget(before, at(place));
        before = at(place);
    }
    for (std::size_t i = 0; i < m_docks.size(); ++i) {
        if (workspaceOf(m_places[i]) == Workspace::Search) m_docks[i]->show();
    }
    history->raise();
    const int middle = m_window.width() - kSideWidth - kProbeWidth;
    m_window.resizeDocks({search, history, trial}, {kSideWidth, middle, kProbeWidth}, Qt::Horizontal);
    const int height = m_window.height();
    m_window.resizeDocks({history, parallel, trials}, {height * 36 / 100, height * 34 / 100, height * 30 / 100}, Qt::Vertical);
}

void DockLayout::placeTrain()
{
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
    for (std::size_t i = 0; i < m_docks.size(); ++i) {
        if (workspaceOf(m_places[i]) == Workspace::Train) m_docks[i]->show();
    }
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
    hideOthers();
    if (settings.value(key("version")).toInt() != kLayoutVersion) return false;
    m_window.restoreGeometry(settings.value(key("geometry")).toByteArray());
    m_other = settings.value(key("layout-search")).toByteArray();
    const bool understood = m_window.restoreState(settings.value(key("layout")).toByteArray(), kLayoutVersion);
    hideOthers();
    return understood;
}

void DockLayout::save()
{
    const QByteArray shown = m_window.saveState(kLayoutVersion);
    const bool train = m_workspace == Workspace::Train;
    QSettings settings;
    settings.setValue(key("version"), kLayoutVersion);
    settings.setValue(key("geometry"), m_window.saveGeometry());
    settings.setValue(key("layout"), train ? shown : m_other);
    settings.setValue(key("layout-search"), train ? m_other : shown);
}

} // namespace latentoscope::ui
