#include "ui/latent/ScatterView.h"

#include "core/data/DataSet.h"
#include "core/figures/FigureData.h"
#include "core/values/LatentCodes.h"
#include "ui/common/Colors.h"
#include "ui/common/ItemImage.h"
#include "ui/common/Keyboard.h"
#include "ui/common/PanelHeader.h"
#include "ui/common/PlotLibrary.h"
#include "ui/common/PlotStyle.h"
#include "ui/common/Words.h"
#include "ui/figures/PointLayer.h"
#include "ui/figures/RegionsLayer.h"
#include "ui/latent/ClassChips.h"
#include "ui/latent/ClassChipsArea.h"
#include "ui/latent/ItemTip.h"
#include "ui/latent/ProbeMarker.h"
#include "ui/latent/SpreadMarker.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QShortcut>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentoscope::ui {
namespace {

constexpr int kDimensionBoxWidth = 62; ///< units: "z19" and the arrow
const QString kRegionsLayer = QStringLiteral("regions");
const QString kPointsLayer = QStringLiteral("points");
const QString kProbeLayer = QStringLiteral("probe");

void addBufferedLayer(QCustomPlot& plot, const QString& name)
{
    plot.addLayer(name, plot.layer(plot.layerCount() - 1));
    plot.layer(name)->setMode(QCPLayer::lmBuffered);
}

std::vector<std::string> namesOf(const ScatterScene& scene)
{
    std::vector<std::string> names;
    for (int label = 0; label < scene.classCount(); ++label) names.push_back(className(scene.classNames(), label).toStdString());
    return names;
}

QComboBox* dimensionBox(const QString& name, const QString& words, QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(words);
    box->setToolTip(words);
    box->setMaximumWidth(kDimensionBoxWidth);
    return box;
}

} // namespace

ScatterView::ScatterView(QWidget* parent)
    : FigureView(QStringLiteral("scatterView"), tr("Latent space"), parent), m_plot(new QCustomPlot)
{
    auto* content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_chips = new ClassChips;
    m_chips->setTabAfter(*m_plot);
    m_column->addWidget(m_plot, 1);
    m_column->addWidget(new ClassChipsArea(m_chips, content));
    setContent(content);
    setEmptyText(tr("No map yet"),
                 tr("Press Train, or open a run. Then click anywhere in the map to see what the decoder makes of that place."));
    buildPlot();
    buildTools();
    m_tip = new ItemTip(m_plot);
    connect(m_chips, &ClassChips::toggled, this,
            [this](int label) { setClassState(label, m_scene.isVisible(label) ? ClassState::Greyed : ClassState::Coloured); });
    connect(m_chips, &ClassChips::isolated, this, &ScatterView::isolateClass);
    updateSubtitle();
}

ScatterView::~ScatterView() { m_plot->removeEventFilter(this); }

void ScatterView::buildPlot()
{
    m_plot->setObjectName(QStringLiteral("scatterPlot"));
    m_plot->setAccessibleName(tr("Map of the latent space"));
    m_plot->setAccessibleDescription(
        tr("Click or drag to decode a place; arrow keys move the probe, with Shift finer, Escape clears it"));
    m_plot->setMinimumSize(200, 110);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setMouseTracking(true);
    m_plot->setContextMenuPolicy(Qt::PreventContextMenu);
    ringWhenFocused(*m_plot);
    m_plot->setCursor(Qt::CrossCursor);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 4, 12, 0));
    setAxisScale(*m_plot->xAxis, AxisScale::Linear);
    setAxisScale(*m_plot->yAxis, AxisScale::Linear);
    addBufferedLayer(*m_plot, kRegionsLayer);
    addBufferedLayer(*m_plot, kPointsLayer);
    addBufferedLayer(*m_plot, kProbeLayer);
    m_regions = new RegionsLayer(m_plot, kRegionsLayer);
    m_points = new PointLayer(m_plot, kPointsLayer);
    m_spread = new SpreadMarker(m_plot, kProbeLayer);
    m_marker = new ProbeMarker(m_plot, kProbeLayer);
    m_plot->installEventFilter(this);
    auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_0), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &ScatterView::fit);
}

