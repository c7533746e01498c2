#include "ui/settings/ControlPanel.h"

#include "core/base/Error.h"
#include "core/base/Text.h"
#include "core/config/Fields.h"
#include "core/config/SuitedPreset.h"
#include "core/config/Validation.h"
#include "core/data/DataSet.h"
#include "core/data/ImageShape.h"
#include "core/kinds/Kind.h"
#include "ui/common/NumberBox.h"
#include "ui/common/Words.h"
#include "ui/settings/FieldEditor.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QStandardPaths>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kEditorWidth = 128;
constexpr int kMostRecentFolders = 6;
constexpr auto kChooseFolder = "folder";
constexpr auto kChooseFile = "file";

QString folderWords(const std::filesystem::path& folder)
{
    if (folder.empty()) return QStringLiteral("Fashion-MNIST");
    const QString name = QString::fromStdString(folder.filename().string());
    return name.isEmpty() ? QString::fromStdString(folder.string()) : name;
}

QString sectionOf(const Field& field) { return QString::fromStdString(field.path.substr(0, field.path.find('.'))); }

bool sectionDiffers(const Configuration& a, const Configuration& b, const QString& section)
{
    return std::any_of(fields().begin(), fields().end(), [&](const Field& field) {
        return sectionOf(field) == section && fieldText(a, field.path) != fieldText(b, field.path);
    });
}

} // namespace

ControlPanel::ControlPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("controlPanel"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setAccessibleName(tr("Settings"));
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(16);
    column->addWidget(buildSection(QStringLiteral("data"), tr("Data")));
    column->addWidget(buildSection(QStringLiteral("model"), tr("Model")));
    column->addWidget(buildSection(QStringLiteral("training"), tr("Training")));
    column->addWidget(buildCompute());
    column->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("controlScroll"));
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumWidth(content->minimumSizeHint().width() + 12);

    m_copy = new QPushButton(tr("Copy as command"), this);
    m_copy->setObjectName(QStringLiteral("copyCommand"));
    m_copy->setToolTip(tr("Copy the “latentoscope train …” command that does the same without a window"));
    connect(m_copy, &QPushButton::clicked, this, &ControlPanel::commandRequested);
    m_resetAll = new QToolButton(this);
    m_resetAll->setObjectName(QStringLiteral("resetAll"));
    m_resetAll->setText(tr("Reset all"));
    m_resetAll->setAutoRaise(true);
    m_resetAll->setToolTip(tr("Reset all settings to the preset or file"));
    connect(m_resetAll, &QToolButton::clicked, this, &ControlPanel::resetAll);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(12, 8, 12, 8);
    buttons->addWidget(m_copy, 1);
    buttons->addWidget(m_resetAll);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    all->addLayout(buttons);

    for (const QVariant& folder : QSettings().value(QStringLiteral("data/recent")).toList())
        m_recentFolders.emplace_back(folder.toString().toStdString());
    const auto first =
        std::find_if(presets().begin(), presets().end(), [this](const Preset& preset) { return preset.name == m_firstPreset; });
    const Preset& preset = first == presets().end() ? presets().front() : *first;
    setConfiguration({preset.name, {}, preset.configuration}, preset.configuration);
    fillDataBox();
}

