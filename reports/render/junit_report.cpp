#include "reports/query/reproduce.hpp"
#include "reports/query/table.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

/// Text for an attribute or element. XML 1.0 cannot hold control characters, and a reader would make a space of a tab
/// or newline in an attribute: those two are written by number, the others as they would be typed.
std::string escape(const std::string& text) {
  std::string out;
  for (const char c : readable_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? visible(std::string(1, c)) : std::string(1, c);
    }
  }
  return out;
}

std::string said(const CheckResult& check) {
  std::string text(name_of(check.verdict));
  if (check.verdict == CheckVerdict::broken && check.broken_for) text += " for " + std::to_string(*check.broken_for);
  return text;
}

}  // namespace

std::string runs_to_junit(const std::vector<RunResult>& runs, const std::vector<InvalidFile>& invalid) {
  std::size_t tests = 0, failures = 0;
  std::string suites;
  for (const RunResult& run : runs) {
    std::size_t failed = 0, not_exercised = 0;
    std::string cases;
    for (const CheckResult& check : run.checks) {
      const std::string name = escape(run.file) + "." + escape(run.strategy);
      cases += "    <testcase classname=\"" + name + "\" name=\"" + escape(check.name) + "\" time=\"0\"";
      // A run in which nothing happened must not look green, even if nothing else was expected of this check.
      const bool said_nothing = check.verdict == CheckVerdict::not_exercised &&
                                (!check.as_expected || run.verdict == RunVerdict::not_exercised);
      if (said_nothing) {
        ++not_exercised;
        cases += ">\n      <skipped message=\"not exercised: its premise never occurred; expected " +
                 escape(check.expected) + "\"/>\n    </testcase>\n";
        continue;
      }
      if (check.as_expected) {
        cases += "/>\n";
        continue;
      }
      ++failed;
      std::string text = "expected " + check.expected + ", got " + said(check);
      for (const std::string& example : check.examples) text += "\n" + example;
      text += "\n" + reproduce(run);
      cases += ">\n      <failure message=\"expected " + escape(check.expected) + ", got " + escape(said(check)) +
               "\" type=\"check\">" + escape(text) + "</failure>\n    </testcase>\n";
    }
    std::string name = run.title + " (" + run.strategy;
    for (const std::string& assumption : run.assumptions) name += ", " + assumption;
    for (const std::string& set : run.sets) name += ", " + set;
    suites += "  <testsuite name=\"" + escape(name) + ")\" tests=\"" + std::to_string(run.checks.size()) +
              "\" failures=\"" + std::to_string(failed) + "\" errors=\"0\" skipped=\"" + std::to_string(not_exercised) +
              "\" time=\"0\">\n" + cases + "  </testsuite>\n";
    tests += run.checks.size();
    failures += failed;
  }
  for (const InvalidFile& one : invalid) {
    const std::string file = escape(one.file), first = escape(one.message.substr(0, one.message.find('\n')));
    suites += "  <testsuite name=\"" + file + "\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n" +
              "    <testcase classname=\"" + file + "\" name=\"can be run\" time=\"0\">\n      <error message=\"" +
              first + "\" type=\"invalid\">" + escape(one.message) + "</error>\n    </testcase>\n  </testsuite>\n";
    ++tests;
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"premortem\" tests=\"" + std::to_string(tests) +
         "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(invalid.size()) +
         "\" time=\"0\">\n" + suites + "</testsuites>\n";
}

}  // namespace premortem
