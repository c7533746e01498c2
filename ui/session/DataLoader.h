/// Reads a data set without holding up the window.
#pragma once

#include "core/data/DataOptions.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <stop_token>

namespace latentoscope {
struct DataSet;
}

namespace latentoscope::ui {

/// Lives on the interface thread; reading happens on Qt's thread pool. A later load() makes earlier ones forgotten.
class DataLoader : public QObject {
    Q_OBJECT

public:
    explicit DataLoader(QObject* parent = nullptr) : QObject(parent) {}
    /// Waits for what is being read.
    ~DataLoader() override;

    bool loading() const { return m_running > 0; }
    /// Of what was asked for last.
    const DataOptions& options() const { return m_options; }
    /// As loadData reads it.
    void load(const std::filesystem::path& folder, const DataOptions& options);

Q_SIGNALS:
    void loaded(const std::shared_ptr<const DataSet>& data);
    /// `missing`: there is no data set, rather than a damaged one.
    void failed(const QString& sentence, bool missing);

private:
    DataOptions m_options;
    std::stop_source m_stop; ///< of what is being read
    int m_running = 0;
    quint64 m_generation = 0;
};

} // namespace latentoscope::ui