void ScatterView::buildTools()
{
    m_dimensionTools = new QWidget(this);
    auto* line = new QHBoxLayout(m_dimensionTools);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    m_xBox = dimensionBox(QStringLiteral("scatterX"), tr("Latent dimension shown along the horizontal axis"), m_dimensionTools);
    m_yBox = dimensionBox(QStringLiteral("scatterY"), tr("Latent dimension shown along the vertical axis"), m_dimensionTools);
    auto* times = new QLabel(QStringLiteral("×"), m_dimensionTools);
    times->setProperty("secondary", true);
    line->addWidget(m_xBox);
    line->addWidget(times);
    line->addWidget(m_yBox);
    m_dimensionTools->hide();
    auto* fitting = new QToolButton(this);
    fitting->setObjectName(QStringLiteral("scatterFit"));
    fitting->setText(tr("Fit"));
    fitting->setAccessibleName(tr("Fit the map to the codes"));
    fitting->setToolTip(tr("Show all codes (Ctrl+0)"));
    m_regionsButton = new QToolButton(this);
    m_regionsButton->setObjectName(QStringLiteral("scatterRegions"));
    m_regionsButton->setText(tr("Regions"));
    m_regionsButton->setAccessibleName(tr("Show regions of classes"));
    m_regionsButton->setCheckable(true);
    m_regionsButton->setChecked(true);
    m_regionsButton->hide();
    connect(m_regionsButton, &QToolButton::toggled, this, [this](bool on) {
        m_regions->setVisible(on);
        updateSubtitle();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    });
    connect(m_regionsButton, &QToolButton::clicked, this,
            [this](bool on) { (m_scene.dimension() > 2 ? m_slice : m_regionsWanted) = on; });
    header().addTool(m_regionsButton);
    header().addTool(m_dimensionTools);
    header().addTool(fitting);
    connect(fitting, &QToolButton::clicked, this, &ScatterView::fit);
    // Choosing the other axis' dimension swaps the two, so that every choice is possible.
    connect(m_xBox, &QComboBox::currentIndexChanged, this,
            [this](int x) { setDimensions(x, x == yDimension() ? xDimension() : yDimension()); });
    connect(m_yBox, &QComboBox::currentIndexChanged, this,
            [this](int y) { setDimensions(y == xDimension() ? yDimension() : xDimension(), y); });
}

FigureData ScatterView::figure() const
{
    if (m_scene.empty()) return std::monostate{};
    ScatterFigure figure = m_scene.figure();
    figure.xRange = AxisRange{m_plot->xAxis->range().lower, m_plot->xAxis->range().upper};
    figure.yRange = AxisRange{m_plot->yAxis->range().lower, m_plot->yAxis->range().upper};
    if (m_regionsButton->isChecked()) figure.regions = m_regions->regions();
    return figure;
}

void ScatterView::setCodes(std::shared_ptr<const LatentCodes> codes)
{
    m_scene.setCodes(std::move(codes));
    setContentState(!m_scene.empty() ? ContentState::Filled : ContentState::Empty);
    if (m_scene.empty()) m_following = true;
    m_tip->hide();
    dataChanged();
}

void ScatterView::setImages(std::shared_ptr<const DataSet> dataSet, ItemSelection items)
{
    m_data = std::move(dataSet);
    m_items = std::move(items);
}

void ScatterView::setClassNames(std::vector<std::string> names)
{
    m_scene.setClassNames(std::move(names));
    dataChanged();
}

void ScatterView::setProbe(std::vector<float> code, int row)
{
    m_selectedRow = row;
    m_probePlace.reset();
    m_scene.setProbe(code.size() == static_cast<std::size_t>(m_scene.dimension()) ? std::move(code) : std::vector<float>());
    placeMarker();
    m_spread->setSelected(m_scene.spreadOf(m_selectedRow));
    if (QCPLayer* layer = m_plot->layer(kProbeLayer)) layer->replot();
    if (m_scene.dimension() > 2) Q_EMIT planeChanged();
}

std::optional<Place> ScatterView::probePlace() const
{
    if (m_scene.probe().empty()) return std::nullopt;
    if (!m_scene.picture() && !m_scene.strips()) return m_scene.placeOf(m_scene.probe());
    if (m_selectedRow >= 0 && m_selectedRow < m_scene.codes()->count())
        return Place{m_scene.x(m_selectedRow), m_scene.y(m_selectedRow)};
    return m_probePlace ? *m_probePlace : m_scene.placeOf(m_scene.probe());
}

