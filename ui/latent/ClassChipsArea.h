/// The chips of the classes in a few lines at most, the others by scrolling: hundreds of classes would take the map's place.
#pragma once

#include <QScrollArea>

namespace latentoscope::ui {

class ClassChips;

class ClassChipsArea : public QScrollArea {
    Q_OBJECT

public:
    /// Takes the chips over.
    explicit ClassChipsArea(ClassChips* chips, QWidget* parent = nullptr);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;

private:
    ClassChips* m_chips;
};

} // namespace latentoscope::ui
