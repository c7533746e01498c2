#include "core/training/RunToEnd.h"

#include "core/training/Snapshot.h"

namespace latentoscope {
namespace {

constexpr auto kLook = std::chrono::milliseconds(20); ///< between looks at the session, and at whether to stop

} // namespace

Snapshot runToEnd(TrainingSession& session, const std::function<void(const Snapshot& news)>& onNews, const std::stop_token& stop)
{
    session.start();
    for (bool asked = false;;) {
        // The end comes after all that the channel was told, so what is taken after it is all there is.
        const bool ended = session.waitFor(kLook);
        Snapshot news = session.channel().take();
        onNews(news);
        if (ended) return news;
        if (asked || !stop.stop_requested()) continue;
        session.stop();
        asked = true;
    }
}

} // namespace latentoscope