void ScatterView::placeMarker()
{
    const std::optional<Place> place = probePlace();
    m_marker->setPosition(place ? std::optional(QPointF((*place)[0], (*place)[1])) : std::nullopt);
}

void ScatterView::setPicture(std::optional<ScatterPicture> picture)
{
    const std::string before = m_scene.picture() ? m_scene.picture()->name : std::string();
    m_scene.setPicture(std::move(picture));
    const bool same = m_scene.picture() && m_scene.picture()->name == before;
    if (same) { // a frame of one that forms
        m_points->setFigure(m_scene.figure());
        m_tip->hide();
        placeMarker();
        return viewChanged();
    }
    m_following = true;
    m_probePlace.reset();
    dataChanged();
}

std::optional<double> ScatterView::probeGaps() const
{
    const std::optional<Place> place = probePlace();
    if (!place || !m_scene.picture()) return std::nullopt;
    const std::array<float, 2> at{static_cast<float>((*place)[0]), static_cast<float>((*place)[1])};
    return gapsAt(*m_scene.picture()->places, at.data());
}

void ScatterView::addFirstTool(QWidget* tool) { header().addFirstTool(tool); }

void ScatterView::setStrip(QWidget* strip) { m_column->insertWidget(0, strip); }

LatentPlane ScatterView::plane() const
{
    if (m_scene.empty() || m_scene.picture()) return {};
    const QCPRange x = m_plot->xAxis->range(), y = m_plot->yAxis->range();
    return {xDimension(), yDimension(), {x.lower, x.upper}, {y.lower, y.upper}, m_scene.codeAt(x.center(), y.center())};
}

void ScatterView::setRegions(std::shared_ptr<const ClassRegions> regions)
{
    m_regionsButton->setVisible(regions && !regions->probabilities.empty());
    // In more than two dimensions points lie off the plane that is coloured: most are not what the colour behind them says.
    const bool slice = m_scene.dimension() > 2;
    m_regionsButton->setText(slice ? tr("Slice") : tr("Regions"));
    m_regionsButton->setToolTip(slice ? tr("Colour the background by the class predicted in the plane through the probe, or "
                                           "the mean code. Points that do not lie in it can be taken otherwise")
                                      : tr("Colour the background by the class predicted there"));
    m_regionsButton->setChecked(slice ? m_slice : m_regionsWanted);
    m_regions->setRegions(std::move(regions));
    if (QCPLayer* layer = m_regions->layer()) layer->replot();
}

void ScatterView::showDimension(int x)
{
    if (x < 0 || x >= m_scene.dimension() || m_scene.picture()) return;
    setDimensions(x, x == yDimension() ? xDimension() : yDimension());
}

void ScatterView::setDimensions(int x, int y)
{
    m_scene.setDimensions(x, y);
    m_following = true;
    dataChanged();
}

void ScatterView::setPast(bool past)
{
    m_past = past;
    updateSubtitle();
}

void ScatterView::takeKeys() { m_plot->setFocus(Qt::OtherFocusReason); }

void ScatterView::setClassState(int label, ClassState state)
{
    m_scene.setState(label, state);
    classesChanged();
}

void ScatterView::isolateClass(int label)
{
    m_scene.isolate(label);
    classesChanged();
}

void ScatterView::showAllClasses()
{
    m_scene.showAll();
    classesChanged();
}

void ScatterView::fit()
{
    m_following = true;
    viewChanged();
}

void ScatterView::clearProbe()
{
    setProbe({});
    Q_EMIT probeCleared();
}

void ScatterView::extendMenu(QMenu& menu)
{
    menu.addAction(tr("Fit"), QKeySequence(Qt::CTRL | Qt::Key_0), this, &ScatterView::fit);
    menu.addAction(tr("Show all classes"), this, &ScatterView::showAllClasses);
    QAction* clearing = menu.addAction(tr("Clear the probe"), QKeySequence(Qt::Key_Escape), this, &ScatterView::clearProbe);
    clearing->setEnabled(!m_scene.probe().empty());
}

