// Taking targets and credentials apart: RFC 3986 section 2.1, RFC 7617.

#include "fakes/server/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace premortem::fakes {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

int base64_value(char c) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t found = alphabet.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string decoded;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return decoded;
}

/// Calls `each` for the parts between separators; false as soon as `each` says so.
template <class Each>
bool split(std::string_view text, char separator, Each each) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!each(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

HttpResponse http_error(int status, std::string_view error, std::string_view reason) {
  nlohmann::ordered_json body;
  body["error"] = error;
  body["reason"] = reason;
  HttpResponse response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hexadecimal(text[i + 1]);
      const int low = hexadecimal(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      decoded.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return decoded;
}

bool parse_target(std::string_view target, HttpRequest& request) {
  if (!target.starts_with('/')) return false;
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  const bool path_is_right = split(target.substr(1, question == std::string_view::npos ? question : question - 1), '/',
                                   [&](std::string_view part) {
                                     std::optional<std::string> decoded = percent_decoded(part);
                                     if (decoded) request.path.push_back(std::move(*decoded));
                                     return decoded.has_value();
                                   });
  if (!path_is_right) return false;
  if (request.path.back().empty()) request.path.pop_back();  // "/" is no segment, and "/api/" is "/api".
  if (question == std::string_view::npos) return true;
  return split(target.substr(question + 1), '&', [&](std::string_view part) {
    if (part.empty()) return true;
    const std::size_t equals = part.find('=');
    std::optional<std::string> name = percent_decoded(part.substr(0, equals), true);
    std::optional<std::string> value =
        percent_decoded(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value) return false;
    request.query.emplace_back(std::move(*name), std::move(*value));
    return true;
  });
}

std::optional<Credentials> basic_credentials(const HttpRequest& request) {
  std::string_view value = request.header("Authorization");
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos || !same_name(value.substr(0, space), "Basic")) return std::nullopt;
  value.remove_prefix(value.find_first_not_of(' ', space) == std::string_view::npos
                          ? value.size()
                          : value.find_first_not_of(' ', space));
  while (value.ends_with(' ')) value.remove_suffix(1);
  const std::optional<std::string> text = base64_decoded(value);
  if (!text) return std::nullopt;
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace premortem::fakes
