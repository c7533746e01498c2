#include "ui/latent/RegionPresenter.h"

#include "core/latent/ClassRegions.h"
#include "core/models/FrozenModel.h"
#include "ui/latent/ScatterView.h"

namespace latentoscope::ui {
namespace {

/// Null where there is nothing to colour.
std::shared_ptr<const ClassRegions> regionsOf(const Replay::ModelSource& source, const LatentPlane& plane)
{
    const auto model = source();
    const bool fits = model && model->classifies() && static_cast<std::size_t>(model->latentDimension()) == plane.base.size();
    return fits ? std::make_shared<const ClassRegions>(classRegions(*model, plane)) : nullptr;
}

} // namespace

RegionPresenter::RegionPresenter(ScatterView& scatter, QObject* parent) : QObject(parent), m_scatter(scatter)
{
    connect(&m_scatter, &ScatterView::planeChanged, this, &RegionPresenter::refresh);
}

void RegionPresenter::setModelSource(Replay::ModelSource source)
{
    m_latest.forget();
    m_source = std::move(source);
    if (!m_source) m_scatter.setRegions(nullptr);
    refresh();
}

void RegionPresenter::refresh()
{
    const LatentPlane plane = m_scatter.plane();
    if (plane.base.empty()) { // a picture has no plane of codes behind it
        m_latest.forget();
        m_scatter.setRegions(nullptr);
        return;
    }
    if (!m_source) return;
    m_latest.ask([source = m_source, plane] { return regionsOf(source, plane); },
                 [this](const std::shared_ptr<const ClassRegions>& regions) { m_scatter.setRegions(regions); });
}

} // namespace latentoscope::ui
