/// Defines table() of one instruction set; included once by each Kernels*.cpp after it has named namespace, set and width.
#pragma once

#include "core/models/kernels/Tables.h"
#include "core/models/kernels/simd/Classes.h"
#include "core/models/kernels/simd/Convolution.h"
#include "core/models/kernels/simd/Elementwise.h"
#include "core/models/kernels/simd/Gather.h"
#include "core/models/kernels/simd/Likelihood.h"
#include "core/models/kernels/simd/Linear.h"
#include "core/models/kernels/simd/Normalisation.h"
#include "core/models/kernels/simd/Posterior.h"
#include "core/models/kernels/simd/WeightGradient.h"

namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE {

const Kernels& table()
{
    static constexpr Kernels kTable = {LATENTOSCOPE_KERNELS_SET,
                                       convolve,
                                       convolveTransposed,
                                       weightGradient,
                                       linear,
                                       linearInputGradient,
                                       linearWeightGradient,
                                       reluGradient,
                                       channelSums,
                                       gather,
                                       sigmoidSquaredError,
                                       crossEntropy,
                                       samplePosterior,
                                       posteriorGradient,
                                       logSoftmax,
                                       negativeLogLikelihood,
                                       dropout,
                                       channelMoments,
                                       normalise,
                                       normaliseGradient};
    return kTable;
}

} // namespace latentoscope::kernels::LATENTOSCOPE_KERNELS_NAMESPACE
