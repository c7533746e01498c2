/// The latent space as a map: codes coloured by class, a probe that is moved by hand.
#pragma once

#include "core/data/ItemSelection.h"
#include "core/values/LatentPlane.h"
#include "ui/figures/FigureView.h"
#include "ui/latent/ScatterScene.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QCustomPlot;
class QLabel;
class QMouseEvent;
class QToolButton;
class QVBoxLayout;
class QWheelEvent;

namespace latentoscope {
struct FigureData;
struct DataSet;
struct LatentCodes;
} // namespace latentoscope

namespace latentoscope::ui {

class ClassChips;
class ItemTip;
class PointLayer;
class ProbeMarker;
class RegionsLayer;
class SpreadMarker;

class ScatterView : public FigureView {
    Q_OBJECT

public:
    explicit ScatterView(QWidget* parent = nullptr);
    ~ScatterView() override;

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("latent-space"); }

    /// New codes keep zoom, classes switched off and the probe. Null empties the view.
    void setCodes(std::shared_ptr<const LatentCodes> codes);
    /// The images behind LatentCodes::items, for thumbnails: `items.images(*dataSet)` must be the set the codes index.
    void setImages(std::shared_ptr<const DataSet> dataSet, ItemSelection items);
    void setClassNames(std::vector<std::string> names);
    /// A projection of the codes, which takes the place of two dimensions; none: those again. Another one of the same name keeps
    /// zoom and probe, so that it is seen to form.
    void setPicture(std::optional<ScatterPicture> picture);
    /// In a picture how far the probe lies from the nearest point, in typical gaps between points; none elsewhere.
    std::optional<double> probeGaps() const;
    /// A widget in the header before its other tools, and a strip under it; taken over.
    void addFirstTool(QWidget* tool);
    void setStrip(QWidget* strip);
    /// Moves the marker without a signal (D values); empty takes it away. `row` is that of the codes whose code it is, else -1.
    void setProbe(std::vector<float> code, int row = -1);
    const std::vector<float>& probe() const { return m_scene.probe(); }
    /// The two dimensions shown, different and below the codes' dimension.
    void setDimensions(int x, int y);
    /// Whether the codes are of an earlier epoch than the newest, which the header then says.
    void setPast(bool past);
    /// Arrow keys then move the probe.
    void takeKeys();
    /// Along the horizontal axis, the other one as it is.
    void showDimension(int x);
    int xDimension() const { return m_scene.xDimension(); }
    int yDimension() const { return m_scene.yDimension(); }

    /// The plane that is shown: what colours behind the points are computed for.
    LatentPlane plane() const;
    /// Colours of a plane behind the points; null or empty takes them away.
    void setRegions(std::shared_ptr<const ClassRegions> regions);

    void setClassState(int label, ClassState state);
    /// Only this class in colour; again: all of them.
    void isolateClass(int label);
    void showAllClasses();

    QCustomPlot& plot() const { return *m_plot; }
    const ScatterScene& scene() const { return m_scene; }

public Q_SLOTS:
    void fit() override;
    /// Takes the probe away.
    void clearProbe();

Q_SIGNALS:
    /// The person put the probe here: all D values of the code; `item` is the row of the codes that was clicked, then the code is
    /// exactly that row's, else -1.
    void probeMoved(std::vector<float> code, int item);
    void probeCleared();
    /// plane() may be another one.
    void planeChanged();

protected:
    void extendMenu(QMenu& menu) override;
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Drag { None, Probe, Pan, Menu };

    void buildPlot();
    void buildTools();
    bool pressed(const QMouseEvent& event);
    bool moved(const QMouseEvent& event);
    bool released(const QMouseEvent& event);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void zoom(const QWheelEvent& event);
    void panBy(const QPointF& pixels);
    void probeAt(const QPointF& position, Qt::KeyboardModifiers modifiers);
    void moveProbeTo(std::vector<float> code, int row);
    void moveProbeTo(const Place& place);
    void hoverAt(const QPointF& position);
    void showHovered(int row);
    int rowAt(const QPointF& position) const;
    void dataChanged();
    void classesChanged();
    void viewChanged();
    void updateDimensionBoxes();
    void updateSubtitle();
    void updateTitles();
    /// Where the probe is drawn; none: nowhere.
    std::optional<Place> probePlace() const;
    void placeMarker();

    ScatterScene m_scene;
    std::shared_ptr<const DataSet> m_data;
    ItemSelection m_items;
    QCustomPlot* m_plot;
    PointLayer* m_points = nullptr;
    ProbeMarker* m_marker = nullptr;
    SpreadMarker* m_spread = nullptr;
    RegionsLayer* m_regions = nullptr;
    bool m_regionsWanted = true; ///< in two dimensions
    bool m_slice = false;        ///< in more
    QToolButton* m_regionsButton = nullptr;
    bool m_past = false;
    int m_selectedRow = -1;            ///< whose code the probe is
    std::optional<Place> m_probePlace; ///< where in a picture the person put the probe
    QVBoxLayout* m_column = nullptr;
    ClassChips* m_chips = nullptr;
    ItemTip* m_tip = nullptr;
    QWidget* m_dimensionTools = nullptr;
    QComboBox* m_xBox = nullptr;
    QComboBox* m_yBox = nullptr;
    Drag m_drag = Drag::None;
    QPointF m_pressPosition;
    QPointF m_lastPosition;
    bool m_dragMoved = false;
    bool m_spaceDown = false;
    bool m_following = true; ///< the axes show all codes; false after a zoom or pan
};

} // namespace latentoscope::ui
