#include "ui/session/Prober.h"

#include "core/models/FrozenModel.h"

#include <exception>
#include <utility>

namespace latentoscope::ui {

Prober::Prober(QObject* parent) : QObject(parent), m_thread([this](const std::stop_token& stop) { serve(stop); })
{
    m_renewTimer.setInterval(kRenewMs);
    connect(&m_renewTimer, &QTimer::timeout, this, &Prober::renew);
}

Prober::~Prober()
{
    m_thread.request_stop();
    m_thread.join();
}

void Prober::setModelSource(ModelSource source)
{
    m_source = std::move(source);
    ++m_generation;
    m_lastModel.reset();
    if (!m_code.empty()) post();
}

void Prober::probe(std::vector<float> code)
{
    m_code = std::move(code);
    if (m_code.empty()) return clear();
    if (!m_renewTimer.isActive()) m_renewTimer.start();
    post();
}

void Prober::clear()
{
    m_code.clear();
    ++m_generation;
    m_renewTimer.stop();
    const std::lock_guard lock(m_mutex);
    m_request.reset();
}

void Prober::post()
{
    if (!m_source) return;
    {
        const std::lock_guard lock(m_mutex);
        m_request = Request{m_code, m_source, m_generation, Clock::now()};
    }
    m_asked.notify_one();
}

void Prober::renew()
{
    if (m_code.empty() || !m_source) return;
    const auto model = m_source();
    if (model && model != m_lastModel.lock()) post();
}

void Prober::serve(const std::stop_token& stop)
{
    for (;;) {
        Request request;
        {
            std::unique_lock lock(m_mutex);
            if (!m_asked.wait(lock, stop, [this] { return m_request.has_value(); })) return;
            request = std::move(*m_request);
            m_request.reset();
        }
        try {
            ProbeResult result;
            result.model = request.source();
            if (!result.model || static_cast<std::size_t>(result.model->latentDimension()) != request.code.size()) continue;
            if (result.model->decodes()) result.image = result.model->decode(request.code);
            if (result.model->classifies()) result.probabilities = result.model->probabilities(request.code);
            result.code = std::move(request.code);
            result.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - request.asked).count();
            QMetaObject::invokeMethod(
                this, [this, moved = std::move(result), generation = request.generation] { deliver(moved, generation); },
                Qt::QueuedConnection);
        } catch (const std::exception& error) {
            const QString sentence = QString::fromUtf8(error.what());
            QMetaObject::invokeMethod(
                this, [this, sentence] { Q_EMIT failed(sentence); }, Qt::QueuedConnection);
        }
    }
}

void Prober::deliver(const ProbeResult& result, quint64 generation)
{
    if (generation != m_generation) return;
    m_lastModel = result.model;
    Q_EMIT decoded(result);
}

} // namespace latentoscope::ui
