/// Small dialogs that can be read: Qt makes them as wide as their words, and window managers cut longer titles.
#pragma once

#include <QGridLayout>
#include <QMessageBox>

namespace latentoscope::ui {

/// Makes a question wide enough for its title with the program's name behind it. Before it is shown.
inline void widen(QMessageBox& question)
{
    constexpr int kWidth = 420;
    auto* grid = qobject_cast<QGridLayout*>(question.layout());
    if (grid != nullptr) grid->addItem(new QSpacerItem(kWidth, 0), grid->rowCount(), 0, 1, grid->columnCount());
}

} // namespace latentoscope::ui
