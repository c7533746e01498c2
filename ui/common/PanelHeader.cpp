#include "ui/common/PanelHeader.h"

#include "ui/common/Keyboard.h"

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr QSize kLeast(0, 40);
constexpr int kSpace = 8;       ///< between name, words and tools
constexpr int kToolSpace = 4;   ///< between tools
constexpr int kLeastWords = 48; ///< what of the words stays before tools go

/// Whether its view wants it to be seen now.
bool isWanted(const QWidget& tool) { return !(tool.isHidden() && tool.testAttribute(Qt::WA_WState_ExplicitShowHide)); }

} // namespace

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(title, this)),
      m_subtitle(new QLabel(this)),
      m_toolArea(new QWidget(this)),
      m_tools(new QHBoxLayout(m_toolArea)),
      m_more(new QToolButton(this)),
      m_moreArea(new QFrame(this, Qt::Popup)),
      m_moreTools(new QVBoxLayout(m_moreArea))
{
    m_title->setObjectName(QStringLiteral("panelTitle"));
    m_title->setProperty("heading", true);
    m_subtitle->setObjectName(QStringLiteral("panelSubtitle"));
    m_subtitle->setProperty("secondary", true);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_subtitle->setTextInteractionFlags(Qt::NoTextInteraction);
    m_tools->setContentsMargins(0, 0, 0, 0);
    m_tools->setSpacing(kToolSpace);
    m_toolArea->installEventFilter(this);
    m_more->setObjectName(QStringLiteral("panelMore"));
    m_more->setText(QStringLiteral("…"));
    m_more->setAccessibleName(tr("More tools"));
    m_more->setToolTip(tr("Show tools that do not fit into the header"));
    m_more->hide();
    connect(m_more, &QToolButton::clicked, this, &PanelHeader::openMore);
    m_moreArea->setObjectName(QStringLiteral("panelMoreArea"));
    m_moreArea->setFrameShape(QFrame::StyledPanel);
    m_moreTools->setContentsMargins(10, 8, 10, 8);
    m_moreTools->setSpacing(6);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 8, 6);
    line->setSpacing(kSpace);
    line->addWidget(m_title);
    line->addWidget(m_subtitle, 1);
    line->addWidget(m_toolArea);
    line->addWidget(m_more);
}

QSize PanelHeader::sizeHint() const { return QWidget::sizeHint().expandedTo(kLeast); }

QSize PanelHeader::minimumSizeHint() const
{
    const QMargins margins = layout()->contentsMargins();
    const int width = margins.left() + m_title->sizeHint().width() + 2 * kSpace + m_more->sizeHint().width() + margins.right();
    return QSize(width, QWidget::minimumSizeHint().height()).expandedTo(kLeast);
}

void PanelHeader::arrange()
{
    const QMargins margins = layout()->contentsMargins();
    const auto widthOf = [](const QWidget& tool) {
        return std::clamp(tool.sizeHint().width(), tool.minimumWidth(), std::max(tool.minimumWidth(), tool.maximumWidth()));
    };
    const int room = width() - margins.left() - margins.right() - m_title->sizeHint().width() - 2 * kSpace;
    int all = 0;
    for (const auto& tool : m_all)
        if (tool && isWanted(*tool)) all += widthOf(*tool) + kToolSpace;
    std::size_t fitting = m_all.size();
    if (all > room - kLeastWords && !m_toolArea->isHidden()) {
        int used = m_more->sizeHint().width() + kSpace;
        for (fitting = 0; fitting < m_all.size(); ++fitting) {
            const QWidget* tool = m_all[fitting];
            if (tool == nullptr || !isWanted(*tool)) continue;
            used += widthOf(*tool) + kToolSpace;
            if (used > room - kLeastWords) break;
        }
    }
    if (fitting != m_fitting) {
        for (std::size_t i = 0; i < m_all.size(); ++i) {
            QWidget* tool = m_all[i];
            if (tool == nullptr) continue;
            if (i < fitting)
                m_tools->insertWidget(static_cast<int>(i), tool);
            else
                m_moreTools->addWidget(tool);
        }
        m_fitting = fitting;
        // Those that have moved to another parent would be the window's last.
        std::vector<QWidget*> stops;
        for (std::size_t i = 0; i < std::min(fitting, m_all.size()); ++i) {
            if (!m_all[i]) continue;
            stops.push_back(m_all[i]);
            for (QWidget* part : m_all[i]->findChildren<QWidget*>()) stops.push_back(part);
        }
        joinTabOrder(m_more, stops);
    }
    bool behind = false;
    for (std::size_t i = m_fitting; i < m_all.size(); ++i) behind = behind || (m_all[i] && isWanted(*m_all[i]));
    m_more->setVisible(behind && !m_toolArea->isHidden());
}

void PanelHeader::openMore()
{
    m_moreArea->adjustSize();
    const QPoint corner = m_more->mapToGlobal(QPoint(m_more->width(), m_more->height()));
    m_moreArea->move(corner - QPoint(m_moreArea->width(), 0));
    m_moreArea->show();
}

bool PanelHeader::eventFilter(QObject* watched, QEvent* event)
{
    // A tool that is shown or hidden, or whose words have changed.
    if (watched == m_toolArea && event->type() == QEvent::LayoutRequest)
        QMetaObject::invokeMethod(this, &PanelHeader::arrange, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

QString PanelHeader::title() const { return m_title->text(); }

QString PanelHeader::subtitle() const { return m_subtitleText; }

void PanelHeader::setTitle(const QString& title) { m_title->setText(title); }

void PanelHeader::setSubtitle(const QString& subtitle)
{
    if (subtitle == m_subtitleText) return;
    m_subtitleText = subtitle;
    elide();
}

void PanelHeader::addTool(QWidget* tool)
{
    m_tools->addWidget(tool);
    m_all.emplace_back(tool);
    m_fitting = m_all.size();
    arrange();
}

void PanelHeader::addFirstTool(QWidget* tool)
{
    m_tools->insertWidget(0, tool);
    m_all.insert(m_all.begin(), tool);
    m_fitting = m_all.size();
    arrange();
}

QWidget& PanelHeader::lastStop() const { return *m_more; }

void PanelHeader::showTools()
{
    m_toolArea->show();
    arrange();
}

void PanelHeader::hideTools()
{
    m_toolArea->hide();
    m_more->hide();
}

void PanelHeader::setCurrent(bool current)
{
    if (current == m_current) return;
    m_current = current;
    setAccessibleDescription(current ? tr("Current panel") : QString());
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
    arrange();
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
