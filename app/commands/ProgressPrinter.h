/// Prints how training goes: one moving line on a terminal, a line an epoch elsewhere.
#pragma once

#include "core/training/Snapshot.h"

namespace latentoscope {

class ProgressPrinter {
public:
    ProgressPrinter();
    ~ProgressPrinter();
    ProgressPrinter(const ProgressPrinter&) = delete;
    ProgressPrinter& operator=(const ProgressPrinter&) = delete;

    /// Epoch metrics as lines, progress as the moving line.
    void show(const Snapshot& news);

private:
    void clearBar();
    bool m_terminal;
    bool m_barShown = false;
};

} // namespace latentoscope
