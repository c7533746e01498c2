#include "ui/latent/ScatterScene.h"

#include "core/base/Text.h"
#include "core/figures/RunFigures.h"
#include "core/values/LatentCodes.h"
#include "core/values/LatentPlane.h"

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

std::string dimensionName(int dimension) { return std::string("z").append(std::to_string(dimension)); }

} // namespace

void ScatterScene::setCodes(std::shared_ptr<const LatentCodes> codes)
{
    m_codes = std::move(codes);
    m_largestLabel = -1;
    m_mean.clear();
    if (!m_codes || (m_picture && m_picture->places->count() != m_codes->count())) m_picture.reset();
    if (!m_codes || m_codes->dimension < 1) m_codes.reset();
    const int dimension = this->dimension();
    if (m_codes) {
        m_mean = meanCode(*m_codes);
        m_strips = dimension == 1 ? classStrips(*m_codes) : std::vector<float>();
        if (!m_codes->labels.empty()) m_largestLabel = *std::max_element(m_codes->labels.begin(), m_codes->labels.end());
        if (m_x >= dimension || m_y >= dimension || (m_x == m_y && dimension > 1)) {
            m_x = 0;
            m_y = std::min(1, dimension - 1);
        }
        if (m_probe.size() != static_cast<std::size_t>(dimension)) m_probe.clear();
    }
}

void ScatterScene::setDimensions(int x, int y)
{
    const int dimension = this->dimension();
    if (x < 0 || y < 0 || x >= dimension || y >= dimension || (x == y && dimension > 1)) return;
    m_x = x;
    m_y = y;
}

int ScatterScene::classCount() const { return std::max(static_cast<int>(m_classNames.size()), m_largestLabel + 1); }

bool ScatterScene::isVisible(int label) const
{
    return static_cast<std::size_t>(label) >= m_visible.size() || m_visible[static_cast<std::size_t>(label)] != 0;
}

void ScatterScene::setState(int label, ClassState state)
{
    if (label < 0 || label >= kMostClasses) return;
    if (m_visible.size() <= static_cast<std::size_t>(label)) m_visible.resize(static_cast<std::size_t>(label) + 1, 1);
    m_visible[static_cast<std::size_t>(label)] = state == ClassState::Coloured ? 1 : 0;
    if (std::find(m_visible.begin(), m_visible.end(), 0) == m_visible.end()) m_visible.clear();
}

void ScatterScene::isolate(int label)
{
    const int count = classCount();
    if (label < 0 || label >= count) return;
    int others = 0;
    for (int other = 0; other < count; ++other)
        if (other != label && isVisible(other)) ++others;
    if (others == 0 && isVisible(label)) return showAll();
    m_visible.assign(static_cast<std::size_t>(count), 0);
    m_visible[static_cast<std::size_t>(label)] = 1;
}

int ScatterScene::visibleCount() const
{
    if (!m_codes) return 0;
    if (m_codes->labels.empty()) return m_codes->count();
    return static_cast<int>(
        std::count_if(m_codes->labels.begin(), m_codes->labels.end(), [this](Label label) { return isVisible(label); }));
}

void ScatterScene::setPicture(std::optional<ScatterPicture> picture)
{
    m_picture = std::move(picture);
    if (empty() || (m_picture && (!m_picture->places || !m_picture->map || m_picture->places->count() != m_codes->count())))
        m_picture.reset();
}

Place ScatterScene::placeOf(const std::vector<float>& code) const
{
    if (m_picture) return m_picture->map->placeOf(code);
    const auto along = [&](int dimension) { return static_cast<double>(code[static_cast<std::size_t>(dimension)]); };
    return {along(m_x), strips() ? (std::max(1, classCount()) - 1) / 2.0 : along(m_y)};
}

void ScatterScene::setProbe(std::vector<float> code) { m_probe = std::move(code); }

std::vector<float> ScatterScene::codeAt(double x, double y) const
{
    if (m_picture) return m_picture->map->codeAt({x, y});
    std::vector<float> code = m_probe.empty() ? m_mean : m_probe;
    if (code.empty()) return code;
    code[static_cast<std::size_t>(m_x)] = static_cast<float>(x);
    if (!strips()) code[static_cast<std::size_t>(m_y)] = static_cast<float>(y);
    return code;
}

AxisRange ScatterScene::xRange() const
{
    return m_picture ? paddedRange(m_picture->places->values, 2, 0) : paddedRange(m_codes.get(), m_x);
}

AxisRange ScatterScene::yRange() const
{
    if (m_picture) return paddedRange(m_picture->places->values, 2, 1);
    return strips() ? stripRange(classCount()) : paddedRange(m_codes.get(), m_y);
}

int ScatterScene::rowNear(double x, double y, PixelScale scale, double pixels) const
{
    if (!m_codes) return -1;
    int nearest = -1;
    double best = pixels * pixels;
    for (int row = 0; row < m_codes->count(); ++row) {
        if (!m_codes->labels.empty() && !isVisible(m_codes->labels[static_cast<std::size_t>(row)])) continue;
        const double dx = (this->x(row) - x) * scale.x;
        const double dy = (this->y(row) - y) * scale.y;
        const double distance = dx * dx + dy * dy;
        if (distance > best) continue;
        best = distance;
        nearest = row;
    }
    return nearest;
}

std::optional<Spread> ScatterScene::spreadOf(int row) const
{
    if (!m_codes || row < 0 || row >= m_codes->count() || m_codes->deviations.empty()) return std::nullopt;
    if (m_picture) return std::nullopt; // an ellipse in the codes' space is none in a picture
    const auto begin = static_cast<std::size_t>(row) * static_cast<std::size_t>(dimension());
    const auto deviation = [&](int d) { return static_cast<double>(m_codes->deviations[begin + static_cast<std::size_t>(d)]); };
    return Spread{x(row), y(row), deviation(m_x), strips() ? 0 : deviation(m_y)};
}

ScatterFigure ScatterScene::figure() const
{
    ScatterFigure figure;
    if (!m_codes) return figure;
    const std::string epoch = roundedText(m_codes->epoch, 3);
    figure.title = joined({"Latent codes of", groupedText(m_codes->count()), m_codes->split, "items, epoch", epoch}, " ");
    if (m_picture) {
        figure.title = joined({m_picture->name, "of", groupedText(m_codes->count()), m_codes->split, "codes, epoch", epoch}, " ");
        if (!m_picture->words.empty()) figure.title += ", " + m_picture->words;
    }
    figure.xTitle = m_picture ? m_picture->xTitle : dimensionName(m_x);
    figure.strips = strips();
    figure.yTitle = m_picture ? m_picture->yTitle : !strips() ? dimensionName(m_y) : m_codes->labels.empty() ? "" : "class";
    figure.labels = m_codes->labels;
    figure.items = m_codes->items;
    figure.classNames = m_classNames;
    figure.visible = m_visible;
    const auto count = static_cast<std::size_t>(m_codes->count());
    figure.x.resize(count);
    figure.y.resize(count);
    for (std::size_t row = 0; row < count; ++row) {
        figure.x[row] = static_cast<float>(x(static_cast<int>(row)));
        figure.y[row] = static_cast<float>(y(static_cast<int>(row)));
    }
    return figure;
}

} // namespace latentoscope::ui
