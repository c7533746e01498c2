#include "ui/main/CommandBar.h"

#include "ui/common/ActionButton.h"
#include "ui/main/EpochBar.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace latentoscope::ui {

CommandBar::CommandBar(const std::vector<QAction*>& workspaces, QAction& train, QAction& pause, QAction& stop, Replay& replay,
                       QWidget* parent)
    : QToolBar(tr("Commands"), parent),
      m_presets(new QComboBox),
      m_changed(new QLabel),
      m_data(new QLabel),
      m_epochs(new EpochBar(replay))
{
    setObjectName(QStringLiteral("commandBar"));
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    m_presets->setObjectName(QStringLiteral("presets"));
    m_presets->setAccessibleName(tr("Preset"));
    m_presets->setToolTip(tr("Preset that the settings start from"));
    m_presets->setMinimumWidth(176);
    m_presets->setMaximumWidth(240); // a long run's name is cut, its tooltip has it
    m_presets->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_changed->setObjectName(QStringLiteral("presetChanged"));
    m_changed->setProperty("secondary", true);
    m_data->setObjectName(QStringLiteral("dataWords"));
    m_data->setProperty("secondary", true);
    m_data->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_presets, &QComboBox::textActivated, this, &CommandBar::presetChosen);

    auto* all = new QWidget(this);
    auto* line = new QHBoxLayout(all);
    line->setContentsMargins(4, 0, 4, 0);
    line->setSpacing(8);
    auto* switches = new QHBoxLayout;
    switches->setSpacing(0);
    for (QAction* workspace : workspaces) {
        auto* button = new QToolButton(all);
        button->setDefaultAction(workspace);
        button->setObjectName(workspace->objectName() + tr("Button"));
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setProperty("segment", true);
        switches->addWidget(button);
    }
    line->addLayout(switches);
    line->addSpacing(8);
    for (QAction* action : {&train, &pause, &stop}) line->addWidget(new ActionButton(*action, all));
    line->addSpacing(16);
    line->addWidget(m_presets);
    line->addWidget(m_changed);
    line->addWidget(m_data, 2);
    line->addWidget(m_epochs, 1);
    all->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(all);
}

void CommandBar::setPresets(const std::vector<std::string>& names, const std::string& current, const QString& remark)
{
    const QSignalBlocker quiet(m_presets);
    m_presets->clear();
    for (const std::string& name : names) m_presets->addItem(QString::fromStdString(name));
    const QString shown = QString::fromStdString(current);
    if (m_presets->findText(shown) < 0) m_presets->addItem(shown);
    m_presets->setCurrentText(shown);
    m_presets->setToolTip(tr("Preset that the settings start from: %1").arg(shown));
    m_changed->setText(remark);
    m_changed->setVisible(!remark.isEmpty());
}

void CommandBar::setDataWords(const QString& words, const QString& tip)
{
    m_dataWords = words;
    m_data->setToolTip(tip);
    elideData();
}

void CommandBar::elideData()
{
    m_data->setText(m_data->fontMetrics().elidedText(m_dataWords, Qt::ElideRight, std::max(0, m_data->width())));
}

void CommandBar::resizeEvent(QResizeEvent* event)
{
    QToolBar::resizeEvent(event);
    elideData();
    // The label gets its new width only after this.
    QMetaObject::invokeMethod(this, &CommandBar::elideData, Qt::QueuedConnection);
}

} // namespace latentoscope::ui
