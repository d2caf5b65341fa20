#include "sim/models/query/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace premortem::query {

struct Regex::Compiled {
  explicit Compiled(pcre2_code* compiled) : code(compiled) {}
  ~Compiled() { pcre2_code_free(code); }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  pcre2_code* code;
};

namespace {

std::uint32_t flags_of_options(const std::string& options, std::string_view operation) {
  std::uint32_t flags = PCRE2_UTF;
  for (const char option : options) {
    switch (option) {
      case 'i':
        flags |= PCRE2_CASELESS;
        break;
      case 'm':
        flags |= PCRE2_MULTILINE;
        break;
      case 's':
        flags |= PCRE2_DOTALL;
        break;
      case 'x':
        flags |= PCRE2_EXTENDED;
        break;
      case 'u':
        break;
      default:
        throw CommandError(51108, std::string(operation) + " invalid flag in regex options: " + option);
    }
  }
  return flags;
}

using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

MatchData run_regex(const pcre2_code* code, std::string_view subject, std::size_t from, int& groups) {
  MatchData data(pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  groups =
      pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from, 0, data.get(), nullptr);
  return data;
}

}  // namespace

Regex::Regex(const std::string& pattern, const std::string& options, std::string_view operation)
    : pattern_(pattern), options_(options) {
  const std::uint32_t flags = flags_of_options(options, operation);
  if (pattern.find('\0') != std::string::npos)
    throw CommandError(code::bad_value, "Regular expression cannot contain an embedded null byte");
  int fault = 0;
  PCRE2_SIZE where = 0;
  pcre2_code* compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), flags, &fault, &where, nullptr);
  if (compiled == nullptr) {
    PCRE2_UCHAR text[256];
    pcre2_get_error_message(fault, text, sizeof text);
    throw CommandError(51091, std::string("Regular expression is invalid: ") + reinterpret_cast<const char*>(&text[0]));
  }
  compiled_ = std::make_shared<const Compiled>(compiled);
}

bool Regex::matches(std::string_view subject) const {
  int groups = 0;
  run_regex(compiled_->code, subject, 0, groups);
  return groups >= 0;
}

std::optional<Regex::Groups> Regex::find(std::string_view subject, std::size_t from) const {
  if (from > subject.size()) return {};
  int count = 0;
  const MatchData data = run_regex(compiled_->code, subject, from, count);
  if (count < 0) return {};
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  Groups groups(pcre2_get_ovector_count(data.get()));
  for (std::size_t at = 0; at < groups.size(); ++at) {
    // Groups behind the last one that took part are left unset by PCRE2.
    if (at >= static_cast<std::size_t>(count) || offsets[2 * at] == PCRE2_UNSET) continue;
    groups[at] = {offsets[2 * at], offsets[2 * at + 1]};
  }
  return groups;
}

}  // namespace premortem::query
