/// Keeps the samples panel up to date: draws and decodes on another thread, always with the newest wishes and weights.
#pragma once

#include "ui/latent/SamplesView.h"
#include "ui/session/Latest.h"
#include "ui/session/Replay.h"

#include <QObject>

namespace latentoscope::ui {

class SampleLink : public QObject {
    Q_OBJECT

public:
    SampleLink(SamplesView& view, QObject* parent);

    /// Where models come from now; empty: nowhere.
    void setModelSource(Replay::ModelSource source);
    /// Draws anew with the newest weights.
    void refresh();
    bool idle() const { return m_latest.idle(); }

Q_SIGNALS:
    /// A sentence for the person: why there are no samples.
    void messageRaised(const QString& sentence);

private:
    struct Drawn {
        std::optional<Samples> samples;
        QString sentence;
    };
    static Drawn drawPrior(const Replay::ModelSource& source, const SamplesRequest& request);

    SamplesView& m_view;
    Replay::ModelSource m_source;
    Latest<Drawn> m_latest{this};
};

} // namespace latentoscope::ui
