#include "ui/search/SearchPanel.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/figures/StudyFigures.h"
#include "core/kinds/Kind.h"
#include "ui/common/NumberBox.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QThread>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

using Column = SearchPanel::SpaceColumn;
constexpr int kName = Column::Name, kFrom = Column::From, kTo = Column::To, kRemove = Column::Remove;
constexpr int kMostTrials = 100'000;
constexpr int kMostMinutes = 100'000;
constexpr int kUsualTrials = 50;

QSpinBox* spinBox(QWidget* parent, const char* name, int low, int high, int value, const QString& tip)
{
    auto* box = new CountBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setRange(low, high);
    box->setValue(value);
    box->setToolTip(tip);
    return box;
}

QComboBox* choice(QWidget* parent, const char* name, const QString& tip)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
}

} // namespace

SearchPanel::SearchPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("searchPanel"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    build();
    setPlan(searchPresets().front().plan);
}

void SearchPanel::build()
{
    auto* body = new QWidget;
    body->setBackgroundRole(QPalette::Base);
    body->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);

    m_preset = choice(body, "searchPreset", tr("Preset or settings that the search varies"));
    for (const SearchPreset& preset : searchPresets()) m_preset->addItem(QString::fromStdString(preset.name));
    for (const Preset& preset : presets())
        m_preset->addItem(tr("around %1").arg(QString::fromStdString(preset.name)), QString::fromStdString(preset.name));
    connect(m_preset, &QComboBox::activated, this, [this](int index) {
        const QString preset = m_preset->itemData(index).toString();
        SearchPlan plan = searchPresetOrFile((preset.isEmpty() ? m_preset->itemText(index) : preset).toStdString());
        if (plan.space.parameters.empty()) { // learning rate and code are what one would search first
            plan.space.parameters.emplace("training.learning_rate", FloatDistribution{1e-5, 0.1, true});
            plan.space.parameters.emplace("model.latent", IntDistribution{2, 20, false, 1});
        }
        if (!(plan.configuration.data.validationFraction > 0)) plan.configuration.data.validationFraction = 0.1;
        setPlan(plan);
    });
    column->addWidget(m_preset);

    m_space = new QTableWidget(0, 4, body);
    m_space->setObjectName(QStringLiteral("searchSpace"));
    m_space->setAccessibleName(tr("What is searched"));
    m_space->setHorizontalHeaderLabels({tr("Searched"), tr("From"), tr("To"), QString()});
    m_space->verticalHeader()->hide();
    m_space->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_space->horizontalHeader()->setHighlightSections(false);
    m_space->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
    m_space->horizontalHeader()->setSectionResizeMode(kFrom, QHeaderView::Fixed);
    m_space->horizontalHeader()->setSectionResizeMode(kTo, QHeaderView::Fixed);
    m_space->horizontalHeader()->setSectionResizeMode(kRemove, QHeaderView::Fixed);
    m_space->horizontalHeader()->setMinimumSectionSize(20);
    m_space->setColumnWidth(kFrom, 58);
    m_space->setColumnWidth(kTo, 58);
    m_space->setColumnWidth(kRemove, 24);
    m_space->setShowGrid(false);
    m_space->setSelectionMode(QAbstractItemView::NoSelection);
    m_space->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_space->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_space->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_space, &QTableWidget::cellChanged, this, &SearchPanel::cellEdited);
    m_space->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_space, &QTableWidget::customContextMenuRequested, this, &SearchPanel::showSpaceMenu);
    column->addWidget(m_space);

    m_add = choice(body, "searchAdd", tr("Searches one more setting"));
    connect(m_add, &QComboBox::activated, this, [this](int index) {
        if (index > 0) addField(m_add->itemData(index).toString().toStdString());
    });
    column->addWidget(m_add);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(6);
    m_objective =
        choice(body, "searchObjective", tr("Objective: the figure that trials are compared by, measured on held-out images"));
    m_second =
        choice(body, "searchSecond", tr("Second objective: the search then finds a Pareto front instead of a single best trial"));
    m_epochs = spinBox(body, "searchEpochs", 1, 10'000, 10, tr("Of each trial"));
    m_folds = spinBox(body, "searchFolds", 0, 1000, 0,
                      tr("Score trials by cross-validation with this many folds (0: a held-out fraction)"));
    m_folds->setSpecialValueText(tr("none, a share"));
    m_sampler = choice(body, "searchSampler", tr("Sampler: how the parameters of the next trial are chosen"));
    m_sampler->addItems(
        {QStringLiteral("tpe"), QStringLiteral("multivariate-tpe"), QStringLiteral("random"), QStringLiteral("grid")});
    m_pruner = choice(body, "searchPruner", tr("Pruner: how unpromising trials are stopped early"));
    m_pruner->addItems(
        {QStringLiteral("median"), QStringLiteral("halving"), QStringLiteral("hyperband"), QStringLiteral("none")});
    m_trials = spinBox(body, "searchTrials", 0, kMostTrials, kUsualTrials,
                       tr("Total number of trials in the study, across all workers"));
    m_trials->setSpecialValueText(tr("no end"));
    m_minutes = spinBox(body, "searchMinutes", 0, kMostMinutes, 0, tr("Start no new trials after this many minutes"));
    m_minutes->setSpecialValueText(tr("no end"));
    m_workers = spinBox(body, "searchWorkers", 1, 256, std::max(1, QThread::idealThreadCount()),
                        tr("Number of trials trained in parallel; they share the cores"));
    m_study = new QLineEdit(body);
    m_study->setObjectName(QStringLiteral("searchStudy"));
    m_study->setToolTip(tr("Study name. If it exists, the search continues it"));
    m_storage = new QLineEdit(body);
    m_storage->setObjectName(QStringLiteral("searchStorage"));
    m_storage->setPlaceholderText(tr("beside the runs"));
    m_storage->setToolTip(
        tr("Where the study is stored: a journal file or redis://HOST/DB. Other machines and Optuna can join it"));
    form->addRow(tr("&Objective"), m_objective);
    form->addRow(tr("And"), m_second);
    form->addRow(tr("&Epochs"), m_epochs);
    form->addRow(tr("Folds"), m_folds);
    form->addRow(tr("&Sampler"), m_sampler);
    form->addRow(tr("&Pruner"), m_pruner);
    m_encoder = choice(body, "searchEncoder", tr("Initial weights of each trial's encoder"));
    m_encoderWords = new QLabel(tr("Encoder"), body);
    m_encoderWords->setBuddy(m_encoder);
    form->addRow(m_encoderWords, m_encoder);
    form->addRow(tr("&Trials"), m_trials);
    form->addRow(tr("&Minutes"), m_minutes);
    form->addRow(tr("&Workers"), m_workers);
    form->addRow(tr("Study"), m_study);
    form->addRow(tr("Storage"), m_storage);
    column->addLayout(form);
    for (QComboBox* box : {m_objective, m_second, m_sampler, m_pruner, m_encoder})
        connect(box, &QComboBox::activated, this, &SearchPanel::check);
    for (QSpinBox* box : {m_epochs, m_folds, m_trials, m_minutes, m_workers})
        connect(box, &QSpinBox::valueChanged, this, &SearchPanel::check);
    for (QLineEdit* line : {m_study, m_storage}) connect(line, &QLineEdit::textChanged, this, &SearchPanel::check);
    column->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(body);

    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("searchError"));
    m_error->setWordWrap(true);
    m_error->setProperty("danger", true);
    m_error->hide();
    m_start = new QPushButton(tr("Start search"), this);
    m_start->setObjectName(QStringLiteral("searchStart"));
    m_start->setProperty("primary", true);
    m_stop = new QPushButton(tr("Stop"), this);
    m_stop->setObjectName(QStringLiteral("searchStop"));
    m_stop->setToolTip(tr("Stop now. Running trials are retried when the study is resumed"));
    auto* open = new QPushButton(tr("Open study"), this);
    open->setObjectName(QStringLiteral("searchOpen"));
    open->setToolTip(tr("Open a study from a journal file, Optuna's too, and follow it live"));
    auto* copy = new QPushButton(tr("Copy as command"), this);
    copy->setObjectName(QStringLiteral("searchCopy"));
    copy->setToolTip(tr("Copy the “latentoscope search …” command that does the same, here or on another machine"));
    connect(m_start, &QPushButton::clicked, this, &SearchPanel::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &SearchPanel::stopRequested);
    auto* ways = new QMenu(open);
    ways->addAction(tr("From a journal file…"), this, &SearchPanel::openRequested);
    ways->addAction(tr("From a Redis server…"), this, &SearchPanel::openServerRequested);
    open->setMenu(ways);
    connect(copy, &QPushButton::clicked, this, &SearchPanel::commandRequested);
    auto* buttons = new QGridLayout;
    buttons->setContentsMargins(12, 4, 12, 10);
    buttons->setSpacing(6);
    buttons->addWidget(m_error, 0, 0, 1, 2);
    buttons->addWidget(m_start, 1, 0);
    buttons->addWidget(m_stop, 1, 1);
    buttons->addWidget(open, 2, 0);
    buttons->addWidget(copy, 2, 1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    all->addLayout(buttons);
}

