/// The files of a report that has been computed.
#pragma once

#include "core/document/Document.h"
#include "core/report/Reproduction.h"

#include <filesystem>

namespace latentoscope {

/// Writes figures, tables, report.html, report.tex and, with the window built, report.pdf into the report's folder, each whole or
/// not at all; `letter` makes pages Letter instead of A4. Returns report.html. Throws Error(Io).
std::filesystem::path writeReport(const Reproduction& report, bool letter);

/// Typesets the document as PDF. With the window built it is drawn by ui on Qt's offscreen platform; without nothing is written,
/// which is said once on stderr. Throws Error(Io).
void writeReportPdf(const std::filesystem::path& file, const Document& document, bool letter);

} // namespace latentoscope
