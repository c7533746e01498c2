/// The run that the window shows, opened from disk or being trained, the run that is trained, which may be another, and the data
/// set in memory.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/data/ItemSelection.h"
#include "core/storage/Metrics.h"
#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"
#include "ui/session/DataLoader.h"
#include "ui/session/Replay.h"
#include "ui/session/RunLoader.h"
#include "ui/session/SessionBridge.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace latentoscope {
struct DataSet;
}

namespace latentoscope::ui {

/// What the views need to know of the run they show.
struct ShownRun {
    std::filesystem::path folder;
    Configuration configuration;
    ImageShape shape;
    std::vector<std::string> classNames;
    std::shared_ptr<const DataSet> data; ///< behind the codes; null: none
    ItemSelection items;                 ///< the held-out items behind the codes
    std::string dataName{};              ///< of the data that it was trained on, which `data` need not be
    std::string dataDigest{};
    std::filesystem::path encoder{};  ///< of the run that its encoder came from; empty: none
    bool encoderIsThere = false;      ///< with the weights that it had
    std::vector<std::string> notes{}; ///< RunRecord::notes
    std::string created{};            ///< RunRecord::created: tells it from one that had its folder before

    bool onItsData() const;
};

/// How a training is started.
struct StartOptions {
    Configuration configuration;
    std::string name; ///< of the run's folder, made unique
    int threads = 0;
    std::string device = "auto";
    std::filesystem::path encoder; ///< the run whose encoder a classifier begins with; empty: none
};

/// Knows workers and values, no widget. Interface thread.
class RunController : public QObject {
    Q_OBJECT

public:
    explicit RunController(QObject* parent = nullptr);
    /// Stops the training and waits for it.
    ~RunController() override;

    const std::shared_ptr<const DataSet>& data() const { return m_data; }
    bool loadingData() const { return m_dataLoader.loading(); }
    /// With what options data() were read, or are being read.
    const DataOptions& dataOptions() const { return m_dataLoader.options(); }
    bool openingRun() const { return m_runLoader.loading(); }
    const std::filesystem::path& runsFolder() const { return m_runsFolder; }
    void setRunsFolder(const std::filesystem::path& folder) { m_runsFolder = folder; }

    bool hasRun() const { return m_hasRun; }
    const ShownRun& run() const { return m_run; }
    Replay& replay() { return m_replay; }
    const std::vector<LossPoint>& steps() const { return m_steps; }
    const std::vector<EpochMetrics>& epochs() const { return m_epochs; }
    /// Whether the run shown is the one that this window trains or has trained last.
    bool showsTraining() const { return m_bridge && !m_behind; }
    /// That run; the one shown where there is none.
    const ShownRun& trainedRun() const { return m_behind ? m_behind->run : m_run; }
    /// Its setup and what it has left so far, also while another run is shown. Only while there is a bridge().
    const std::vector<LossPoint>& trainedSteps() const { return m_behind ? m_behind->steps : m_steps; }
    const std::vector<EpochMetrics>& trainedEpochs() const { return m_behind ? m_behind->epochs : m_epochs; }
    /// Of the training, whether it is shown or not; Ready where there is none, or while one is prepared.
    RunState state() const { return m_bridge && !m_preparing ? m_bridge->state() : RunState::Ready; }
    bool training() const { return m_bridge && m_bridge->active(); }
    bool starting() const { return m_starting; }
    /// The folder that a training writes to, or is about to; empty: none.
    std::filesystem::path trainingFolder() const;
    /// Whether "train further" is possible: the run was trained in this window and has ended.
    bool canGoOn() const;
    const Progress* progress() const { return m_bridge ? &m_bridge->progress() : nullptr; }
    /// The session's bridge; null: none. For measurements.
    SessionBridge* bridge() const { return m_bridge.get(); }

public Q_SLOTS:
    /// Reads the folder on another thread; empty: the packaged data set.
    void loadData(const std::filesystem::path& folder, const DataOptions& options);
    /// What has been read already.
    void setData(const std::shared_ptr<const DataSet>& data);
    /// Makes a run folder, on another thread, and starts training on the data in memory; until then starting(). A start that
    /// fails says so by startFailed() and changes nothing of what is shown.
    void start(const StartOptions& options);
    void pause();
    void resume();
    void stop();
    void trainFurther(int epochs);
    /// Shows a run: from disk, or the one that is trained. A training goes on behind another run.
    void open(const std::filesystem::path& folder);
    /// Shows the run that is trained, or was trained last.
    void showTraining();
    void runMoved(const std::filesystem::path& from, const std::filesystem::path& to);

Q_SIGNALS:
    void dataChanged(); ///< data() is another one, or reading began
    void dataFailed(const QString& sentence, bool missing);
    void runChanged(); ///< run() is another one: views begin anew
    void lossesArrived(const std::vector<LossPoint>& losses);
    void epochsArrived(const std::vector<EpochMetrics>& epochs);
    void progressChanged(RunState state, const Progress& progress);
    void stateChanged(RunState state);
    void runFailed(const QString& sentence);   ///< training ended by an error
    void runWarned(const QString& sentence);   ///< training goes on, but has gone wrong
    void startFailed(const QString& sentence); ///< nothing was started
    void openProgressed(double fraction);
    void trainingShown();                ///< after runChanged() and all values: the trained run is shown again
    void opened(const QString& warning); ///< after runChanged() and all values
    void openFailed(const QString& sentence);

private:
    /// The trained run while another is shown.
    struct Behind {
        ShownRun run;
        std::vector<LossPoint> steps;
        std::vector<EpochMetrics> epochs;
        Replay::Contents replay;
    };

    struct Prepared;

    static Prepared prepare(const StartOptions& options, const std::shared_ptr<const DataSet>& data,
                            const std::filesystem::path& runsFolder);
    void begin(Prepared prepared);
    void connectBridge();
    void showOpened(const OpenedRun& run);

    DataLoader m_dataLoader;
    RunLoader m_runLoader;
    Replay m_replay;
    std::shared_ptr<SessionBridge> m_bridge; ///< shared with sources of models that may still be asked
    std::shared_ptr<const DataSet> m_data;
    std::filesystem::path m_runsFolder;
    ShownRun m_run;
    std::optional<Behind> m_behind; ///< none: the trained run is the one shown, or there is none
    bool m_hasRun = false;
    bool m_starting = false;  ///< between start() and the first news
    bool m_preparing = false; ///< between start() and begin()
    bool m_stopAsked = false; ///< while there was no session to tell yet
    std::vector<LossPoint> m_steps;
    std::vector<EpochMetrics> m_epochs;
};

} // namespace latentoscope::ui
