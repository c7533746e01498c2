/// What the latent map shows in place of two of the codes' dimensions: a projection of all of them.
#pragma once

#include "core/projection/PlaneMap.h"

#include <memory>
#include <string>

namespace latentoscope::ui {

struct ScatterPicture {
    std::string name;   ///< "t-SNE"
    std::string xTitle; ///< "t-SNE 1", "PC 1 (52 %)"
    std::string yTitle;
    std::string words;                    ///< what is behind it: "perplexity 30"; may be empty
    std::shared_ptr<const Points> places; ///< (N, 2), a row for each of the codes
    std::shared_ptr<const PlaneMap> map;  ///< between its places and codes
};

} // namespace latentoscope::ui