QWidget* ControlPanel::buildSection(const QString& section, const QString& title)
{
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* heading = new QLabel(title);
    heading->setProperty("heading", true);
    auto* reset = new QToolButton;
    reset->setObjectName(QStringLiteral("reset:") + section);
    reset->setText(QStringLiteral("reset"));
    reset->setAccessibleName(tr("Reset ") + title);
    reset->setToolTip(tr("Reset these settings to the preset or file"));
    reset->setAutoRaise(true);
    connect(reset, &QToolButton::clicked, this, [this, section] { resetSection(section); });
    m_resets[section] = reset;
    auto* line = new QHBoxLayout;
    line->addWidget(heading);
    line->addStretch(1);
    if (section == QStringLiteral("model")) {
        m_parameters = new QLabel;
        m_parameters->setObjectName(QStringLiteral("parameterCount"));
        m_parameters->setProperty("secondary", true);
        line->addWidget(m_parameters);
    }
    line->addWidget(reset);
    reset->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    QSizePolicy kept = reset->sizePolicy();
    kept.setRetainSizeWhenHidden(false);
    reset->setSizePolicy(kept);
    line->setContentsMargins(0, 0, 0, 0);
    auto* head = new QWidget;
    head->setLayout(line);
    head->setMinimumHeight(28);
    column->addWidget(head);
    if (section == QStringLiteral("model")) { // a line of its own: a run's name can be long
        m_originWords = new QLabel;
        m_originWords->setObjectName(QStringLiteral("modelOrigin"));
        m_originWords->setProperty("secondary", true);
        m_originWords->setWordWrap(true);
        m_originWords->setTextFormat(Qt::PlainText);
        m_originWords->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Minimum);
        m_originWords->hide();
        column->addWidget(m_originWords);
    }
    if (section == QStringLiteral("data")) column->addWidget(buildDataRow());
    for (const Field& field : fields()) {
        if (sectionOf(field) != section) continue;
        auto* editor = new FieldEditor(field);
        m_editors[field.path] = editor;
        connect(editor, &FieldEditor::edited, this, &ControlPanel::editorsChanged);
        column->addWidget(editor);
    }
    return widget;
}

QWidget* ControlPanel::labelled(const QString& words, QWidget* editor, const QString& help)
{
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* label = new QLabel(words);
    label->setBuddy(editor);
    label->setToolTip(help);
    editor->setToolTip(help);
    editor->setAccessibleName(words);
    editor->setFixedWidth(kEditorWidth);
    line->addWidget(label, 1);
    line->addWidget(editor);
    return row;
}

QWidget* ControlPanel::buildDataRow()
{
    m_data = new QComboBox;
    m_data->setObjectName(QStringLiteral("dataSet"));
    connect(m_data, &QComboBox::activated, this, &ControlPanel::dataBoxActivated);
    return labelled(
        tr("Data set"), m_data,
        tr("A folder of pictures with a sub-folder for each class, an archive of one, .npz, .npy, .csv, or the folder "
           "of an MNIST-like, CIFAR or STL-10 data set"));
}

QWidget* ControlPanel::buildCompute()
{
    m_device = new QComboBox;
    m_device->setObjectName(QStringLiteral("device"));
    m_device->addItems({QStringLiteral("auto"), QStringLiteral("cpu"), QStringLiteral("cuda")});
    m_threads = new CountBox;
    m_threads->setObjectName(QStringLiteral("threads"));
    m_threads->setRange(0, 1024);
    m_threads->setSpecialValueText(tr("all cores"));
    m_threads->setButtonSymbols(QAbstractSpinBox::NoButtons);
    connect(m_device, &QComboBox::activated, this, &ControlPanel::changed);
    connect(m_threads, &QSpinBox::valueChanged, this, &ControlPanel::changed);
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* heading = new QLabel(tr("Computing"));
    heading->setProperty("heading", true);
    heading->setMinimumHeight(28);
    column->addWidget(heading);
    column->addWidget(labelled(tr("Device"), m_device, tr("auto uses a CUDA device if there is one")));
    column->addWidget(labelled(tr("Threads"), m_threads, tr("Number of worker threads; the result does not depend on it")));
    return widget;
}

void ControlPanel::fillDataBox()
{
    m_data->clear();
    m_data->addItem(QStringLiteral("Fashion-MNIST"), QString());
    for (const std::filesystem::path& folder : m_recentFolders) {
        m_data->addItem(folderWords(folder), QString::fromStdString(folder.string()));
        m_data->setItemData(m_data->count() - 1, QString::fromStdString(folder.string()), Qt::ToolTipRole);
    }
    const bool listed = m_dataFolder.empty() || m_data->findData(QString::fromStdString(m_dataFolder.string())) >= 0;
    if (!listed) m_data->addItem(folderWords(m_dataFolder), QString::fromStdString(m_dataFolder.string()));
    m_data->insertSeparator(m_data->count());
    m_data->addItem(tr("Choose a folder…"), QString::fromLatin1(kChooseFolder));
    m_data->addItem(tr("Choose a file…"), QString::fromLatin1(kChooseFile));
    m_data->setCurrentIndex(std::max(0, m_data->findData(QString::fromStdString(m_dataFolder.string()))));
}

