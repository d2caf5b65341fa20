#pragma once
// A report as one HTML file that asks no network for anything.

#include <string>

#include "reports/query/report_data.hpp"

namespace premortem {

/// Whether this program can write HTML: it was built with the front end.
bool has_html();
/// What to do when it cannot.
std::string why_no_html();

/// REQUIRES: has_html(). The same data give the same bytes. What is most important is there as text, too, for readers
/// whose browser runs no scripts.
std::string report_to_html(const ReportData& report);

/// Text as it stands in HTML, in an element or a quoted attribute.
std::string html_text(const std::string& text);

}  // namespace premortem
