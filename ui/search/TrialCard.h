/// The chosen trials: one with its settings beside the best's, several by their reconstructions side by side.
#pragma once

#include "core/figures/StudyFigures.h"
#include "ui/figures/FigureView.h"

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace latentoscope {
struct FigureData;
struct DataSet;
struct Reconstructions;
} // namespace latentoscope

namespace latentoscope::ui {

class TrialCard : public FigureView {
    Q_OBJECT

public:
    explicit TrialCard(QWidget* parent = nullptr);
    ~TrialCard() override;

    /// The reconstructions of the first chosen trial.
    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("trial"); }

    void setData(std::shared_ptr<const DataSet> set);
    void setStudy(std::shared_ptr<const StudyView> view);
    void setChosen(const std::vector<int>& trials);

Q_SIGNALS:
    void openRequested(const std::filesystem::path& run);
    void settingsRequested(int trial);

protected:
    void applyColors() override { refresh(); }
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Pictures {
        std::shared_ptr<const Reconstructions> reconstructions; ///< null: there are none
        std::vector<std::string> classNames;
    };
    void refresh();
    void load(int trial);
    const Trial* trialAt(int number) const;
    QString tableOf(std::vector<const Trial*> shown) const;
    QPixmap pictureOf(const Pictures& pictures, int width) const;

    std::shared_ptr<const DataSet> m_data;
    std::shared_ptr<const StudyView> m_view;
    std::vector<int> m_chosen;
    std::map<std::filesystem::path, Pictures> m_pictures; ///< by run, once read
    QLabel* m_words;
    QWidget* m_imageArea;
    QVBoxLayout* m_images;
    QPushButton* m_open;
    QPushButton* m_train;
};

} // namespace latentoscope::ui
