/// Writes a run's figures into its folder, one at a time between the window's other work.
#pragma once

#include "core/figures/FigureData.h"

#include <QObject>
#include <QString>

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace latentoscope::ui {

struct FigureFile {
    std::string name; ///< without folder and ending
    FigureData figure;
};

/// Interface thread. Nothing is lost when several runs end shortly after each other.
class RunFigureWriter : public QObject {
    Q_OBJECT

public:
    explicit RunFigureWriter(QObject* parent = nullptr) : QObject(parent) {}

    bool idle() const { return m_queue.empty(); }
    /// Writes name.png, .svg, .pdf and .csv of each into `folder`.
    void write(const std::filesystem::path& folder, std::vector<FigureFile> figures);

Q_SIGNALS:
    void written(const std::filesystem::path& folder);
    void failed(const QString& sentence);

private:
    struct Job {
        std::filesystem::path folder;
        FigureFile file;
        bool last = false;
    };
    void writeNext();

    std::deque<Job> m_queue;
};

} // namespace latentoscope::ui
