/// What the decoder makes of codes drawn from a distribution.
#pragma once

#include "core/latent/ClassSamples.h"
#include "core/values/Samples.h"
#include "ui/figures/FigureView.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QDoubleSpinBox;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

/// What is to be drawn.
struct SamplesRequest {
    enum Source { Prior = -2, AllClasses = -1 }; ///< what else `from` may be

    int from = Prior;                   ///< the prior, all classes (a column each) or a label
    Density density = Density::Mixture; ///< of a class's codes
    double temperature = 1;             ///< multiplies the spread of the prior or of the class
    std::uint64_t seed = 0;
    int count = 24; ///< in all: as many as the panel has room for, once it is seen
};

class SamplesView : public FigureView {
    Q_OBJECT

public:
    explicit SamplesView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("samples"); }

    const SamplesRequest& request() const { return m_request; }
    /// What can be chosen from: the classes, and the prior of a network that has one. What was chosen stays where it is possible.
    enum class OwnPrior { No, Yes };
    void setSources(const std::vector<std::string>& classNames, OwnPrior prior);
    /// None empties the view.
    void setSamples(std::optional<Samples> samples);

Q_SIGNALS:
    /// Other samples are wanted: another seed, temperature or count.
    void requestChanged();
    /// A picture was clicked: its code.
    void codeChosen(const std::vector<float>& code);

protected:
    void applyColors() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildTools();
    void countRoom();
    void updateSubtitle();
    QString sourceWords() const;
    QRectF cell(int index) const;
    int at(const QPointF& position) const;
    void paintCanvas();

    SamplesRequest m_request;
    std::optional<Samples> m_samples;
    QWidget* m_canvas;
    QComboBox* m_sources = nullptr;
    QComboBox* m_densities = nullptr;
    QDoubleSpinBox* m_temperature = nullptr;
    std::vector<std::string> m_classNames;
    QSizeF m_side; ///< of a picture, units
    int m_columns = 1;
    int m_hovered = -1;
};

} // namespace latentoscope::ui
