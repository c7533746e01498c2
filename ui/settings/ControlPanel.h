/// Everything that a training is started with, as editors checked while typing.
#pragma once

#include "core/config/Configuration.h"
#include "ui/settings/CommandText.h"

#include <QWidget>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QToolButton;
class QVBoxLayout;

namespace latentoscope {
struct DataSet;
}

namespace latentoscope::ui {

class FieldEditor;

class ControlPanel : public QWidget {
    Q_OBJECT

public:
    explicit ControlPanel(QWidget* parent = nullptr);

    /// What the editors say; fields with a wrong value keep their last right one.
    TrainingRequest request() const;
    /// Whether every editor holds a valid value and the network fits the data.
    bool isValid() const { return m_error.isEmpty(); }
    /// Why not: the first sentence, beginning with the field's label.
    QString error() const { return m_error; }

    /// Sets all editors; "reset" comes back to `base`.
    void setConfiguration(const ConfigurationBase& base, const Configuration& configuration);
    const ConfigurationBase& base() const { return m_base; }
    bool isChanged() const; ///< whether the editors differ from the base

    /// The folder shown as chosen; empty: the packaged data set.
    void setDataFolder(const std::filesystem::path& folder);
    /// The data in memory, for the check of the network's size; null: none.
    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// Where a classifier's first weights would come from: "encoder of report-vae"; empty: there is nothing to say.
    void setOrigin(const QString& words);
    /// Asks the person for a folder, and tells dataFolderChosen().
    void chooseDataFolder();
    void chooseDataFile();
    void setThreads(int threads);
    void setDevice(const std::string& device);

    FieldEditor& editor(const std::string& path) const;

public Q_SLOTS:
    void resetAll();
    void resetSection(const QString& section);

Q_SIGNALS:
    void changed();
    void dataFolderChosen(const std::filesystem::path& folder); ///< empty: the packaged data set
    void commandRequested();

private:
    QWidget* buildSection(const QString& section, const QString& title);
    QWidget* buildDataRow();
    QWidget* buildCompute();
    QWidget* labelled(const QString& words, QWidget* editor, const QString& help);
    void beginWithData();
    void followData();
    void rememberFolder();
    void fillDataBox();
    void dataBoxActivated(int index);
    void editorsChanged();
    void check();
    void showCount();
    void updateResetButtons();

    std::map<std::string, FieldEditor*> m_editors;
    std::map<QString, QToolButton*> m_resets; ///< by section
    QComboBox* m_data = nullptr;
    QComboBox* m_device = nullptr;
    QSpinBox* m_threads = nullptr;
    QLabel* m_originWords = nullptr; ///< what a classifier would begin with
    QLabel* m_parameters = nullptr;
    QPushButton* m_copy = nullptr;
    QToolButton* m_resetAll = nullptr;

    ConfigurationBase m_base;
    std::string m_firstPreset = "report-autoencoder"; ///< to begin with, until the data say another
    std::map<std::string, std::string> m_followed;    ///< fields that the data have set, and to what
    Configuration m_configuration;                    ///< the last right values
    std::filesystem::path m_dataFolder;
    std::vector<std::filesystem::path> m_recentFolders;
    std::shared_ptr<const DataSet> m_dataSet;
    std::optional<std::int64_t> m_count; ///< of parameters; none where the settings make no network
    QString m_origin;
    QString m_error;
};

} // namespace latentoscope::ui
