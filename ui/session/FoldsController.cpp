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

void FoldsController::start(CrossValidationSetup setup)
{
    if (running()) return;
    setup.training.niceness = kBackgroundNiceness;
    try {
        m_folds = std::make_unique<CrossValidation>(std::move(setup));
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
        return;
    }
    m_record = m_folds->record();
    m_folder = m_folds->setup().folder;
    m_folds->start();
    m_state = m_folds->state();
    m_folds->channel().setWake(m_wakeup.caller());
    Q_EMIT begun();
    Q_EMIT changed();
}

void FoldsController::stop()
{
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
            Q_EMIT begun();
            Q_EMIT changed();
        },
        [this, wanted](const std::exception_ptr& error) {
            if (wanted()) Q_EMIT failed(sentenceOf(error));
        });
}

} // namespace latentoscope::ui
