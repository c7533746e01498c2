#include "ui/training/FoldsModel.h"

#include "ui/common/Words.h"
#include <QCoreApplication>
#include <QFont>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

/// "reconstruction_accuracy" → "Reconstruction accuracy", where no measure says it better.
QString labelOf(const std::string& name, const std::vector<Measure>& measures)
{
    for (const Measure& measure : measures) {
        if (measure.name == name) return QString::fromStdString(measure.label);
    }
    QString words = QString::fromStdString(name).replace(QLatin1Char('_'), QLatin1Char(' '));
    words[0] = words[0].toUpper();
    return words;
}

/// A column is as narrow as its figures: of long words the last says enough, and the tooltip has all.
QString heading(const QString& label)
{
    constexpr int kLong = 14;
    if (label.size() <= kLong) return label;
    QString last = label.section(QLatin1Char(' '), -1);
    last[0] = last[0].toUpper();
    return last;
}

QString numberWords(double value) { return QString::number(value, 'g', 5); }

/// As two digits of the deviation take, which is positive.
int decimalsOf(const FoldSpread& spread)
{
    return std::clamp(1 - static_cast<int>(std::floor(std::log10(spread.deviation))), 0, 9);
}

/// The mean with as many decimals as two digits of the deviation take: 0.03237 ± 0.00083.
QString spreadWords(const FoldSpread& spread)
{
    if (spread.deviation <= 0) return numberWords(spread.mean) + QStringLiteral(" ± 0");
    const int decimals = decimalsOf(spread);
    return QString::number(spread.mean, 'f', decimals) + QStringLiteral(" ± ") + QString::number(spread.deviation, 'f', decimals);
}

QString percent(double fraction) { return QStringLiteral("%1 %").arg(static_cast<int>(100 * fraction)); }

QString stageWords(const FoldState& fold)
{
    switch (fold.stage) {
    case FoldState::Stage::Waiting:
        return QStringLiteral("waiting");
    case FoldState::Stage::Pretraining:
        return QCoreApplication::translate("FoldsModel", "encoder, ") + percent(fold.fraction);
    case FoldState::Stage::Training:
        return percent(fold.fraction);
    case FoldState::Stage::Measuring:
        return QStringLiteral("measuring");
    case FoldState::Stage::Done:
        return fold.warning.empty() ? QStringLiteral("done") : QCoreApplication::translate("FoldsModel", "done, see log");
    }
    return {};
}

} // namespace

void FoldsModel::begin(const Configuration& configuration, const ImageShape& shape)
{
    beginResetModel();
    m_measures = measuresOf(configuration.model, shape);
    m_columns = tabledFigures(configuration.model, shape);
    m_epochs = configuration.training.epochs;
    m_state = {};
    m_spreads.clear();
    endResetModel();
}

void FoldsModel::clear()
{
    beginResetModel();
    m_columns.clear();
    m_state = {};
    m_spreads.clear();
    endResetModel();
}

void FoldsModel::setState(const CrossValidationState& state)
{
    const bool other = state.folds.size() != m_state.folds.size();
    if (other) beginResetModel();
    m_state = state;
    m_spreads = spreadOf(state.scores());
    m_lowest = HUGE_VAL;
    m_highest = -HUGE_VAL;
    for (const FoldState& fold : m_state.folds) {
        for (const EpochMetrics& epoch : fold.epochs) {
            const auto value = epoch.find("validation", m_measures.front().name);
            if (!value) continue;
            m_lowest = std::min(m_lowest, *value);
            m_highest = std::max(m_highest, *value);
        }
    }
    if (other)
        endResetModel();
    else
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const FoldState* FoldsModel::foldAt(int row) const
{
    const auto fold = static_cast<std::size_t>(row) - 1;
    return row >= 1 && fold < m_state.folds.size() ? &m_state.folds[fold] : nullptr;
}

QString FoldsModel::summary() const
{
    if (m_spreads.empty() || m_measures.empty()) return {};
    const FoldSpread& first = m_spreads.front();
    return labelOf(first.name, m_measures) + QLatin1Char(' ') + spreadWords(first);
}

TableFigure FoldsModel::table() const
{
    TableFigure table;
    table.title = std::to_string(m_state.folds.size()) + " folds";
    table.columns = {"fold", "state", "trained on", "held out"};
    for (const std::string& name : m_columns) table.columns.push_back(labelOf(name, m_measures).toStdString());
    for (const FoldState& fold : m_state.folds) {
        const bool done = fold.stage == FoldState::Stage::Done;
        std::vector<std::string> row{std::to_string(fold.fold), stageWords(fold).toStdString(),
                                     done ? std::to_string(fold.score.trainImages) : std::string(),
                                     done ? std::to_string(fold.score.heldOutImages) : std::string()};
        for (const std::string& name : m_columns) {
            const std::optional<double> value = done ? valueAt(fold, name) : std::nullopt;
            row.push_back(value ? numberText(*value) : std::string());
        }
        table.rows.push_back(std::move(row));
    }
    if (m_spreads.empty()) return table;
    std::vector<std::string> mean{"mean", "", "", ""}, deviation{"deviation", "", "", ""};
    for (const std::string& name : m_columns) {
        const auto spread = std::find_if(m_spreads.begin(), m_spreads.end(), [&](const FoldSpread& s) { return s.name == name; });
        mean.push_back(spread == m_spreads.end() ? std::string() : numberText(spread->mean));
        deviation.push_back(spread == m_spreads.end() ? std::string() : numberText(spread->deviation));
    }
    table.rows.push_back(std::move(mean));
    table.rows.push_back(std::move(deviation));
    return table;
}

int FoldsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_state.folds.empty() ? 0 : static_cast<int>(m_state.folds.size()) + 1;
}

int FoldsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstFigure + static_cast<int>(m_columns.size());
}

QVariant FoldsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return section >= FirstFigure ? int(Qt::AlignRight | Qt::AlignVCenter) : int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (section) {
    case Fold:
        return tr("Fold");
    case Curve:
        return role == Qt::ToolTipRole ? tr("%1 of the held-out images by epoch; all curves have one scale")
                                             .arg(m_measures.empty() ? QString() : labelOf(m_measures.front().name, m_measures))
                                       : tr("Curve");
    case Stage:
        return tr("State");
    default: {
        const QString label = labelOf(m_columns[static_cast<std::size_t>(section - FirstFigure)], m_measures);
        return role == Qt::ToolTipRole ? label : heading(label);
    }
    }
}

/// Of a fold that is done its score, else what its last epoch gave.
std::optional<double> FoldsModel::valueAt(const FoldState& fold, const std::string& name) const
{
    if (fold.stage != FoldState::Stage::Done)
        return fold.epochs.empty() ? std::nullopt : fold.epochs.back().find("validation", name);
    for (const NamedValue& value : fold.score.values) {
        if (value.name == name) return value.value;
    }
    return std::nullopt;
}

QVariant FoldsModel::words(const QModelIndex& index) const
{
    const FoldState* fold = foldAt(index.row());
    const int column = index.column();
    if (column == Fold) return fold == nullptr ? tr("Mean") : QString::number(fold->fold);
    if (column == Curve) return {};
    if (column == Stage) {
        if (fold != nullptr) return stageWords(*fold);
        return tr("%1 of %2").arg(m_state.scores().size()).arg(m_state.folds.size());
    }
    const std::string& name = m_columns[static_cast<std::size_t>(column - FirstFigure)];
    if (fold == nullptr) {
        const auto spread = std::find_if(m_spreads.begin(), m_spreads.end(), [&](const FoldSpread& s) { return s.name == name; });
        return spread == m_spreads.end() ? QString() : spreadWords(*spread);
    }
    const std::optional<double> value = valueAt(*fold, name);
    if (!value) return QString();
    // As many digits as the mean above has, so that the two can be compared.
    const auto spread = std::find_if(m_spreads.begin(), m_spreads.end(), [&](const FoldSpread& s) { return s.name == name; });
    return spread == m_spreads.end() || spread->deviation <= 0 ? numberWords(*value)
                                                               : QString::number(*value, 'f', decimalsOf(*spread));
}

QList<double> FoldsModel::curveOf(int row) const
{
    QList<double> curve;
    const FoldState* fold = foldAt(row);
    if (fold == nullptr) return curve;
    for (const EpochMetrics& epoch : fold->epochs) {
        if (const auto value = epoch.find("validation", m_measures.front().name)) curve.append(*value);
    }
    return curve;
}

QVariant FoldsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const FoldState* fold = foldAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return words(index);
    case CurveRole:
        return index.column() == Curve ? QVariant::fromValue(curveOf(index.row())) : QVariant();
    case Qt::TextAlignmentRole:
        return int(index.column() >= FirstFigure ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font;
        if (fold == nullptr)
            font.setWeight(QFont::DemiBold);
        else if (fold->stage != FoldState::Stage::Done && index.column() >= FirstFigure)
            font.setItalic(true); // not its last word
        return font;
    }
    case Qt::ToolTipRole: {
        if (fold == nullptr) return tr("Mean ± sample standard deviation over the folds that are done");
        if (!fold->warning.empty()) return QString::fromStdString(fold->warning);
        if (fold->stage != FoldState::Stage::Done) return {};
        return tr("Trained on %1 images, evaluated on %2 held-out images. Double-click to open it.")
            .arg(groupedWords(fold->score.trainImages), groupedWords(fold->score.heldOutImages));
    }
    default:
        return {};
    }
}

} // namespace latentoscope::ui
