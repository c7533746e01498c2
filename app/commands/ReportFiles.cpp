#include "app/commands/ReportFiles.h"

#include "app/commands/FigureFiles.h"

#include "core/base/AtomicFile.h"
#include "core/base/Error.h"
#include "core/document/DocumentHtml.h"
#include "core/document/DocumentLatex.h"
#include "core/report/ReportDocument.h"

namespace latentoscope {
namespace {

constexpr std::uintmax_t kLargestSvg = 400'000; ///< bytes that a page takes; of thousands of points the pixels are smaller

/// A vector picture where it is not too large, else pixels; none where this build has drawn neither.
std::optional<PictureFile> pictureOf(const std::filesystem::path& figures, const std::string& name)
{
    const std::filesystem::path vectors = figures / (name + ".svg"), pixels = figures / (name + ".png");
    std::error_code missing;
    const std::uintmax_t size = std::filesystem::file_size(vectors, missing);
    if (!missing && size <= kLargestSvg) return PictureFile{"image/svg+xml", readFile(vectors)};
    if (std::filesystem::exists(pixels)) return PictureFile{"image/png", readFile(pixels)};
    return std::nullopt;
}

std::string latexPictureOf(const std::filesystem::path& figures, const std::string& name)
{
    for (const char* ending : {".pdf", ".png"}) {
        if (std::filesystem::exists(figures / (name + ending))) return name + ending;
    }
    return {};
}

void makeFolder(const std::filesystem::path& folder)
{
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Error::Kind::Io, folder.string() + ": the folder cannot be made: " + failure.message());
}

} // namespace

std::filesystem::path writeReport(const Reproduction& report, bool letter)
{
    const std::filesystem::path& folder = report.context().folder;
    const std::filesystem::path figures = folder / "figures", tables = folder / "tables";
    const Document document = reportDocument(readFindings(report));
    std::vector<NamedFigure> drawn;
    for (const DocumentFigure* figure : blocksOf<DocumentFigure>(document)) {
        for (const Panel& panel : figure->panels) drawn.push_back({panel.name, panel.figure});
    }
    writeFigures(figures, drawn);
    makeFolder(tables);
    for (const DocumentTable* table : blocksOf<DocumentTable>(document)) {
        writeFileAtomically(tables / (table->name + ".csv"), tableCsv(*table));
        writeFileAtomically(tables / (table->name + ".tex"), tableLatex(*table));
    }
    writeFileAtomically(folder / "report.tex",
                        documentLatex(document, letter, [&](const std::string& name) { return latexPictureOf(figures, name); }));
    writeReportPdf(folder / "report.pdf", document, letter);
    const std::filesystem::path html = folder / "report.html";
    writeFileAtomically(html, documentHtml(document, [&](const std::string& name) { return pictureOf(figures, name); }));
    return html;
}

} // namespace latentoscope
