/// The classes that a classifier sees over a plane, as colours.
#pragma once

#include <QImage>

namespace latentoscope {
struct ClassRegions;
}

namespace latentoscope::ui {

/// One pixel a place: the classes' colours mixed by their probabilities, transparent where none is likelier than another, and
/// never so dense that points on it could not be told apart. Null for no regions.
QImage regionsImage(const ClassRegions& regions);

} // namespace latentoscope::ui
