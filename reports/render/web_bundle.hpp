#pragma once
// The built front end of reports, as it is written into every page. Made from reports/web by
// reports/web/web_bundle.cmake.

#include <string_view>

namespace premortem::web {

/// Empty when this program was built without Node: then there are no HTML reports.
extern const std::string_view script, style;
/// SHA-256 of the script, 64 hex digits: a page lets this script run and no other.
extern const std::string_view script_sha256;

}  // namespace premortem::web
