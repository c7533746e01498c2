#include "ui/runs/RunFigureWriter.h"

#include "ui/figures/Export.h"

#include <QTimer>

namespace latentoscope::ui {

void RunFigureWriter::write(const std::filesystem::path& folder, std::vector<FigureFile> figures)
{
    const bool waiting = !m_queue.empty();
    std::erase_if(figures, [](const FigureFile& file) { return std::holds_alternative<std::monostate>(file.figure); });
    for (FigureFile& file : figures) m_queue.push_back({folder, std::move(file), false});
    if (m_queue.empty()) return;
    m_queue.back().last = true;
    if (!waiting) QTimer::singleShot(0, this, &RunFigureWriter::writeNext);
}

void RunFigureWriter::writeNext()
{
    const Job job = std::move(m_queue.front());
    m_queue.pop_front();
    try {
        writeFigureFiles(job.folder, job.file.name, job.file.figure);
        if (job.last) Q_EMIT written(job.folder);
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
    if (!m_queue.empty()) QTimer::singleShot(0, this, &RunFigureWriter::writeNext);
}

} // namespace latentoscope::ui
