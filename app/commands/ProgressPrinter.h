/// Prints how training goes: one moving line on a terminal, a line an epoch elsewhere.
#pragma once

#include "core/kinds/Kind.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace latentoscope {

struct Snapshot;

class ProgressPrinter {
public:
    /// `loss` is the measure that is printed.
    explicit ProgressPrinter(Measure loss);
    ~ProgressPrinter();
    ProgressPrinter(const ProgressPrinter&) = delete;
    ProgressPrinter& operator=(const ProgressPrinter&) = delete;

    /// Epoch metrics as lines, progress as the moving line.
    void show(const Snapshot& news);

private:
    void clearBar();
    Measure m_loss;
    bool m_terminal;
    bool m_barShown = false;
};

/// Prints how far a computation is, with the time left, on the terminal's error output; nothing elsewhere. Any thread.
class SharePrinter {
public:
    explicit SharePrinter(std::string what);
    ~SharePrinter();
    SharePrinter(const SharePrinter&) = delete;
    SharePrinter& operator=(const SharePrinter&) = delete;

    /// 0 … 1; the time left is told from it where it is not given.
    void show(double share, std::optional<double> secondsLeft = {});
    /// Takes the line away, before another is written.
    void clear();

private:
    std::string m_what;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_next;
    std::mutex m_mutex;
    bool m_terminal;
    bool m_shown = false;
};

} // namespace latentoscope
