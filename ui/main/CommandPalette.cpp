#include "ui/main/CommandPalette.h"

#include "ui/common/Theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace latentoscope::ui {
namespace {

QString wordsOf(const QAction& action)
{
    QString words = action.text();
    words.remove(QLatin1Char('&'));
    return words;
}

constexpr int kKeysRole = Qt::UserRole + 1;

/// The command at the left, its keys in grey at the right.
class CommandDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), 32};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setPen(themeColors(option.palette).secondary);
        painter->drawText(option.rect.adjusted(0, 0, -12, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data(kKeysRole).toString());
        painter->restore();
    }
};

} // namespace

int matchScore(const QString& words, const QString& typed)
{
    int score = 0;
    qsizetype place = 0;
    qsizetype previous = -2;
    for (const QChar wanted : typed) {
        if (wanted.isSpace()) continue;
        qsizetype found = -1;
        for (qsizetype i = place; i < words.size(); ++i) {
            if (words[i].toLower() == wanted.toLower()) {
                found = i;
                break;
            }
        }
        if (found < 0) return -1;
        const bool wordStart = found == 0 || words[found - 1].isSpace();
        score += 1 + (found == previous + 1 ? 4 : 0) + (wordStart ? 3 : 0) + (found == 0 ? 3 : 0);
        previous = found;
        place = found + 1;
    }
    return score;
}

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent), m_actions(actions), m_line(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Find a command"));
    setWindowFlag(Qt::FramelessWindowHint);
    setMinimumSize(480, 360);
    m_line->setObjectName(QStringLiteral("paletteLine"));
    m_line->setPlaceholderText(tr("Find a command"));
    m_line->setAccessibleName(tr("Find a command"));
    m_line->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setIconSize(QSize(16, 16));
    m_list->setItemDelegate(new CommandDelegate(m_list));
    setStyleSheet(QStringLiteral("#commandPalette { background: palette(base); border: 1px solid palette(mid); }"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_line);
    column->addWidget(m_list, 1);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    filter({});
    if (parent != nullptr) move(parent->mapToGlobal(QPoint((parent->width() - 480) / 2, 96)));
}

void CommandPalette::filter(const QString& text)
{
    std::vector<std::pair<int, QAction*>> found;
    for (QAction* action : m_actions) {
        const int score = matchScore(wordsOf(*action), text);
        if (score >= 0) found.emplace_back(score, action);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        if (a.second->isEnabled() != b.second->isEnabled()) return a.second->isEnabled();
        return a.first > b.first;
    });
    m_list->clear();
    for (const auto& [score, action] : found) {
        auto* item = new QListWidgetItem(wordsOf(*action), m_list);
        item->setData(kKeysRole, action->shortcut().toString(QKeySequence::NativeText));
        item->setIcon(action->icon());
        item->setData(Qt::UserRole, m_actions.indexOf(action));
        if (!action->isEnabled()) item->setFlags(Qt::NoItemFlags);
    }
    if (found.empty()) {
        auto* none = new QListWidgetItem(tr("No command, panel, preset or run is called “%1”").arg(text.trimmed()), m_list);
        none->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr || (item->flags() & Qt::ItemIsEnabled) == 0) return;
    QAction* action = m_actions.at(item->data(Qt::UserRole).toInt());
    accept();
    // After this dialog is gone: the command may open another.
    QTimer::singleShot(0, action, &QAction::trigger);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            runCurrent();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace latentoscope::ui
