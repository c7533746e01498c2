#include "ui/main/EpochBar.h"

#include "ui/common/Icons.h"
#include "ui/session/Replay.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kPlayMs = 500; ///< an epoch while playing

} // namespace

EpochBar::EpochBar(Replay& replay, QWidget* parent)
    : QWidget(parent),
      m_replay(replay),
      m_words(new QLabel(tr("Epoch"), this)),
      m_play(new QToolButton(this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_position(new QLabel(this)),
      m_newest(new QToolButton(this))
{
    setObjectName(QStringLiteral("epochBar"));
    m_words->setProperty("secondary", true);
    m_play->setObjectName(QStringLiteral("playEpochs"));
    m_play->setAccessibleName(tr("Play all epochs"));
    m_play->setToolTip(tr("Play all epochs from the first one"));
    m_slider->setObjectName(QStringLiteral("epochSlider"));
    m_slider->setAccessibleName(tr("Epoch looked at"));
    m_slider->setMinimumWidth(120);
    m_slider->setMaximumWidth(280);
    m_slider->setPageStep(1);
    m_position->setObjectName(QStringLiteral("epochPosition"));
    m_position->setMinimumWidth(m_position->fontMetrics().horizontalAdvance(QStringLiteral("000 of 000")));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_words);
    line->addWidget(m_play);
    line->addWidget(m_slider, 1);
    line->addWidget(m_position);
    m_newest->setObjectName(QStringLiteral("newestEpoch"));
    m_newest->setText(tr("Newest"));
    m_newest->setToolTip(tr("Return to the newest epoch: all views follow the training again"));
    m_newest->hide();
    connect(m_newest, &QToolButton::clicked, &m_replay, &Replay::follow);
    line->addWidget(m_newest);
    connect(m_play, &QToolButton::clicked, this, &EpochBar::togglePlaying);
    connect(m_slider, &QSlider::valueChanged, this, [this](int epoch) {
        m_timer.stop();
        m_replay.showEpoch(epoch);
        updateIcon();
    });
    connect(m_slider, &QSlider::sliderReleased, this, &EpochBar::update);
    connect(&m_replay, &Replay::positionChanged, this, &EpochBar::update);
    m_timer.setInterval(kPlayMs);
    connect(&m_timer, &QTimer::timeout, this, &EpochBar::playNext);
    update();
    updateIcon();
}

QString EpochBar::text() const { return m_position->text(); }

void EpochBar::update()
{
    const QSignalBlocker quiet(m_slider);
    const int expected = std::max(m_replay.expectedEpochs(), m_replay.lastEpoch());
    const int first = std::min(m_replay.firstEpoch(), std::max(0, expected - 1)); // of one epoch the handle stands at its end
    m_slider->setRange(first, std::max(expected, first + 1));
    if (!m_slider->isSliderDown()) m_slider->setValue(m_replay.epoch());
    setEnabled(m_replay.canReplay());
    const bool past = !m_replay.following();
    m_newest->setVisible(past);
    m_position->setProperty("past", past);
    m_position->setText(expected == 0 ? QStringLiteral("–") : tr("%1 of %2").arg(m_replay.epoch()).arg(expected));
    QString words = tr("Show all views at an earlier epoch; the right end is the newest");
    if (past) words = tr("All views show epoch %1, not the newest").arg(m_replay.epoch());
    if (!m_replay.canReplay() && expected > 0)
        words =
            tr("Earlier epochs are not available: a run's folder keeps only the newest weights, and a training has them from its "
               "second epoch on");
    for (QWidget* widget : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_position)}) widget->setToolTip(words);
    QFont font = m_words->font();
    font.setBold(past);
    m_position->setFont(font);
}

void EpochBar::togglePlaying()
{
    if (m_timer.isActive()) {
        m_timer.stop();
    } else if (m_replay.canReplay()) {
        if (m_replay.following()) m_replay.showEpoch(m_replay.firstEpoch());
        m_timer.start();
    }
    updateIcon();
}

void EpochBar::playNext()
{
    m_replay.showEpoch(m_replay.epoch() + 1);
    if (m_replay.following()) m_timer.stop();
    updateIcon();
}

void EpochBar::updateIcon()
{
    const bool playing = m_timer.isActive();
    m_play->setIcon(
        tintedIcon(playing ? QStringLiteral("pause") : QStringLiteral("play"), palette().color(QPalette::ButtonText)));
}

void EpochBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) updateIcon();
    QWidget::changeEvent(event);
}

} // namespace latentoscope::ui
