/// Puts projections of the codes onto the latent map: principal components at once, t-SNE and UMAP as they form on
/// threads of their own.
#pragma once

#include "core/experiment/WaysBack.h"
#include "core/projection/RunningProjection.h"
#include "ui/latent/ProjectionBar.h"
#include "ui/latent/ScatterPicture.h"
#include "ui/session/Latest.h"
#include "ui/session/Replay.h"
#include "ui/session/RunController.h"

#include <QElapsedTimer>
#include <QFutureSynchronizer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>

class QComboBox;

namespace latentoscope::ui {

class ProbeLink;
class ScatterView;

enum class ProjectionMethod { Codes, Pca, Tsne, Umap };

/// Interface thread. Stands between the run's newest codes and the map: while a picture that
/// formed is shown, the map keeps the codes it is of.
class ProjectionLink : public QObject {
    Q_OBJECT

public:
    ProjectionLink(ScatterView& scatter, ProbeLink& probe, QObject* parent);
    ~ProjectionLink() override;

    /// Another run: projections go away, the method stays.
    void setRun(const ShownRun& run);
    /// New codes of the run; null: none.
    void setCodes(const std::shared_ptr<const LatentCodes>& codes);
    /// Where models come from now, to encode all images with; empty: nowhere.
    void setModelSource(Replay::ModelSource source);
    /// Threads to compute with; 0: one a core.
    void setThreads(int threads) { m_threads = threads; }

    ProjectionMethod method() const;
    void setMethod(ProjectionMethod method);
    ProjectionBar& bar() const { return *m_bar; }
    /// The newest of what runs or has ended; none: nothing was started.
    const std::optional<ProjectionNews>& news() const { return m_news; }
    /// Whether nothing is computed.
    bool idle() const;

Q_SIGNALS:
    void messageRaised(const QString& sentence);
    /// The places of a picture that forms are taken, and about to be drawn.
    void frameBegins();

private:
    /// Codes with the images behind them.
    struct Shown {
        std::shared_ptr<const LatentCodes> codes;
        ItemSelection items;
        QString sentence; ///< why there are none
    };

    struct Linear {
        std::optional<ScatterPicture> picture;
        QString sentence; ///< why there is none
    };
    static Linear linearPicture(const LatentCodes& codes);

    void methodChosen();
    bool forms() const; ///< whether the method's pictures take time
    void show(const Shown& shown);
    void updateBar();
    void projectLinearly();
    void start();
    void encodeAll();
    void begin(const Shown& shown);
    void drop();
    void stop();
    void wake();
    void showNews();
    void showPicture(std::shared_ptr<const PlaneMap> map);
    /// Once a picture has formed: the way back that does better on points it has not seen.
    void chooseWayBack();
    int threads() const;

    ScatterView& m_scatter;
    ProbeLink& m_probe;
    QComboBox* m_method;
    ProjectionBar* m_bar;
    ShownRun m_run;
    Replay::ModelSource m_source;
    std::shared_ptr<const LatentCodes> m_live; ///< the run's newest
    bool m_keeping = false;                    ///< the map shows the codes of a picture that formed
    std::shared_ptr<const Points> m_points;    ///< that the picture is of
    std::shared_ptr<const Points> m_places;    ///< shown last
    std::optional<ProjectionNews> m_news;
    int m_threads = 0;
    QTimer m_frame;
    QElapsedTimer m_sinceFrame;
    Latest<Linear> m_linear{this};
    Latest<Shown> m_encoding{this};
    Latest<std::optional<WaysBack>> m_waysBack{this};
    std::shared_ptr<std::atomic<bool>> m_interrupted;
    std::unique_ptr<RunningProjection> m_running;
    QFutureSynchronizer<void> m_endings; ///< of those dropped; last, as m_running: their threads call wake()
};

} // namespace latentoscope::ui
