/// The words that an empty panel shows: what to do first.
#pragma once

#include <QString>
#include <QWidget>

namespace latentoscope::ui {

/// Centred grey words, one bold line and one explaining line.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString& headline, const QString& words, QWidget* parent = nullptr);

    QString text() const { return m_headline + QLatin1Char('\n') + m_words; }
    void setText(const QString& headline, const QString& words);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_headline;
    QString m_words;
};

} // namespace latentoscope::ui
