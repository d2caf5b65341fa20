#include "reports/render/test_summary.hpp"

#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/table.hpp"
#include "reports/render/markdown.hpp"

namespace premortem {

namespace {

/// "in-time: expected holds, got broken for 3"
std::string said_of_check(const CheckResult& check) {
  std::string text = check.name + ": expected " + check.expected + ", got " + std::string(name_of(check.verdict));
  if (check.verdict == CheckVerdict::broken && check.broken_for) text += " for " + std::to_string(*check.broken_for);
  return text;
}

}  // namespace

std::string tests_to_markdown(const std::vector<RunResult>& runs, const std::vector<InvalidFile>& invalid,
                              std::uint64_t seeds) {
  std::size_t good = 0, different = 0, not_exercised = 0;
  std::string list;
  for (const RunResult& run : runs) {
    ++(run.verdict == RunVerdict::as_expected ? good
       : run.verdict == RunVerdict::different ? different
                                              : not_exercised);
    if (run.verdict == RunVerdict::as_expected) continue;
    list += "- " + std::string(run.verdict == RunVerdict::different ? "**different**" : "**not exercised**") + " " +
            markdown_text(run.title) + " (" + markdown_text(run.strategy) + "): " + markdown_code(reproduce(run)) +
            "\n";
    for (const CheckResult& check : run.checks) {
      if (!check.as_expected) list += "  - " + markdown_text(said_of_check(check)) + "\n";
    }
  }
  for (const InvalidFile& one : invalid)
    list += "- **not valid** " + markdown_text(one.message.substr(0, one.message.find('\n'))) + "\n";
  std::string out = "## premortem test\n\n" + std::to_string(good) + " as expected, " + std::to_string(different) +
                    " different, " + std::to_string(not_exercised) + " not exercised, " +
                    std::to_string(invalid.size()) + " not valid; " + counted(seeds, "seed") + " each.\n";
  return list.empty() ? out : out + "\n" + list;
}

}  // namespace premortem
