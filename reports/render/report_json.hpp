#pragma once
// A report's data as JSON, and the schema of that.

#include <string>

#include "reports/query/report_data.hpp"

namespace premortem {

struct JsonStyle {
  bool pack = false;       ///< Histories as text: base64 of the gzip of their JSON. A page is a fifth as long so.
  bool in_markup = false;  ///< `<`, `>` and `&` escaped, so that no text can end the element around it.
};

/// One line. Bytes that are not UTF-8 become U+FFFD.
std::string report_to_json(const ReportData& report, JsonStyle style);
/// JSON Schema, draft 7, of either style.
std::string report_schema();

}  // namespace premortem
