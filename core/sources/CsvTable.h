/// Reads tables of comma-separated values with quotes, as spreadsheets write them (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latentoscope {

/// Rows of cells; a quoted cell may hold commas, line breaks and doubled quotes. Ends of lines are \n or \r\n; a byte-order mark
/// at the beginning and empty lines are passed over. Semicolons separate where the first line has them and no comma.
std::vector<std::vector<std::string>> readCsv(std::string_view text);

} // namespace latentoscope
