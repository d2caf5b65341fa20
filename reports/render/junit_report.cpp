#include "reports/query/reproduce.hpp"
#include "reports/query/table.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

/// Text for an attribute or element. XML 1.0 cannot hold control characters, and a reader would make a space of a tab
/// or newline in an attribute: those two are written by number, the others as they would be typed.
std::string escape(const std::string& text) {
  std::string out;
  const std::string readable = readable_utf8(text);
  for (std::size_t n = 0; n < readable.size(); ++n) {
    const char c = readable[n];
    // XML cannot hold U+FFFE and U+FFFF either, which are no letters.
    const bool no_letter = readable.compare(n, 3, "\xEF\xBF\xBE") == 0 || readable.compare(n, 3, "\xEF\xBF\xBF") == 0;
    if (no_letter) {
      out += readable[n + 2] == '\xBE' ? "\\ufffe" : "\\uffff";
      n += 2;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':  // "]]>" must not stand in a text.
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

/// What tells suites apart: readers take the second of two cases of the same class and name for a repetition.
std::string class_of(const RunResult& run) {
  std::string name = run.file + "." + run.strategy;
  for (const std::string& assumption : run.assumptions) name += "." + assumption;
  for (const std::string& set : run.sets) name += "." + set;
  return name;
}

std::string property(const std::string& name, const std::string& value) {
  return "      <property name=\"" + name + "\" value=\"" + escape(value) + "\"/>\n";
}

/// How to have the run again; first in a suite, as the schema wants it.
std::string properties(const RunResult& run) {
  return "    <properties>\n" + property("strategy", run.strategy) + property("seed", std::to_string(run.seed)) +
         property("reproduce", reproduce(run)) + "    </properties>\n";
}

std::string said(const CheckResult& check) {
  std::string text(name_of(check.verdict));
  if (check.verdict == CheckVerdict::broken && check.broken_for) text += " for " + std::to_string(*check.broken_for);
  return text;
}

}  // namespace

std::string runs_to_junit(const std::vector<RunResult>& runs, const std::vector<InvalidFile>& invalid) {
  std::string suites;
  for (const RunResult& run : runs) {
    std::size_t failed = 0, not_exercised = 0;
    std::string cases;
    for (const CheckResult& check : run.checks) {
      const std::string name = escape(class_of(run));
      cases += "    <testcase classname=\"" + name + "\" name=\"" + escape(check.name) + "\" time=\"0.000\"";
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
              "\" time=\"0.000\">\n" + properties(run) + cases + "  </testsuite>\n";
  }
  for (const InvalidFile& one : invalid) {
    const std::string file = escape(one.file), first = escape(one.message.substr(0, one.message.find('\n')));
    suites += "  <testsuite name=\"" + file +
              "\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0.000\">\n" +
              "    <testcase classname=\"" + file + "\" name=\"can be run\" time=\"0.000\">\n      <error message=\"" +
              first + "\" type=\"invalid\">" + escape(one.message) + "</error>\n    </testcase>\n  </testsuite>\n";
  }
  // Sums over all suites are for the reader to make: the schema has no place for them here.
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + suites + "</testsuites>\n";
}

}  // namespace premortem
