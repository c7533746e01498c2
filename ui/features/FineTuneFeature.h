/// Fine-tuning in the window: which run's encoder a classifier begins with, and whether the settings still fit it.
#pragma once

#include "core/config/Configuration.h"
#include "ui/features/FeatureContext.h"

#include <QObject>

#include <filesystem>

namespace latentoscope::ui {

class FineTuneFeature : public QObject {
    Q_OBJECT

public:
    FineTuneFeature(const FeatureContext& window, QObject* parent);

    /// Settings for a classifier that begins with the shown run's encoder; Train then uses it.
    void prepare();
    /// The run whose encoder a training of the present settings begins with; empty: from scratch.
    std::filesystem::path encoder() const;
    /// From now on that of this run, of these sizes; an empty folder: none.
    void setEncoder(const std::filesystem::path& run, const ModelOptions& options);
    /// Says with what a classifier would begin, and where that has changed with the settings.
    void showEncoder();

Q_SIGNALS:
    void trainRequested();

private:
    FeatureContext m_window;
    std::filesystem::path m_encoder;
    ModelOptions m_options;
    bool m_lost = false; ///< it was said that the settings do not fit it
};

} // namespace latentoscope::ui
