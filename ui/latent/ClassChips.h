/// The legend as buttons: a click toggles a class, a double click or Alt+click shows it alone.
#pragma once

#include "ui/latent/ScatterScene.h"

#include <QWidget>

#include <string>
#include <vector>

class QAbstractButton;

namespace latentoscope::ui {

/// One line of chips, or several where the panel is narrow.
class ClassChips : public QWidget {
    Q_OBJECT

public:
    explicit ClassChips(QWidget* parent = nullptr);

    /// What the Tab key stops at before the chips.
    void setTabAfter(QWidget& widget) { m_tabAfter = &widget; }
    /// One chip a class; nothing happens where they are the same.
    void setClasses(const std::vector<std::string>& names, int count);
    void setState(int label, ClassState state);
    int count() const { return static_cast<int>(m_chips.size()); }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void toggled(int label);
    void isolated(int label);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Pass { Measure, Place };
    int arrange(int width, Pass pass) const;

    std::vector<QAbstractButton*> m_chips;
    QWidget* m_tabAfter = nullptr;
    std::vector<QString> m_names;
};

} // namespace latentoscope::ui
