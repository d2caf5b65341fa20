// The page around a report's data: nothing in it can be more than text, and the same report is the same bytes.

#include "reports/render/html_report.hpp"

#include "reports/render/packed.hpp"
#include "reports/render/report_json.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

const std::string hostile = "</script><img src=x onerror=alert(1)>\xE2\x80\xAE & \"quoted\" '";

ReportData hostile_report() {
  ReportData report;
  report.generator = "premortem 0.1.0";
  report.title = hostile;
  report.decision.emplace();
  report.decision->headline = hostile;
  ReadingData reading;
  reading.name = hostile;
  reading.measures.push_back({hostile, hostile, "count", "items", true, true});
  StrategyData strategy;
  strategy.name = hostile;
  strategy.cells.emplace_back();
  reading.strategies.push_back(strategy);
  report.decision->readings.push_back(reading);
  StoryData story;
  story.strategy = hostile;
  story.history.systems.push_back({hostile, "queue"});
  story.marks.push_back({0, hostile, hostile, "modelled", "", "", false, false});
  report.stories.push_back(story);
  return report;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("html: whatever is in a name is text", "[html]") {
  if (!has_html()) {
    WARN("SKIPPED: built without Node");
    return;
  }
  const std::string page = report_to_html(hostile_report());
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "</script>") == 2);  // Of the data, and of the front end.
  CHECK(count(page, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") > 3);
}

TEST_CASE("html: nothing is loaded, and no script but the front end may run", "[html]") {
  if (!has_html()) {
    WARN("SKIPPED: built without Node");
    return;
  }
  const std::string page = report_to_html(hostile_report());
  CHECK(count(page, "default-src 'none'; script-src 'sha256-") == 1);
  CHECK(count(page, "src=\"") == 0);
  CHECK(count(page, "<link") == 0);
  CHECK(count(page, "@import") == 0);
  CHECK(count(page, "url(") == 0);
}

TEST_CASE("html: the same report is the same bytes", "[html]") {
  if (!has_html()) {
    WARN("SKIPPED: built without Node");
    return;
  }
  CHECK(report_to_html(hostile_report()) == report_to_html(hostile_report()));
}

TEST_CASE("data: in markup, no character can end the element; as JSON it says the same", "[html]") {
  const std::string plain = report_to_json(hostile_report(), {}),
                    marked = report_to_json(hostile_report(), {false, true});
  CHECK(marked.find_first_of("<>&") == std::string::npos);
  const auto [code, same] = through_shell(plain + "\n" + marked, "jq -c . $INPUT | uniq | wc -l");
  if (code == 127) return;  // Without jq nobody can say.
  CHECK(same == "1\n");
}

TEST_CASE("data: a packed history is what it was", "[html]") {
  const auto [code, text] = through_shell(packed("{\"a\":[1,2,3]}"), "base64 -d $INPUT | gzip -d");
  CHECK(code == 0);
  CHECK(text == "{\"a\":[1,2,3]}");
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");  // RFC 4648, section 10.
}

TEST_CASE("schema: the front end's types are made from what the program writes", "[html]") {
  const std::string path = source_path("reports/web/report.schema.json");
  CHECK(read_file(path) == report_schema());
}
