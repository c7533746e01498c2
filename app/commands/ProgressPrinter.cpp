#include "app/commands/ProgressPrinter.h"

#include "core/base/Text.h"
#include "core/storage/Metrics.h"
#include "core/training/Snapshot.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <string>
#include <sys/ioctl.h>
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

ProgressPrinter::ProgressPrinter(Measure loss) : m_loss(std::move(loss)), m_terminal(isatty(STDOUT_FILENO) != 0) {}

ProgressPrinter::~ProgressPrinter() { clearBar(); }

void ProgressPrinter::clearBar()
{
    if (std::exchange(m_barShown, false)) std::cout << "\r\033[K" << std::flush;
}

void ProgressPrinter::show(const Snapshot& news)
{
    for (const EpochMetrics& epoch : news.epochs) {
        clearBar();
        std::array<char, 64> number{};
        std::snprintf(number.data(), number.size(), "epoch %3d", epoch.epoch);
        std::cout << number.data();
        for (const char* split : {"train", "validation"}) {
            const std::optional<double> value = epoch.find(split, m_loss.name);
            if (!value) continue;
            std::snprintf(number.data(), number.size(), "%-8s", roundedText(*value, 5).c_str());
            std::cout << "  " << split << " " << m_loss.label << " " << number.data();
        }
        std::cout << "  " << groupedText(static_cast<std::int64_t>(epoch.imagesPerSecond())) << " images/s  "
                  << durationText(news.progress.secondsLeft.value_or(0)) << " left" << std::endl;
    }
    if (!news.warning.empty()) {
        clearBar();
        std::cerr << "latentoscope: note: " << news.warning << std::endl;
    }
    if (m_terminal && news.state == RunState::Running) {
        // A line that wraps could not be cleared any more.
        winsize size{};
        std::string bar = barText(news.progress);
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) bar = bar.substr(0, size.ws_col - 1U);
        std::cout << "\r\033[K" << bar << std::flush;
        m_barShown = true;
    }
}

SharePrinter::SharePrinter(std::string what)
    : m_what(std::move(what)), m_start(std::chrono::steady_clock::now()), m_next(m_start), m_terminal(isatty(STDERR_FILENO) != 0)
{
}

SharePrinter::~SharePrinter() { clear(); }

void SharePrinter::clear()
{
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_shown, false)) std::cerr << "\r\033[K" << std::flush;
}

void SharePrinter::show(double share, std::optional<double> secondsLeft)
{
    if (!m_terminal || share <= 0) return;
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next) return;
    m_next = now + std::chrono::milliseconds(100);
    const std::chrono::duration<double> taken = now - m_start;
    std::cerr << "\r\033[K" << m_what << ": " << static_cast<int>(100 * share) << " %, "
              << durationText(secondsLeft.value_or(taken.count() * (1 - share) / share)) << " left" << std::flush;
    m_shown = true;
}

} // namespace latentoscope
