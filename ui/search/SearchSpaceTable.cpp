// The table of what is searched in the search's panel: ranges and choices as they are typed.
#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/kinds/Kind.h"
#include "ui/search/SearchPanel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QTableWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

using Column = SearchPanel::SpaceColumn;
constexpr int kName = Column::Name, kFrom = Column::From, kTo = Column::To, kRemove = Column::Remove;

QString wordsOf(double value, bool whole)
{
    return whole ? QString::number(static_cast<qlonglong>(value)) : QString::fromStdString(numberText(value));
}

bool isLogarithmic(const Distribution& distribution)
{
    if (const auto* real = std::get_if<FloatDistribution>(&distribution)) return real->log;
    if (const auto* whole = std::get_if<IntDistribution>(&distribution)) return whole->log;
    return false;
}

std::string choicesText(const CategoricalDistribution& categorical)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < categorical.choices.size(); ++i)
        names.push_back(valueText(Distribution(categorical), static_cast<double>(i)));
    return joined(names);
}

/// A choice as it is typed, of the kind that the others are; none where it is of another.
std::optional<CategoricalChoice> choiceOf(const std::string& text, const CategoricalDistribution& like)
{
    for (std::size_t i = 0; i < like.choices.size(); ++i) {
        if (valueText(Distribution(like), static_cast<double>(i)) == text) return like.choices[i];
    }
    const CategoricalChoice& first = like.choices.front();
    if (std::holds_alternative<std::string>(first)) return text;
    if (std::holds_alternative<bool>(first)) {
        if (text == "true" || text == "yes") return true;
        if (text == "false" || text == "no") return false;
    }
    if (std::holds_alternative<std::int64_t>(first)) {
        if (const auto whole = parseInteger(text)) return *whole;
    }
    if (std::holds_alternative<double>(first)) {
        if (const auto real = parseReal(text)) return *real;
    }
    return std::nullopt;
}

/// What a field is searched over at first.
Distribution usualRange(const Field& field)
{
    if (field.type == Field::Type::Choice) {
        CategoricalDistribution all;
        for (const std::string& choice : field.choices) all.choices.emplace_back(choice);
        return all;
    }
    if (field.type == Field::Type::Boolean) return CategoricalDistribution{{false, true}};
    const bool log = field.scale == Field::Scale::Logarithmic;
    const double low = log ? std::max(field.minimum, field.searchMinimum > 0 ? field.searchMinimum : 1e-5) : field.minimum;
    if (field.type == Field::Type::Integer) {
        const double high = std::min(field.maximum, std::max(low + 1, 64.0));
        return IntDistribution{static_cast<std::int64_t>(low), static_cast<std::int64_t>(high), false, 1};
    }
    return FloatDistribution{low, std::min(field.maximum, 1.0), log};
}

bool isSearchable(const Field& field)
{
    return field.section() != "data" && field.type != Field::Type::IntegerList && field.path != "model.kind" &&
           field.path != "training.seed" && field.path != "training.shard_size" && field.path != "model.classes" &&
           field.path != "training.epochs";
}

} // namespace

