/// Widgets side by side in as many lines as the width asks for.
#pragma once

#include <QLayout>
#include <QList>

#include <memory>
#include <vector>

namespace latentoscope::ui {

/// The last one takes what is left of its line, however wide it would like to be.
class FlowLayout : public QLayout {
    Q_OBJECT

public:
    explicit FlowLayout(QWidget* parent) : QLayout(parent) {}
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& area) override;

private:
    enum class Pass { Measure, Place };
    /// The height that an area of this width needs.
    int arrange(const QRect& area, Pass pass) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace latentoscope::ui
