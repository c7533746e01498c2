/// The line at the top of each panel: bold name, grey words of what is shown, tools at the right.
#pragma once

#include <QString>
#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace latentoscope::ui {

class PanelHeader : public QWidget {
    Q_OBJECT

public:
    explicit PanelHeader(const QString& title, QWidget* parent = nullptr);

    QString title() const;
    QString subtitle() const;
    void setTitle(const QString& title);
    /// Grey words; shortened with an ellipsis where there is no room, whole in the tooltip.
    void setSubtitle(const QString& subtitle);
    /// Puts a widget at the right end, after those added before; the header owns it.
    void addTool(QWidget* tool);
    /// Puts it before those added before.
    void addFirstTool(QWidget* tool);
    /// Marks the panel that commands such as Export act on.
    void setCurrent(bool current);
    /// Tools are for something that is shown: an empty panel has none.
    void showTools();
    void hideTools();

    /// At least as high as one with tools: a dock gives its title bar the hint, whatever the minimum height.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void elide();

    QLabel* m_title;
    QLabel* m_subtitle;
    QWidget* m_toolArea;
    QHBoxLayout* m_tools;
    QString m_subtitleText;
    bool m_current = false;
};

} // namespace latentoscope::ui
