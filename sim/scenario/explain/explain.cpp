#include "sim/scenario/explain/explain.hpp"

#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem {

std::vector<ExplainedPart> explain_scenario(const LoadedScenario& loaded, const EffectiveScenario& effective) {
  const Node& root = effective.root;
  Diagnostics none;
  const ClockSpec clock = read_clock(root, none).value_or(ClockSpec{});
  std::string title = root.find("title")->text;
  ExplainedPart beginning{title, {}};
  if (effective.strategy != "as-happened")
    beginning.sentences.push_back({0, "Under the strategy " + effective.strategy + "."});
  std::vector<ExplainedPart> all = {beginning,
                                    explain::clock(root, clock),
                                    explain::timeline(root, clock),
                                    explain::items(root),
                                    explain::arrivals(root),
                                    explain::systems(root),
                                    explain::checks(root, effective),
                                    explain::strategies(loaded.root),
                                    explain::assumptions(loaded.root, effective)};
  if (const auto faults = explain::faults(root)) all.insert(all.begin() + 3, *faults);
  if (const auto remedies = explain::remedies(loaded.root)) all.insert(all.end() - 1, *remedies);
  if (root.find("choices") != nullptr) all.push_back(explain::choices(root));
  const Node* sources = root.find("source");
  if (sources == nullptr || sources->members.empty()) return all;
  ExplainedPart passage{"Sources", {}};
  for (const Node::Member& member : sources->members)
    passage.sentences.push_back({1, "[" + member.first + "] " + member.second.text});
  all.push_back(passage);
  return all;
}

namespace {

/// Columns that a text takes: code points.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

/// Broken at spaces; the lines behind the first begin under its text.
void wrap(const std::string& text, const std::string& first, const std::string& rest, std::size_t width,
          std::string& out) {
  std::string line = first;
  bool empty = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!empty && columns(line) + 1 + columns(word) > width) {
      out += line + "\n";
      line = rest;
      empty = true;
    }
    line += (empty ? "" : " ") + word;
    empty = false;
    at = end + 1;
  }
  out += line + "\n";
}

}  // namespace

std::string to_text(const std::vector<ExplainedPart>& passages, std::size_t width) {
  std::string out;
  for (const ExplainedPart& passage : passages) {
    out += (out.empty() ? "" : "\n") + passage.heading + "\n";
    for (const Sentence& sentence : passage.sentences) {
      const std::string indent(static_cast<std::size_t>(sentence.depth) * 2, ' ');
      wrap(sentence.text, sentence.depth == 0 ? "  " : indent + "- ", sentence.depth == 0 ? "  " : indent + "  ", width,
           out);
    }
  }
  return out;
}

}  // namespace premortem
