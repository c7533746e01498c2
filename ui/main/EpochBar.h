/// The slider that moves everything to any epoch so far.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QSlider;
class QToolButton;

namespace latentoscope::ui {

class Replay;

/// Shows and moves a Replay: drag to an epoch, or play them all; at the right end it follows the newest.
class EpochBar : public QWidget {
    Q_OBJECT

public:
    explicit EpochBar(Replay& replay, QWidget* parent = nullptr);

    QSlider& slider() const { return *m_slider; }
    QString text() const;

public Q_SLOTS:
    void togglePlaying();

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    void updateIcon();
    void playNext();

    Replay& m_replay;
    QLabel* m_words;
    QToolButton* m_play;
    QSlider* m_slider;
    QLabel* m_position;
    QToolButton* m_newest; ///< seen while an earlier epoch is looked at
    QTimer m_timer;
};

} // namespace latentoscope::ui