void ControlPanel::dataBoxActivated(int index)
{
    QString chosen = m_data->itemData(index).toString();
    if (chosen == QString::fromLatin1(kChooseFolder)) {
        fillDataBox(); // back to what is chosen, in case the person cancels
        return chooseDataFolder();
    }
    if (chosen == QString::fromLatin1(kChooseFile)) {
        fillDataBox();
        return chooseDataFile();
    }
    Q_EMIT dataFolderChosen(chosen.toStdString());
}

void ControlPanel::chooseDataFolder()
{
    const QString chosen = QFileDialog::getExistingDirectory(this, tr("Folder of pictures, or of a data set"),
                                                             QString::fromStdString(m_dataFolder.string()));
    if (!chosen.isEmpty()) Q_EMIT dataFolderChosen(chosen.toStdString());
}

void ControlPanel::chooseDataFile()
{
    const QString chosen = QFileDialog::getOpenFileName(
        this, tr("File of a data set"), QString::fromStdString(m_dataFolder.string()),
        tr("Data (*.npz *.npy *.csv *.csv.gz *.zip *.tar *.tar.gz *.tgz *.tar.xz *.tar.bz2 *.tar.zst);;All files (*)"));
    if (!chosen.isEmpty()) Q_EMIT dataFolderChosen(chosen.toStdString());
}

void ControlPanel::setDataFolder(const std::filesystem::path& folder)
{
    m_dataFolder = folder;
    fillDataBox();
}

void ControlPanel::setDataSet(std::shared_ptr<const DataSet> dataSet)
{
    m_dataSet = std::move(dataSet);
    if (m_dataSet && !m_dataFolder.empty()) rememberFolder();
    beginWithData();
    followData();
    check();
    Q_EMIT changed();
}

/// The preset to begin with gives way to the one that suits the data, as long as nothing of it has been changed.
void ControlPanel::beginWithData()
{
    const std::string& begun = m_base.preset.empty() ? m_base.name : m_base.preset;
    if (!m_dataSet || begun != m_firstPreset || !m_base.file.empty() || isChanged()) return;
    const std::string preset = firstPreset(*m_dataSet);
    if (preset == m_firstPreset) return;
    m_firstPreset = preset;
    const DataOptions read = m_configuration.data;
    Configuration configuration = presetOrFile(preset);
    configuration.data.readAs(read); // what is loaded
    m_base = {preset, {}, configuration, {}};
    m_configuration = configuration;
    for (const auto& [path, editor] : m_editors) editor->setValue(configuration);
}

/// What a preset leaves to the data is as suits these, unless a person wants it otherwise.
void ControlPanel::followData()
{
    const std::string& preset = m_base.preset.empty() ? m_base.name : m_base.preset;
    const bool isPreset = m_base.file.empty() &&
                          std::any_of(presets().begin(), presets().end(), [&](const Preset& one) { return one.name == preset; });
    if (!m_dataSet || !isPreset) return;
    Configuration suited = suitedPreset(preset, *m_dataSet);
    if (kindOf(m_configuration.model).classifies) suited.model.classes = classesFor(*m_dataSet); // whatever the preset's kind
    const Configuration own = presetOrFile(preset);
    for (const std::string& field : suitedFields()) {
        const std::string value = fieldText(suited, field), now = fieldText(m_base.configuration, field);
        if (fieldText(m_configuration, field) != now || value == now) continue;
        // A base may differ from its preset for other reasons, as one that has an encoder's sizes does.
        const auto before = m_followed.find(field);
        const bool followed = before != m_followed.end() && before->second == now;
        if (field != "model.classes" && value == fieldText(own, field) && !followed) continue;
        const double held = m_base.configuration.data.validationFraction;
        if (field == "data.validation_fraction" && !followed && held >= suited.data.validationFraction) continue;
        m_followed[field] = value;
        m_base.preset = preset; // with this value set, as a copied command says
        setFieldFromText(m_base.configuration, field, value);
        setFieldFromText(m_configuration, field, value);
        editor(field).setValue(m_configuration);
    }
}

