/// Small figures with numbers chosen by hand.
#pragma once

#include "core/base/AxisRange.h"
#include "core/figures/CurvesFigure.h"
#include "core/values/LatentCodes.h"

#include <memory>

namespace latentoscope {
} // namespace latentoscope

namespace latentoscope::ui {

/// 7 steps and 2 epochs, a reference line at 0.05.
inline CurvesFigure sampleCurves()
{
    CurvesFigure figure;
    figure.title = "Loss";
    figure.yScale = AxisScale::Logarithmic;
    figure.curves.push_back(
        {"train step", Curve::Role::TrainStep, {0.2, 0.4, 0.6, 0.8, 1, 1.5, 2}, {0.2, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03}, 0});
    figure.curves.push_back({"train", Curve::Role::Train, {1, 2}, {0.1, 0.04}, 0});
    figure.curves.push_back({"validation", Curve::Role::Validation, {1, 2}, {0.06, 0.035}, 0});
    figure.lines.push_back({"PCA-2", 0.05});
    return figure;
}

/// Six items of classes 0, 1, 2 whose x is not in the order of rows, whose item numbers are not the rows.
inline std::shared_ptr<LatentCodes> sampleCodes(int dimension = 2)
{
    auto codes = std::make_shared<LatentCodes>();
    codes->dimension = dimension;
    codes->split = "test";
    codes->epoch = 3;
    codes->items = {40, 11, 32, 7, 25, 3};
    codes->labels = {0, 1, 2, 0, 1, 2};
    const float x[] = {3, -1, 2, -3, 0, 1};
    const float y[] = {1, 2, -2, 0, -1, 3};
    for (int row = 0; row < 6; ++row)
        for (int d = 0; d < dimension; ++d)
            codes->values.push_back(d == 0 ? x[row] : d == 1 ? y[row] : static_cast<float>(10 * d + row));
    return codes;
}

/// Two items of 8 × 8: inputs 10 and 200, outputs 30 and 150 everywhere.
inline std::shared_ptr<Reconstructions> sampleReconstructions()
{
    auto all = std::make_shared<Reconstructions>();
    all->shape = {8, 8, 1};
    all->split = "validation";
    all->items = {5, 9};
    all->labels = {1, 0};
    all->inputs.assign(64, 10);
    all->inputs.insert(all->inputs.end(), 64, 200);
    all->outputs.assign(64, 30);
    all->outputs.insert(all->outputs.end(), 64, 150);
    return all;
}

} // namespace latentoscope::ui
