/// One line of the settings: a field's name, its editor, and under it what is wrong with the value.
#pragma once

#include "core/config/Fields.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace latentoscope {
struct Configuration;
}

namespace latentoscope::ui {

/// Edits one field of a configuration as text, by a choice or a check mark. What is typed is checked at once against the field's
/// range; a wrong value stays, is marked, and its sentence is shown.
class FieldEditor : public QWidget {
    Q_OBJECT

public:
    explicit FieldEditor(const Field& field, QWidget* parent = nullptr);

    const Field& field() const { return m_field; }
    /// Shows the configuration's value; no signal.
    void setValue(const Configuration& configuration);
    /// Puts the value into the configuration where it is valid.
    bool applyTo(Configuration& configuration) const;
    QString text() const;
    /// As if a person typed it.
    void setText(const QString& text);
    /// The sentence under the editor; empty: the value is right.
    QString error() const { return m_error; }
    /// A sentence from a check of several fields together; empty: back to this field's own.
    void setOuterError(const QString& sentence);

Q_SIGNALS:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void check();
    void showError(const QString& sentence);
    void step(int direction);

    Field m_field;
    QLineEdit* m_line = nullptr;
    QComboBox* m_choice = nullptr;
    QCheckBox* m_check = nullptr;
    QLabel* m_errorLabel;
    QString m_ownError;
    QString m_error;
};

/// "training.epochs: found 0, expected …" → "Found 0, expected …".
QString sentenceOfField(const QString& error, const std::string& path);

} // namespace latentoscope::ui
