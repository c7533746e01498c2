#include "ui/training/BaselinesPresenter.h"

#include "core/data/DataSet.h"

namespace latentoscope::ui {

BaselinesPresenter::BaselinesPresenter(LossView& view, QObject* parent) : QObject(parent), m_view(view) {}

BaselinesPresenter::~BaselinesPresenter() { m_cancel.request_stop(); }

void BaselinesPresenter::showLines()
{
    m_view.setReferences(m_references && m_of == m_data && m_data
                             ? referenceLines(*m_references, m_model, classShares(m_data->test.labels))
                             : std::map<std::string, std::vector<ReferenceLine>>());
}

void BaselinesPresenter::show(const std::shared_ptr<const DataSet>& data, const ModelOptions& model)
{
    m_model = model;
    const bool asked = data == m_data && !m_latest.idle();
    m_data = data;
    showLines();
    if (!data || m_of == data || asked) return;
    m_cancel.request_stop();
    m_cancel = std::stop_source();
    m_latest.forget();
    // One thread: training, which may be under way, needs the others more.
    m_latest.ask(
        [data, stop = m_cancel.get_token()]() -> std::optional<References> {
            try {
                return referencesOf(*data, 1, cacheFolder(), untilStopped(stop));
            } catch (const std::exception&) {
                return std::nullopt; // there are curves without lines
            }
        },
        [this, data](const std::optional<References>& references) {
            m_references = references;
            m_of = data;
            showLines();
        });
}

} // namespace latentoscope::ui
