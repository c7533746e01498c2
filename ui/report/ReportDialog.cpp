#include "ui/report/ReportDialog.h"

#include "ui/common/NumberBox.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QRegularExpressionValidator>
#include <QVBoxLayout>

#include <system_error>

namespace latentoscope::ui {
namespace {

constexpr int kMostFolds = 1000;
constexpr int kUsualFolds = 10;
constexpr int kQuickFolds = 2;
constexpr int kWidth = 520;
constexpr int kMostTrials = 10'000;
constexpr int kUsualTrials = 50;
enum SearchOfReport { NoSearch, SearchFirst, ShownStudy };
constexpr int kMargin = 16;

} // namespace

ReportDialog::ReportDialog(const ReportRequest& last, QWidget* parent) : QDialog(parent), m_last(last)
{
    setObjectName(QStringLiteral("reportDialog"));
    setWindowTitle(tr("Report"));
    auto* what = new QLabel(tr("Trains the reference report's auto-encoders, variational auto-encoder and classifier, and writes "
                               "every table and figure beside the report's own: report.html, report.pdf and report.tex."),
                            this);
    what->setWordWrap(true);
    what->setMinimumHeight(3 * what->fontMetrics().lineSpacing());
    m_folder = new QLineEdit(QString::fromStdString(last.folder.string()), this);
    m_folder->setObjectName(QStringLiteral("reportFolder"));
    m_folder->setToolTip(tr("Choose an empty or new folder, or one with an unfinished report"));
    auto* browse = new QPushButton(tr("&Browse…"), this);
    browse->setAutoDefault(false);
    auto* folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(browse);
    m_crossValidation = new QCheckBox(tr("&Cross-validation: means and deviations of Table V (the longest part)"), this);
    m_latentSpaces = new QCheckBox(tr("&Latent spaces by t-SNE (Figure 3)"), this);
    m_samples = new QCheckBox(tr("&Samples of each class, and what the classifier takes them for"), this);
    m_quick = new QCheckBox(tr("&Quick: one epoch each, only to see that everything works"), this);
    m_crossValidation->setObjectName(QStringLiteral("reportCrossValidation"));
    m_latentSpaces->setObjectName(QStringLiteral("reportLatentSpaces"));
    m_samples->setObjectName(QStringLiteral("reportSamples"));
    m_quick->setObjectName(QStringLiteral("reportQuick"));
    m_crossValidation->setChecked(last.crossValidation);
    m_latentSpaces->setChecked(last.latentSpaces);
    m_samples->setChecked(last.samples);
    m_quick->setChecked(last.quick);
    m_folds = new CountBox(this);
    m_folds->setObjectName(QStringLiteral("reportFolds"));
    m_folds->setRange(2, kMostFolds);
    m_folds->setValue(last.folds);
    m_folds->setToolTip(tr("Number of folds of each cross-validation; the report uses 10"));
    m_search = new QComboBox(this);
    m_search->setObjectName(QStringLiteral("reportSearch"));
    m_search->setToolTip(tr("Study whose best auto-encoder is trained as well and shown with its search history"));
    m_search->addItem(tr("None: use the report's network"), NoSearch);
    m_search->addItem(tr("Search first"), SearchFirst);
    if (!last.study.empty()) m_search->addItem(tr("The study %1").arg(QString::fromStdString(last.study)), ShownStudy);
    m_trials = new CountBox(this);
    m_trials->setObjectName(QStringLiteral("reportTrials"));
    m_trials->setRange(1, kMostTrials);
    m_trials->setValue(last.trials > 0 ? last.trials : kUsualTrials);
    m_trials->setSuffix(tr(" trials"));
    m_search->setCurrentIndex(last.trials > 0 ? 1 : 0);
    m_trials->setEnabled(m_search->currentIndex() == 1);
    connect(m_search, &QComboBox::currentIndexChanged, this,
            [this] { m_trials->setEnabled(m_search->currentData().toInt() == SearchFirst); });
    auto* searchRow = new QHBoxLayout;
    searchRow->addWidget(m_search, 1);
    searchRow->addWidget(m_trials);
    m_paper = new QComboBox(this);
    m_paper->setObjectName(QStringLiteral("reportPaper"));
    m_paper->addItems({QStringLiteral("A4"), tr("Letter")});
    m_paper->setCurrentIndex(last.letter ? 1 : 0);
    m_paper->setToolTip(tr("Paper size of report.pdf and report.tex"));
    m_seed = new QLineEdit(QString::number(last.seed), this);
    m_seed->setObjectName(QStringLiteral("reportSeed"));
    m_seed->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,9}")), m_seed));
    m_seed->setToolTip(tr("Seed of weights, batch order, folds and samples: the same seed gives the same report"));
    auto* form = new QFormLayout;
    auto* folderWords = new QLabel(tr("&Folder"), this);
    folderWords->setBuddy(m_folder); // a row that is a layout has none
    form->addRow(folderWords, folderRow);
    form->addRow(tr("Parts"), m_crossValidation);
    form->addRow(QString(), m_latentSpaces);
    form->addRow(QString(), m_samples);
    form->addRow(QString(), m_quick);
    auto* searchWords = new QLabel(tr("Sear&ch"), this);
    searchWords->setBuddy(m_search);
    form->addRow(searchWords, searchRow);
    form->addRow(tr("F&olds"), m_folds);
    form->addRow(tr("S&eed"), m_seed);
    form->addRow(tr("&Paper"), m_paper);
    m_words = new QLabel(this);
    m_words->setObjectName(QStringLiteral("reportWords"));
    m_words->setWordWrap(true);
    m_words->setProperty("secondary", true);
    m_words->setMinimumHeight(2 * m_words->fontMetrics().lineSpacing());
    m_words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_make = buttons->button(QDialogButtonBox::Ok);
    m_make->setText(tr("Make the &report"));
    m_make->setDefault(true);
    auto* copy = buttons->addButton(tr("Copy as co&mmand"), QDialogButtonBox::ActionRole);
    copy->setToolTip(tr("Copy the “latentoscope report …” command that does the same"));
    copy->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(copy, &QPushButton::clicked, this, &ReportDialog::copyRequested);
    connect(browse, &QPushButton::clicked, this, &ReportDialog::chooseFolder);
    connect(m_folder, &QLineEdit::textChanged, this, &ReportDialog::explain);
    connect(m_seed, &QLineEdit::textChanged, this, &ReportDialog::explain);
    connect(m_crossValidation, &QCheckBox::toggled, m_folds, &QWidget::setEnabled);
    connect(m_quick, &QCheckBox::toggled, this, [this](bool quick) {
        // The usual number of the one becomes that of the other; a number of one's own stays.
        if (m_folds->value() == (quick ? kUsualFolds : kQuickFolds)) m_folds->setValue(quick ? kQuickFolds : kUsualFolds);
    });
    m_folds->setEnabled(last.crossValidation);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(m_words);
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(kWidth);
    explain();
}

