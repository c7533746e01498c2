/// The one hyper-parameter study that the window shows: searched here, or followed where others search.
#pragma once

#include "core/experiment/HyperparameterSearch.h"
#include "core/report/StudyFigures.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// Knows no widget. Interface thread.
class StudyController : public QObject {
    Q_OBJECT

public:
    explicit StudyController(QObject* parent = nullptr);
    /// Stops and waits.
    ~StudyController() override;

    bool running() const { return m_search != nullptr; }
    bool stopping() const { return m_stopping; }
    /// Null: none is shown.
    const std::shared_ptr<const StudyView>& view() const { return m_view; }
    const SearchState& state() const { return m_state; }

    /// Says by failed() why not. Opening the study may take a moment: it is done on another thread.
    void start(SearchSetup setup);
    void stop();
    /// Reads a study on another thread and then looks every two seconds for what others add; `name` empty: the only one there is,
    /// or the newest. Passed over while one is searched here.
    void open(const std::string& storage, const std::string& name);

Q_SIGNALS:
    void begun();        ///< running() is true now
    void studyChanged(); ///< view() is new
    void progressed();   ///< state() is new
    void ended(RunState how);
    void failed(const QString& sentence);

private:
    struct Read;
    static Read readStudy(const std::string& storage, const std::string& name);

    void look();
    void follow();
    void take(const Read& read);

    std::unique_ptr<HyperparameterSearch> m_search;
    SearchState m_state;
    std::shared_ptr<const StudyView> m_view;
    std::uint64_t m_changes = 0;
    bool m_stopping = false;
    bool m_reading = false;
    bool m_starting = false;
    std::string m_storage;
    std::string m_name;
    QTimer m_timer;
    QTimer m_followTimer;
};

} // namespace latentoscope::ui