void SearchPanel::setPlan(const SearchPlan& plan)
{
    m_plan = plan;
    {
        const QSignalBlocker epochs(m_epochs), folds(m_folds), study(m_study);
        m_epochs->setValue(plan.configuration.training.epochs);
        m_folds->setValue(plan.folds);
        m_sampler->setCurrentText(QString::fromStdString(samplerName(plan)));
        m_pruner->setCurrentText(QLatin1String(prunerName(plan.pruner)));
        m_study->setText(QString::fromStdString(plan.name));
        const int known = m_preset->findText(QString::fromStdString(plan.name));
        if (known >= 0) m_preset->setCurrentIndex(known);
    }
    m_objective->clear(); // the plan's are wanted, not what was chosen before
    m_second->clear();
    fillSpace();
    fillObjectives();
    fillEncoders();
    check();
}

void SearchPanel::offerEncoder(const std::filesystem::path& run)
{
    if (run == m_offered) return;
    m_offered = run;
    fillEncoders();
}

void SearchPanel::fillEncoders()
{
    const QString before = m_encoder->currentData().toString();
    const QString planned = QString::fromStdString(m_plan.encoder);
    m_encoder->clear();
    m_encoder->addItem(tr("from scratch"), QString());
    for (const QString& run : {planned, QString::fromStdString(m_offered.string())}) {
        if (run.isEmpty() || m_encoder->findData(run) >= 0) continue;
        m_encoder->addItem(tr("of %1").arg(QString::fromStdString(std::filesystem::path(run.toStdString()).filename().string())),
                           run);
        m_encoder->setItemData(m_encoder->count() - 1, run, Qt::ToolTipRole);
    }
    m_encoder->setCurrentIndex(std::max(0, m_encoder->findData(planned.isEmpty() ? before : planned)));
    const bool classifies = kindOf(m_plan.configuration.model).classifies;
    m_encoder->setVisible(classifies);
    m_encoderWords->setVisible(classifies);
}

