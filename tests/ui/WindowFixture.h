/// A window on tiny data in a temporary folder, and waiting for it.
#pragma once

#include "core/config/Configuration.h"
#include "tests/support/SmallData.h"
#include "tests/support/TinyConfiguration.h"
#include "ui/main/MainWindow.h"
#include "ui/runs/RunsPanel.h"
#include "ui/settings/ControlPanel.h"

#include <QTest>

#include <gtest/gtest.h>

#include <memory>

namespace latentoscope::ui {

constexpr int kPatienceMs = 60'000;

/// 8 × 8 images, a network of one small layer, two epochs: a training takes well below a second.
class WindowTest : public testing::Test {
protected:
    WindowTest()
    {
        std::filesystem::create_directories(m_folder / "data");
        test::writeIdxFolder(m_folder / "data", *test::smallData({8, 8, 1}, 200, 50), test::Compression::None);
        prepareApplication(m_request);
        m_request.dataFolder = m_folder / "data";
        m_request.runsFolder = m_folder / "runs";
        m_request.threads = 1;
        m_request.theme = ThemeChoice::Light;
    }

    /// Shown, its data read.
    MainWindow& open()
    {
        m_window = std::make_unique<MainWindow>(m_request);
        m_window->resize(1280, 720);
        m_window->show();
        EXPECT_TRUE(
            QTest::qWaitFor([this] { return !m_window->controller().loadingData() && m_window->runs().idle(); }, kPatienceMs));
        return *m_window;
    }

    static Configuration tiny(int epochs)
    {
        Configuration configuration = test::tinyConfiguration(epochs);
        configuration.training.learningRate = 0.005;
        return configuration;
    }

    static void setTiny(MainWindow& window, int epochs)
    {
        const Configuration configuration = tiny(epochs);
        window.controls().setConfiguration({"tiny", {}, configuration}, configuration);
    }

    static void readRunsAgain(MainWindow& window)
    {
        window.runs().refresh();
        EXPECT_TRUE(QTest::qWaitFor([&] { return window.runs().idle(); }, kPatienceMs));
    }

    /// Trains to the end, figures written.
    void trainToTheEnd(MainWindow& window, int epochs)
    {
        setTiny(window, epochs);
        window.train();
        EXPECT_TRUE(QTest::qWaitFor([&] { return window.controller().state() == RunState::Finished; }, kPatienceMs));
        EXPECT_TRUE(QTest::qWaitFor([&] { return window.isSettled(); }, kPatienceMs));
    }

    test::TemporaryFolder m_folder;
    WindowRequest m_request;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace latentoscope::ui
