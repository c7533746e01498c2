#include "ui/settings/CrossValidateDialog.h"

#include "ui/common/NumberBox.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace latentoscope::ui {
namespace {

constexpr int kMostFolds = 1000;
constexpr int kWidth = 440;
constexpr int kMargin = 16;
const QString kOfRun = QStringLiteral("/"); ///< no preset is called so

QString textOf(const std::filesystem::path& run) { return QString::fromStdString(run.filename().string()); }

} // namespace

CrossValidateDialog::CrossValidateDialog(const Encoders& encoders, const FoldsRequest& last, QWidget* parent)
    : QDialog(parent), m_encoders(encoders)
{
    setObjectName(QStringLiteral("crossValidateDialog"));
    setWindowTitle(tr("Cross-validate"));
    auto* what = new QLabel(
        tr("Trains the current settings once per fold, on all other images, and evaluates each network on its fold."), this);
    what->setWordWrap(true);
    what->setMinimumHeight(2 * what->fontMetrics().lineSpacing());
    m_folds = new CountBox(this);
    m_folds->setObjectName(QStringLiteral("foldsCount"));
    m_folds->setRange(2, kMostFolds);
    m_folds->setValue(last.folds);
    m_folds->setToolTip(tr("Number of stratified folds"));
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
    copy->setToolTip(tr("Copy the “latentoscope cross-validate …” command that does the same"));
    copy->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(copy, &QPushButton::clicked, this, &CrossValidateDialog::copyRequested);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(m_words);
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(kWidth);
    m_words->setVisible(m_encoders.asked);
    if (m_encoders.asked) {
        explain();
        reserveHeight();
    }
    m_folds->selectAll();
    m_folds->setFocus();
}

void CrossValidateDialog::addEncoders(const FoldsRequest& last)
{
    m_encoder = new QComboBox(this);
    m_encoder->setObjectName(QStringLiteral("foldsEncoder"));
    m_encoder->setToolTip(tr("Initial weights of each fold's encoder"));
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

QString CrossValidateDialog::wordsOf(const QString& encoder)
{
    if (encoder.isEmpty()) return tr("Each fold's network begins with weights drawn by the seed.");
    if (encoder == kOfRun) return tr("This encoder has seen the images that the folds hold out, without their labels.");
    return tr("In each fold the encoder is trained first, by that preset, on the fold's training images without their labels: "
              "nothing has seen what is held out. The classifier takes over its sizes.");
}

void CrossValidateDialog::explain() { m_words->setText(wordsOf(m_encoder->currentData().toString())); }

/// A label that breaks its lines does not tell a dialog how high it will be: without this the rows above it are squeezed.
void CrossValidateDialog::reserveHeight()
{
    const int width = kWidth - 2 * kMargin;
    int height = 0;
    for (int i = 0; i < m_encoder->count(); ++i) {
        const QRect words = m_words->fontMetrics().boundingRect(QRect(0, 0, width, 1000), Qt::TextWordWrap,
                                                                wordsOf(m_encoder->itemData(i).toString()));
        height = std::max(height, words.height());
    }
    m_words->setMinimumHeight(height);
    m_words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
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
