// CSV: read back as it was written, and no cell is a formula.

#include "reports/render/csv_text.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Row = std::vector<std::string>;

namespace {

/// RFC 4180; fails the test where the text is none.
std::vector<Row> rows_of(const std::string& csv) {
  std::vector<Row> rows;
  Row row;
  for (std::size_t n = 0; n < csv.size();) {
    std::string cell;
    if (csv[n] == '"') {
      for (++n; n < csv.size(); ++n) {
        if (csv[n] == '"' && (n + 1 == csv.size() || csv[n + 1] != '"')) break;
        if (csv[n] == '"') ++n;
        cell += csv[n];
      }
      ++n;
    } else {
      for (; n < csv.size() && csv[n] != ',' && csv[n] != '\r'; ++n) {
        REQUIRE(csv[n] != '"');
        REQUIRE(csv[n] != '\n');
        cell += csv[n];
      }
    }
    row.push_back(cell);
    REQUIRE(n < csv.size());
    if (csv[n] == ',') {
      ++n;
      continue;
    }
    REQUIRE(csv.compare(n, 2, "\r\n") == 0);
    n += 2;
    rows.push_back(row);
    row.clear();
  }
  REQUIRE(row.empty());
  return rows;
}

std::string value(const std::vector<Row>& rows, const std::string& table, const std::string& row,
                  const std::string& column) {
  for (const Row& one : rows) {
    if (one[3] == table && one[4] == row && one[5] == column) return one[6] + (one[7].empty() ? "" : " " + one[7]);
  }
  return "none";
}

}  // namespace

TEST_CASE("a cell is quoted where it must be, and is never a formula", "[csv]") {
  CHECK(csv_text("plain text") == "plain text");
  CHECK(csv_text("a,b") == "\"a,b\"");
  CHECK(csv_text("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csv_text("a\r\nb") == "\"a\r\nb\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@sum", "\tx"})
    CHECK(csv_text(formula) == "'" + std::string(formula));
  CHECK(csv_text("=a,\"b\"") == "\"'=a,\"\"b\"\"\"");
  CHECK(csv_text("\xff") == "\\xff");
  CHECK(csv_number(-3) == "-3");
}

TEST_CASE("CSV of a run: one row a cell, every table of the report", "[csv]") {
  const ScenarioRun run(nav, {});
  const std::vector<Row> rows = rows_of(run_to_csv(run.result, run.format));
  for (const Row& row : rows) CHECK(row.size() == 8);
  CHECK(rows[0] == Row{"reading", "strategy", "seed", "table", "row", "column", "value", "unit"});
  CHECK(rows[1] == Row{"as written", "as-happened", "1", "run", "", "title",
                       "182 applications fall between the batch BRUT and the stream intake", ""});
  CHECK(value(rows, "fates", "application", "late") == "182 count");
  CHECK(value(rows, "fates", "application", "lost") == "0 count");
  CHECK(value(rows, "checks", "in-time", "verdict") == "broken");
  CHECK(value(rows, "checks", "in-time", "broken-for") == "182 count");
  CHECK(value(rows, "checks", "in-time", "as-expected") == "yes");
  CHECK(value(rows, "checks", "in-time", "first-at") == "2020-01-28 11:01:59 time");
  CHECK(value(rows, "timeline", "1", "at") == "2020-01-27 11:00 time");
  CHECK(value(rows, "timeline", "1", "text") == "hand-over: set toggle.route = false");
  CHECK(value(rows, "measures", "operator-steps", "value") == "6 count");
  CHECK(value(rows, "notes", "1", "text").starts_with("timeline[pass-1].only"));
}

TEST_CASE("names survive in CSV of a run", "[csv]") {
  RunResult run = nasty_run();
  run.checks[0].name = "=HYPERLINK(\"http://a\")";
  const std::vector<Row> rows = rows_of(run_to_csv(run, noon));
  CHECK(rows[1][0] == nasty + "=1; a.b=" + nasty);
  CHECK(value(rows, "run", "", "title") == nasty);
  CHECK(value(rows, "fates", nasty, "lost") == "1 count");
  CHECK(value(rows, "checks", "'=HYPERLINK(\"http://a\")", "broken-for") == "1 count");
  CHECK(value(rows, "measures", nasty + ".time-to-done.p50", "value") == " ns");  // Nothing finished.
}
