// premortem why, as a user runs it.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string nav = "scenarios/incidents/nav-brut-cutover.jsonc";
const std::string esr = "scenarios/incidents/esr-export-write-conflict.jsonc";

Outcome why(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "why");
  return run_command(arguments, source_path());
}

}  // namespace

TEST_CASE("why: both incidents, in fifteen lines at most", "[why]") {
  const Outcome late = why({nav, "in-time"});
  CHECK(late.code == 0);
  CHECK(late.out == golden("why/nav-in-time.txt", late.out));
  const Outcome record = why({esr, "record", "6"});
  CHECK(record.code == 0);
  CHECK(record.out == golden("why/esr-record.txt", record.out));
  const Outcome json = why({nav, "application:467991431", "--json"});
  CHECK(json.code == 0);
  CHECK(json.out == golden("why/nav-application.json.txt", json.out));
  for (const Outcome* one : {&late, &record}) CHECK(std::ranges::count(one->out, '\n') <= 15);
}

TEST_CASE("why: three doors that were each shut are told as one set", "[why]") {
  const Folder folder;
  folder.write("doors.jsonc", R"({ "premortem": 1, "title": "three doors",
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "timeline": [{ "id": "front", "at": "07:00", "set": { "front.open": false } },
                 { "id": "back", "at": "08:00", "set": { "back.open": false } },
                 { "id": "cellar", "at": "09:00", "set": { "cellar.open": false } }],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] } },
    "systems": { "front": { "is": "toggles", "open": true }, "back": { "is": "toggles", "open": true },
                 "cellar": { "is": "toggles", "open": true }, "tray": { "is": "queue", "of": "letter" },
                 "clerk": { "is": "consumer", "reads": "tray",
                            "does": [{ "only-if": "front.open && back.open && cellar.open", "finish": "filed" }] } },
    "checks": { "filed": { "every": "letter", "ends": ["done"] } }, "expect": { "filed": "broken for 1" } })");
  const Outcome set = run_command({"why", "doors.jsonc", "letter", "1"}, folder.path());
  CHECK(set.code == 0);
  CHECK(set.out == golden("why/doors.txt", set.out));
  const Outcome hurried = run_command({"why", "doors.jsonc", "letter", "1", "--runs-max", "14"}, folder.path());
  CHECK(hurried.code == 0);
  CHECK(hurried.out ==
        "letter 1: lost\nno single declared step changes this, and no pair or larger set that was tried\n"
        "8 single changes tried, each in a run of the same seed; 0 pairs and 3 larger sets, not all "
        "pairs: --runs-max ended the search\n");
}

TEST_CASE("why: Ctrl-C keeps what is known, and says that there may be more", "[why]") {
  // A signal that comes before the command listens ends it at once; then it came too early to say anything.
  Outcome ended;
  for (int wait = 50; wait <= 12'800 && ended.code == -1; wait *= 2) {
    Child child({command_path(), "why", esr, "exports-finish", "--runs-max", "100000"}, source_path());
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    child.signal(SIGINT);
    ended = child.wait();
    if (ended.code == -1) REQUIRE(ended.signal == SIGINT);
  }
  CHECK(ended.code == 130);
  CHECK(ended.out.find("; stopped there, there may be more\n") != std::string::npos);
}

TEST_CASE("why: a question about nothing is refused with advice", "[why]") {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& advice) {
    const Outcome outcome = why(arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    INFO(outcome.err);
    CHECK(outcome.err.find(advice) != std::string::npos);
  };
  refused({nav, "in-tme"}, "did you mean \"in-time\"?");
  refused({nav, "application", "x1"}, "\"x1\" is no id of an item \"application\"; write \"application 467991245\"");
  refused({nav, "application", "1"}, "application 1 never arrives in this run");
  refused({nav, "in-time", "--runs-max", "0"}, "--runs-max");
  const Folder folder;
  folder.write("nothing.jsonc", R"({ "premortem": 1, "title": "nothing", "items": {}, "systems": {},
    "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
    "checks": { "odd": { "always": "1 == 1" } } })");
  const Outcome nothing = run_command({"why", "nothing.jsonc", "letter", "1"}, folder.path());
  CHECK(nothing.code == 2);
}

TEST_CASE("window: NAV's stop, and what is refused", "[why]") {
  const Outcome stop = run_command({"window", nav, "--vary", "timeline[stop-brut].at", "--from", "2020-01-27 08:00",
                                    "--to", "2020-01-28 14:00", "--check", "in-time", "--json"},
                                   source_path());
  CHECK(stop.code == 0);
  CHECK(stop.out == golden("why/nav-window.json.txt", stop.out));
  const Outcome seeds = run_command({"window", nav, "--vary", "timeline[stop-brut].at", "--from", "2020-01-28 07:05",
                                     "--to", "2020-01-28 07:06", "--seeds", "2", "--json"},
                                    source_path());
  CHECK(seeds.code == 0);
  CHECK(seeds.out == golden("why/nav-window-seeds.json.txt", seeds.out));
  CHECK(run_command({"window", nav, "--vary", "timeline[stop-brut].at", "--seeds", "0"}, source_path()).code == 2);
  const Outcome nothing = run_command({"window", nav, "--vary", "timeline[stop-burt].at"}, source_path());
  CHECK(nothing.code == 2);
  CHECK(nothing.err.find("did you mean \"timeline[stop-brut].at\"?") != std::string::npos);
}
