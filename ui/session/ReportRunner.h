/// Makes a report beside the window: the program's own `report` command as a process of its own, so that nothing of it can hold
/// up or bring down the window, and what it makes is what the command makes.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// What a report is made with; the command's options of the same names.
struct ReportRequest {
    std::filesystem::path folder;
    std::uint64_t seed = 0;
    int folds = 10;
    bool quick = false;
    bool crossValidation = true;
    bool latentSpaces = true;
    bool samples = true;
    bool letter = false;
    std::string study{};   ///< whose best auto-encoder is in it; empty with `trials`: one of the report's own
    std::string storage{}; ///< where that study lies
    int trials = 0;        ///< that the study is to have first; 0: no search
    bool overwrite = false;
    std::filesystem::path dataFolder{}; ///< empty: the packaged Fashion-MNIST
    int threads = 0;                    ///< 0: all cores
    std::string device = "auto";
};

/// The command's words after the program's name, without --json: "report", "--out", ….
std::vector<std::string> reportArguments(const ReportRequest& request);

/// One report at a time. Interface thread. The destructor stops it and waits for at most two seconds; what is finished stays, and
/// so it ends where the window is killed.
class ReportRunner : public QObject {
    Q_OBJECT

public:
    explicit ReportRunner(QObject* parent = nullptr);
    ~ReportRunner() override;

    bool running() const { return m_process.state() != QProcess::NotRunning; }
    const ReportRequest& request() const { return m_request; }

    /// `program` is the latentoscope to run. Says by failed() why not.
    void start(const std::filesystem::path& program, const ReportRequest& request);
    /// Asks it to end; after three seconds it is ended.
    void stop();

Q_SIGNALS:
    void begun();
    void progressed(const QString& doing, double fraction, double secondsLeft); ///< fraction 0 … 1 of all that was missing
    void noted(const QString& sentence);                                        ///< such as a damaged part that is made again
    void finished(const std::filesystem::path& page);                           ///< report.html
    void stopped();
    void failed(const QString& sentence);

private:
    void readLines();
    void end(int code, QProcess::ExitStatus status);

    QProcess m_process;
    QTimer m_patience; ///< until it is ended without being asked
    ReportRequest m_request;
    std::filesystem::path m_page;
    bool m_stopping = false;
};

} // namespace latentoscope::ui
