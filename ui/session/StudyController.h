/// The one hyper-parameter study that the window shows: searched here, or followed where others search.
#pragma once

#include "core/experiment/HyperparameterSearch.h"
#include "core/figures/StudyFigures.h"
#include "ui/session/Wakeup.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <string>
#include <vector>

namespace latentoscope::ui {

/// Knows no widget. Interface thread; whatever touches a journal, which others may hold for seconds, is done on another.
class StudyController : public QObject {
    Q_OBJECT

public:
    explicit StudyController(QObject* parent = nullptr);
    /// Stops and waits.
    ~StudyController() override;

    /// From start() on, until ended(), refused() or failed() before it has begun.
    bool running() const { return m_starting || m_search != nullptr; }
    bool stopping() const { return m_stopping; }
    /// Null: none is shown.
    const std::shared_ptr<const StudyView>& view() const { return m_view; }
    const SearchState& state() const { return m_state; }
    /// Of the study that was last begun or opened.
    const std::string& name() const { return m_name; }
    /// All studies that lay beside the one that was last opened, that one too.
    const std::vector<std::string>& names() const { return m_names; }
    /// Where it lies.
    const std::string& storage() const { return m_storage; }

    void start(SearchSetup setup);
    void stop();
    /// Reads a study and then looks every two seconds for what others add; `name` empty: the only one there is, or the newest.
    /// Passed over while one is searched here.
    void open(const std::string& storage, const std::string& name);

Q_SIGNALS:
    void begun();        ///< running() is true now
    void studyChanged(); ///< view() is new
    void progressed();   ///< state() is new
    void opened();       ///< a study was read for open()
    void ended(RunState how);
    void failed(const QString& sentence);
    /// Nothing was begun, for there is a study of that name which was begun with another plan.
    void refused(const QString& sentence, const SearchPlan& begun);

private:
    struct Started;
    struct Looked;
    struct Read;
    static Started begin(const SearchSetup& setup);
    static Looked lookAt(const std::shared_ptr<HyperparameterSearch>& search, const std::string& storage, bool first);
    static Read readStudy(const std::string& storage, const std::string& name);

    void take(const Started& started);
    void take(const Looked& looked);
    void take(const Read& read);
    void look();
    void follow();

    Wakeup m_wakeup;
    std::shared_ptr<HyperparameterSearch> m_search; ///< calls m_wakeup
    SearchState m_state;
    std::shared_ptr<const StudyView> m_view;
    bool m_first = false; ///< nothing of this search has been shown yet
    bool m_starting = false;
    bool m_stopping = false;
    bool m_reading = false;
    quint64 m_asked = 0; ///< the number of the last open()
    std::string m_storage;
    std::string m_name;
    std::vector<std::string> m_names;
    QTimer m_followTimer;
};

} // namespace latentoscope::ui
