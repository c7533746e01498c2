/// The reproduction as a document: Introduction, Methods, Results with every table and figure, Discussion, References.
#pragma once

#include "core/document/Document.h"
#include "core/report/Findings.h"

namespace latentoscope {

/// Words and numbers follow from the findings and their configurations alone: the same findings give the same document.
Document reportDocument(const Findings& findings);

/// The paragraphs of Methods, from the configurations.
std::vector<Block> methodsOf(const Findings& findings);

/// Figures 1 … 7 as far as there is something to show; Figures 1 to 3 are the report's.
std::vector<DocumentFigure> figuresOf(const Findings& findings);

/// The study's trials over time, and what its objective depends on.
DocumentFigure searchFigure(const FoundSearch& search, const std::string& number);

} // namespace latentoscope
