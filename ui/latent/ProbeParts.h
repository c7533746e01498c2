/// The pieces of the probe panel: the picture, its trust, the code's sliders, the nearest items.
#pragma once

#include "core/report/FigureData.h"
#include "ui/latent/ProbeView.h"

#include <QScrollArea>

#include <QImage>
#include <QWidget>

#include <optional>
#include <vector>

class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QSlider;

namespace latentoscope::ui {

/// One image large, by whole factors, on black; dimmed where the data are far.
class ItemCanvas : public QWidget {
    Q_OBJECT

public:
    explicit ItemCanvas(QWidget* parent = nullptr);

    void setImage(QImage image);
    /// 0 … 1: how much of the picture's light is taken away.
    void setDim(double dim);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return width; }
    QSize sizeHint() const override { return {240, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_image;
    double m_dim = 0;
};

/// How likely each class is: a name, a bar, a percentage.
class ClassBars : public QWidget {
    Q_OBJECT

public:
    explicit ClassBars(QWidget* parent = nullptr);

    void setProbabilities(std::vector<std::string> names, std::vector<float> probabilities);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<std::string> m_names;
    std::vector<float> m_probabilities;
};

/// "Trust", in words and as a bar.
class TrustBar : public QWidget {
    Q_OBJECT

public:
    explicit TrustBar(QWidget* parent = nullptr);
    void setGaps(std::optional<double> gaps);
    QSize sizeHint() const override { return {200, 32}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<double> m_gaps;
};

/// A slider and a number for each dimension.
class CodeSliders : public QScrollArea {
    Q_OBJECT

public:
    explicit CodeSliders(QWidget* parent = nullptr);

    void setRanges(std::vector<AxisRange> ranges);
    void setCode(const std::vector<float>& code);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A person moved one value.
    void valueEdited(int dimension, float value);

private:
    struct Row {
        QLabel* name;
        QSlider* slider;
        QDoubleSpinBox* number;
    };
    void resizeRows(int count);
    void applyRange(int dimension);

    QWidget* m_content;
    QGridLayout* m_grid;
    std::vector<Row> m_rows;
    std::vector<AxisRange> m_ranges;
};

/// Up to six thumbnails with their classes; a click chooses one.
class NearestItems : public QWidget {
    Q_OBJECT

public:
    explicit NearestItems(QWidget* parent = nullptr);

    void setItems(std::vector<NearestItem> items);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {240, heightForWidth(240)}; }

Q_SIGNALS:
    void chosen(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect cell(int index, int width) const;
    int indexAt(const QPoint& position) const;

    std::vector<NearestItem> m_items;
    int m_current = -1; ///< under the mouse, or chosen by the keyboard
};

} // namespace latentoscope::ui