void ReportDialog::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of the report"), m_folder->text());
    if (!folder.isEmpty()) m_folder->setText(folder);
}

void ReportDialog::explain()
{
    const std::filesystem::path folder = request().folder;
    std::error_code ignored;
    const bool empty = folder.empty();
    const bool other = !empty && std::filesystem::exists(folder, ignored) &&
                       (!std::filesystem::is_directory(folder, ignored) || !std::filesystem::is_empty(folder, ignored)) &&
                       !std::filesystem::exists(folder / "report.json", ignored);
    if (empty)
        m_words->setText(tr("Choose a folder for the report."));
    else if (other)
        m_words->setText(tr("This folder holds other files: choose an empty or a new one."));
    else if (std::filesystem::exists(folder / "report.json", ignored))
        m_words->setText(tr("This folder holds a report. With the same settings it is continued, and finished parts are kept."));
    else
        m_words->setText(tr("A new report is made. You can stop it at any time and continue it later."));
    m_make->setEnabled(!empty && !other && m_seed->hasAcceptableInput());
}

ReportRequest ReportDialog::request() const
{
    ReportRequest request = m_last;
    request.folder = m_folder->text().trimmed().toStdString();
    request.quick = m_quick->isChecked();
    request.crossValidation = m_crossValidation->isChecked();
    request.latentSpaces = m_latentSpaces->isChecked();
    request.samples = m_samples->isChecked();
    request.folds = m_folds->value();
    request.seed = m_seed->text().toULongLong();
    request.letter = m_paper->currentIndex() == 1;
    const int search = m_search->currentData().toInt();
    request.trials = search == SearchFirst ? m_trials->value() : 0;
    if (search != ShownStudy) request.study = request.storage = std::string();
    return request;
}

} // namespace latentoscope::ui
