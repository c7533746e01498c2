/// Keeps the samples panel up to date: draws and decodes on another thread, always with the newest wishes, codes and weights.
#pragma once

#include "core/values/Samples.h"
#include "ui/common/Latest.h"
#include "ui/latent/SamplesView.h"
#include "ui/session/Replay.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace latentoscope {
struct LatentCodes;
}

namespace latentoscope::ui {

class SamplesPresenter : public QObject {
    Q_OBJECT

public:
    SamplesPresenter(SamplesView& view, QObject* parent);

    /// Where models come from now; empty: nowhere.
    void setModelSource(Replay::ModelSource source);
    /// The codes that classes are drawn like; null: none.
    void setCodes(const std::shared_ptr<const LatentCodes>& codes);
    /// Whether the panel is in front of those it shares tabs with, which no widget knows of itself.
    void setSeen(bool seen);
    /// Draws anew with the newest weights, as a person wishes: at once, or when it is seen.
    void refresh();
    /// The same because training has gone on: in a tenth of the time at most.
    void follow();
    bool idle() const { return m_latest.idle() && !m_again.isActive(); }

Q_SIGNALS:
    /// A sentence for the person: why there are no samples.
    void messageRaised(const QString& sentence);

private:
    struct Drawn {
        std::optional<Samples> samples;
        QString sentence;
        int took = 0; ///< milliseconds
    };
    static Drawn draw(const Replay::ModelSource& source, const std::shared_ptr<const LatentCodes>& codes,
                      const SamplesRequest& request);
    bool wanted() const;

    SamplesView& m_view;
    Replay::ModelSource m_source;
    std::shared_ptr<const LatentCodes> m_codes;
    QTimer m_again; ///< until training alone gives a reason to draw again
    bool m_seen = true;
    bool m_late = false; ///< something newer is there than was drawn
    Latest<Drawn> m_latest{this};
};

} // namespace latentoscope::ui
