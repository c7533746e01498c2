/// A report as LaTeX: one file that compiles beside its tables and figures.
#pragma once

#include "core/document/Document.h"

#include <functional>
#include <string>

namespace latentoscope {

/// Text for LaTeX: what it takes for commands is escaped, and the signs that our texts use beyond ASCII become its own. Others
/// stay as UTF-8.
std::string latexText(const std::string& text);

/// A `tabular` with booktabs' rules, narrowed to the line where it is wider; to be \input.
std::string tableLatex(const DocumentTable& table);

/// An article for A4 or Letter that inputs tables/NAME.tex and includes figures/NAME.pdf or whatever file `pictureOf` names;
/// where it names none (""), the place says so.
std::string documentLatex(const Document& document, bool letter,
                          const std::function<std::string(const std::string& name)>& pictureOf);

} // namespace latentoscope
