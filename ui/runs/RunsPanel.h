/// All runs of a folder: picture, name, date, kind, best value; open, compare, rename, throw away.
#pragma once

#include "core/storage/RunList.h"
#include "ui/common/Latest.h"

#include <QColor>
#include <QFileSystemWatcher>
#include <QImage>
#include <QTimer>
#include <QWidget>

#include <filesystem>
#include <map>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPoint;

namespace latentoscope::ui {

class PanelHeader;

class RunsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RunsPanel(QWidget* parent = nullptr);

    PanelHeader& header() const { return *m_header; }
    const std::filesystem::path& folder() const { return m_folder; }
    void setFolder(const std::filesystem::path& folder);
    /// The run that the window shows, drawn as such; empty: none.
    void setCurrent(const std::filesystem::path& run);
    /// The run being trained now: it cannot be renamed or thrown away. Empty: none.
    void setTraining(const std::filesystem::path& run, bool paused = false);
    int count() const;
    QListWidget& list() const { return *m_list; }
    /// The ticked runs, in the order of the list.
    std::vector<std::filesystem::path> ticked() const;
    /// The colours in which curves of ticked runs are drawn.
    void setTickColors(const std::map<std::filesystem::path, QColor>& colors);
    /// All that are listed, from top to bottom, those that are not found too.
    std::vector<std::filesystem::path> runs() const;
    /// Whether nothing is being read.
    bool idle() const { return m_reading.idle(); }

public Q_SLOTS:
    /// Reads the folder again, on another thread; ticks and the selection stay.
    void refresh();

Q_SIGNALS:
    void openRequested(const std::filesystem::path& run);
    void tickedChanged();
    void folderChangeRequested();
    void runMoved(const std::filesystem::path& from, const std::filesystem::path& to);
    void messageRaised(const QString& sentence);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// What is on disk.
    struct Listing {
        std::filesystem::path folder;
        bool isThere = false;
        std::vector<RunSummary> runs{};
        std::vector<QImage> thumbnails{}; ///< one a run; null where there is none
        QString problem{};
    };

    static Listing listingOf(const std::filesystem::path& folder);
    /// Draws what was read last.
    void fill();
    void showMenu(const QPoint& position);
    /// Hides those whose name and words do not hold what is looked for.
    void find();
    void rename(const std::filesystem::path& run);
    void renamed(const std::filesystem::path& run, const std::filesystem::path& target);
    /// Empty where the person does not want to; `reason` says why it is asked again.
    QString askName(const std::filesystem::path& run, const QString& proposed, const QString& reason);
    bool isHeld(const std::filesystem::path& run, const QString& sentence);
    void moveToTrash(const std::filesystem::path& run);
    std::filesystem::path runOf(const QListWidgetItem* item) const;

    PanelHeader* m_header;
    QListWidget* m_list;
    QLabel* m_empty;
    QLineEdit* m_find;
    std::map<std::filesystem::path, QColor> m_tickColors;
    std::filesystem::path m_folder;
    std::filesystem::path m_current;
    std::filesystem::path m_training;
    bool m_paused = false;
    bool m_scrollTo = false;
    QFileSystemWatcher m_watcher;
    QTimer m_settle;
    Listing m_listing;
    Latest<Listing> m_reading{this};
};

/// "latent 2 · MSE 0.0298 · 17:05 · autoencoder · Fashion-MNIST": what the second line of a run says.
QString runWords(const RunSummary& summary);

} // namespace latentoscope::ui
