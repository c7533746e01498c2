#include "ui/search/ImportanceView.h"

#include "core/figures/FigureData.h"
#include "core/search/Importance.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/figures/BarsPlot.h"

namespace latentoscope::ui {

ImportanceView::ImportanceView(QWidget* parent)
    : FigureView(QStringLiteral("importanceView"), tr("Importance"), parent),
      m_plot(new QCustomPlot(this)),
      m_bars(std::make_unique<BarsPlot>(*m_plot))
{
    m_plot->setObjectName(QStringLiteral("importancePlot"));
    m_plot->setAccessibleName(tr("Importance of each parameter"));
    m_plot->setMinimumSize(160, 90);
    offerMenuOn(*m_plot);
    setContent(m_plot);
    setEmptyText(tr("Too little to tell"), tr("Parameter importance is shown here after four complete trials."));
}

ImportanceView::~ImportanceView() { finishBackground(*this); }

FigureData ImportanceView::figure() const
{
    if (!m_figure) return std::monostate{};
    return *m_figure;
}

void ImportanceView::setStudy(std::shared_ptr<const StudyView> view)
{
    m_view = std::move(view);
    if (!m_view) {
        m_latest.forget();
        m_figure.reset();
        return refresh();
    }
    m_latest.ask([study = m_view] { return importanceFigure(*study); },
                 [this](const BarsFigure& figure) {
                     m_figure.reset();
                     if (!figure.names.empty()) m_figure = figure;
                     refresh();
                 });
}

void ImportanceView::refresh()
{
    setContentState(m_figure ? ContentState::Filled : ContentState::Empty);
    if (!m_figure) return;
    QStringList words{tr("by themselves")};
    if (m_view)
        for (const std::string& note : importanceNotes(m_view->study, m_view->trials)) words << QString::fromStdString(note);
    header().setSubtitle(words.join(QStringLiteral(" · ")));
    words.front() = tr("Share of the objective's variance explained by each parameter alone (fANOVA)");
    header().setToolTip(words.join(QStringLiteral("\n")));
    m_bars->setStyle(screenStyle(palette(), font()));
    m_bars->setFigure(*m_figure);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace latentoscope::ui
