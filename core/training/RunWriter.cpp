#include "core/training/RunWriter.h"

#include "core/base/AtomicFile.h"
#include "core/base/Text.h"
#include "core/models/FrozenModel.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace latentoscope {

RunWriter::RunWriter(const std::filesystem::path& folder, RunRecord record, Existing existing,
                     const std::vector<Measure>& measures)
    : m_run(createRun(folder, record, existing)),
      m_record(std::move(record)),
      m_epochsAsked(m_record.configuration.training.epochs)
{
    std::copy_if(measures.begin(), measures.end(), std::back_inserter(m_measures),
                 [](const Measure& measure) { return measure.detail == Measure::Detail::Step; });
}

RunWriter::~RunWriter() { abandon(m_run); }

void RunWriter::moved(const std::filesystem::path& folder)
{
    if (m_run.replacing()) return; // its files lie beside the folder
    m_run.folder = m_run.files = folder;
    if (m_run.lock) m_run.lock->moved(folder / kFolderLock);
}

void RunWriter::log(const std::string& line) { m_log += timestamp() + " " + line + "\n"; }

void RunWriter::add(const EpochMetrics& metrics)
{
    m_epochs.push_back(metrics);
    std::string line = "epoch " + std::to_string(metrics.epoch);
    for (const Measure& measure : m_measures) {
        for (const char* split : {"train", "validation"}) {
            if (const auto value = metrics.find(split, measure.name))
                line += std::string(" ") + split + " " + measure.name + " " + numberText(*value);
        }
    }
    log(line + " " + groupedText(static_cast<std::int64_t>(metrics.imagesPerSecond())) + " images/s");
}

void RunWriter::flush()
{
    if (m_record.configuration.training.epochs != m_epochsAsked) {
        RunRecord longer = m_record;
        longer.configuration.training.epochs = m_epochsAsked;
        writeRecord(m_run.files, longer);
        m_record = std::move(longer);
    }
    if (!m_log.empty()) appendToFile(m_run.files / "log.txt", m_log);
    m_log.clear();
    for (std::size_t done = 0; done < m_epochs.size(); ++done) {
        try {
            appendMetrics(m_run.files, m_epochs[done]);
        } catch (...) {
            m_epochs.erase(m_epochs.begin(), m_epochs.begin() + static_cast<std::ptrdiff_t>(done));
            throw;
        }
    }
    m_epochs.clear();
}

void RunWriter::save(const FrozenModel& model, const TrainedTo& trained)
{
    flush();
    if (!m_saved || m_saved->step != trained.step) writeModel(m_run.files / "model.safetensors", model, trained);
    if (!m_steps.empty()) {
        std::vector<std::string> terms;
        for (std::size_t m = 1; m < m_measures.size(); ++m) terms.push_back(m_measures[m].name);
        appendSteps(m_run.files, m_steps, terms);
    }
    m_steps.clear();
    replaceOlder(m_run);
    m_saved = trained;
}

} // namespace latentoscope
