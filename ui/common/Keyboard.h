/// What the Tab key needs: stops in reading order, and each of them seen.
#pragma once

#include <QWidget>

#include <vector>

namespace latentoscope::ui {

/// Puts widgets that were made or moved late behind one that has its place in the order of the Tab key, one after the other;
/// otherwise they would come last of the window. Those that take no focus are left out.
void joinTabOrder(QWidget* after, const std::vector<QWidget*>& widgets);

/// All that can be reached within the widgets, from first to last, in the order of their children.
void orderTabs(const std::vector<QWidget*>& containers);

/// Draws a frame around a widget that draws none itself, such as a plot, while it has the focus by a key.
void ringWhenFocused(QWidget& widget);

} // namespace latentoscope::ui
