#include "sim/scenario/diagnostic.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace premortem {

void Diagnostics::error(Position at, std::string address, std::string message) {
  errors_.push_back({at, std::move(address), std::move(message)});
}

void Diagnostics::add(const Diagnostics& others) {
  errors_.insert(errors_.end(), others.errors_.begin(), others.errors_.end());
  notes_.insert(notes_.end(), others.notes_.begin(), others.notes_.end());
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> all;
  std::set<std::tuple<Position, std::string, std::string>> said;
  for (const Diagnostic& one : errors_) {
    if (said.emplace(one.at, one.address, one.message).second) all.push_back(one);
  }
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
  return all;
}

std::string Diagnostics::format(std::string_view file) const {
  std::string text;
  for (const Diagnostic& diagnostic : sorted()) {
    text += file;
    if (diagnostic.at.line != 0) {
      text += ':' + std::to_string(diagnostic.at.line) + ':' + std::to_string(diagnostic.at.column);
    }
    text += ": error: ";
    if (!diagnostic.address.empty()) text += diagnostic.address + ": ";
    text += diagnostic.message + '\n';
  }
  return text;
}

namespace {

/// Source: Damerau, "A Technique for Computer Detection and Correction of Spelling Errors", CACM 7(3), 1964
/// (restricted).
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) table[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > 200) return {};
  std::string best;
  std::size_t best_edits = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 200) continue;
    const std::size_t distance = edits(name, candidate);
    if (distance < best_edits) best = candidate, best_edits = distance;
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string best = nearest(name, candidates);
  return best.empty() ? std::string() : "; did you mean \"" + best + "\"?";
}

}  // namespace premortem
