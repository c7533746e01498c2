/// A report typeset as PDF: pages with margins and numbers, tables with rules, figures as vectors.
#pragma once

#include "core/document/Document.h"

#include <QByteArray>

#include <filesystem>

namespace latentoscope::ui {

enum class Paper { A4, Letter };

/// The bytes of the file. Tables and figures stay whole on a page. Needs a QApplication, the offscreen platform does; interface
/// thread, about a second for the report. Throws Error(Io) where drawing cannot be started.
QByteArray documentPdf(const Document& document, Paper paper);

/// Writes it whole or not at all. Throws Error(Io).
void writeDocumentPdf(const std::filesystem::path& file, const Document& document, Paper paper);

} // namespace latentoscope::ui
