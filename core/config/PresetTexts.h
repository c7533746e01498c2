/// The JSON files of resources/presets and resources/searches as the build put them into the program.
#pragma once

#include <string_view>
#include <vector>

namespace latentoscope {

struct PresetText {
    std::string_view name; ///< the file's name without its ending
    std::string_view json;
};

extern const std::vector<PresetText> kPresetTexts;
extern const std::vector<PresetText> kSearchTexts;

} // namespace latentoscope