void SearchPanel::fillSpace()
{
    m_filling = true;
    m_space->setRowCount(0);
    for (const auto& [path, distribution] : m_plan.space.parameters) {
        const int row = m_space->rowCount();
        m_space->insertRow(row);
        const Field& field = fieldAt(path);
        const bool conditional = m_plan.space.conditions.contains(path);
        auto* name =
            new QTableWidgetItem(QString::fromStdString(field.label) + (isLogarithmic(distribution) ? tr(" · log") : QString()) +
                                 (conditional ? tr(" · if…") : QString()));
        name->setFlags(Qt::ItemIsEnabled);
        name->setData(Qt::UserRole, QString::fromStdString(path));
        QString tip = QString::fromStdString(field.help);
        if (const auto condition = m_plan.space.conditions.find(path); condition != m_plan.space.conditions.end()) {
            for (const auto& [other, values] : condition->second) {
                std::vector<std::string> names;
                for (const double value : values) names.push_back(valueText(m_plan.space.parameters.at(other), value));
                tip += tr("\nOnly where %1 is %2")
                           .arg(QString::fromStdString(fieldAt(other).label), QString::fromStdString(joined(names)));
            }
        }
        name->setToolTip(tip);
        m_space->setItem(row, kName, name);
        if (const auto* categorical = std::get_if<CategoricalDistribution>(&distribution)) {
            auto* choices = new QTableWidgetItem(QString::fromStdString(choicesText(*categorical)));
            choices->setToolTip(tr("Choices, with commas: %1").arg(QString::fromStdString(joined(field.choices))));
            m_space->setItem(row, kFrom, choices);
            m_space->setSpan(row, kFrom, 1, 2);
        } else {
            const auto* real = std::get_if<FloatDistribution>(&distribution);
            const auto* whole = std::get_if<IntDistribution>(&distribution);
            const QString how = (isLogarithmic(distribution) ? tr("On a logarithmic scale") : tr("On a linear scale")) +
                                tr("; a right click changes it");
            for (const int column : {kFrom, kTo}) {
                const double low = real != nullptr ? real->low : static_cast<double>(whole->low);
                const double high = real != nullptr ? real->high : static_cast<double>(whole->high);
                auto* end = new QTableWidgetItem(wordsOf(column == kFrom ? low : high, whole != nullptr));
                end->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
                end->setToolTip(how);
                m_space->setItem(row, column, end);
            }
        }
        auto* remove = new QToolButton(m_space);
        remove->setText(QStringLiteral("×"));
        remove->setAutoRaise(true);
        remove->setToolTip(tr("Not searched any more"));
        connect(remove, &QToolButton::clicked, this, [this, path = path] { removeField(path); });
        m_space->setCellWidget(row, kRemove, remove);
    }
    const int height = m_space->horizontalHeader()->sizeHint().height() +
                       m_space->rowCount() * m_space->verticalHeader()->defaultSectionSize() + 4;
    m_space->setFixedHeight(height);
    m_filling = false;
    fillAdd();
}

void SearchPanel::fillAdd()
{
    m_add->clear();
    m_add->addItem(tr("Search another setting…"));
    for (const Field& field : fields()) {
        const bool used = m_plan.space.parameters.contains(field.path);
        const std::vector<std::string>& unused = kindOf(m_plan.configuration.model).unusedFields;
        const bool meant = std::find(unused.begin(), unused.end(), field.path) == unused.end();
        if (!used && meant && isSearchable(field))
            m_add->addItem(QString::fromStdString(field.label), QString::fromStdString(field.path));
    }
}

void SearchPanel::addField(const std::string& path)
{
    keepEdits();
    m_plan.space.parameters.insert_or_assign(path, usualRange(fieldAt(path)));
    fillSpace();
    check();
}

void SearchPanel::showSpaceMenu(const QPoint& position)
{
    const QTableWidgetItem* name = m_space->item(m_space->rowAt(position.y()), kName);
    if (name == nullptr) return;
    const std::string path = name->data(Qt::UserRole).toString().toStdString();
    QMenu menu(this);
    if (!std::holds_alternative<CategoricalDistribution>(m_plan.space.parameters.at(path))) {
        QAction* log = menu.addAction(tr("Logarithmic scale"));
        log->setCheckable(true);
        log->setChecked(isLogarithmic(m_plan.space.parameters.at(path)));
        connect(log, &QAction::toggled, this, [this, path](bool on) { setLogarithmic(path, on); });
    }
    menu.addAction(tr("Search it no more"), this, [this, path] { removeField(path); });
    menu.exec(m_space->viewport()->mapToGlobal(position));
}

void SearchPanel::setLogarithmic(const std::string& path, bool on)
{
    keepEdits();
    Distribution& distribution = m_plan.space.parameters.at(path);
    if (auto* real = std::get_if<FloatDistribution>(&distribution)) {
        real->log = on;
        if (on) {
            real->step.reset();
            real->low = real->low > 0 ? real->low : std::min(1e-5, real->high > 0 ? real->high : 1e-5);
            real->high = std::max(real->high, real->low);
        }
    }
    if (auto* whole = std::get_if<IntDistribution>(&distribution)) {
        whole->log = on;
        if (on) {
            whole->step = 1;
            whole->low = std::max<std::int64_t>(1, whole->low);
            whole->high = std::max(whole->high, whole->low);
        }
    }
    fillSpace();
    check();
}