void ControlPanel::rememberFolder()
{
    std::erase(m_recentFolders, m_dataFolder);
    m_recentFolders.insert(m_recentFolders.begin(), m_dataFolder);
    if (m_recentFolders.size() > kMostRecentFolders) m_recentFolders.resize(kMostRecentFolders);
    QVariantList list;
    for (const auto& recent : m_recentFolders) list << QString::fromStdString(recent.string());
    QSettings().setValue(QStringLiteral("data/recent"), list);
    fillDataBox();
}

void ControlPanel::setThreads(int threads) { m_threads->setValue(threads); }

void ControlPanel::setDevice(const std::string& device)
{
    const QString name = QString::fromStdString(device);
    if (m_device->findText(name) < 0) m_device->addItem(name);
    m_device->setCurrentText(name);
}

TrainingRequest ControlPanel::request() const
{
    return {m_base, m_configuration, m_dataFolder, m_threads->value(), m_device->currentText().toStdString()};
}

FieldEditor& ControlPanel::editor(const std::string& path) const { return *m_editors.at(path); }

void ControlPanel::setConfiguration(const ConfigurationBase& base, const Configuration& configuration)
{
    m_base = base;
    m_configuration = configuration;
    for (const auto& [path, editor] : m_editors) editor->setValue(configuration);
    followData();
    check();
    Q_EMIT changed();
}

bool ControlPanel::isChanged() const
{
    return std::any_of(fields().begin(), fields().end(), [this](const Field& field) {
        return fieldText(m_configuration, field.path) != fieldText(m_base.configuration, field.path);
    });
}

void ControlPanel::resetAll() { setConfiguration(m_base, m_base.configuration); }

void ControlPanel::resetSection(const QString& section)
{
    for (const auto& [path, editor] : m_editors) {
        if (sectionOf(editor->field()) != section) continue;
        setFieldFromText(m_configuration, path, fieldText(m_base.configuration, path));
        editor->setValue(m_configuration);
    }
    check();
    Q_EMIT changed();
}

void ControlPanel::editorsChanged()
{
    for (const auto& [path, editor] : m_editors) editor->applyTo(m_configuration);
    followData();
    check();
    Q_EMIT changed();
}

void ControlPanel::check()
{
    m_error.clear();
    for (const auto& [path, editor] : m_editors) {
        editor->setOuterError({});
        editor->setEnabled(applies(editor->field(), m_configuration));
        if (!editor->error().isEmpty() && m_error.isEmpty())
            m_error = QString::fromStdString(editor->field().label) + QStringLiteral(": ") + editor->error();
    }
    const ImageShape shape = m_dataSet ? m_dataSet->train.shape : ImageShape{};
    try {
        m_count.reset(); // that of other settings than those that stand there would mislead
        if (m_error.isEmpty()) {
            validate(m_configuration, shape);
            m_count = static_cast<std::int64_t>(parameterCount(parameterLayout(m_configuration.model, shape)));
        }
        showCount();
    } catch (const Error& error) {
        m_count.reset();
        showCount();
        const QString sentence = QString::fromUtf8(error.what());
        const std::string path = sentence.section(QLatin1Char(':'), 0, 0).toStdString();
        const auto found = m_editors.find(path);
        if (found != m_editors.end()) found->second->setOuterError(sentenceOfField(sentence, path));
        if (m_error.isEmpty()) m_error = sentence;
    }
    updateResetButtons();
}

void ControlPanel::showCount()
{
    m_parameters->setText(m_count ? tr("%1 parameters").arg(groupedWords(*m_count)) : QString());
    m_originWords->setText(m_origin);
    m_originWords->setVisible(!m_origin.isEmpty());
}

void ControlPanel::setOrigin(const QString& words)
{
    m_origin = words;
    showCount();
}

void ControlPanel::updateResetButtons()
{
    for (const auto& [section, button] : m_resets) {
        const bool wrong = std::any_of(m_editors.begin(), m_editors.end(), [&, name = section](const auto& entry) {
            return sectionOf(entry.second->field()) == name && !entry.second->error().isEmpty();
        });
        button->setVisible(wrong || sectionDiffers(m_configuration, m_base.configuration, section));
    }
    m_resetAll->setEnabled(isChanged() || !m_error.isEmpty());
    m_copy->setEnabled(m_error.isEmpty());
}

} // namespace latentoscope::ui
