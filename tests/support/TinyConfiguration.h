/// Settings of a network so small that a test trains it in well below a second.
#pragma once

#include "core/config/Configuration.h"

namespace latentoscope::test {

/// One convolution of 4 channels, 8 hidden units, batches of 40, a fifth of the training images for validation: for images of
/// 8 × 8, 200 of them (SmallData.h).
inline Configuration tinyConfiguration(int epochs)
{
    Configuration configuration;
    configuration.data.validationFraction = 0.2;
    configuration.model.channels = {4};
    configuration.model.hidden = 8;
    configuration.training.epochs = epochs;
    configuration.training.batchSize = 40;
    return configuration;
}

} // namespace latentoscope::test
