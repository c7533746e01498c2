/// The one cross-validation that the window shows: under way, or read from disk.
#pragma once

#include "core/experiment/CrossValidation.h"
#include "ui/session/Wakeup.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {
struct ImageShape;
struct Configuration;
} // namespace latentoscope

namespace latentoscope::ui {

/// Knows no widget. Interface thread.
class FoldsController : public QObject {
    Q_OBJECT

public:
    explicit FoldsController(QObject* parent = nullptr);
    /// Stops and waits.
    ~FoldsController() override;

    /// From start() on.
    bool running() const { return m_starting || m_folds != nullptr; }
    bool opening() const { return m_opening > 0; }
    /// Whether there is one to show.
    bool has() const { return !m_state.folds.empty(); }
    const CrossValidationState& state() const { return m_state; }
    const std::filesystem::path& folder() const { return m_folder; }
    const Configuration& configuration() const { return m_record.configuration; }
    const ImageShape& shape() const { return m_record.shape; }
    /// What the one shown was begun with.
    const FoldsRecord& record() const { return m_record; }
    /// What is to be minded about the one begun here (caveats()).
    const std::vector<std::string>& notes() const { return m_notes; }

    /// Makes the setup and begins, both on another thread, or goes on where setup.folder holds the same. Says by failed() why
    /// not, and takes the setup's folder away where that is empty.
    void start(std::function<CrossValidationSetup()> makeSetup);
    void stop();
    /// Reads a folder on another thread; passed over while one is under way.
    void open(const std::filesystem::path& folder);
    void runMoved(const std::filesystem::path& from, const std::filesystem::path& to);

Q_SIGNALS:
    void changed(); ///< state() is new
    void begun();   ///< another one is shown
    void ended(RunState how);
    void failed(const QString& sentence);

private:
    struct Started;

    void take(Started started);
    void look();

    Wakeup m_wakeup;
    std::unique_ptr<CrossValidation> m_folds; ///< while one is under way; it calls m_wakeup
    CrossValidationState m_state;
    FoldsRecord m_record;
    std::filesystem::path m_folder;
    std::vector<std::string> m_notes;
    bool m_starting = false;  ///< until m_folds is there
    bool m_stopAsked = false; ///< meanwhile
    int m_opening = 0;        ///< folders being read
    quint64 m_asked = 0;      ///< the number of the last open()
};

} // namespace latentoscope::ui
