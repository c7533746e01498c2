/// What all views share: a header, an empty state, a figure that can be exported and copied.
#pragma once

#include "ui/common/Theme.h"

#include <QString>
#include <QWidget>

#include <filesystem>

class QMenu;
class QStackedLayout;
class QVBoxLayout;

namespace latentoscope {
struct FigureData;
}

namespace latentoscope::ui {

class EmptyState;
class PanelHeader;

class FigureView : public QWidget {
    Q_OBJECT

public:
    /// Exactly what is on screen now; monostate where that is nothing.
    virtual FigureData figure() const = 0;
    /// File name without folder and suffix: "loss".
    virtual QString figureName() const = 0;

    /// What it shows something of: the run's or the study's name, which exports carry; empty: nothing.
    void setSubject(const QString& subject) { m_subject = subject; }
    const QString& subject() const { return m_subject; }
    /// figure() with the subject in its title, where figures have one.
    FigureData exportedFigure() const;
    /// figureName() behind the subject: "report-vae-loss".
    QString exportName() const;

    bool hasFigure() const { return m_hasFigure; }
    PanelHeader& header() const { return *m_header; }
    /// The words shown while there is nothing else.
    void setEmptyText(const QString& headline, const QString& words);

public Q_SLOTS:
    void openExportDialog();
    void copyFigure();
    void copyData();
    /// Shows all of the data (Ctrl+0); views without a zoom do nothing.
    virtual void fit() {}

Q_SIGNALS:
    /// There is something to export now, or there is not any more.
    void figureAvailable(bool available);
    void figureExported(const QString& file);
    /// "the figure" or "the data" are on the clipboard.
    void copied(const QString& what);
    /// A sentence for the person: why copying failed.
    void messageRaised(const QString& sentence);

protected:
    enum class ContentState { Empty, Filled };

    FigureView(const QString& objectName, const QString& title, QWidget* parent);

    /// The widget under the header that is replaced by words while there is nothing to show; taken over.
    void setContent(QWidget* content);
    /// Called by views when there is something, or nothing any more.
    void setContentState(ContentState state);
    /// Adds entries of the view before the common ones.
    virtual void extendMenu(QMenu& menu);
    /// Called at the start and whenever the theme changes.
    virtual void applyColors() {}
    void showMenu(const QPoint& globalPosition);
    /// For a content that keeps mouse events to itself, as QCustomPlot does: its context menu is the view's.
    void offerMenuOn(QWidget& content);

    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    PanelHeader* m_header;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    bool m_hasFigure = false;
    QString m_subject;
};

} // namespace latentoscope::ui
