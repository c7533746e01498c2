/// The line at the top of each panel: bold name, grey words of what is shown, tools at the right. Tools that do not fit are
/// behind a button "…", the last added first.
#pragma once

#include <QPointer>
#include <QString>
#include <QWidget>

#include <vector>

class QFrame;
class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

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
    /// The Tab key stops at it after all else of the header, where it is seen.
    QWidget& lastStop() const;
    /// Tools are for something that is shown: an empty panel has none.
    void showTools();
    void hideTools();

    /// At least as high as one with tools: a dock gives its title bar the hint, whatever the minimum height.
    QSize sizeHint() const override;
    /// Of name and "…" alone: a panel is as narrow as a person makes it.
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void elide();
    /// Moves tools behind "…" and back, as the width is.
    void arrange();
    void openMore();

    QLabel* m_title;
    QLabel* m_subtitle;
    QWidget* m_toolArea;
    QHBoxLayout* m_tools;
    QToolButton* m_more;
    QFrame* m_moreArea; ///< a popup
    QVBoxLayout* m_moreTools;
    std::vector<QPointer<QWidget>> m_all; ///< tools, from left to right
    std::size_t m_fitting = 0;            ///< so many of them lie in the header
    QString m_subtitleText;
    bool m_current = false;
};

} // namespace latentoscope::ui
