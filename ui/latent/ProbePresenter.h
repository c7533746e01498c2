/// Ties the probe on the map to its picture: place → decoder → image, sliders, nearest items.
#pragma once

#include "ui/session/Prober.h"
#include "ui/session/RunController.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace latentoscope {
struct LatentCodes;
struct ItemSelection;
} // namespace latentoscope

namespace latentoscope::ui {

class ProbeView;
class ScatterView;

/// Interface thread; decoding happens on the prober's thread.
class ProbePresenter : public QObject {
    Q_OBJECT

public:
    ProbePresenter(ScatterView& scatter, ProbeView& probe, QObject* parent = nullptr);

    Prober& prober() { return m_prober; }
    /// Another run: the probe goes away.
    void setRun(const ShownRun& run);
    /// New codes of the run and the images behind them; null: none. A probe that stands on an item moves with it.
    void setCodes(const std::shared_ptr<const LatentCodes>& codes, const ItemSelection& items);
    void setModel(Prober::ModelSource source) { m_prober.setModelSource(std::move(source)); }
    /// Puts the probe onto a code (D values) or an item's row.
    void probeCode(const std::vector<float>& code);
    /// The code of an item, by its index in the image set of the codes; nothing where it has none.
    void probeItem(int item);
    void probeRow(int row);
    void probeMean();
    void clear();
    const std::vector<float>& code() const { return m_code; }

Q_SIGNALS:
    void imageShown(const ProbeResult& result); ///< handed to the view, painted next
    void messageRaised(const QString& sentence);

private:
    void moved(const std::vector<float>& code, int row);
    void showDecoded(const ProbeResult& result);
    void updateNeighbours();

    ScatterView& m_scatter;
    ProbeView& m_probe;
    Prober m_prober;
    QTimer m_neighbourTimer;
    ShownRun m_run;
    std::shared_ptr<const LatentCodes> m_codes;
    std::vector<float> m_code;
    int m_row = -1;
};

} // namespace latentoscope::ui
