#include "tests/reports/mermaid_grammar.hpp"

#include <regex>
#include <set>

#include "tests/reports/scenario_runs.hpp"

namespace premortem::testing {

namespace {

/// A text in which Mermaid finds only the text: numbered signs, and no punctuation of its own.
const std::string text = "(?:#[0-9]+;|[^#;:{}<>%`\\[\\]\\\\|~^&$])+";
/// The text of a message may hold colons.
const std::string message = "(?:#[0-9]+;|[^#;{}<>%`\\[\\]\\\\|~^&$])+";

bool fits(const std::string& line, const std::string& pattern, std::smatch& parts) {
  return std::regex_match(line, parts, std::regex(pattern));
}

/// A task begins with day and time: a whole date, or a word such as "section", would be no task.
std::string gantt_mistake(const std::vector<std::string>& lines) {
  std::smatch parts;
  std::size_t tasks = 0;
  for (std::size_t n = 1; n < lines.size(); ++n) {
    const bool setting =
        fits(lines[n], "  (dateFormat YYYY-MM-DD HH:mm:ss|axisFormat [%a-zA-Z: -]+|todayMarker off)", parts);
    const bool task =
        fits(lines[n],
             "  \\d\\d-\\d\\d \\d\\d#58;" + text + " :milestone, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d, 0d", parts);
    if (!setting && !task) return lines[n];
    if (setting && tasks > 0) return "a setting after a task: " + lines[n];
    tasks += task ? 1 : 0;
  }
  return tasks == 0 ? "no tasks" : "";
}

std::string sequence_mistake(const std::vector<std::string>& lines) {
  std::smatch parts;
  if (lines.size() < 3) return "no messages";
  std::set<std::string> known;
  std::string rest = lines[1];
  for (const std::regex one("^ *participant ([a-z][0-9]*) as " + text + "(; |$)"); std::regex_search(rest, parts, one);
       rest = parts.suffix()) {
    if (!known.insert(parts[1]).second) return "twice: " + parts[1].str();
    if (parts[2].length() == 0) {
      rest.clear();
      break;
    }
  }
  if (known.empty() || !rest.empty()) return lines[1];
  for (std::size_t n = 2; n < lines.size(); ++n) {
    const bool arrow = fits(lines[n], "  ([a-z][0-9]*)->>([a-z][0-9]*): " + message, parts);
    if (!arrow && !fits(lines[n], "  Note over ([a-z][0-9]*)(?:,([a-z][0-9]*))?: " + message, parts)) return lines[n];
    if (known.count(parts[1]) == 0 || (parts[2].length() > 0 && known.count(parts[2]) == 0))
      return "unknown: " + lines[n];
  }
  return "";
}

}  // namespace

std::string mermaid_mistake(const std::string& diagram) {
  const std::vector<std::string> lines = lines_of(diagram);
  if (lines.empty()) return "empty";
  return lines[0] == "gantt"             ? gantt_mistake(lines)
         : lines[0] == "sequenceDiagram" ? sequence_mistake(lines)
                                         : "no kind of diagram: " + lines[0];
}

std::vector<std::string> mermaid_blocks(const std::string& markdown) {
  std::vector<std::string> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(markdown)) {
    if (!inside && line == "```mermaid") {
      inside = true;
      blocks.emplace_back();
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

}  // namespace premortem::testing
