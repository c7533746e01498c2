/// What is searched, and how far: the left side of the search.
#pragma once

#include "core/data/ImageShape.h"
#include "core/search/SearchPlan.h"

#include <QWidget>

#include <filesystem>
#include <optional>
#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace latentoscope::ui {

/// What a person asks for.
struct SearchRequest {
    SearchPlan plan;
    std::string study;
    std::string storage; ///< empty: study.log in the search's own folder
    int trials = 0;      ///< 0: no end
    int minutes = 0;     ///< likewise
    int workers = 1;
};

class SearchPanel : public QWidget {
    Q_OBJECT

public:
    enum SpaceColumn { Name, From, To, Remove }; ///< of space()

    explicit SearchPanel(QWidget* parent = nullptr);

    /// Every editor as the plan has it.
    void setPlan(const SearchPlan& plan);
    /// What the data are, which objectives depend on; none: not known yet.
    void setShape(std::optional<ImageShape> shape);
    /// Throws Error(InvalidArgument) with a sentence about what is wrong.
    SearchRequest request() const;
    /// What is wrong; empty: nothing.
    QString error() const;
    void setRunning(bool running, bool stopping);
    /// Why nothing can be started now; empty: it can.
    void setBusyWords(const QString& words);
    /// A run whose trained encoder a classifier's trials may begin with; empty: none.
    void offerEncoder(const std::filesystem::path& run);
    void setStudyName(const QString& name);
    void setStorage(const QString& storage);

    QTableWidget& space() const { return *m_space; }
    QPushButton& startButton() const { return *m_start; }

Q_SIGNALS:
    void startRequested();
    void stopRequested();
    void openRequested();
    void openServerRequested();
    void commandRequested();

private:
    void build();
    void fillSpace();
    void fillObjectives();
    void fillAdd();
    void addField(const std::string& path);
    void removeField(const std::string& path);
    void showSpaceMenu(const QPoint& position);
    void setLogarithmic(const std::string& path, bool on);
    void keepEdits();
    void cellEdited(int row, int column);
    Distribution edited(const std::string& path, const Distribution& before, int row) const;
    void check();
    void fillEncoders();
    std::string chosenObjective(const QComboBox& box) const;

    SearchPlan m_plan;
    std::optional<ImageShape> m_shape;
    QString m_busy;
    bool m_running = false;
    bool m_filling = false;
    QComboBox* m_preset = nullptr;
    QTableWidget* m_space = nullptr;
    QComboBox* m_add = nullptr;
    QComboBox* m_objective = nullptr;
    QComboBox* m_second = nullptr;
    QSpinBox* m_epochs = nullptr;
    QSpinBox* m_folds = nullptr;
    QComboBox* m_sampler = nullptr;
    QComboBox* m_pruner = nullptr;
    QComboBox* m_encoder = nullptr; ///< only a classifier's search has it
    QLabel* m_encoderWords = nullptr;
    std::filesystem::path m_offered;
    QSpinBox* m_trials = nullptr;
    QSpinBox* m_minutes = nullptr;
    QSpinBox* m_workers = nullptr;
    QLineEdit* m_study = nullptr;
    QLineEdit* m_storage = nullptr;
    QLabel* m_error = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace latentoscope::ui