void ScatterView::applyColors()
{
    if (!m_points) return;
    PlotStyle style = screenStyle(palette(), font());
    styleAxes(*m_plot, style);
    m_points->setStyle(style);
    m_marker->setColors(style.colors);
    m_spread->setColors(style.colors);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ScatterView::dataChanged()
{
    m_points->setFigure(m_scene.figure());
    m_chips->setClasses(m_scene.classNames(), m_scene.empty() ? 0 : m_scene.classCount());
    updateDimensionBoxes();
    updateTitles();
    classesChanged();
    setProbe(m_scene.probe(), m_selectedRow);
    m_spread->setHovered(std::nullopt);
    viewChanged();
}

void ScatterView::classesChanged()
{
    for (int label = 0; label < m_chips->count(); ++label)
        m_chips->setState(label, m_scene.isVisible(label) ? ClassState::Coloured : ClassState::Greyed);
    m_points->setFigure(m_scene.figure());
    m_tip->hide();
    updateSubtitle();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ScatterView::viewChanged()
{
    if (m_following) {
        const AxisRange x = m_scene.xRange();
        const AxisRange y = m_scene.yRange();
        m_plot->xAxis->setRange(x.lower, x.upper);
        m_plot->yAxis->setRange(y.lower, y.upper);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT planeChanged();
}

void ScatterView::updateTitles()
{
    if (m_scene.strips())
        setAxisNames(*m_plot->yAxis, namesOf(m_scene));
    else
        setAxisScale(*m_plot->yAxis, AxisScale::Linear);
    if (const auto& picture = m_scene.picture()) {
        m_plot->xAxis->setLabel(QString::fromStdString(picture->xTitle));
        m_plot->yAxis->setLabel(QString::fromStdString(picture->yTitle));
        return;
    }
    m_plot->xAxis->setLabel(QStringLiteral("z%1").arg(xDimension()));
    m_plot->yAxis->setLabel(m_scene.strips() ? QString() : QStringLiteral("z%1").arg(yDimension()));
}

void ScatterView::updateDimensionBoxes()
{
    m_dimensionTools->setVisible(m_scene.dimension() > 2 && !m_scene.picture());
    for (QComboBox* box : {m_xBox, m_yBox}) {
        const QSignalBlocker quiet(box);
        if (box->count() != m_scene.dimension()) {
            box->clear();
            for (int d = 0; d < m_scene.dimension(); ++d) box->addItem(QStringLiteral("z%1").arg(d));
        }
        box->setCurrentIndex(box == m_xBox ? xDimension() : yDimension());
    }
}

void ScatterView::updateSubtitle()
{
    if (m_scene.empty()) return header().setSubtitle(QString());
    const LatentCodes& codes = *m_scene.codes();
    const auto grouped = [](int count) { return QString::fromStdString(groupedText(count)); };
    QString words = codes.split == "all" ? tr("%1 codes").arg(grouped(codes.count()))
                                         : tr("%1 %2 codes").arg(grouped(codes.count()), QString::fromStdString(codes.split));
    if (const int shown = m_scene.visibleCount(); shown != codes.count()) words = tr("%1 of %2").arg(grouped(shown), words);
    if (m_items.whole > codes.count() && codes.split == m_items.split) words += tr(" of its %1").arg(grouped(m_items.whole));
    words += m_scene.picture()
                 ? tr(" · %1 of epoch %2")
                       .arg(QString::fromStdString(m_scene.picture()->name), QString::fromStdString(roundedText(codes.epoch, 3)))
             : m_scene.strips() ? tr(" · z0, a strip for each class")
                                : QStringLiteral(" · z%1 × z%2").arg(xDimension()).arg(yDimension());
    if (m_past && !m_scene.picture()) words += tr(" · epoch %1").arg(QString::fromStdString(roundedText(codes.epoch, 3)));
    if (m_scene.dimension() > 2 && !m_regionsButton->isHidden() && m_regionsButton->isChecked())
        words += tr(" · colours: a slice through the %1")
                     .arg(m_scene.probe().empty() ? QStringLiteral("mean") : QStringLiteral("probe"));
    if (allAlike(codes.values, codes.dimension)) words += tr(" · all codes are the same: the network has collapsed");
    header().setSubtitle(words);
}

} // namespace latentoscope::ui
