#include "ui/common/PanelHeader.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace latentoscope::ui {
namespace {

constexpr QSize kLeast(0, 40);

} // namespace

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(title, this)),
      m_subtitle(new QLabel(this)),
      m_toolArea(new QWidget(this)),
      m_tools(new QHBoxLayout(m_toolArea))
{
    m_title->setObjectName(QStringLiteral("panelTitle"));
    m_title->setProperty("heading", true);
    m_subtitle->setObjectName(QStringLiteral("panelSubtitle"));
    m_subtitle->setProperty("secondary", true);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_subtitle->setTextInteractionFlags(Qt::NoTextInteraction);
    m_tools->setContentsMargins(0, 0, 0, 0);
    m_tools->setSpacing(4);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 8, 6);
    line->setSpacing(8);
    line->addWidget(m_title);
    line->addWidget(m_subtitle, 1);
    line->addWidget(m_toolArea);
}

QSize PanelHeader::sizeHint() const { return QWidget::sizeHint().expandedTo(kLeast); }

QSize PanelHeader::minimumSizeHint() const { return QWidget::minimumSizeHint().expandedTo(kLeast); }

QString PanelHeader::title() const { return m_title->text(); }

QString PanelHeader::subtitle() const { return m_subtitleText; }

void PanelHeader::setTitle(const QString& title) { m_title->setText(title); }

void PanelHeader::setSubtitle(const QString& subtitle)
{
    if (subtitle == m_subtitleText) return;
    m_subtitleText = subtitle;
    elide();
}

void PanelHeader::addTool(QWidget* tool) { m_tools->addWidget(tool); }

void PanelHeader::addFirstTool(QWidget* tool) { m_tools->insertWidget(0, tool); }

void PanelHeader::showTools() { m_toolArea->show(); }

void PanelHeader::hideTools() { m_toolArea->hide(); }

void PanelHeader::setCurrent(bool current)
{
    if (current == m_current) return;
    m_current = current;
    setAccessibleDescription(current ? QStringLiteral("Current panel") : QString());
    update();
}

void PanelHeader::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (!m_current) return;
    constexpr int kBar = 3;
    QPainter(this).fillRect(QRect(0, (height() - m_title->height()) / 2, kBar, m_title->height()), palette().highlight());
}

void PanelHeader::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    elide();
}

void PanelHeader::elide()
{
    const QString shown = m_subtitle->fontMetrics().elidedText(m_subtitleText, Qt::ElideRight, m_subtitle->width());
    m_subtitle->setText(shown);
    m_subtitle->setToolTip(shown == m_subtitleText ? QString() : m_subtitleText);
}

} // namespace latentoscope::ui
