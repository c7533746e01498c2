/// A network and how far it had been trained.
#pragma once

#include <memory>

namespace latentoscope {

class FrozenModel;

struct TimedModel {
    std::shared_ptr<const FrozenModel> model;
    double epoch = 0;
};

} // namespace latentoscope
