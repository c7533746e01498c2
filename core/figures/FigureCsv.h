/// A figure's data as comma-separated values: exactly what is drawn, nothing thinned.
#pragma once

#include <filesystem>
#include <string>

namespace latentoscope {

struct FigureData;

/// The rows that the figure draws: of curves those within the x range, of a scatter those within both ranges (column `shown` is
/// 0 for classes drawn grey), of images every pixel as 0 … 255. RFC 4180 with "\n" line ends and a header line; numbers read
/// back as the same float. Throws Error(InvalidArgument) where there is nothing to show.
std::string figureCsv(const FigureData& figure);

/// Writes figureCsv() whole or not at all. Throws Error(Io) naming the file.
void writeFigureCsv(const std::filesystem::path& file, const FigureData& figure);

} // namespace latentoscope
