# Turns resources/presets/*.json and resources/searches/*.json into one source file, so that the program needs no data files beside
# it.
function(latentoscope_json_entries folder result)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/resources/${folder}/*.json)
  list(TRANSFORM files REPLACE "\\.json$" "") # by name: "a" comes before "a-b"
  list(SORT files)
  list(TRANSFORM files APPEND ".json")
  set(entries "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND entries "    {\"${name}\", R\"json(${content})json\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(${result} "${entries}" PARENT_SCOPE)
endfunction()

latentoscope_json_entries(presets preset_entries)
latentoscope_json_entries(searches search_entries)
set(LATENTOSCOPE_PRESETS_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/PresetTexts.cpp)
file(CONFIGURE OUTPUT ${LATENTOSCOPE_PRESETS_SOURCE} @ONLY CONTENT
"#include \"core/config/PresetTexts.h\"

namespace latentoscope {

const std::vector<PresetText> kPresetTexts{
@preset_entries@};

const std::vector<PresetText> kSearchTexts{
@search_entries@};

} // namespace latentoscope
")
