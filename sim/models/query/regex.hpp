#pragma once
// Regular expressions as MongoDB means them: PCRE2 over UTF-8. Source: MongoDB manual, "$regex".

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/models/query/command_error.hpp"

namespace premortem::query {

/// What all regular expressions of one command may cost together, while it is in force for the thread that made it:
/// one search may take as long as the longest text allows, and a filter may hold thousands. Counted are steps of
/// searches, bytes that they pass over and bytes of patterns that are compiled, so that it never depends on a clock.
/// A search outside of any budget has one of its own. When it is used up, CommandError 50 is thrown.
class SearchBudget {
 public:
  SearchBudget();
  SearchBudget(const SearchBudget&) = delete;
  SearchBudget& operator=(const SearchBudget&) = delete;
  ~SearchBudget();
  /// False: there is not so much left.
  bool spend(std::uint64_t work);
  /// Of the budget in force, if there is one. Throws.
  static void spend_in_force(std::uint64_t work);
  static SearchBudget* in_force();

 private:
  SearchBudget* outer_;
  std::uint64_t spent_ = 0;
};

/// A compiled regular expression. Immutable; matching is a pure function, but for the budget.
class Regex {
 public:
  /// Begin and end in the subject; nothing: the group took no part. The first is the whole match.
  using Groups = std::vector<std::optional<std::pair<std::size_t, std::size_t>>>;

  /// `options`: of i, m, s, x, u. Throws CommandError: 51108 for another option, 51091 for a pattern that PCRE2 does
  /// not take, 2 for a null byte. `operation` begins the text about options, as "$regexMatch" does; filters have none,
  /// and throw 2 for more than 32764 bytes.
  Regex(const std::string& pattern, const std::string& options, std::string_view operation = "");

  const std::string& pattern() const { return pattern_; }
  const std::string& options() const { return options_; }
  /// Whether it matches anywhere. A subject that is not UTF-8, or at which PCRE2 gives up for its limits, is not
  /// matched; with `operation` that is an error, 51156.
  bool matches(std::string_view subject, std::string_view operation = "") const;
  /// The first match at or behind `from`. `is_utf8`: the subject is known to be.
  std::optional<Groups> find(std::string_view subject, std::size_t from = 0, bool is_utf8 = false,
                             std::string_view operation = "") const;

  struct Compiled;  ///< Private to regex.cpp.

 private:
  std::string pattern_, options_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace premortem::query
