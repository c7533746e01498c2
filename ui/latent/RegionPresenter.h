/// Keeps the colours behind the map up to date: which class a classifier sees where, computed on another thread.
#pragma once

#include "ui/common/Latest.h"
#include "ui/session/Replay.h"

#include <QObject>

#include <memory>

namespace latentoscope {
struct ClassRegions;
}

namespace latentoscope::ui {

class ScatterView;

class RegionPresenter : public QObject {
    Q_OBJECT

public:
    RegionPresenter(ScatterView& scatter, QObject* parent);

    /// Where models come from now; empty: nowhere.
    void setModelSource(Replay::ModelSource source);
    /// Computes anew with the newest weights.
    void refresh();
    bool idle() const { return m_latest.idle(); }

private:
    ScatterView& m_scatter;
    Replay::ModelSource m_source;
    Latest<std::shared_ptr<const ClassRegions>> m_latest{this};
};

} // namespace latentoscope::ui
