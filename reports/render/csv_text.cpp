#include "reports/render/csv_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/query/table.hpp"

namespace premortem {

std::string csv_text(std::string text) {
  text = readable_utf8(text);
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    text.insert(text.begin(), '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double value) {
  if (!std::isfinite(value)) return "";
  return value == std::floor(value) && std::abs(value) < 1e15 ? std::to_string(static_cast<std::int64_t>(value))
                                                              : nlohmann::json(value).dump();
}

}  // namespace premortem
