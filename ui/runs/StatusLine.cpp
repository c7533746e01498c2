#include "ui/runs/StatusLine.h"

#include "core/base/Text.h"
#include "core/training/Snapshot.h"

#include <QCoreApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kBarSteps = 1000;
constexpr int kRemarkMs = 6000; ///< long enough to be read, too short to be taken for what is so now

QString leftWords(double seconds)
{
    return QCoreApplication::translate("StatusLine", "%1 left").arg(QString::fromStdString(durationText(seconds)));
}

QString stateWords(RunState state, const Progress& progress)
{
    switch (state) {
    case RunState::Ready:
        return QCoreApplication::translate("StatusLine", "Starting");
    case RunState::Running:
        return QCoreApplication::translate("StatusLine", "Epoch %1 of %2")
            .arg(std::min(progress.epoch + 1, progress.epochs))
            .arg(progress.epochs);
    case RunState::Paused:
        return QCoreApplication::translate("StatusLine", "Paused in epoch %1 of %2")
            .arg(std::min(progress.epoch + 1, progress.epochs))
            .arg(progress.epochs);
    case RunState::Finished:
        return progress.epoch == 1 ? QCoreApplication::translate("StatusLine", "Finished, 1 epoch")
                                   : QCoreApplication::translate("StatusLine", "Finished, %1 epochs").arg(progress.epoch);
    case RunState::Stopped:
        return QCoreApplication::translate("StatusLine", "Stopped after %1 of %2 epochs")
            .arg(progress.epoch)
            .arg(progress.epochs);
    case RunState::Failed:
        return QCoreApplication::translate("StatusLine", "Training failed");
    }
    return {};
}

} // namespace

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent),
      m_bar(new QProgressBar),
      m_words(new QLabel),
      m_rate(new QLabel),
      m_remark(new QLabel),
      m_folder(new QLabel)
{
    setObjectName(QStringLiteral("statusLine"));
    setSizeGripEnabled(false);
    m_bar->setObjectName(QStringLiteral("progressBar"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(240);
    m_words->setObjectName(QStringLiteral("statusWords"));
    m_rate->setObjectName(QStringLiteral("statusRate"));
    m_rate->setProperty("secondary", true);
    m_remark->setObjectName(QStringLiteral("statusRemark"));
    m_remark->setTextFormat(Qt::PlainText);
    m_remarkEnds.setSingleShot(true);
    m_remarkEnds.setInterval(kRemarkMs);
    connect(&m_remarkEnds, &QTimer::timeout, m_remark, &QLabel::clear);
    m_folder->setObjectName(QStringLiteral("statusFolder"));
    m_folder->setProperty("secondary", true);
    m_folder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* all = new QWidget;
    auto* line = new QHBoxLayout(all);
    line->setContentsMargins(12, 4, 12, 4);
    line->setSpacing(12);
    line->addWidget(m_bar);
    line->addWidget(m_words);
    line->addWidget(m_rate);
    line->addStretch(1);
    line->addWidget(m_remark);
    line->addWidget(m_folder);
    addWidget(all, 1);
    m_bar->hide();
}

QString StatusLine::words() const
{
    return m_rate->text().isEmpty() ? m_words->text() : m_words->text() + QStringLiteral(" · ") + m_rate->text();
}

void StatusLine::showTraining(RunState state, const Progress& progress, const QString& name)
{
    m_bar->setVisible(state == RunState::Running || state == RunState::Paused || state == RunState::Ready);
    m_bar->setValue(static_cast<int>(progress.fraction * kBarSteps));
    m_words->setText((name.isEmpty() ? QString() : name + QStringLiteral(": ")) + stateWords(state, progress));
    QString rate;
    if (state == RunState::Running && progress.imagesPerSecond > 0) {
        // Three digits are all that is steady; tabular, so that the line does not tremble.
        const auto rounded = static_cast<std::int64_t>(progress.imagesPerSecond / 100) * 100;
        rate = tr("%1 images/s").arg(QString::fromStdString(groupedText(rounded)));
        if (progress.secondsLeft) rate += QStringLiteral(" · ") + leftWords(*progress.secondsLeft);
    }
    m_rate->setText(rate);
}

void StatusLine::showJob(const QString& words, double fraction, std::optional<double> secondsLeft)
{
    m_bar->show();
    m_bar->setValue(static_cast<int>(fraction * kBarSteps));
    m_words->setText(words);
    m_rate->setText(secondsLeft ? leftWords(*secondsLeft) : QString());
}

void StatusLine::showWords(const QString& words)
{
    m_bar->hide();
    m_words->setText(words);
    m_rate->clear();
}

void StatusLine::remark(const QString& words)
{
    const int room = width() / 2 - 40;
    m_remark->setText(m_remark->fontMetrics().elidedText(words, Qt::ElideMiddle, std::max(200, room)));
    m_remark->setToolTip(words);
    m_remarkEnds.start();
}

QString StatusLine::remarkWords() const { return m_remark->text().isEmpty() ? QString() : m_remark->toolTip(); }

void StatusLine::setRunFolder(const std::filesystem::path& folder)
{
    m_folderText = QString::fromStdString(folder.string());
    m_folder->setToolTip(m_folderText);
    const QString home = QDir::homePath();
    if (!home.isEmpty() && m_folderText.startsWith(home + QLatin1Char('/')))
        m_folderText.replace(0, home.size(), QStringLiteral("~"));
    elideFolder();
}

void StatusLine::elideFolder()
{
    m_folder->setText(m_folder->fontMetrics().elidedText(m_folderText, Qt::ElideMiddle, std::max(120, width() / 2 - 60)));
}

void StatusLine::resizeEvent(QResizeEvent* event)
{
    QStatusBar::resizeEvent(event);
    elideFolder();
}

} // namespace latentoscope::ui
