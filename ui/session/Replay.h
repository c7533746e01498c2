/// Which moment of a run the window looks at: the newest, or any epoch so far.
#pragma once

#include "core/training/Snapshot.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace latentoscope {
class FrozenModel;
struct LatentCodes;
struct Reconstructions;
} // namespace latentoscope

namespace latentoscope::ui {

/// One position moves reconstructions, codes, the model behind the probe and the loss view's marker. Interface thread.
class Replay : public QObject {
    Q_OBJECT

public:
    using ModelSource = std::function<std::shared_ptr<const FrozenModel>()>;

    /// Everything of one run that can be looked at again.
    struct Contents {
        std::vector<std::shared_ptr<const EpochPicture>> pictures;
        std::shared_ptr<const Reconstructions> reconstructions; ///< newest
        std::shared_ptr<const LatentCodes> codes;               ///< newest
        ModelSource newest;
        int expectedEpochs = 0;
    };

    explicit Replay(QObject* parent = nullptr) : QObject(parent) {}

    /// Forgets all pictures and follows what comes next; `newest` gives the newest weights, any thread, or is empty.
    void begin(int expectedEpochs, ModelSource newest);
    /// What there is, which goes on elsewhere while another run is looked at; and back again, following the newest.
    Contents take();
    void restore(Contents contents);
    void setExpectedEpochs(int epochs);
    void addPicture(const std::shared_ptr<const EpochPicture>& picture);
    void setReconstructions(const std::shared_ptr<const Reconstructions>& newest);
    void setCodes(const std::shared_ptr<const LatentCodes>& newest);

    /// Looks at the nearest epoch at or before `epoch`; one at or after the last follows the newest again.
    void showEpoch(int epoch);
    void follow();

    bool following() const { return !m_shown; }
    int firstEpoch() const { return m_pictures.empty() ? 0 : m_pictures.front()->epoch; }
    int lastEpoch() const { return m_pictures.empty() ? 0 : m_pictures.back()->epoch; }
    int expectedEpochs() const { return m_expected; }
    bool canReplay() const { return m_pictures.size() > 1; }
    int epoch() const { return m_shown ? m_shown->epoch : lastEpoch(); }
    /// Of the epoch looked at, for a vertical line; none while following.
    std::optional<double> marker() const;
    const std::shared_ptr<const Reconstructions>& reconstructions() const;
    const std::shared_ptr<const LatentCodes>& codes() const;
    ModelSource model() const; ///< of the moment looked at; may be called on any thread

Q_SIGNALS:
    void reconstructionsChanged(const std::shared_ptr<const Reconstructions>& reconstructions);
    void codesChanged(const std::shared_ptr<const LatentCodes>& codes);
    void modelChanged();    ///< model() gives another source now
    void positionChanged(); ///< epoch, range or marker

private:
    void announce();

    std::vector<std::shared_ptr<const EpochPicture>> m_pictures;
    std::shared_ptr<const EpochPicture> m_shown; ///< null: the newest
    std::shared_ptr<const Reconstructions> m_reconstructions;
    std::shared_ptr<const LatentCodes> m_codes;
    ModelSource m_newest;
    int m_expected = 0;
};

} // namespace latentoscope::ui
