#include "core/sources/CsvTable.h"

namespace latentoscope {
namespace {

char separatorOf(std::string_view text)
{
    const std::string_view first = text.substr(0, text.find('\n'));
    return first.find(',') == std::string_view::npos && first.find(';') != std::string_view::npos ? ';' : ',';
}

} // namespace

std::vector<std::vector<std::string>> readCsv(std::string_view text)
{
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    const char separator = separatorOf(text);
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row;
    std::string cell;
    bool quoted = false;
    const auto endRow = [&] {
        if (!cell.empty() || !row.empty()) {
            row.push_back(std::move(cell));
            rows.push_back(std::move(row));
        }
        cell.clear();
        row.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (at + 1 < text.size() && text[at + 1] == '"') {
                cell += '"';
                ++at;
            } else {
                quoted = false;
            }
        } else if (c == '"' && cell.empty()) {
            quoted = true;
        } else if (c == separator) {
            row.push_back(std::move(cell));
            cell.clear();
        } else if (c == '\n') {
            endRow();
        } else if (c != '\r') {
            cell += c;
        }
    }
    endRow();
    return rows;
}

} // namespace latentoscope
