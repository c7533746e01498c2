/// Fields for numbers that take what people type: a point or a comma before the decimals, and values that are out of range until
/// the field is left, which then says what its range is.
#pragma once

#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QToolTip>

#include <algorithm>

namespace latentoscope::ui {

/// Box is QDoubleSpinBox or QSpinBox. Numbers are written in the C locale whatever the desktop's is, as everywhere in the
/// program; there are no thousands separators, so that a comma is never one.
template <class Box> class ForgivingBox : public Box {
public:
    explicit ForgivingBox(QWidget* parent = nullptr) : Box(parent) { Box::setLocale(QLocale::c()); }

protected:
    QValidator::State validate(QString& input, int& position) const override
    {
        bool isNumber = false;
        const double value = numberIn(input, isNumber);
        if (isNumber) input = Box::prefix() + core(input).replace(QLatin1Char(','), QLatin1Char('.')) + Box::suffix();
        const QValidator::State state = Box::validate(input, position);
        // Cutting off what is typed would make another number of it, without a word.
        return state == QValidator::Invalid && isNumber && !inRange(value) ? QValidator::Intermediate : state;
    }

    void fixup(QString& input) const override
    {
        bool isNumber = false;
        const double value = numberIn(input, isNumber);
        if (!isNumber || inRange(value)) return Box::fixup(input);
        const auto nearest = value < static_cast<double>(Box::minimum()) ? Box::minimum() : Box::maximum();
        input = Box::prefix() + Box::textFromValue(nearest) + Box::suffix();
        QToolTip::showText(
            Box::mapToGlobal(QPoint(0, Box::height())),
            QCoreApplication::translate("NumberBox", "%1 is out of range: from %2 to %3")
                .arg(QString::number(value, 'g', 10), Box::textFromValue(Box::minimum()), Box::textFromValue(Box::maximum())));
    }

private:
    /// Without prefix and suffix.
    QString core(QString text) const
    {
        if (!Box::prefix().isEmpty() && text.startsWith(Box::prefix())) text.remove(0, Box::prefix().size());
        if (!Box::suffix().isEmpty() && text.endsWith(Box::suffix())) text.chop(Box::suffix().size());
        return text.trimmed();
    }
    double numberIn(const QString& input, bool& isNumber) const
    {
        return QLocale::c().toDouble(core(input).replace(QLatin1Char(','), QLatin1Char('.')), &isNumber);
    }
    bool inRange(double value) const
    {
        return value >= static_cast<double>(Box::minimum()) && value <= static_cast<double>(Box::maximum());
    }
};

using NumberBox = ForgivingBox<QDoubleSpinBox>;
using CountBox = ForgivingBox<QSpinBox>;

} // namespace latentoscope::ui
