/// Which parameters matter, as bars; computed on another thread, for it takes a moment.
#pragma once

#include "core/figures/BarsFigure.h"
#include "core/figures/StudyFigures.h"
#include "ui/common/Latest.h"
#include "ui/figures/FigureView.h"

#include <memory>
#include <optional>

class QCustomPlot;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class BarsPlot;

class ImportanceView : public FigureView {
    Q_OBJECT

public:
    explicit ImportanceView(QWidget* parent = nullptr);
    ~ImportanceView() override;

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("importance"); }

    void setStudy(std::shared_ptr<const StudyView> view);

protected:
    void applyColors() override { refresh(); }

private:
    void refresh();

    std::shared_ptr<const StudyView> m_view;
    Latest<BarsFigure> m_latest{this};
    std::optional<BarsFigure> m_figure;
    QCustomPlot* m_plot;
    std::unique_ptr<BarsPlot> m_bars;
};

} // namespace latentoscope::ui
