// premortem serve: what it says, what it starts, how it ends. Real clients are tested in tests/clients and
// tests/drills.

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

using namespace premortem::testing;

namespace {

/// A cron that fires once, and a consumer that may be real.
const char* const exports = R"({
  "premortem": 1, "title": "Exports", "clock": {"from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC"},
  "items": {"export": {"fields": {"deanery": "string"}, "done": "made", "due": "1 h"}}, "arrivals": {},
  "systems": {
    "cron": {"is": "job", "cron": "0 13 * * *", "does": [{"send": "export", "to": "commands", "with": {"deanery": "'EMD'"}}]},
    "commands": {"is": "queue", "of": "export"},
    "exporter": {"is": "consumer", "reads": "commands", "environment": {"WHERE": "amqp-port", "WORDS": "two words"},
                 "does": [{"finish": "made"}]},
    "report": {"is": "service", "offers": {"send": {}}}
  },
  "checks": {"all-made": {"every": "export", "ends": ["done"]}}
})";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("the first line says where the broker listens, and an ended command ends an empty world", "[serve]") {
  const Folder folder;
  const Outcome served = run_line("serve -- true", folder.path());
  REQUIRE(served.code == 0);
  const auto ready = nlohmann::json::parse(first_line(served.out));
  REQUIRE(ready["ready"] == true);
  REQUIRE(ready["amqp"]["host"] == "127.0.0.1");
  REQUIRE(ready["amqp"]["port"].get<int>() > 1023);
  REQUIRE(served.err.empty());
}

TEST_CASE("the command's end is the end of an empty world: well or not", "[serve]") {
  const Folder folder;
  REQUIRE(run_line("serve -- false", folder.path()).code == 1);
  REQUIRE(run_line("serve -- bash -c 'kill -9 $$'", folder.path()).code == 1);
  const Outcome missing = run_line("serve -- no-such-command here", folder.path());
  REQUIRE(missing.code == 2);
  REQUIRE(missing.err.find("no-such-command") != std::string::npos);
}

TEST_CASE("the command is told where everything is, and what it says is passed on or kept", "[serve]") {
  const Folder folder;
  const std::string say =
      "-- bash -c 'echo $PREMORTEM_AMQP_HOST; echo $PREMORTEM_AMQP_URL >&2; [[ $PREMORTEM_AMQP_URL == "
      "*:$PREMORTEM_AMQP_PORT ]]'";
  const Outcome passed_on = run_line("serve --user me:secret " + say, folder.path());
  REQUIRE(passed_on.code == 0);
  REQUIRE(passed_on.err.find("127.0.0.1\n") != std::string::npos);
  REQUIRE(passed_on.err.find("amqp://me:secret@127.0.0.1:") != std::string::npos);
  const Outcome kept = run_line("serve --log said.txt " + say, folder.path());
  REQUIRE(kept.code == 0);
  REQUIRE(kept.err.empty());
  REQUIRE(folder.read("said.txt").find("127.0.0.1\n") != std::string::npos);
}

TEST_CASE("whoever speaks something else hears which protocol this is, and costs nobody else anything", "[serve]") {
  const Folder folder;
  const Outcome served = run_line(
      "serve -- bash -c 'exec 3<>/dev/tcp/$PREMORTEM_AMQP_HOST/$PREMORTEM_AMQP_PORT; printf \"GET / "
      "HTTP/1.1\\r\\n\\r\\n\" >&3; cat <&3 | "
      "od -An -tx1'",
      folder.path());
  REQUIRE(served.code == 0);
  REQUIRE(served.err.find("41 4d 51 50 00 00 09 01") != std::string::npos);
}

TEST_CASE("a scenario that nobody has to play runs to its end at once, with run's report", "[serve]") {
  const Folder folder;
  folder.write("exports.jsonc", exports);
  const Outcome served = run_line("serve exports.jsonc --speed max", folder.path());
  REQUIRE(served.code == 0);
  REQUIRE(served.out.find("As expected: 1 check, none broken.") != std::string::npos);
}

TEST_CASE("a command without a connection leaves what it should play undone, and time goes on when it has ended",
          "[serve]") {
  const Folder folder;
  folder.write("exports.jsonc", exports);
  const Outcome served = run_line(
      "serve exports.jsonc --external exporter --speed max --session kept.jsonl -- bash -c 'echo "
      "$WHERE=$PREMORTEM_AMQP_PORT, $WORDS; exit 3'",
      folder.path());
  REQUIRE(served.code == 1);
  REQUIRE(served.err.find(", two words\n") != std::string::npos);
  REQUIRE(served.out.find("all-made is broken for export 1") != std::string::npos);
  REQUIRE(served.out.find("the command ended with exit code 3") != std::string::npos);
  REQUIRE(served.out.find("Again: premortem run --replay kept.jsonl\n") != std::string::npos);
  const Outcome replayed = run_line("run --replay kept.jsonl", folder.path());
  REQUIRE(replayed.code == 1);
  REQUIRE(replayed.out.find("1 requests from outside") != std::string::npos);
}

