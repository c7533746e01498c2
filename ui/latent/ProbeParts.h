/// The pieces of the probe panel: the picture, its trust, the code's sliders, the nearest items.
#pragma once

#include "core/base/AxisRange.h"
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

/// One image large, by whole factors, on black; its pixels are as they were decoded, a dashed frame says that the data are far.
class ItemCanvas : public QWidget {
    Q_OBJECT

public:
    explicit ItemCanvas(QWidget* parent = nullptr);

    void setImage(QImage image);
    void setFar(bool far);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return width; }
    QSize sizeHint() const override { return {240, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_image;
    bool m_far = false;
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

/// How near the data are, in words and as a bar: in latent space, and in a picture of it.
class TrustBar : public QWidget {
    Q_OBJECT

public:
    explicit TrustBar(QWidget* parent = nullptr);
    /// In latent space, and in the picture where one is shown.
    void setGaps(std::optional<double> latent, std::optional<double> picture);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void drawLine(QPainter& painter, int top, const QString& name, std::optional<double> gaps) const;

    std::optional<double> m_latent;
    std::optional<double> m_picture;
};

/// A slider and a number for each dimension.
class CodeSliders : public QScrollArea {
    Q_OBJECT

public:
    explicit CodeSliders(QWidget* parent = nullptr);

    void setRanges(std::vector<AxisRange> ranges);
    void setCode(const std::vector<float>& code);
    /// What the Tab key stops at before the first slider.
    void setTabAfter(QWidget& widget) { m_tabAfter = &widget; }
    /// Of all rows.
    int wholeHeight() const;
    /// As much of it as there is room for; the rest is scrolled to.
    void setShownHeight(int height);

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
    QWidget* m_tabAfter = nullptr;
    int m_shownHeight = 0; ///< 0: all of it
    std::vector<Row> m_rows;
    std::vector<AxisRange> m_ranges;
};

/// Up to six thumbnails with their classes; a click chooses one.
class NearestItems : public QWidget {
    Q_OBJECT

public:
    explicit NearestItems(QWidget* parent = nullptr);

    void setItems(std::vector<NearestItem> items);
    /// At most so many rows of items, from 1 on: the farther ones go first where there is little room.
    void setMostRows(int rows);
    int heightOf(int rows, int width) const;

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
    void focusInEvent(QFocusEvent* event) override;

private:
    QRect cell(int index, int width) const;
    int indexAt(const QPoint& position) const;

    int shownCount() const;

    std::vector<NearestItem> m_items;
    int m_mostRows = 2;
    int m_current = -1; ///< under the mouse, or chosen by the keyboard
};

} // namespace latentoscope::ui
