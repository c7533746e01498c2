#include "core/training/RunRecorder.h"

#include "core/base/Error.h"
#include "core/data/DataSet.h"
#include "core/latent/Codes.h"
#include "core/models/FrozenModel.h"
#include "core/storage/PngFile.h"
#include "core/training/Prepare.h"
#include "core/values/LatentCodes.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace latentoscope {
namespace {

/// Between files of weights: each waits for the disk on the training thread, and epochs here take about a second.
constexpr auto kSaveInterval = std::chrono::seconds(10);
constexpr auto kRetryInterval = std::chrono::seconds(1); ///< between tries of the last save, where the disk refuses it

/// Waits for so long, or until it is asked to stop: whether it was.
bool stoppedWithin(std::chrono::milliseconds limit, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, limit, [] { return false; });
    return stop.stop_requested();
}

} // namespace

RunRecorder::RunRecorder(const SessionSetup& setup, const std::vector<Measure>& measures,
                         std::function<void(const std::string&)> warn)
    : m_setup(setup), m_warn(std::move(warn)), m_best(measures.front())
{
    if (!setup.runFolder.empty()) m_writer.emplace(setup.runFolder, recordOf(setup), setup.existing, measures);
    log(setup.data->name + ", " + std::to_string(setup.threads) + " threads, " + setup.device);
    flush();
}

void RunRecorder::log(const std::string& line)
{
    if (m_writer) m_writer->log(line);
}

void RunRecorder::flush()
{
    if (m_writer) m_writer->flush();
}

void RunRecorder::warn(const std::string& sentence)
{
    log(sentence);
    m_warn(sentence);
}

void RunRecorder::begin(int epochs)
{
    m_nextSave = Clock::now() + kSaveInterval;
    if (!m_writer) return;
    m_writer->setEpochs(epochs);
    wrote([this] { flush(); });
}

void RunRecorder::add(const LossPoint& loss)
{
    if (m_writer) m_writer->add(loss);
}

void RunRecorder::look(const EpochMetrics& metrics, std::shared_ptr<const FrozenModel> model, const Trainer& trainer)
{
    if (m_setup.configuration.training.keep == KeptWeights::Best) m_best.look(metrics, std::move(model), trainer.trainedTo());
}

void RunRecorder::add(const EpochMetrics& metrics, Trainer& trainer)
{
    if (!m_writer) return;
    m_writer->add(metrics);
    if (Clock::now() >= m_nextSave || (!m_writer->saved() && !m_refused)) {
        trainer.judge();
        save(trainer);
    } else if (!m_refused) {
        wrote([this] { flush(); });
    }
}

/// Whether the disk took it. Where it did not, the training goes on and the next save tries again: an hour's work is not given up
/// for a disk that is full for a minute.
template <class Writing> bool RunRecorder::wrote(const Writing& writing)
{
    try {
        writing();
    } catch (const Error& error) {
        if (error.kind() != Error::Kind::Io) throw;
        m_nextSave = Clock::now() + kSaveInterval;
        if (!std::exchange(m_refused, true))
            warn(std::string(error.what()) + "; the training goes on, and writing is tried again every ten seconds");
        return false;
    }
    if (std::exchange(m_refused, false)) warn("the run is on disk again, with nothing missing");
    return true;
}

Kept RunRecorder::keptOf(const Trainer& trainer) const
{
    return m_best.kept() ? *m_best.kept() : Kept{trainer.weights(), trainer.trainedTo()};
}

void RunRecorder::save(const Trainer& trainer)
{
    wrote([&] { saveNow(trainer); });
}

void RunRecorder::saveNow(const Trainer& trainer)
{
    m_nextSave = Clock::now() + kSaveInterval;
    if (!m_writer) return;
    const Kept weights = keptOf(trainer);
    m_writer->save(*weights.timed.model, weights.trained);
    m_kept = true;
}

void RunRecorder::saveAtLast(const Trainer& trainer, const std::stop_token& giveUp)
{
    const auto end = Clock::now() + m_setup.savePatience;
    for (bool told = false;; told = true) {
        try {
            saveNow(trainer);
            if (std::exchange(m_refused, false)) warn("the run is on disk again, with nothing missing");
            return;
        } catch (const Error& error) {
            if (error.kind() != Error::Kind::Io) throw;
            m_refused = true;
            if (!told) warn(std::string(error.what()) + "; the training is done, and writing its last weights is tried again");
            if (!stoppedWithin(kRetryInterval, giveUp) && Clock::now() < end) continue;
            const auto& saved = m_writer->saved();
            throw Error(Error::Kind::Io,
                        std::string(error.what()) + "; the weights of epoch " + std::to_string(keptOf(trainer).trained.epoch) +
                            " are lost, " +
                            (saved ? "those on disk are of epoch " + std::to_string(saved->epoch) : "none are on disk"));
        }
    }
}

void RunRecorder::writeThumbnail(const TimedModel& weights) const
{
    if (!m_writer || !weights.model->decodes()) return;
    const ItemSelection first = showcaseItems(m_setup.divided(), 1);
    writePng(m_writer->files() / "figures" / "thumbnail.png", m_setup.data->train.shape,
             reconstructItems(*weights.model, *m_setup.data, first, weights.epoch)->outputs);
}

void RunRecorder::moved(const std::filesystem::path& folder)
{
    if (m_writer) m_writer->moved(folder);
}

} // namespace latentoscope
