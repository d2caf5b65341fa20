// Reports word for word, as users see them: of a scenario with every fate, and of both incidents.

#include "tests/support/golden.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;
using Json = nlohmann::ordered_json;

namespace {

/// The first record of each kind: the whole is too long to read.
std::string one_of_each_kind(const std::string& history) {
  std::set<std::string> seen;
  std::istringstream lines(history);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("\"kind\":\"") + 8;
    if (seen.insert(line.substr(at, line.find('"', at) - at)).second) out += line + "\n";
  }
  return out;
}

/// One line a member, and a strategy or pair: what differs is found without a screen for each number.
std::string line_by_line(const std::string& text) {
  std::string out;
  const auto members = [&](const auto& self, const Json& object, const std::string& indent) -> void {
    for (const auto& [name, value] : object.items()) {
      if (value.is_array() && !value.empty() && value[0].is_object()) {
        out += indent + name + ":\n";
        for (const Json& one : value) {
          if (one.contains("paired")) {
            self(self, one, indent + "  ");
          } else {
            out += indent + "  " + one.dump() + "\n";
          }
        }
      } else {
        out += indent + name + ": " + value.dump() + "\n";
      }
    }
  };
  members(members, Json::parse(text), "");
  return out;
}

void check_run(const std::string& name, const std::string& file, const Variant& variant) {
  const ScenarioRun run(file, variant);
  const auto same = [&](const std::string& form, const std::string& text) {
    const std::string shown = lasting(text, run.result);
    INFO("reports/" << name << "." << form);
    CHECK(shown == golden("reports/" + name + "." + form, shown));
  };
  same("run.txt", run_to_terminal(run.result, run.format));
  same("run.md", run_to_markdown(run.result, run.format, run.item));
  same("run.json", run_to_json(run.result));
  same("run.csv", run_to_csv(run.result, run.format));
  same("junit.xml", runs_to_junit({run.result}));
  same("history.jsonl", one_of_each_kind(run.history));
}

void check_comparison(const std::string& name, const std::vector<Comparison>& readings) {
  const auto same = [&](const std::string& form, const std::string& text) {
    INFO("reports/" << name << "." << form);
    CHECK(text == golden("reports/" + name + "." + form, text));
  };
  same("compare.txt", comparisons_to_terminal(readings));
  same("compare.md", comparisons_to_markdown(readings));
  same("compare.json.txt", line_by_line(comparisons_to_json(readings)));
  same("compare.csv", comparisons_to_csv(readings));
}

}  // namespace

TEST_CASE("golden: every fate and every verdict, as expected and different", "[golden]") {
  check_run("every-fate", every_fate, {});
  check_run("every-fate-hopeful", every_fate, {"hopeful", {{"cellar-key", "found"}}, {{"items.letter.due", "5 min"}}});
  check_comparison("every-fate",
                   comparisons(every_fate, {"as-happened", "no-coffee", "five-clerks", "hopeful", "only-cards"}, 5,
                               "cellar-key", {"found"}));
}

TEST_CASE("golden: the NAV incident", "[golden]") {
  check_run("nav", nav, {});
  check_comparison("nav", comparisons(nav, {"as-happened", "one-more-batch", "stream-first", "overlap-blind"}, 2,
                                      "reading", {"flagged-since-batch"}));
}

TEST_CASE("golden: the ESR incident", "[golden]") {
  check_run("esr", esr, {});
  check_comparison("esr", comparisons(esr, {"as-happened", "one-consumer", "retry-3x1s", "dead-letter-redrive"}, 2));
}
