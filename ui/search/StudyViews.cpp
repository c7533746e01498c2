#include "ui/search/StudyViews.h"

#include "core/studies/JournalLocation.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/search/ChartView.h"
#include "ui/search/ImportanceView.h"
#include "ui/search/TrialCard.h"
#include "ui/search/TrialsView.h"

#include <algorithm>

namespace latentoscope::ui {
namespace {

ChartView* chart(QWidget* window, const char* objectName, const QString& title, const char* figureName)
{
    return new ChartView(QLatin1String(objectName), title, QLatin1String(figureName), window);
}

} // namespace

StudyViews::StudyViews(QWidget* window)
    : QObject(window),
      history(chart(window, "historyView", tr("History"), "history")),
      parallel(chart(window, "parallelView", tr("Parallel"), "parallel")),
      intermediate(chart(window, "intermediateView", tr("Intermediate"), "intermediate")),
      slice(chart(window, "sliceView", tr("Slice"), "slice")),
      contour(chart(window, "contourView", tr("Contour"), "contour")),
      importance(new ImportanceView(window)),
      pareto(chart(window, "paretoView", tr("Pareto"), "pareto")),
      timeline(chart(window, "timelineView", tr("Timeline"), "timeline")),
      trials(new TrialsView(window)),
      card(new TrialCard(window))
{
    using Names = std::vector<std::string>;
    history->setDraw([](const StudyView& view, const Names&) { return historyFigure(view); });
    parallel->setDraw([](const StudyView& view, const Names&) { return parallelFigure(view); });
    parallel->setBrushed(true);
    parallel->plot().setToolTip(tr("Drag along an axis to select the trials within a range"));
    intermediate->setDraw([](const StudyView& view, const Names&) { return intermediateFigure(view); });
    slice->addParameterBoxes(1);
    slice->setDraw([](const StudyView& view, const Names& names) { return sliceFigure(view, names[0]); });
    contour->addParameterBoxes(2);
    contour->setDraw([](const StudyView& view, const Names& names) {
        return names[0] == names[1] ? ChartFigure() : contourFigure(view, names[0], names[1]);
    });
    pareto->setEmptyText(tr("One objective"), tr("Choose two objectives to see the Pareto front."));
    pareto->setDraw([](const StudyView& view, const Names&) {
        return view.study.directions.size() > 1 ? paretoFigure(view) : ChartFigure();
    });
    timeline->setDraw([](const StudyView& view, const Names&) { return timelineFigure(view); });
    connectViews();
}

void StudyViews::connectViews()
{
    for (ChartView* view : {history, parallel, intermediate, slice, contour, pareto, timeline}) {
        connect(view, &ChartView::trialClicked, this, [this](int number, bool add) {
            std::vector<int> chosen{number};
            if (add) {
                chosen = m_chosen;
                const auto known = std::find(chosen.begin(), chosen.end(), number);
                if (known == chosen.end())
                    chosen.push_back(number);
                else
                    chosen.erase(known);
            }
            setChosen(chosen);
        });
    }
    for (const ChartView* view : {history, parallel, intermediate, slice, contour, pareto, timeline})
        connect(view, &ChartView::placeClicked, this, [this] { setChosen({}); });
    connect(parallel, &ChartView::brushChanged, this, [this](const std::optional<std::vector<int>>& within) {
        for (ChartView* view : {history, intermediate, slice, contour, pareto, timeline}) view->setWithin(within);
        trials->setWithin(within);
    });
    connect(trials, &TrialsView::chosenChanged, this, [this](const std::vector<int>& chosen) {
        m_chosen = chosen;
        for (ChartView* view : {history, parallel, intermediate, slice, contour, pareto, timeline}) view->setChosen(chosen);
        card->setChosen(chosen);
    });
}

std::vector<FigureView*> StudyViews::all() const
{
    return {history, parallel, intermediate, slice, contour, importance, pareto, timeline, trials, card};
}

bool StudyViews::contains(const FigureView* view) const
{
    const std::vector<FigureView*> own = all();
    return std::find(own.begin(), own.end(), view) != own.end();
}

void StudyViews::setStudy(const std::shared_ptr<const StudyView>& view)
{
    const bool other = !view || !m_view || view->study.name != m_view->study.name || view->storage != m_view->storage;
    m_view = view;
    for (ChartView* one : {history, parallel, intermediate, slice, contour, pareto, timeline}) one->setStudy(view);
    importance->setStudy(view);
    trials->setStudy(view);
    card->setStudy(view);
    if (other) setChosen({});
    if (!view) return history->header().setSubtitle(QString());
    // Two studies of one name are told apart by where they lie.
    const QString name =
        tr("%1 in %2").arg(QString::fromStdString(view->study.name), QString::fromStdString(locationText(view->storage)));
    const std::vector<int> best = bestNumbers(*view);
    if (best.size() == 1) {
        history->header().setSubtitle(tr("%1 · best %2, trial %3")
                                          .arg(name)
                                          .arg(view->trials[static_cast<std::size_t>(best.front())].values.front(), 0, 'g', 6)
                                          .arg(best.front()));
    } else {
        history->header().setSubtitle(name);
    }
}

void StudyViews::giveUpChoice()
{
    if (!m_chosen.empty())
        setChosen({});
    else
        parallel->clearBrushes();
}

void StudyViews::setChosen(const std::vector<int>& chosen)
{
    m_chosen = chosen;
    for (ChartView* view : {history, parallel, intermediate, slice, contour, pareto, timeline}) view->setChosen(chosen);
    trials->setChosen(chosen);
    card->setChosen(chosen);
}

} // namespace latentoscope::ui
