#pragma once
// Text made short enough to stand in a page.

#include <string>

namespace premortem {

/// Base64 of the gzip of `text`, as a browser unpacks it by itself. The same text gives the same bytes; another version
/// of zlib may give others.
std::string packed(const std::string& text);

std::string base64(std::string bytes);

}  // namespace premortem