/// What is typed goes into the plan, as far as it is a range: the table is about to be filled anew from it.
void SearchPanel::keepEdits()
{
    for (int row = 0; row < m_space->rowCount(); ++row) {
        const std::string path = m_space->item(row, kName)->data(Qt::UserRole).toString().toStdString();
        const auto known = m_plan.space.parameters.find(path);
        if (known == m_plan.space.parameters.end()) continue;
        try {
            m_plan.space = withDistribution(m_plan.space, path, edited(path, known->second, row));
        } catch (const Error&) {
            continue; // it is told below the table as long as it stands there
        }
    }
}

void SearchPanel::removeField(const std::string& path)
{
    keepEdits();
    m_plan.space.parameters.erase(path);
    m_plan.space.conditions.erase(path);
    std::erase_if(m_plan.space.conditions, [&](const auto& one) { return one.second.contains(path); });
    // The button that asked is one of those that go.
    QMetaObject::invokeMethod(
        this,
        [this] {
            fillSpace();
            check();
        },
        Qt::QueuedConnection);
}

/// Throws Error(InvalidArgument) where the cells are no range.
Distribution SearchPanel::edited(const std::string& path, const Distribution& before, int row) const
{
    const auto text = [&](int column) {
        const QTableWidgetItem* item = m_space->item(row, column);
        return item == nullptr ? std::string() : item->text().trimmed().toStdString();
    };
    const auto refuse = [&](const QString& found, const QString& expected) {
        const QString sentence =
            tr("%1: found %2, expected %3").arg(QString::fromStdString(fieldAt(path).label), found, expected);
        throw Error(Error::Kind::InvalidArgument, sentence.toStdString());
    };
    const auto shown = [&](int column) { return QString::fromStdString(text(column)); };
    if (const auto* categorical = std::get_if<CategoricalDistribution>(&before)) {
        CategoricalDistribution choices;
        for (const QString& part : QString::fromStdString(text(kFrom)).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const QString written = part.trimmed();
            const std::string name = written.toStdString();
            const auto choice = choiceOf(name, *categorical);
            const std::vector<std::string>& known = fieldAt(path).choices;
            if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end())
                refuse(written, tr("one of %1").arg(QString::fromStdString(joined(known))));
            if (!choice)
                refuse(tr("“%1”").arg(written), tr("a choice such as %1").arg(QString::fromStdString(choicesText(*categorical))));
            if (std::find(choices.choices.begin(), choices.choices.end(), *choice) != choices.choices.end())
                refuse(tr("%1 twice").arg(written), tr("different choices"));
            choices.choices.push_back(*choice);
        }
        if (choices.choices.empty())
            refuse(tr("no choice"), tr("at least one of %1").arg(QString::fromStdString(joined(fieldAt(path).choices))));
        return choices;
    }
    const auto low = parseReal(text(kFrom)), high = parseReal(text(kTo));
    if (!low || !high) refuse(tr("“%1”").arg(shown(!low ? kFrom : kTo)), tr("a number"));
    if (*high < *low) refuse(tr("from %1 to %2").arg(shown(kFrom), shown(kTo)), tr("the smaller number first"));
    if (const auto* real = std::get_if<FloatDistribution>(&before)) {
        if (real->log && !(*low > 0)) refuse(shown(kFrom), tr("more than 0 on a logarithmic scale"));
        return FloatDistribution{*low, *high, real->log, real->step};
    }
    const auto& whole = std::get<IntDistribution>(before);
    constexpr double kMost = 1e15;
    for (const int column : {kFrom, kTo}) {
        const double end = *parseReal(text(column));
        if (end != std::floor(end) || std::abs(end) > kMost) refuse(shown(column), tr("a whole number"));
    }
    if (whole.log && *low < 1) refuse(shown(kFrom), tr("at least 1 on a logarithmic scale"));
    return IntDistribution{static_cast<std::int64_t>(*low), static_cast<std::int64_t>(*high), whole.log, whole.step};
}

void SearchPanel::cellEdited(int, int)
{
    if (!m_filling) check();
}

} // namespace latentoscope::ui
