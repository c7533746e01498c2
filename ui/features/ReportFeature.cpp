#include "ui/features/ReportFeature.h"

#include "core/storage/RunFolder.h"
#include "ui/report/ReportDialog.h"
#include "ui/runs/StatusLine.h"
#include "ui/session/RunController.h"
#include "ui/session/StudyController.h"
#include "ui/settings/CommandText.h"
#include "ui/settings/ControlPanel.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QSettings>
#include <QUrl>

namespace latentoscope::ui {
namespace {

void open(const std::filesystem::path& path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(path.string())));
}

} // namespace

ReportFeature::ReportFeature(const FeatureContext& window, const StudyController& study, QObject* parent)
    : QObject(parent), m_window(window), m_study(study)
{
    connectRunner();
}

void ReportFeature::connectRunner()
{
    connect(&m_report, &ReportRunner::begun, this, [this] {
        Q_EMIT busyChanged();
        m_window.status.showJob(tr("Report: checking what is already done"), 0);
    });
    connect(&m_report, &ReportRunner::progressed, this, [this](const QString& doing, double fraction, double secondsLeft) {
        m_window.status.showJob(tr("Report: %1").arg(doing), fraction, secondsLeft);
    });
    connect(&m_report, &ReportRunner::noted, this,
            [this](const QString& sentence) { m_window.messages.show(MessageBar::Kind::Warning, sentence); });
    connect(&m_report, &ReportRunner::stopped, this, [this] {
        Q_EMIT busyChanged();
        m_window.status.showWords(tr("Report stopped; it can be continued"));
        m_window.messages.show(MessageBar::Kind::Information,
                               tr("The report was stopped; finished parts are kept in %1.").arg(folder()),
                               {{tr("Go on"), [this] { make(m_report.request()); }}});
    });
    connect(&m_report, &ReportRunner::failed, this, [this](const QString& sentence) {
        Q_EMIT busyChanged();
        m_window.status.showWords({});
        m_window.raiseProblem(sentence);
    });
    connect(&m_report, &ReportRunner::finished, this, [this](const std::filesystem::path& page) {
        Q_EMIT busyChanged();
        m_window.status.showWords(tr("The report is written"));
        m_window.messages.show(
            MessageBar::Kind::Information, tr("The report is written into %1.").arg(folder()),
            {{tr("Open report"), [page] { open(page); }}, {tr("Open folder"), [page] { open(page.parent_path()); }}});
    });
}

QString ReportFeature::folder() const { return QString::fromStdString(m_report.request().folder.string()); }

ReportRequest ReportFeature::lastRequest() const
{
    const QSettings settings;
    ReportRequest last;
    const QString remembered = settings.value(QStringLiteral("report/folder")).toString();
    last.folder = remembered.isEmpty() ? freshRunFolder(m_window.controller.runsFolder().parent_path(), "report")
                                       : std::filesystem::path(remembered.toStdString());
    last.quick = settings.value(QStringLiteral("report/quick"), false).toBool();
    last.folds = settings.value(QStringLiteral("report/folds"), last.folds).toInt();
    last.seed = settings.value(QStringLiteral("report/seed"), 0).toULongLong();
    last.crossValidation = settings.value(QStringLiteral("report/crossValidation"), true).toBool();
    last.latentSpaces = settings.value(QStringLiteral("report/latentSpaces"), true).toBool();
    last.samples = settings.value(QStringLiteral("report/samples"), true).toBool();
    last.letter = settings.value(QStringLiteral("report/letter"), false).toBool();
    last.trials = settings.value(QStringLiteral("report/trials"), 0).toInt();
    if (const auto& shown = m_study.view(); shown && !shown->empty()) { // the study that is open
        last.study = m_study.name();
        last.storage = m_study.storage();
    }
    const TrainingRequest training = m_window.controls.request();
    last.dataFolder = training.dataFolder;
    last.threads = training.threads;
    last.device = training.device;
    return last;
}

void ReportFeature::ask()
{
    ReportDialog dialog(lastRequest(), &m_window.window);
    connect(&dialog, &ReportDialog::copyRequested, this, [&] {
        QApplication::clipboard()->setText(QString::fromStdString(forShell(reportCommandText(dialog.request()))));
        m_window.status.remark(tr("Copied the command"));
    });
    if (dialog.exec() != QDialog::Accepted) return;
    const ReportRequest request = dialog.request();
    QSettings settings;
    settings.setValue(QStringLiteral("report/folder"), QString::fromStdString(request.folder.string()));
    settings.setValue(QStringLiteral("report/quick"), request.quick);
    settings.setValue(QStringLiteral("report/folds"), request.folds);
    settings.setValue(QStringLiteral("report/seed"), QVariant::fromValue<qulonglong>(request.seed));
    settings.setValue(QStringLiteral("report/crossValidation"), request.crossValidation);
    settings.setValue(QStringLiteral("report/latentSpaces"), request.latentSpaces);
    settings.setValue(QStringLiteral("report/samples"), request.samples);
    settings.setValue(QStringLiteral("report/letter"), request.letter);
    settings.setValue(QStringLiteral("report/trials"), request.trials);
    make(request);
}

void ReportFeature::make(const ReportRequest& request)
{
    m_window.messages.dismiss();
    m_report.start(m_program, request);
}

} // namespace latentoscope::ui
