#include "app/commands/RunFigureFiles.h"

#include "app/commands/FigureFiles.h"

#include "core/experiment/RunPictures.h"
#include "core/models/FrozenModel.h"

#include <utility>

namespace latentoscope {

void writeRunFigures(const SessionSetup& setup, const FrozenModel& model, const std::vector<LossPoint>& losses,
                     const std::vector<EpochMetrics>& epochs)
{
    std::vector<NamedFigure> figures;
    for (auto& [name, figure] : runPictures(setup, model, losses, epochs)) figures.push_back({name, std::move(figure)});
    writeFigures(setup.runFolder / "figures", figures);
}

} // namespace latentoscope
