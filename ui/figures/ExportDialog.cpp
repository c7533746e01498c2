#include "ui/figures/ExportDialog.h"

#include "core/base/Error.h"
#include "core/figures/FigureCsv.h"
#include "ui/common/NumberBox.h"
#include "ui/common/Words.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QStyle>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace latentoscope::ui {
namespace {

constexpr double kUnitsPerMillimetre = 96 / 25.4;
constexpr int kPreviewDelayMs = 60;

QDoubleSpinBox* numberBox(const QString& name, const QString& words, QWidget* parent)
{
    auto* box = new NumberBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(words);
    box->setToolTip(words);
    box->setAlignment(Qt::AlignRight);
    return box;
}

} // namespace

ExportDialog::ExportDialog(FigureData figure, QString name, QWidget* parent)
    : QDialog(parent), m_figure(std::move(figure)), m_name(std::move(name))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export figure"));
    build();
    recall();
    resize(820, 480);
}

void ExportDialog::build()
{
    m_format = new QComboBox(this);
    m_format->setObjectName(QStringLiteral("exportFormat"));
    m_format->setAccessibleName(tr("Format"));
    m_format->setToolTip(tr("PDF and SVG stay sharp at any size; CSV holds the numbers"));
    m_format->addItems({tr("PNG · pixels"), tr("SVG · vectors"), tr("PDF · vectors, for print"), tr("CSV · the numbers drawn")});
    m_width = numberBox(QStringLiteral("exportWidth"), tr("Width"), this);
    m_height = numberBox(QStringLiteral("exportHeight"), tr("Height"), this);
    m_unitBox = new QComboBox(this);
    m_unitBox->setObjectName(QStringLiteral("exportUnit"));
    m_unitBox->setAccessibleName(tr("Unit of width and height"));
    m_unitBox->setToolTip(tr("A pixel is 1/96 inch here"));
    m_unitBox->addItems({QStringLiteral("mm"), QStringLiteral("px")});
    m_scale = numberBox(QStringLiteral("exportScale"), tr("Resolution factor: file pixels per layout pixel (3 for print)"), this);
    m_scale->setRange(0.5, 16);
    m_scale->setSingleStep(0.5);
    m_scale->setDecimals(2);
    m_scale->setSuffix(QStringLiteral(" ×"));
    m_result = new QLabel(this);
    m_result->setObjectName(QStringLiteral("exportResult"));
    m_result->setProperty("secondary", true);
    m_file = new QLineEdit(this);
    m_file->setObjectName(QStringLiteral("exportFile"));
    m_file->setAccessibleName(tr("File"));
    m_file->setToolTip(tr("File to write the figure to"));
    auto* browsing = new QPushButton(tr("Choose…"), this);
    browsing->setObjectName(QStringLiteral("exportBrowse"));
    browsing->setToolTip(tr("Choose folder and name"));
    browsing->setAutoDefault(false);
    m_message = new QLabel(this);
    m_message->setObjectName(QStringLiteral("exportMessage"));
    m_message->setProperty("danger", true);
    m_message->setWordWrap(true);
    m_preview = new QLabel(this);
    m_preview->setObjectName(QStringLiteral("exportPreview"));
    m_preview->setAccessibleName(tr("Preview"));
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setMinimumSize(360, 260);
    m_preview->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_export = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
    m_export->setObjectName(QStringLiteral("exportAccept"));
    m_export->setProperty("primary", true);
    m_export->style()->unpolish(m_export); // the button box has polished it already, without the property
    m_export->style()->polish(m_export);
    m_export->setDefault(true);
    m_previewTimer = new QTimer(this);
    m_previewTimer->setSingleShot(true);
    m_previewTimer->setInterval(kPreviewDelayMs);

    auto* size = new QHBoxLayout;
    size->setSpacing(6);
    size->addWidget(m_width, 1);
    size->addWidget(new QLabel(QStringLiteral("×"), this));
    size->addWidget(m_height, 1);
    size->addWidget(m_unitBox);
    auto* path = new QHBoxLayout;
    path->setSpacing(6);
    path->addWidget(m_file, 1);
    path->addWidget(browsing);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->addRow(tr("&Format"), m_format);
    auto* sizeName = new QLabel(tr("&Size"), this);
    sizeName->setBuddy(m_width);
    auto* fileName = new QLabel(tr("F&ile"), this);
    fileName->setBuddy(m_file);
    form->addRow(sizeName, size);
    form->addRow(tr("S&cale"), m_scale);
    form->addRow(QString(), m_result);
    form->addRow(fileName, path);
    form->addRow(m_message);
    auto* left = new QVBoxLayout;
    left->addLayout(form);
    left->addStretch(1);
    left->addWidget(buttons);
    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 16);
    all->setSpacing(16);
    all->addLayout(left, 2);
    all->addWidget(m_preview, 3);

    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::formatChosen);
    connect(m_unitBox, &QComboBox::currentIndexChanged, this, &ExportDialog::unitChosen);
    for (QDoubleSpinBox* box : {m_width, m_height, m_scale})
        connect(box, &QDoubleSpinBox::valueChanged, m_previewTimer, qOverload<>(&QTimer::start));
    connect(m_previewTimer, &QTimer::timeout, this, &ExportDialog::updatePreview);
    connect(browsing, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_file, &QLineEdit::textChanged, this, &ExportDialog::fileEdited);
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ExportDialog::reject);
}

