/// Decodes, or classifies, the place a person points at, on a thread of its own, always with the newest request.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace latentoscope {
class FrozenModel;
}

namespace latentoscope::ui {

/// One decoded code.
struct ProbeResult {
    std::shared_ptr<const FrozenModel> model; ///< that decoded it
    std::vector<float> code;                  ///< (D)
    std::vector<float> image;                 ///< (H, W, C) in [0, 1]; empty where the network makes none
    std::vector<float> probabilities;         ///< (C) of classes; empty where the network tells none apart
    double milliseconds = 0;                  ///< from the request to the decoded values
};

/// Requests replace each other while one is computed, so a drag never queues. Lives on the interface thread.
class Prober : public QObject {
    Q_OBJECT

public:
    using ModelSource = std::function<std::shared_ptr<const FrozenModel>()>; ///< called on any thread; may give null

    /// How often a renewed model is noticed and the current place decoded again.
    static constexpr int kRenewMs = 250;

    explicit Prober(QObject* parent = nullptr);
    ~Prober() override;

    /// Where models come from now; results of the old source are dropped.
    void setModelSource(ModelSource source);
    /// Decodes a code of D values; one of another length than the model's is passed over.
    void probe(std::vector<float> code);
    /// Forgets the current place.
    void clear();

Q_SIGNALS:
    void decoded(const ProbeResult& result);
    void failed(const QString& sentence);

private:
    using Clock = std::chrono::steady_clock;
    struct Request {
        std::vector<float> code;
        ModelSource source;
        quint64 generation = 0;
        Clock::time_point asked;
    };

    void serve(const std::stop_token& stop);
    void deliver(const ProbeResult& result, quint64 generation);
    void renew();
    void post();

    ModelSource m_source;
    std::vector<float> m_code;
    quint64 m_generation = 0;
    std::weak_ptr<const FrozenModel> m_lastModel; ///< only compared
    QTimer m_renewTimer;

    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    std::optional<Request> m_request;
    std::jthread m_thread;
};

} // namespace latentoscope::ui
