#include "ui/settings/FieldEditor.h"

#include "core/base/Error.h"
#include "core/base/Text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr int kEditorWidth = 128;

QString rangeWords(const Field& field)
{
    if (field.type == Field::Type::Choice || field.type == Field::Type::Boolean || field.type == Field::Type::Size) return {};
    const QString range = QStringLiteral("%1 … %2").arg(QString::fromStdString(numberText(field.minimum)),
                                                        QString::fromStdString(numberText(field.maximum)));
    switch (field.type) {
    case Field::Type::IntegerList:
        return QCoreApplication::translate("FieldEditor", "A list of whole numbers, %1, such as 8,16,32.").arg(range);
    case Field::Type::Integer:
        return QCoreApplication::translate("FieldEditor", "A whole number, %1.").arg(range);
    default:
        return QCoreApplication::translate("FieldEditor", "A number, %1.").arg(range);
    }
}

} // namespace

QString sentenceOfField(const QString& error, const std::string& path)
{
    QString sentence = error;
    const QString prefix = QString::fromStdString(path) + QStringLiteral(": ");
    if (sentence.startsWith(prefix)) sentence.remove(0, prefix.size());
    if (!sentence.isEmpty()) sentence[0] = sentence[0].toUpper();
    return sentence;
}

FieldEditor::FieldEditor(const Field& field, QWidget* parent) : QWidget(parent), m_field(field), m_errorLabel(new QLabel(this))
{
    const QString path = QString::fromStdString(field.path);
    setObjectName(QStringLiteral("editor:") + path);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    auto* label = new QLabel(QString::fromStdString(field.label), this);
    QWidget* editor = nullptr;
    if (field.type == Field::Type::Choice) {
        m_choice = new QComboBox(this);
        for (const std::string& choice : field.choices) m_choice->addItem(QString::fromStdString(choice));
        connect(m_choice, &QComboBox::activated, this, &FieldEditor::edited);
        m_choice->installEventFilter(this);
        editor = m_choice;
    } else if (field.type == Field::Type::Boolean) {
        m_check = new QCheckBox(this);
        connect(m_check, &QCheckBox::clicked, this, &FieldEditor::edited);
        editor = m_check;
    } else {
        m_line = new QLineEdit(this);
        connect(m_line, &QLineEdit::textEdited, this, [this] {
            check();
            Q_EMIT edited();
        });
        m_line->installEventFilter(this);
        editor = m_line;
    }
    editor->setObjectName(path);
    editor->setAccessibleName(label->text());
    editor->setAccessibleDescription(QString::fromStdString(field.help));
    editor->setFixedWidth(kEditorWidth);
    label->setBuddy(editor);
    const QString range = rangeWords(field);
    const QString tip = QStringLiteral("<b>%1</b><br>%2.%3<br><tt>%4</tt>")
                            .arg(label->text(), QString::fromStdString(field.help).toHtmlEscaped(),
                                 range.isEmpty() ? QString() : QStringLiteral("<br>") + range, path);
    label->setToolTip(tip);
    editor->setToolTip(tip);
    m_errorLabel->setWordWrap(true);
    m_errorLabel->setProperty("danger", true);
    m_errorLabel->setObjectName(QStringLiteral("error:") + path);
    m_errorLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_errorLabel->hide();
    grid->addWidget(label, 0, 0);
    grid->addWidget(editor, 0, 1);
    grid->addWidget(m_errorLabel, 1, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    setFocusProxy(editor);
}

void FieldEditor::setValue(const Configuration& configuration)
{
    const QString value = QString::fromStdString(fieldText(configuration, m_field.path));
    if (m_choice != nullptr)
        m_choice->setCurrentText(value);
    else if (m_check != nullptr)
        m_check->setChecked(value == QLatin1String("true"));
    else if (m_line->text() != value)
        m_line->setText(value);
    check();
}

bool FieldEditor::applyTo(Configuration& configuration) const
{
    try {
        setFieldFromText(configuration, m_field.path, text().trimmed().toStdString());
        return true;
    } catch (const Error&) {
        return false;
    }
}

QString FieldEditor::text() const
{
    if (m_check != nullptr) return m_check->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    return m_choice != nullptr ? m_choice->currentText() : m_line->text();
}

void FieldEditor::setText(const QString& text)
{
    if (m_choice != nullptr)
        m_choice->setCurrentText(text);
    else if (m_check != nullptr)
        m_check->setChecked(text == QLatin1String("true"));
    else
        m_line->setText(text);
    check();
    Q_EMIT edited();
}

void FieldEditor::check()
{
    m_ownError.clear();
    try {
        Configuration scratch;
        setFieldFromText(scratch, m_field.path, text().trimmed().toStdString());
    } catch (const Error& error) {
        m_ownError = sentenceOfField(QString::fromUtf8(error.what()), m_field.path);
    }
    showError(m_ownError);
}

void FieldEditor::setOuterError(const QString& sentence) { showError(m_ownError.isEmpty() ? sentence : m_ownError); }

void FieldEditor::showError(const QString& sentence)
{
    if (sentence == m_error) return;
    m_error = sentence;
    m_errorLabel->setText(sentence);
    m_errorLabel->setVisible(!sentence.isEmpty());
    QWidget* editor = focusProxy();
    editor->setProperty("invalid", !sentence.isEmpty());
    editor->style()->unpolish(editor);
    editor->style()->polish(editor);
}

void FieldEditor::step(int direction)
{
    const std::optional<double> value = parseReal(m_line->text().trimmed().toStdString());
    if (!value || m_field.type == Field::Type::IntegerList || m_field.type == Field::Type::Size) return;
    double next = *value + direction;
    if (m_field.type == Field::Type::Real) {
        // Down the digits 1, 2, 5 where decades matter, else hundredths.
        if (m_field.scale == Field::Scale::Logarithmic) {
            const double decade = *value > 0 ? std::pow(10, std::floor(std::log10(*value) + 1e-9)) : m_field.maximum * 1e-6;
            const double digit = *value / decade;
            if (direction > 0)
                next = decade * (digit < 2 - 1e-9 ? 2 : digit < 5 - 1e-9 ? 5 : 10);
            else
                next = decade * (digit > 5 + 1e-9 ? 5 : digit > 2 + 1e-9 ? 2 : digit > 1 + 1e-9 ? 1 : 0.5);
            next = QString::number(next, 'g', 6).toDouble();
        } else {
            next = std::round((*value + direction * 0.01) * 1e6) / 1e6;
        }
    }
    setText(QString::fromStdString(numberText(std::clamp(next, m_field.minimum, m_field.maximum))));
}

bool FieldEditor::eventFilter(QObject* watched, QEvent* event)
{
    // Scrolling the panel must not change what is under the mouse.
    if (event->type() == QEvent::Wheel && m_choice != nullptr) {
        event->ignore();
        return true;
    }
    if (event->type() == QEvent::KeyPress && m_line != nullptr) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            step(key == Qt::Key_Up ? 1 : -1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace latentoscope::ui
