#include "ui/session/FoldsController.h"

#include "core/base/Niceness.h"
#include "ui/common/Background.h"

#include <utility>

namespace latentoscope::ui {
namespace {

constexpr int kFrameMs = 100;

struct Read {
    FoldsRecord record;
    CrossValidationState state;
};

Read readFolds(const std::filesystem::path& folder)
{
    FoldsRecord record = readFoldsRecord(folder);
    CrossValidationState state = readCrossValidation(folder, record);
    return {std::move(record), std::move(state)};
}

} // namespace

FoldsController::FoldsController(QObject* parent) : QObject(parent), m_wakeup(kFrameMs)
{
    connect(&m_wakeup, &Wakeup::due, this, &FoldsController::look);
}

FoldsController::~FoldsController() { finishBackground(*this); }

struct FoldsController::Started {
    std::unique_ptr<CrossValidation> folds;
    std::vector<std::string> notes;
};

void FoldsController::start(std::function<CrossValidationSetup()> makeSetup)
{
    if (running()) return;
    m_starting = true;
    m_stopAsked = false;
    inBackground(
        this,
        [makeSetup = std::move(makeSetup)]() -> Started {
            CrossValidationSetup setup = makeSetup();
            setup.training.niceness = kBackgroundNiceness;
            const std::filesystem::path folder = setup.folder;
            try {
                std::vector<std::string> notes = caveats(setup);
                return {std::make_unique<CrossValidation>(std::move(setup)), std::move(notes)};
            } catch (...) {
                std::error_code ignored;
                std::filesystem::remove(folder, ignored); // only where nothing was put into it
                throw;
            }
        },
        [this](Started started) { take(std::move(started)); },
        [this](const std::exception_ptr& error) {
            m_starting = false;
            Q_EMIT failed(sentenceOf(error));
            Q_EMIT ended(RunState::Failed);
        });
}

void FoldsController::take(Started started)
{
    m_starting = false;
    m_folds = std::move(started.folds);
    m_notes = std::move(started.notes);
    m_record = m_folds->record();
    m_folder = m_folds->setup().folder;
    m_folds->start();
    if (m_stopAsked) m_folds->stop();
    m_state = m_folds->state();
    m_folds->channel().setWake(m_wakeup.caller());
    Q_EMIT begun();
    Q_EMIT changed();
}

void FoldsController::stop()
{
    m_stopAsked = m_starting;
    if (m_folds) m_folds->stop();
}

void FoldsController::look()
{
    if (!m_folds) return;
    m_state = m_folds->channel().take();
    Q_EMIT changed();
    if (m_state.state == RunState::Running) return;
    m_folds.reset();
    if (m_state.state == RunState::Failed) Q_EMIT failed(QString::fromStdString(m_state.message));
    Q_EMIT ended(m_state.state);
}

void FoldsController::runMoved(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (m_folder == from) m_folder = to;
}

void FoldsController::open(const std::filesystem::path& folder)
{
    if (running()) return;
    ++m_opening;
    // One that was asked for later, or begun meanwhile, is what the person wants to see: whichever is read first.
    const auto wanted = [this, asked = ++m_asked] {
        --m_opening;
        return asked == m_asked && !running();
    };
    inBackground(
        this, [folder] { return readFolds(folder); },
        [this, wanted, folder](Read read) {
            if (!wanted()) return;
            m_record = std::move(read.record);
            m_state = std::move(read.state);
            m_folder = folder;
            m_notes.clear();
            Q_EMIT begun();
            Q_EMIT changed();
        },
        [this, wanted](const std::exception_ptr& error) {
            if (wanted()) Q_EMIT failed(sentenceOf(error));
        });
}

} // namespace latentoscope::ui
