#include "ui/common/Application.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <exception>

namespace latentoscope::ui {

Application::~Application() { QThreadPool::globalInstance()->waitForDone(); }

bool Application::notify(QObject* receiver, QEvent* event)
{
    QString sentence;
    try {
        return QApplication::notify(receiver, event);
    } catch (const std::exception& error) {
        sentence = QString::fromUtf8(error.what());
    } catch (...) {
        sentence = QCoreApplication::translate("Application", "Something unexpected went wrong.");
    }
    if (m_onError)
        m_onError(sentence);
    else
        qWarning("latentoscope: %s", qPrintable(sentence));
    return true;
}

} // namespace latentoscope::ui
