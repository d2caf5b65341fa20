#pragma once
// What is wrong with a scenario: all of it at once, each with its place and with advice.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace premortem {

/// In the file that was read; both from 1. Line 0: nowhere in a file (a command-line option).
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Position&) const = default;
};

struct Diagnostic {
  Position at;
  std::string address;  ///< "/systems/brut", "exporter.does[pick].where"; may be empty.
  std::string message;  ///< "what is wrong; what to write instead".

  bool operator==(const Diagnostic&) const = default;
};

class Diagnostics {
 public:
  void error(Position at, std::string address, std::string message);
  /// What others have found besides.
  void add(const Diagnostics& others);
  /// Not wrong, but said aloud.
  void note(std::string text) { notes_.push_back(std::move(text)); }
  bool ok() const { return errors_.empty(); }
  /// By place; the same thing said once.
  std::vector<Diagnostic> sorted() const;
  /// `file:line:column: error: /address: message`, one a line.
  std::string format(std::string_view file) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::vector<Diagnostic> errors_;
  std::vector<std::string> notes_;
};

/// The candidate nearest to `name` by edits, swaps of neighbours included; empty when none is near enough to suggest.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);
/// `; did you mean "brut"?`, or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace premortem
