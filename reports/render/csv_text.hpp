#pragma once
// Cells of CSV as RFC 4180 has them.

#include <string>

namespace premortem {

/// One cell. A text that a spreadsheet would take for a formula gets an apostrophe: names come from files of others.
std::string csv_text(std::string text);
/// The shortest text that reads back as the same number; empty: there is none.
std::string csv_number(double value);

}  // namespace premortem
