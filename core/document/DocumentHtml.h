/// A report as one HTML file that needs nothing beside it.
#pragma once

#include "core/document/Document.h"

#include <functional>
#include <optional>
#include <string>

namespace latentoscope {

/// A picture's bytes and what they are.
struct PictureFile {
    std::string type; ///< "image/svg+xml" or "image/png"
    std::string bytes;
};

/// The picture of a panel by its name; none where this build draws none.
using PictureOf = std::function<std::optional<PictureFile>(const std::string& name)>;

/// HTML 5 with style and pictures in it, no script; light and dark as the reader's system has it, for phones, screens and paper.
/// Every table and figure has an id ("table-V", "figure-1") that the contents at the top lead to. Where a picture is missing its
/// place says so.
std::string documentHtml(const Document& document, const PictureOf& pictureOf);

/// Text with & < > " as entities.
std::string htmlText(const std::string& text);

} // namespace latentoscope
