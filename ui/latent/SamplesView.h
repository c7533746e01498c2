/// What the decoder makes of codes drawn from a distribution.
#pragma once

#include "core/latent/Samples.h"
#include "ui/figures/FigureView.h"

#include <optional>
#include <vector>

class QDoubleSpinBox;

namespace latentoscope::ui {

/// What is to be drawn.
struct SamplesRequest {
    double temperature = 1; ///< standard deviation of the prior that codes are drawn from
    std::uint64_t seed = 0;
    int count = 24; ///< as many as the panel has room for, once it is seen
};

class SamplesView : public FigureView {
    Q_OBJECT

public:
    explicit SamplesView(QWidget* parent = nullptr);

    FigureData figure() const override;
    QString figureName() const override { return QStringLiteral("samples"); }

    const SamplesRequest& request() const { return m_request; }
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
    QRectF cell(int index) const;
    int at(const QPointF& position) const;
    void paintCanvas();

    SamplesRequest m_request;
    std::optional<Samples> m_samples;
    QWidget* m_canvas;
    QDoubleSpinBox* m_temperature = nullptr;
    QSizeF m_side; ///< of a picture, units
    int m_columns = 1;
    int m_hovered = -1;
};

} // namespace latentoscope::ui
