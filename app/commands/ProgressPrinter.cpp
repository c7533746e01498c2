#include "app/commands/ProgressPrinter.h"

#include "core/base/Text.h"

#include <array>
#include <cstdio>
#include <iostream>
#include <string>
#include <unistd.h>
#include <utility>

namespace latentoscope {
namespace {

constexpr int kBarWidth = 30;

std::string barText(const Progress& progress)
{
    const int filled = static_cast<int>(progress.fraction * kBarWidth);
    std::string bar = "[";
    for (int i = 0; i < kBarWidth; ++i) bar += i < filled ? '#' : '.';
    bar += "] epoch " + std::to_string(std::min(progress.epoch + 1, progress.epochs)) + " of " + std::to_string(progress.epochs);
    if (progress.imagesPerSecond > 0)
        bar += ", " + groupedText(static_cast<std::int64_t>(progress.imagesPerSecond)) + " images/s";
    if (progress.secondsLeft) bar += ", " + durationText(*progress.secondsLeft) + " left";
    return bar;
}

} // namespace

ProgressPrinter::ProgressPrinter() : m_terminal(isatty(STDOUT_FILENO) != 0) {}

ProgressPrinter::~ProgressPrinter() { clearBar(); }

void ProgressPrinter::clearBar()
{
    if (std::exchange(m_barShown, false)) std::cout << "\r\033[K" << std::flush;
}

void ProgressPrinter::show(const Snapshot& news)
{
    for (const EpochMetrics& epoch : news.epochs) {
        clearBar();
        std::array<char, 160> line{};
        int used = std::snprintf(line.data(), line.size(), "epoch %3d  train MSE %.5f", epoch.epoch, epoch.train);
        if (epoch.validation) {
            used += std::snprintf(line.data() + used, line.size() - static_cast<std::size_t>(used), "  validation MSE %.5f",
                                  *epoch.validation);
        }
        std::cout << line.data() << "  " << groupedText(static_cast<std::int64_t>(epoch.imagesPerSecond)) << " images/s  "
                  << durationText(news.progress.secondsLeft.value_or(0)) << " left" << std::endl;
    }
    if (m_terminal && news.state == RunState::Running) {
        std::cout << "\r\033[K" << barText(news.progress) << std::flush;
        m_barShown = true;
    }
}

} // namespace latentoscope