ExportOptions ExportDialog::options() const
{
    ExportOptions options;
    options.format = static_cast<ExportOptions::Format>(m_format->currentIndex());
    options.unit = m_unit;
    options.size = QSizeF(m_width->value(), m_height->value());
    options.scale = m_scale->value();
    return options;
}

void ExportDialog::setOptions(const ExportOptions& options)
{
    m_unit = options.unit;
    m_unitBox->setCurrentIndex(options.unit == ExportOptions::Unit::Pixels ? 1 : 0);
    const QSizeF units = exportSize(m_figure, options);
    const bool pixels = m_unit == ExportOptions::Unit::Pixels;
    for (QDoubleSpinBox* box : {m_width, m_height}) {
        box->setDecimals(pixels ? 0 : 1);
        box->setRange(pixels ? 32 : 9, pixels ? 8000 : 2000);
    }
    const QSizeF shown = pixels ? units : units / kUnitsPerMillimetre;
    // A size is typed rather than stepped.
    for (QDoubleSpinBox* box : {m_width, m_height}) box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_width->setValue(shown.width());
    m_height->setValue(shown.height());
    m_scale->setValue(options.scale);
    m_format->setCurrentIndex(static_cast<int>(options.format));
    formatChosen();
}

std::filesystem::path ExportDialog::file() const { return m_file->text().toStdString(); }

void ExportDialog::setFile(const std::filesystem::path& file) { m_file->setText(QString::fromStdString(file.string())); }

void ExportDialog::setFileName(const QString& name)
{
    setFile(file().parent_path() / (name + QLatin1Char('.') + suffixOf(options().format)).toStdString());
}

QString ExportDialog::message() const { return m_message->text(); }

void ExportDialog::formatChosen()
{
    const auto format = static_cast<ExportOptions::Format>(m_format->currentIndex());
    const bool drawn = format != ExportOptions::Format::Csv;
    for (QWidget* widget : {static_cast<QWidget*>(m_width), static_cast<QWidget*>(m_height), static_cast<QWidget*>(m_unitBox)})
        widget->setEnabled(drawn);
    m_scale->setEnabled(format == ExportOptions::Format::Png);
    std::filesystem::path path = file();
    if (!path.empty()) setFile(path.replace_extension(suffixOf(format).toStdString()));
    m_previewTimer->start();
}

void ExportDialog::unitChosen()
{
    ExportOptions now = options();
    const auto wanted = m_unitBox->currentIndex() == 1 ? ExportOptions::Unit::Pixels : ExportOptions::Unit::Millimetres;
    if (wanted == m_unit) return;
    now.size = wanted == ExportOptions::Unit::Pixels ? now.size * kUnitsPerMillimetre : now.size / kUnitsPerMillimetre;
    now.unit = wanted;
    setOptions(now);
}

void ExportDialog::updatePreview()
{
    const ExportOptions now = options();
    if (now.format == ExportOptions::Format::Csv) {
        const QString text = QString::fromStdString(figureCsv(m_figure));
        m_result->setText(tr("%1 rows of numbers").arg(groupedWords(text.count(QLatin1Char('\n')) - 1)));
        QStringList lines = text.left(4000).split(QLatin1Char('\n')).mid(0, 14);
        for (QString& line : lines) line = line.left(48);
        m_preview->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        m_preview->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        m_preview->setText(lines.join(QLatin1Char('\n')) + QStringLiteral("\n…"));
        return;
    }
    const QSizeF size = exportSize(m_figure, now);
    const QSize pixels = pixelSize(m_figure, now);
    if (now.format == ExportOptions::Format::Png)
        m_result->setText(tr("%1 × %2 pixels").arg(groupedWords(pixels.width()), groupedWords(pixels.height())));
    else
        m_result->setText(tr("%1 × %2 mm, fonts and lines as vectors")
                              .arg(size.width() / kUnitsPerMillimetre, 0, 'f', 0)
                              .arg(size.height() / kUnitsPerMillimetre, 0, 'f', 0));
    const QSizeF room = m_preview->size() - QSize(2, 2);
    const double ratio = m_preview->devicePixelRatioF();
    const double zoom = std::min(room.width() / size.width(), room.height() / size.height());
    QImage image = renderImage(m_figure, size, zoom * ratio);
    image.setDevicePixelRatio(ratio);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setPixmap(QPixmap::fromImage(image));
}

