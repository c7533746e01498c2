/// Asks how a cross-validation is to be done.
#pragma once

#include <QDialog>

#include <filesystem>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QSpinBox;

namespace latentoscope::ui {

/// What a cross-validation is begun with beside the settings of each fold's training.
struct FoldsRequest {
    int folds = 10;
    std::filesystem::path encoder{}; ///< a classifier's: the run whose encoder every fold begins with; empty: none
    std::string pretraining{};       ///< a classifier's: the preset that each fold's encoder is trained as before; empty: none
};

class CrossValidateDialog : public QDialog {
    Q_OBJECT

public:
    /// What a classifier's encoder may begin with.
    struct Encoders {
        bool asked = false;               ///< false: another kind is trained, and nothing is asked
        std::filesystem::path run;        ///< one that fits; empty: there is none
        std::vector<std::string> presets; ///< of kinds that learn without labels
    };

    /// `last` is what was chosen last time.
    CrossValidateDialog(const Encoders& encoders, const FoldsRequest& last, QWidget* parent);

    FoldsRequest request() const;

Q_SIGNALS:
    /// The command that does the same is wanted.
    void copyRequested();

private:
    void addEncoders(const FoldsRequest& last);
    static QString wordsOf(const QString& encoder);
    void explain();
    void reserveHeight();

    Encoders m_encoders;
    QSpinBox* m_folds = nullptr;
    QComboBox* m_encoder = nullptr; ///< null where not asked; its data is a preset's name, or kOfRun, or nothing
    QLabel* m_words = nullptr;
};

} // namespace latentoscope::ui
