/// Small training sessions for tests, and waiting for them.
#pragma once

#include "core/config/Configuration.h"
#include "core/data/ImageShape.h"
#include "core/models/FrozenModel.h"
#include "core/training/Snapshot.h"
#include "core/training/TrainingSession.h"
#include "tests/support/SmallData.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

namespace latentoscope::test {

inline SessionSetup smallSetup(const ImageShape& shape = {8, 8, 1})
{
    SessionSetup setup;
    setup.data = smallData(shape);
    setup.configuration.model.channels = {4, 8};
    setup.configuration.model.hidden = 16;
    setup.configuration.training.epochs = 3;
    setup.configuration.training.batchSize = 50;
    setup.configuration.training.shardSize = 16;
    setup.configuration.training.learningRate = 5e-3;
    setup.threads = 1;
    return setup;
}

/// Trained for some epochs into a folder.
inline SessionSetup setupInto(const std::filesystem::path& folder, int epochs)
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = epochs;
    setup.runFolder = folder;
    return setup;
}

inline std::vector<float> weightsAfter(const SessionSetup& setup)
{
    TrainingSession session(setup);
    session.start();
    session.wait();
    EXPECT_EQ(session.state(), RunState::Finished) << session.channel().take().message;
    const auto weights = session.model()->weights();
    return {weights.begin(), weights.end()};
}

/// Waits for a state; false after a minute: sanitized builds on a busy machine are slow.
inline bool reaches(const TrainingSession& session, RunState state)
{
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1); std::chrono::steady_clock::now() < end;
         std::this_thread::yield()) {
        if (session.state() == state) return true;
    }
    return false;
}

inline SessionSetup longSetup()
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.epochs = 10'000;
    return setup;
}

/// Settings that diverge within a few steps.
inline SessionSetup divergingSetup()
{
    SessionSetup setup = smallSetup();
    setup.configuration.training.optimizer = OptimizerRule::Sgd;
    setup.configuration.training.learningRate = 10;
    setup.configuration.training.weightDecay = 1;
    setup.configuration.training.momentum = 0.9999;
    setup.configuration.training.epochs = 10'000;
    return setup;
}

} // namespace latentoscope::test
