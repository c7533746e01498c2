/// All views of a study, which show one study and one choice of trials.
#pragma once

#include "core/figures/StudyFigures.h"

#include <QObject>

#include <memory>
#include <vector>

namespace latentoscope::ui {

class ChartView;
class FigureView;
class ImportanceView;
class TrialCard;
class TrialsView;

class StudyViews : public QObject {
    Q_OBJECT

public:
    /// The views' parent becomes `window`.
    explicit StudyViews(QWidget* window);

    ChartView* history;
    ChartView* parallel;
    ChartView* intermediate;
    ChartView* slice;
    ChartView* contour;
    ImportanceView* importance;
    ChartView* pareto;
    ChartView* timeline;
    TrialsView* trials;
    TrialCard* card;

    std::vector<FigureView*> all() const;
    bool contains(const FigureView* view) const;
    void setStudy(const std::shared_ptr<const StudyView>& view);
    void setChosen(const std::vector<int>& trials);
    /// Esc: first the choice goes, then the brush.
    void giveUpChoice();
    const std::vector<int>& chosen() const { return m_chosen; }

private:
    void connectViews();

    std::shared_ptr<const StudyView> m_view;
    std::vector<int> m_chosen;
};

} // namespace latentoscope::ui