void ExportDialog::resizeEvent(QResizeEvent* event)
{
    QDialog::resizeEvent(event);
    m_previewTimer->start();
}

void ExportDialog::browse()
{
    const QString suffix = suffixOf(options().format);
    const QString chosen = QFileDialog::getSaveFileName(this, tr("Export figure"), m_file->text(),
                                                        QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (chosen.isEmpty()) return;
    setFile(chosen.toStdString());
    m_replacing = file(); // where it is there, the file dialog has asked
}

void ExportDialog::accept()
{
    try {
        if (m_file->text().trimmed().isEmpty())
            throw Error(Error::Kind::InvalidArgument, tr("Choose a file to write the figure to.").toStdString());
        std::error_code ignored;
        const std::filesystem::path folder = file().parent_path();
        if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
            const QString sentence = tr("%1: found no such folder for %2; choose one that is there")
                                         .arg(QString::fromStdString(folder.string()), QString::fromStdString(file().string()));
            throw Error(Error::Kind::NotFound, sentence.toStdString());
        }
        if (m_replacing != file() && std::filesystem::exists(file(), ignored)) {
            m_message->setText(tr("%1 is there already. Replace writes over it; or choose another name.")
                                   .arg(QString::fromStdString(file().filename().string())));
            m_export->setText(tr("Replace"));
            m_replacing = file();
            return;
        }
        exportFigure(m_figure, file(), options());
    } catch (const Error& error) {
        m_message->setText(QString::fromStdString(error.what()));
        return;
    }
    remember();
    QDialog::accept();
}

void ExportDialog::fileEdited()
{
    // The ending that is typed is the format that is meant.
    if (const auto named = formatOf(file()); named && *named != options().format)
        m_format->setCurrentIndex(static_cast<int>(*named));
    if (m_replacing == file()) return;
    m_replacing.clear();
    m_message->clear();
    m_export->setText(tr("Export"));
}

void ExportDialog::remember() const
{
    QSettings settings;
    const ExportOptions now = options();
    settings.setValue(QStringLiteral("export/format"), static_cast<int>(now.format));
    settings.setValue(QStringLiteral("export/unit"), static_cast<int>(now.unit));
    settings.setValue(QStringLiteral("export/scale"), now.scale);
    settings.setValue(QStringLiteral("export/folder"), QString::fromStdString(file().parent_path().string()));
    // Sizes belong to a figure: a map wants another one than a row of pictures.
    settings.setValue(QStringLiteral("export/size/") + m_name, exportSize(m_figure, now));
}

void ExportDialog::recall()
{
    const QSettings settings;
    ExportOptions options;
    options.format =
        static_cast<ExportOptions::Format>(std::clamp(settings.value(QStringLiteral("export/format"), 0).toInt(), 0, 3));
    options.scale = std::clamp(settings.value(QStringLiteral("export/scale"), 3.0).toDouble(), 0.5, 16.0);
    options.size = settings.value(QStringLiteral("export/size/") + m_name).toSizeF();
    const int unit = std::clamp(settings.value(QStringLiteral("export/unit"), 1).toInt(), 0, 1);
    QSizeF units = exportSize(m_figure, options);
    options.unit = static_cast<ExportOptions::Unit>(unit);
    options.size = options.unit == ExportOptions::Unit::Pixels ? units : units / kUnitsPerMillimetre;
    QString folder = settings.value(QStringLiteral("export/folder")).toString();
    if (folder.isEmpty() || !QDir(folder).exists()) folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    if (folder.isEmpty() || !QDir(folder).exists()) folder = QDir::homePath();
    setFile((folder + QLatin1Char('/') + m_name + QLatin1Char('.') + suffixOf(options.format)).toStdString());
    setOptions(options);
}

} // namespace latentoscope::ui
