/// The newest weights of a training, for those who ask on other threads.
#pragma once

#include "core/training/TimedModel.h"

#include <memory>
#include <mutex>

namespace latentoscope {

class FrozenModel;

/// Where the newest weights are to be had, also by those who outlive the session.
struct ModelSlot {
    std::shared_ptr<const FrozenModel> model() const
    {
        const std::lock_guard lock(mutex);
        return newest.model;
    }

    mutable std::mutex mutex;
    TimedModel newest;
};

} // namespace latentoscope
