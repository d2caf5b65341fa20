#include "sim/models/query/path.hpp"

#include <algorithm>
#include <charconv>

namespace premortem::query {

Path::Path(std::string_view dotted) : text_(dotted) {
  for (;;) {
    const std::size_t dot = dotted.find('.');
    parts_.emplace_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) return;
    dotted.remove_prefix(dot + 1);
  }
}

bool Path::has_number() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const std::string& part) { return is_all_digits(part); });
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) { return each >= '0' && each <= '9'; });
}

bool names_index(std::string_view part, std::size_t index) {
  if (part.empty() || part.front() < '0' || part.front() > '9') return false;
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
  return part == std::string_view(digits, static_cast<std::size_t>(end - digits));
}

const bson::Value& missing() {
  static const bson::Value nothing;
  return nothing;
}

}  // namespace premortem::query