void SearchPanel::setShape(std::optional<ImageShape> shape)
{
    m_shape = shape;
    fillObjectives();
    check();
}

void SearchPanel::setStudyName(const QString& name) { m_study->setText(name); }

void SearchPanel::setStorage(const QString& storage) { m_storage->setText(storage); }

void SearchPanel::fillObjectives()
{
    const QString first = m_objective->currentText(), second = m_second->currentData().toString();
    m_objective->clear();
    m_second->clear();
    m_second->addItem(tr("nothing else"), QString());
    for (const Objective& one : objectivesOf(m_plan.configuration, m_shape.value_or(ImageShape{28, 28, 1}))) {
        const QString name = QString::fromStdString(shortName(one.name));
        const QString arrow = one.direction == Direction::Minimize ? QStringLiteral(" ↓") : QStringLiteral(" ↑");
        m_objective->addItem(name + arrow, QString::fromStdString(one.name));
        m_second->addItem(name + arrow, QString::fromStdString(one.name));
    }
    const std::string planned = m_plan.objectives.empty() ? std::string() : m_plan.objectives.front().name;
    const int known = !first.isEmpty() ? m_objective->findText(first) : m_objective->findData(QString::fromStdString(planned));
    m_objective->setCurrentIndex(std::max(0, known));
    const QString other =
        !first.isEmpty() || m_plan.objectives.size() < 2 ? second : QString::fromStdString(m_plan.objectives[1].name);
    m_second->setCurrentIndex(std::max(0, m_second->findData(other)));
}

