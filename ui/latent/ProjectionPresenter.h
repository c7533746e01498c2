/// Puts projections of the codes onto the latent map: principal components at once, t-SNE and UMAP as they form on
/// threads of their own.
#pragma once

#include "core/data/ItemSelection.h"
#include "core/experiment/WaysBack.h"
#include "core/projection/RunningProjection.h"
#include "ui/common/Latest.h"
#include "ui/latent/ProjectionBar.h"
#include "ui/latent/ScatterPicture.h"
#include "ui/session/Replay.h"
#include "ui/session/RunController.h"
#include "ui/session/Wakeup.h"

#include <QFutureSynchronizer>
#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

class QComboBox;

namespace latentoscope {
class FrozenModel;
struct LatentCodes;
} // namespace latentoscope

namespace latentoscope::ui {

class ProbePresenter;
class ScatterView;

enum class ProjectionMethod { Codes, Pca, Tsne, Umap };

/// Interface thread. Stands between the run's newest codes and the map: while a picture that forms is shown, the map keeps the
/// codes it is of, and heldModel() is the network that gave them. Pictures are kept for each run, epoch and method, the last
/// kMostKept of them; one that forms is paused while another is looked at.
class ProjectionPresenter : public QObject {
    Q_OBJECT

public:
    ProjectionPresenter(ScatterView& scatter, ProbePresenter& probe, QObject* parent);
    ~ProjectionPresenter() override;

    static constexpr std::size_t kMostKept = 12;

    /// Another run: its own pictures are shown, where there are any; the method stays.
    void setRun(const ShownRun& run);
    /// New codes of the run; null: none.
    void setCodes(const std::shared_ptr<const LatentCodes>& codes);
    /// Where models come from now, to encode all images with; empty: nowhere.
    void setModelSource(Replay::ModelSource source);
    /// Whether the weights move on: then codes are encoded anew for a picture, by the network that it holds on to.
    void setMoving(bool moving) { m_moving = moving; }
    /// Threads to compute with; 0: one a core.
    void setThreads(int threads) { m_threads = threads; }

    ProjectionMethod method() const;
    void setMethod(ProjectionMethod method);
    ProjectionBar& bar() const { return *m_bar; }
    /// The newest of what runs or has ended; none: nothing was started.
    const std::optional<ProjectionNews>& news() const;
    /// Of the picture that is shown, whose codes the map has; null: the map follows the run.
    std::shared_ptr<const FrozenModel> heldModel() const;
    std::shared_ptr<const LatentCodes> heldCodes() const;
    /// Whether nothing is computed.
    bool idle() const;

Q_SIGNALS:
    void messageRaised(const QString& sentence);
    /// The places of a picture that forms are taken, and about to be drawn.
    void frameBegins();
    /// The map holds on to another picture's codes now, or to none.
    void heldChanged();

private:
    /// Codes with the images behind them.
    struct Shown {
        std::shared_ptr<const LatentCodes> codes;
        ItemSelection items;
        QString sentence;                                   ///< why there are none
        std::shared_ptr<const FrozenModel> model = nullptr; ///< that gave them; null: not known
    };

    /// A picture that forms or has formed, and what it is of.
    struct Formed {
        std::filesystem::path run;
        std::string created; ///< of the run: another may have had its folder before
        ProjectionMethod method = ProjectionMethod::Tsne;
        Shown shown;
        std::shared_ptr<const Points> points; ///< that it is of
        std::shared_ptr<const Points> places; ///< shown last
        std::shared_ptr<const PlaneMap> map;
        std::string words; ///< of its settings
        std::optional<ProjectionNews> news;
        std::unique_ptr<RunningProjection> running;
        bool resumes = false; ///< it was forming when another was looked at
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
    void encode(ProjectedCodes which);
    void begin(const Shown& shown);
    /// Forgets what is about to be computed, and puts the shown picture away to be shown again.
    void leave();
    /// The same, but for good.
    void drop();
    void end(const std::shared_ptr<Formed>& formed);
    void enter(const std::shared_ptr<Formed>& formed);
    /// Of this run and method: that of the epoch, else, with `any`, the last one made; null: none.
    std::shared_ptr<Formed> kept(double epoch, bool any) const;
    void sayEpoch();
    void stop();
    void showNews();
    void showPicture(std::shared_ptr<const PlaneMap> map);
    /// Once a picture has formed: the way back that does better on points it has not seen.
    void chooseWayBack();
    int threads() const;

    ScatterView& m_scatter;
    ProbePresenter& m_probe;
    QComboBox* m_method;
    ProjectionBar* m_bar;
    ShownRun m_run;
    Replay::ModelSource m_source;
    std::shared_ptr<const LatentCodes> m_live; ///< the run's newest
    bool m_moving = false;
    std::shared_ptr<Formed> m_formed;            ///< shown; null: the map follows the run
    std::vector<std::shared_ptr<Formed>> m_kept; ///< others, oldest first
    int m_threads = 0;
    Wakeup m_frame; ///< of a picture that forms
    Latest<Linear> m_linear{this};
    Latest<Shown> m_encoding{this};
    Latest<std::optional<WaysBack>> m_waysBack{this};
    std::stop_source m_stop;             ///< of what is being encoded or compared
    QFutureSynchronizer<void> m_endings; ///< of those dropped
};

} // namespace latentoscope::ui