TEST_CASE("services listen where a scenario has some, and a program calls them", "[serve]") {
  const Folder folder;
  folder.write("exports.jsonc", exports);
  folder.write("call.sh", R"sh(
    exec 3<>/dev/tcp/$PREMORTEM_HTTP_HOST/$PREMORTEM_HTTP_PORT
    printf 'POST /report/send HTTP/1.1\r\nHost: x\r\nUser-Agent: caller\r\nContent-Length: 2\r\n\r\n{}' >&3
    read -r status <&3
    echo "$PREMORTEM_HTTP_URL said $status"
  )sh");
  const Outcome served =
      run_line("serve exports.jsonc --speed max --session kept.jsonl --json --transcript said.txt -- bash call.sh",
               folder.path());
  INFO(served.err);
  REQUIRE(served.code == 0);
  const auto ready = nlohmann::json::parse(first_line(served.out));
  REQUIRE(ready["http"]["host"] == "127.0.0.1");
  REQUIRE(served.err ==
          "http://127.0.0.1:" + std::to_string(ready["http"]["port"].get<int>()) + " said HTTP/1.1 200 OK\n");
  REQUIRE(folder.read("said.txt") == "http client caller C POST /report/send {}\nhttp client caller S 200 {}\n");
  REQUIRE(folder.read("kept.jsonl")
              .find(R"("client":1,"request":"call-service","tag":1,"name":"report","key":"send",)"
                    R"("text":"caller","body":"e30="})") != std::string::npos);
  const std::string result = served.out.substr(served.out.find('\n') + 1);
  const Outcome replayed = run_line("run --replay kept.jsonl --json", folder.path());
  REQUIRE(nlohmann::json::parse(replayed.out)["digest"] == nlohmann::json::parse(result)["digest"]);
  const auto nothing = nlohmann::json::parse(first_line(run_line("serve -- true", folder.path()).out));
  REQUIRE_FALSE(nothing.contains("http"));
}

TEST_CASE("Ctrl-C ends a run where it stands, with its report", "[serve]") {
  const Folder folder;
  folder.write("exports.jsonc", exports);
  const Outcome served =
      run_line("serve exports.jsonc --external exporter -- bash -c 'kill -INT $PPID; exec sleep 60'", folder.path());
  REQUIRE(served.code == 3);
  REQUIRE(served.out.find("NOT EXERCISED") != std::string::npos);
}

TEST_CASE("what cannot be served is said before anything listens", "[serve]") {
  const Folder folder;
  folder.write("exports.jsonc", exports);
  const auto error = [&](const std::string& options) {
    const Outcome served = run_line("serve " + options, folder.path());
    CHECK(served.code == 2);
    CHECK(served.out.empty());
    return served.err;
  };
  CHECK(error("exports.jsonc --external exportr") ==
        "premortem: --external exportr: the scenario has no system of that name; did you mean \"exporter\"?\n");
  CHECK(error("exports.jsonc --external report") ==
        "premortem: --external report: a service cannot be played by a real program yet; consumers and jobs can\n");
  CHECK(error("--external exporter") == "premortem: --external names systems of a scenario, and no FILE is given\n");
  CHECK(error("--speed fast") ==
        "premortem: --speed fast: write how many simulated seconds a second has, such as 1 or 60, or max\n");
  CHECK(error("--rabbitmq 2.8") == "premortem: --rabbitmq 2.8: write 3.10, 3.13, 4.0, 4.2 or 4.3\n");
  CHECK(error("exports.jsonc --rabbitmq 4.2") ==
        "premortem: --rabbitmq is for serve without FILE; a scenario says \"version\" in its broker\n");
  CHECK(error("--junit out.xml") == "premortem: --junit tells of a scenario's run, and no FILE is given\n");
  CHECK(error("--http 8080") ==
        "premortem: --http 8080: there is no system of kind service here, so nothing would listen; remove it\n");
  CHECK(error("--user nobody") == "premortem: --user nobody: write NAME:PASSWORD\n");
  CHECK(error("exports.jsonc --until 2022-01-01") != "");
  CHECK(error("--bind 203.0.113.7").find("203.0.113.7") != std::string::npos);
  CHECK(error("no-such-file.jsonc").find("no-such-file.jsonc") != std::string::npos);
}

TEST_CASE("a port that is taken names the option that chooses another", "[serve]") {
  const Folder folder;
  const Outcome served = run_line(
      "serve -- bash -c '\"$0\" serve --amqp $PREMORTEM_AMQP_PORT; echo second ended with $?' " + command_path(),
      folder.path());
  REQUIRE(served.code == 0);
  REQUIRE(served.err.find("; choose another with --amqp PORT, or 0 for any free one\n") != std::string::npos);
  REQUIRE(served.err.find("second ended with 2\n") != std::string::npos);
}

TEST_CASE("fault rules that never struck are told at the end, and so is what they mean nothing for", "[serve]") {
  const Folder folder;
  std::string ruled = exports;
  ruled.insert(ruled.find("\"items\""), R"("faults": {
    "idle": { "match": "queue == 'command'", "do": "drop" },
    "late": { "match": "queue == 'commands'", "do": "observe", "nth": 9 },
    "odd": { "match": "command == 'basic.deliver'", "do": "nack" } }, )");
  folder.write("exports.jsonc", ruled);
  for (const char* command : {"run exports.jsonc", "serve exports.jsonc --speed max"}) {
    const Outcome told = run_line(command, folder.path());
    REQUIRE(told.code == 0);
    INFO(told.out);
    REQUIRE(told.out.find("the fault rule \"idle\" never struck: no command matched\n") != std::string::npos);
    REQUIRE(told.out.find("the fault rule \"late\" never struck: 3 commands matched\n") != std::string::npos);
    REQUIRE(told.out.find("the fault rule \"odd\" met 1 commands for which it means nothing\n") != std::string::npos);
  }
}

TEST_CASE("limits that no client could live with are refused", "[serve]") {
  const Folder folder;
  for (const char* limit :
       {"--frame-max 100", "--channel-max 0", "--connections-max 0", "--memory-max much", "--message-max -1"}) {
    INFO(limit);
    REQUIRE(run_line(std::string("serve ") + limit + " -- true", folder.path()).code == 2);
  }
  REQUIRE(run_line("serve --memory-max 1MiB --message-max 64KiB --frame-max 8192 --connections-max 3 -- true",
                   folder.path())
              .code == 0);
}
