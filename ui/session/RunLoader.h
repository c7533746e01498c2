/// Opens a run folder without holding up the window: curves, weights, and what they make of the held-out items.
#pragma once

#include "core/data/ItemSelection.h"
#include "core/storage/Metrics.h"
#include "core/storage/RunFolder.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace latentoscope {
struct EpochPicture;
struct DataSet;
} // namespace latentoscope

namespace latentoscope::ui {

/// All that a window shows of a run from disk.
struct OpenedRun {
    std::filesystem::path folder;
    RunRecord record;
    std::vector<LossPoint> steps;
    std::vector<EpochMetrics> epochs;
    std::shared_ptr<const DataSet> data;         ///< null: no data set fits
    ItemSelection shown;                         ///< the items behind the picture's codes
    std::shared_ptr<const EpochPicture> picture; ///< of the saved weights; null where there are none or no data fits
    bool encoderIsThere = false;                 ///< the run that its encoder came from, with the same weights
    QString warning;                             ///< what a person must know: other data, no weights; empty: nothing
};

/// Lives on the interface thread; one run at a time, a later open() cancels the earlier one.
class RunLoader : public QObject {
    Q_OBJECT

public:
    explicit RunLoader(QObject* parent = nullptr) : QObject(parent) {}
    ~RunLoader() override;

    bool loading() const { return m_cancel.has_value(); }
    /// Reads and encodes on Qt's thread pool. `current` is used where it is the run's data, or where that is not to be had.
    void open(const std::filesystem::path& folder, std::shared_ptr<const DataSet> current);
    void cancel();

Q_SIGNALS:
    void progressChanged(double fraction); ///< 0 … 1
    void opened(const std::shared_ptr<const OpenedRun>& run);
    void failed(const QString& sentence);

private:
    std::optional<std::stop_source> m_cancel; ///< of the one under way
};

} // namespace latentoscope::ui