std::string SearchPanel::chosenObjective(const QComboBox& box) const { return box.currentData().toString().toStdString(); }

SearchRequest SearchPanel::request() const
{
    SearchRequest request;
    request.plan = m_plan;
    for (int row = 0; row < m_space->rowCount(); ++row) {
        const std::string path = m_space->item(row, kName)->data(Qt::UserRole).toString().toStdString();
        request.plan.space = withDistribution(request.plan.space, path, edited(path, m_plan.space.parameters.at(path), row));
    }
    request.plan.configuration.training.epochs = m_epochs->value();
    request.plan.folds = m_folds->value();
    request.plan.objectives = {{chosenObjective(*m_objective), {}}};
    if (const std::string second = chosenObjective(*m_second); !second.empty()) request.plan.objectives.push_back({second, {}});
    setSampler(request.plan, m_sampler->currentText().toStdString(), 5);
    request.plan.pruner = prunerOf(m_pruner->currentText().toStdString());
    const bool classifies = kindOf(m_plan.configuration.model).classifies;
    request.plan.encoder = classifies ? m_encoder->currentData().toString().toStdString() : std::string();
    if (request.plan.encoder != m_plan.encoder) request.plan.encoderDigest.clear();
    request.study = m_study->text().trimmed().toStdString();
    request.plan.name = request.study;
    request.storage = m_storage->text().trimmed().toStdString();
    request.trials = m_trials->value();
    request.minutes = m_minutes->value();
    request.workers = m_workers->value();
    if (request.study.empty()) throw Error(Error::Kind::InvalidArgument, tr("Study: found no name, expected one").toStdString());
    if (request.trials == 0 && request.minutes == 0 && request.plan.grid == 0)
        throw Error(Error::Kind::InvalidArgument,
                    tr("Trials: found no end, expected a number of trials or minutes").toStdString());
    request.plan = completed(request.plan, m_shape.value_or(ImageShape{28, 28, 1}));
    return request;
}

QString SearchPanel::error() const
{
    try {
        request();
    } catch (const std::exception& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void SearchPanel::check()
{
    const QString wrong = error();
    m_error->setText(wrong);
    m_error->setVisible(!wrong.isEmpty());
    m_start->setEnabled(wrong.isEmpty() && m_busy.isEmpty() && !m_running && m_shape.has_value());
    m_start->setToolTip(!m_busy.isEmpty() ? m_busy
                        : !m_shape        ? tr("Not available yet: there is no data set")
                                          : tr("Train trials until the budget is used up"));
    m_stop->setEnabled(m_running);
}

void SearchPanel::setRunning(bool running, bool stopping)
{
    // The button that was pressed is about to be disabled: the focus goes to what can be pressed next.
    const bool focused = m_start->hasFocus() || m_stop->hasFocus();
    const bool changed = running != m_running;
    m_running = running;
    m_stop->setText(stopping ? tr("Stopping…") : tr("Stop"));
    check();
    m_stop->setEnabled(running && !stopping);
    if (focused && changed) (running ? m_stop : m_start)->setFocus();
}

void SearchPanel::setBusyWords(const QString& words)
{
    m_busy = words;
    check();
}

} // namespace latentoscope::ui
