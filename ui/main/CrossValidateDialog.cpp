#include "ui/main/CrossValidateDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kMostFolds = 1000;
constexpr int kWidth = 420;
const QString kOfRun = QStringLiteral("/"); ///< no preset is called so

QString textOf(const std::filesystem::path& run) { return QString::fromStdString(run.filename().string()); }

} // namespace

CrossValidateDialog::CrossValidateDialog(const Encoders& encoders, const FoldsRequest& last, QWidget* parent)
    : QDialog(parent), m_encoders(encoders)
{
    setObjectName(QStringLiteral("crossValidateDialog"));
    setWindowTitle(tr("Cross-validate"));
    auto* what = new QLabel(
        tr("Trains the settings at the left once for each fold, on all images but the fold's, and measures it on those."), this);
    what->setWordWrap(true);
    m_folds = new QSpinBox(this);
    m_folds->setObjectName(QStringLiteral("foldsCount"));
    m_folds->setRange(2, kMostFolds);
    m_folds->setValue(last.folds);
    m_folds->setToolTip(tr("Parts that the training images are divided into, every class evenly"));
    auto* form = new QFormLayout;
    form->addRow(tr("&Folds"), m_folds);
    m_words = new QLabel(this);
    m_words->setObjectName(QStringLiteral("foldsWords"));
    m_words->setWordWrap(true);
    m_words->setProperty("secondary", true);
    if (m_encoders.asked) {
        addEncoders(last);
        form->addRow(tr("&Encoder"), m_encoder);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Cross-&validate"));
    auto* copy = buttons->addButton(tr("Copy as co&mmand"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("copyFoldsCommand"));
    copy->setToolTip(tr("Copies the “latentoscope cross-validate …” that does the same"));
    copy->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(copy, &QPushButton::clicked, this, &CrossValidateDialog::copyRequested);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(m_words);
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(kWidth);
    m_words->setVisible(m_encoders.asked);
    if (m_encoders.asked) explain();
    m_folds->selectAll();
    m_folds->setFocus();
}

void CrossValidateDialog::addEncoders(const FoldsRequest& last)
{
    m_encoder = new QComboBox(this);
    m_encoder->setObjectName(QStringLiteral("foldsEncoder"));
    m_encoder->setToolTip(tr("What the encoder of each fold's classifier begins with"));
    m_encoder->addItem(tr("From scratch"));
    if (!m_encoders.run.empty()) m_encoder->addItem(tr("That of %1").arg(textOf(m_encoders.run)), kOfRun);
    for (const std::string& preset : m_encoders.presets) {
        const QString name = QString::fromStdString(preset);
        m_encoder->addItem(tr("Trained in each fold as %1").arg(name), name);
    }
    const int before = m_encoder->findData(QString::fromStdString(last.pretraining));
    m_encoder->setCurrentIndex(!last.pretraining.empty() && before > 0 ? before : m_encoders.run.empty() ? 0 : 1);
    connect(m_encoder, &QComboBox::currentIndexChanged, this, &CrossValidateDialog::explain);
}

void CrossValidateDialog::explain()
{
    const QString chosen = m_encoder->currentData().toString();
    if (chosen.isEmpty())
        m_words->setText(tr("Each fold's network begins with weights drawn by the seed."));
    else if (chosen == kOfRun)
        m_words->setText(tr("This encoder has seen the images that the folds hold out, without their labels."));
    else
        m_words->setText(tr("In each fold the encoder is trained first, by that preset, on the fold's training images without "
                            "their labels: nothing has seen what is held out. The classifier takes over its sizes."));
}

FoldsRequest CrossValidateDialog::request() const
{
    FoldsRequest request;
    request.folds = m_folds->value();
    if (m_encoder == nullptr) return request;
    const QString chosen = m_encoder->currentData().toString();
    if (chosen == kOfRun)
        request.encoder = m_encoders.run;
    else
        request.pretraining = chosen.toStdString();
    return request;
}

} // namespace latentoscope::ui
