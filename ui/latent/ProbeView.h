/// What the decoder makes of the probed code: the picture large, its code as sliders, the nearest items.
#pragma once

#include "core/base/AxisRange.h"
#include "core/data/ImageShape.h"
#include "ui/figures/FigureView.h"

#include <QImage>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QLabel;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class ClassBars;
class CodeSliders;
class ItemCanvas;
class NearestItems;
class TrustBar;

/// One thumbnail under the probe.
struct NearestItem {
    QImage image;        ///< itemImage()
    QString caption;     ///< its class
    int item = -1;       ///< index in its image set
    int row = -1;        ///< row of the codes
    double distance = 0; ///< Euclidean, in latent space
    bool own = false;    ///< the item the probe stands on
};

class ProbeView : public FigureView {
    Q_OBJECT

public:
    explicit ProbeView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("probe"); }

    /// The decoded image: values in [0, 1], (H, W, C). Cheap enough for every frame of a drag.
    void setImage(const ImageShape& shape, std::vector<float> values);
    /// Probabilities of classes in place of an image.
    void setProbabilities(const std::vector<std::string>& names, std::vector<float> probabilities);
    /// Back to the empty state.
    void clearImage();
    /// The code as the sliders show it (D values); no signal.
    void setCode(std::vector<float> code);
    const std::vector<float>& code() const { return m_code; }
    /// The sliders' ranges, one a dimension (codeRanges()).
    void setRanges(std::vector<AxisRange> ranges);
    /// Up to six, nearest first; the item itself first where the probe stands on one.
    void setNearest(std::vector<NearestItem> items);
    /// Distances to the nearest code, and in a picture of codes to the nearest point of it, in the gaps that are usual there
    /// (gapsAt()); none: not known, or there is no picture. Above 3 the image has a dashed frame.
    void setTrust(std::optional<double> latent, std::optional<double> picture);
    /// Words under the name: "test item 123 · Sandal"; empty: the usual ones.
    void setSubtitle(const QString& words);

Q_SIGNALS:
    void codeEdited(std::vector<float> code);
    /// A thumbnail was clicked: the row of the codes.
    void nearestChosen(int row);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// Shares the panel's height: the sliders are to be reachable, so the farther items go first, then the picture shrinks.
    void arrange();

    QWidget* m_content = nullptr;
    QWidget* m_heading = nullptr;
    ImageShape m_shape;
    std::vector<float> m_values;
    std::vector<float> m_code;
    std::vector<float> m_probabilities;
    std::vector<std::string> m_classNames;
    ItemCanvas* m_canvas;
    ClassBars* m_bars;
    CodeSliders* m_sliders;
    TrustBar* m_trust;
    NearestItems* m_nearest;
};

/// "among data · 0.3 × typical gap", "far from data · 7 × typical gap".
QString trustText(double gaps);

/// 1 among data, falling to 0 far away: how full the bar is.
double trustLevel(double gaps);

} // namespace latentoscope::ui
