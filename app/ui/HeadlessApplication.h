/// What drawing without a window needs.
#pragma once

#include <memory>

class QApplication;

namespace latentoscope {

/// An application on Qt's offscreen platform while it lives: fonts and painters need one, a display they do not. Nothing where
/// the program has one already.
class HeadlessApplication {
public:
    HeadlessApplication();
    ~HeadlessApplication();
    HeadlessApplication(const HeadlessApplication&) = delete;
    HeadlessApplication& operator=(const HeadlessApplication&) = delete;

private:
    std::unique_ptr<QApplication> m_application;
};

} // namespace latentoscope
