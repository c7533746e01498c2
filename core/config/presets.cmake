# Turns resources/presets/*.json into one source file, so that the program needs no data files beside it.
file(GLOB preset_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/resources/presets/*.json)
list(TRANSFORM preset_files REPLACE "\\.json$" "") # by name: "a" comes before "a-b"
list(SORT preset_files)
list(TRANSFORM preset_files APPEND ".json")
set(preset_entries "")
foreach(file ${preset_files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} content)
  string(APPEND preset_entries "    {\"${name}\", R\"json(${content})json\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endforeach()
set(LATENTOSCOPE_PRESETS_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/PresetTexts.cpp)
file(CONFIGURE OUTPUT ${LATENTOSCOPE_PRESETS_SOURCE} @ONLY CONTENT
"#include \"core/config/PresetTexts.h\"

namespace latentoscope {

const std::vector<PresetText> kPresetTexts{
@preset_entries@};

} // namespace latentoscope
")

