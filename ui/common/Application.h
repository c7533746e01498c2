/// The program's QApplication: an exception that leaves a slot or an event handler becomes a message instead of the program's
/// end.
#pragma once

#include <QApplication>
#include <QString>

#include <functional>
#include <utility>

namespace latentoscope::ui {

class Application : public QApplication {
public:
    Application(int& argc, char** argv) : QApplication(argc, argv) {}
    /// Waits for work of the windows that went before: QCoreApplication does so only when fonts, styles and screens have gone.
    ~Application() override;

    /// Told the sentence of what was thrown, on the interface thread; before it is set, and for what is no std::exception, the
    /// sentence goes to the error output.
    void setOnError(std::function<void(const QString& sentence)> onError) { m_onError = std::move(onError); }

    bool notify(QObject* receiver, QEvent* event) override;

private:
    std::function<void(const QString& sentence)> m_onError;
};

} // namespace latentoscope::ui
