#include "ui/session/ReportRunner.h"

#include "core/base/JsonText.h"
#include "core/base/Niceness.h"

#include <QStringList>

#include <nlohmann/json.hpp>

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace latentoscope::ui {
namespace {

constexpr int kPatienceMs = 3000;
constexpr int kLastWaitMs = 2000;

/// The last line of what it said, without the program's name.
QString sentenceOf(const QByteArray& errors)
{
    QString line = QString::fromUtf8(errors).trimmed().section(u'\n', -1);
    const QString name = QStringLiteral("latentoscope: ");
    if (line.startsWith(name)) line.remove(0, name.size());
    return line;
}

} // namespace

std::vector<std::string> reportArguments(const ReportRequest& request)
{
    std::vector<std::string> words{"report", "--out", request.folder.string()};
    const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
    if (request.quick) add({"--quick"});
    if (request.folds != (request.quick ? 2 : 10)) add({"--folds", std::to_string(request.folds)});
    if (request.seed != 0) add({"--seed", std::to_string(request.seed)});
    std::string without;
    const auto leave = [&](bool kept, const char* name) {
        if (!kept) without += (without.empty() ? "" : ",") + std::string(name);
    };
    leave(request.crossValidation, "cross-validation");
    leave(request.latentSpaces, "latent-spaces");
    leave(request.samples, "samples");
    if (!without.empty()) add({"--without", without});
    if (!request.study.empty()) add({"--study", request.study, "--storage", request.storage});
    if (request.trials > 0) add({"--trials", std::to_string(request.trials)});
    if (request.letter) add({"--paper", "letter"});
    if (request.overwrite) add({"--overwrite"});
    if (!request.dataFolder.empty()) add({"--data", request.dataFolder.string()});
    if (request.threads > 0) add({"--threads", std::to_string(request.threads)});
    if (request.device != "auto") add({"--device", request.device});
    return words;
}

ReportRunner::ReportRunner(QObject* parent) : QObject(parent)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ReportRunner::readLines);
    connect(&m_process, &QProcess::finished, this, &ReportRunner::end);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed(tr("The report could not be started: %1.").arg(m_process.errorString()));
    });
}

ReportRunner::~ReportRunner()
{
    m_process.disconnect(this);
    if (!running()) return;
    m_process.terminate();
    if (!m_process.waitForFinished(kLastWaitMs)) {
        m_process.kill();
        m_process.waitForFinished(kLastWaitMs);
    }
}

void ReportRunner::start(const std::filesystem::path& program, const ReportRequest& request)
{
    if (running()) return;
    m_request = request;
    m_page.clear();
    m_stopping = false;
    QStringList words;
    for (const std::string& word : reportArguments(request)) words << QString::fromStdString(word);
    words << QStringLiteral("--json");
    const pid_t window = getpid();
    m_process.setChildProcessModifier([window] {
        // Only what may be called between fork and exec.
        setpriority(PRIO_PROCESS, 0, kBackgroundNiceness);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != window) _exit(1); // the window ended in between
    });
    m_process.start(QString::fromStdString(program.string()), words, QIODevice::ReadOnly);
    Q_EMIT begun();
}

void ReportRunner::stop()
{
    if (!running()) return;
    m_stopping = true;
    m_process.terminate();
    m_patience.start();
}

void ReportRunner::readLines()
{
    while (m_process.canReadLine()) {
        const QByteArray line = m_process.readLine();
        const auto json = parsedJson<nlohmann::json>(line.constData());
        if (!json.is_object()) continue;
        if (json.contains("fraction")) {
            Q_EMIT progressed(QString::fromStdString(json.value("doing", std::string())), json.value("fraction", 0.0),
                              json.value("seconds_left", 0.0));
        }
        if (json.contains("note")) Q_EMIT noted(QString::fromStdString(json.value("note", std::string())));
        if (json.contains("report")) m_page = json.value("report", std::string());
    }
}

void ReportRunner::end(int code, QProcess::ExitStatus status)
{
    m_patience.stop();
    readLines();
    if (m_stopping && (code != 0 || status == QProcess::CrashExit)) {
        Q_EMIT stopped();
    } else if (status == QProcess::CrashExit) {
        Q_EMIT failed(tr("The report's process was ended from outside; start it again to continue it."));
    } else if (code != 0) {
        Q_EMIT failed(sentenceOf(m_process.readAllStandardError()));
    } else {
        Q_EMIT finished(m_page);
    }
}

} // namespace latentoscope::ui
