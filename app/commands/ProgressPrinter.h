/// Prints how training goes: one moving line on a terminal, a line an epoch elsewhere.
#pragma once

#include "core/config/Kind.h"
#include "core/training/Snapshot.h"

namespace latentoscope {

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

} // namespace latentoscope
