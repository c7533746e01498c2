/// A network and how far it had been trained.
#pragma once

#include "core/models/FrozenModel.h"

#include <memory>

namespace latentoscope {

struct TimedModel {
    std::shared_ptr<const FrozenModel> model;
    double epoch = 0;
};

} // namespace latentoscope
