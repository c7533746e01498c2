#include "app/commands/ReportFiles.h"

namespace latentoscope {

void writeReportPdf(const std::filesystem::path&, const Document&, bool) {}

} // namespace latentoscope
