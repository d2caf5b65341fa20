// JUnit XML: valid for every reader, whatever a scenario holds; and the schema does refuse what a reader would.

#include <iostream>
#include <set>

#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

bool has_xmllint() {
  const bool there = through_shell("", "command -v xmllint").first == 0;
  if (!there) std::cerr << "SKIPPED: xmllint (libxml2-utils) is not installed; the JUnit XML is not validated\n";
  return there;
}

/// What xmllint says against it; "" when it is valid.
std::string refused(const std::string& xml) {
  const auto [code, said] = through_shell(
      xml, "xmllint --noout --nonet --schema '" + source_path("tests/support/junit.xsd") + "' \"$INPUT\" 2>&1");
  return code == 0 ? "" : said.empty() ? "refused" : said;
}

std::string value(const std::string& xml, const std::string& path) {
  return through_shell(xml, "xmllint --xpath '" + path + "' \"$INPUT\"").second;
}

RunResult not_exercised_run() {
  RunResult silent = nasty_run();
  silent.verdict = RunVerdict::not_exercised;
  silent.checks[0].verdict = CheckVerdict::not_exercised;
  return silent;
}

/// A suite with one case, in which a piece is replaced: a broken file differs from a good one by just that.
std::string suite(const std::string& replace = "", const std::string& by = "") {
  std::string xml =
      "<testsuites><testsuite name=\"s\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0.000\">"
      "<properties><property name=\"seed\" value=\"1\"/></properties>"
      "<testcase name=\"c\" classname=\"f\" time=\"0.000\"><failure message=\"m\" "
      "type=\"check\">why</failure></testcase>"
      "</testsuite></testsuites>";
  const std::size_t at = xml.find(replace);
  REQUIRE(at != std::string::npos);
  return xml.replace(at, replace.size(), by);
}

}  // namespace

TEST_CASE("JUnit XML is valid: of one run, of many, of none, of files that cannot be run", "[junit]") {
  if (!has_xmllint()) return;
  const std::vector<RunResult> strategies = {ScenarioRun(every_fate, {}).result,
                                             ScenarioRun(every_fate, {"hopeful", {}, {}}).result,
                                             ScenarioRun(every_fate, {"", {{"cellar-key", "found"}}, {}}).result};
  CHECK(refused(runs_to_junit({})).empty());
  CHECK(refused(runs_to_junit({nasty_run(), not_exercised_run()}, {{nasty, nasty + "\nsecond line ]]>"}})).empty());
  CHECK(refused(runs_to_junit(strategies)).empty());
  CHECK(refused(runs_to_junit({ScenarioRun(nav, {}).result, ScenarioRun(esr, {}).result})).empty());
}

TEST_CASE("JUnit XML holds every name, and none of what XML cannot hold", "[junit]") {
  if (!has_xmllint()) return;
  const std::string xml = runs_to_junit({nasty_run(), not_exercised_run()});
  CHECK(value(xml, "string(//testcase/@name)") == "Ærlig \"øl\" | 'å' & <b>\nny\tlinje \\x1b[31m`*` \\\n");
  CHECK(value(xml, "count(//failure)") == "1\n");
  CHECK(value(xml, "count(//skipped)") == "1\n");
  RunResult run = nasty_run();
  const std::string not_xml = std::string("]]> \xEF\xBF\xBE \xEF\xBF\xBF \xED\xA0\x80 \xC0\x80 \x01 ") + '\0' + " end";
  run.checks[0].examples = {not_xml};
  run.checks[0].name = run.title = not_xml;
  CHECK(refused(runs_to_junit({run})).empty());
  CHECK(value(runs_to_junit({run}), "string(//testcase/@name)") ==
        "]]> \\ufffe \\uffff \\xed\\xa0\\x80 \\xc0\\x80 \\x01 \\x00 end\n");
}

TEST_CASE("every test case has a name of its own, in whatever reading it runs", "[junit]") {
  if (!has_xmllint()) return;
  std::vector<RunResult> runs = {ScenarioRun(every_fate, {}).result,
                                 ScenarioRun(every_fate, {"", {{"cellar-key", "found"}}, {}}).result,
                                 ScenarioRun(every_fate, {"hopeful", {}, {}}).result};
  const std::string xml = runs_to_junit(runs);
  std::set<std::string> names;
  std::size_t cases = 0;
  for (const std::string& line : lines_of(xml)) {
    if (line.find("<testcase ") == std::string::npos) continue;
    ++cases;
    names.insert(line.substr(0, line.find(" time=")));
  }
  CHECK(cases == runs[0].checks.size() * 3);
  CHECK(names.size() == cases);
  CHECK(value(xml, "string(//testsuite[1]/properties/property[@name=\"reproduce\"]/@value)") ==
        "premortem run tests/golden/reports/every-fate.jsonc --seed 1\n");
}

TEST_CASE("the schema refuses what one of the readers would", "[junit]") {
  if (!has_xmllint()) return;
  CHECK(refused(suite()).empty());
  const std::pair<std::string, std::string> broken[] = {
      {"<testsuites>", "<testsuites tests=\"1\">"},
      {"time=\"0.000\">", "time=\"1.25e-05\">"},
      {"time=\"0.000\">", "time=\"0.000\" timestamp=\"2020-01-27T12:00:00Z\">"},
      {"time=\"0.000\">", "time=\"0.000\" assertions=\"1\">"},
      {"tests=\"1\" ", ""},
      {"classname=\"f\"", "classname=\"f\" file=\"f.jsonc\""},
      {"<failure message", "<properties/><failure message"},
      {"</failure>", "</failure><system-out>o</system-out>"},
      {"</failure>", "</failure><skipped/>"},
      {" type=\"check\"", ""},
      {"<properties>", "<testcase name=\"b\" classname=\"f\" time=\"0.000\"/><properties>"},
      {"why", "\x01"},
      {"why", "]]>"},
      {"why", "\xEF\xBF\xBE"},
      {"why", "<b>"}};
  for (const auto& [replace, by] : broken) {
    INFO(replace << " -> " << by);
    CHECK_FALSE(refused(suite(replace, by)).empty());
  }
  CHECK(refused(suite("time=\"0.000\">", "time=\"0.000\" timestamp=\"2020-01-27T12:00:00\">")).empty());
}
