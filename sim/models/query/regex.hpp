#pragma once
// Regular expressions as MongoDB means them: PCRE2 over UTF-8. Source: MongoDB manual, "$regex".

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/models/query/command_error.hpp"

namespace premortem::query {

/// A compiled regular expression. Immutable; matching is a pure function.
class Regex {
 public:
  /// Begin and end in the subject; nothing: the group took no part. The first is the whole match.
  using Groups = std::vector<std::optional<std::pair<std::size_t, std::size_t>>>;

  /// `options`: of i, m, s, x, u. Throws CommandError: 51108 for another option, 51091 for a pattern that PCRE2 does
  /// not take, 2 for a null byte. `operation` begins the text about options, as "$regexMatch" does; filters have none.
  Regex(const std::string& pattern, const std::string& options, std::string_view operation = "");

  const std::string& pattern() const { return pattern_; }
  const std::string& options() const { return options_; }
  /// Whether it matches anywhere. A subject that is not UTF-8, or that needs too much work, is not matched.
  bool matches(std::string_view subject) const;
  /// The first match at or behind `from`.
  std::optional<Groups> find(std::string_view subject, std::size_t from = 0) const;

  struct Compiled;  ///< Private to regex.cpp.

 private:
  std::string pattern_, options_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace premortem::query
