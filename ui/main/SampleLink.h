/// Keeps the samples panel up to date: draws and decodes on another thread, one at a time, always with the newest wishes.
#pragma once

#include "ui/session/Replay.h"

#include <QObject>

#include <memory>

namespace latentoscope::ui {

class SamplesView;

class SampleLink : public QObject {
    Q_OBJECT

public:
    SampleLink(SamplesView& view, QObject* parent);

    /// Where models come from now; empty: nowhere. The panel is emptied until samples of it are there.
    void setModelSource(Replay::ModelSource source);
    /// Draws anew with the newest weights.
    void refresh();
    bool idle() const { return !m_busy && !m_again; }

Q_SIGNALS:
    /// A sentence for the person: why there are no samples.
    void messageRaised(const QString& sentence);

private:
    SamplesView& m_view;
    Replay::ModelSource m_source;
    quint64 m_generation = 0; ///< of the source: what an older one gave is not shown
    bool m_busy = false;
    bool m_again = false;
};

} // namespace latentoscope::ui
