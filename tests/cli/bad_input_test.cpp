// What a user reads who gives the command something wrong: place, message and advice, exit code 2, and nothing written.

#include <filesystem>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

std::string repeated(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t n = 0; n < count; ++n) all += text;
  return all;
}

/// A valid scenario with one line that can be anything.
std::string with_line(const std::string& line) {
  return "{ \"premortem\": 1, \"title\": \"t\",\n"
         "  \"clock\": { \"from\": \"2021-03-27 00:00\", \"until\": \"2021-03-29 00:00\", \"zone\": \"Europe/London\" "
         "},\n"
         "  \"items\": { \"order\": { \"fields\": { \"region\": \"string\" } } },\n" +
         line +
         "\n  \"systems\": { \"orders\": { \"is\": \"queue\", \"of\": \"order\" },\n"
         "    \"worker\": { \"is\": \"consumer\", \"reads\": \"orders\", \"does\": [ { \"id\": \"pack\", \"work\": \"1 "
         "s\" }, { \"finish\": \"done\" } ] } },\n"
         "  \"checks\": { \"one\": { \"every\": \"order\", \"ends\": [\"done\"] } } }\n";
}

/// `run` on that text, with all files that it could write: it says this, writes nothing, and ends with 2.
void refuses(const std::string& text, const std::string& wanted) {
  const Folder folder;
  folder.write("f.jsonc", text);
  const Outcome ran =
      run_line("run f.jsonc --markdown out.md --junit out.xml --history out.jsonl --store out.sqlite", folder.path());
  CHECK(ran.err == wanted);
  CHECK(ran.out == "");
  CHECK(ran.code == 2);
  CHECK(folder.names() == std::vector<std::string>{"f.jsonc"});
}

}  // namespace

TEST_CASE("the file that is spoilt below is valid", "[bad-input]") {
  const Folder folder;
  folder.write("f.jsonc",
               with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "6/h" } },)"));
  const Outcome ran = run_line("check f.jsonc", folder.path());
  CHECK(ran.err == "");
  CHECK(ran.code == 0);
}

TEST_CASE("text that is no JSON", "[bad-input]") {
  refuses(
      "{ \"premortem\": 1,\n  \"title\": \"t\",\n}\n",
      "f.jsonc:3:1: error: syntax error while parsing object key - unexpected '}'; expected string literal; a comma "
      "before a closing bracket is one too many\n");
  refuses("", "f.jsonc:1:1: error: the file is empty; a scenario begins with { \"premortem\": 1, \"title\": ... }\n");
  refuses("[ 1, 2 ]\n", "f.jsonc:1:1: error: a scenario is an object; write { \"premortem\": 1, \"title\": ... }\n");
  refuses(
      "{ \"title\": \"caf\xE9\" }\n",
      "f.jsonc:1:17: error: syntax error while parsing value - invalid string: ill-formed UTF-8 byte; the file must be "
      "UTF-8, with control characters escaped\n");
  refuses(
      std::string("{ \"title\": \"a\0b\" }\n", 19),
      "f.jsonc:1:14: error: syntax error while parsing value - invalid string: control character U+0000 (NUL) must be "
      "escaped to \\u0000; the file must be UTF-8, with control characters escaped\n");
  refuses(std::string("\0\0\0\0", 4),
          "f.jsonc:1:1: error: syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
          "literal; check quotes, commas and brackets before it\n");
  refuses(repeated(10'000, "["),
          "f.jsonc:1:65: error: nested deeper than 64 levels; no scenario needs that, look for a bracket that does not "
          "close\n");
  refuses(
      repeated(10'000, "{\"a\":"),
      "f.jsonc:1:321: error: nested deeper than 64 levels; no scenario needs that, look for a bracket that does not "
      "close\n");
}

TEST_CASE("a byte-order mark is not an error", "[bad-input]") {
  const Folder folder;
  folder.write("f.jsonc", "\xEF\xBB\xBF" + with_line(""));
  CHECK(run_line("check f.jsonc", folder.path()).code == 0);
}

TEST_CASE("paths that are no scenario", "[bad-input]") {
  const Folder folder;
  std::filesystem::create_directory(folder.path() + "/folder");
  folder.write("big.jsonc", "{");
  std::filesystem::resize_file(folder.path() + "/big.jsonc", 200U << 20U);  // Sparse: takes no room.
  const auto says = [&](const std::string& arguments) {
    const Outcome ran = run_line("run " + arguments, folder.path());
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    return ran.err;
  };
  CHECK(says("none.jsonc") == "none.jsonc: error: there is no such file; check the path\n");
  CHECK(says("folder") ==
        "folder: error: this is a directory; name a scenario file, or run `premortem test` on the directory\n");
  CHECK(says("big.jsonc") ==
        "big.jsonc: error: the file has more than 16 MB; a scenario is a story, move data into `arrivals`\n");
  CHECK(says("/dev/zero") == "/dev/zero: error: the file has more than 16 MB; a scenario is a story\n");
}

TEST_CASE("keys and names that do not exist, or exist twice", "[bad-input]") {
  refuses(with_line("  \"items\": {},"), "f.jsonc:4:3: error: /items: written twice, first in line 3; remove one\n");
  refuses(with_line("  \"arrivels\": {},"),
          "f.jsonc:4:3: error: /: unknown key \"arrivels\"; did you mean \"arrivals\"?\n");
  refuses(with_line(R"(  "arrivals": { "shop": { "item": "ordre", "into": "orders", "rate": "6/h" } },)"),
          "f.jsonc:4:35: error: /arrivals/shop/item: there is no kind of item \"ordre\"; did you mean \"order\"?\n");
  refuses(with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "oders", "rate": "6/h" } },)"),
          "f.jsonc:4:52: error: /arrivals/shop/into: there is no queue, log or operation \"oders\"; did you mean "
          "\"orders\"?\n");
  refuses(with_line(R"(  "timeline": [ { "id": "x", "at": "09:00", "halt": "worker" } ],)"),
          "f.jsonc:4:17: error: /timeline[x]: no verb; write one of set, stop, start, pause, resume, crash, step-down, "
          "run, "
          "send, redrive, replay, notice, fail, slow, lose, duplicate, cut, skew\n");
  refuses(with_line(R"(  "strategies": { "s": { "change": { "woker.workers": 2 } } },)"),
          "f.jsonc:4:38: error: /strategies/s/change: \"woker.workers\" hits nothing; did you mean "
          "\"worker.workers\"?\n");
}

TEST_CASE("values without unit, out of range, or of another type", "[bad-input]") {
  refuses(with_line(R"(  "timeline": [ { "id": "x", "at": "09:00", "slow": "worker", "by": 90 } ],)"),
          "f.jsonc:4:69: error: /timeline[x]/by: 90 is a bare number; write \"90 s\"\n");
  refuses(
      with_line(
          R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "count": -3, "between": ["09:00", "10:00"] } },)"),
      "f.jsonc:4:71: error: /arrivals/shop/count: -3 is negative; write a count from 0\n");
  refuses(
      with_line(
          R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "count": 99999999999999999999, "between": ["09:00", "10:00"] } },)"),
      "f.jsonc:4:71: error: /arrivals/shop/count: must be a count, not a number\n");
  refuses(with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "99999999999999/ns" } },)"),
          "f.jsonc:4:70: error: /arrivals/shop/rate: \"99999999999999/ns\" is no rate; write \"60/h\" or \"6/day\"\n");
  refuses(with_line(R"(  "timeline": [ { "id": "x", "at": "2021-03-28 01:30", "stop": "worker" } ],)"),
          "f.jsonc:4:36: error: /timeline[x]/at: 2021-03-28 01:30 does not exist in Europe/London (the clock goes from "
          "01:00 to 02:00); write 02:30 or give UTC\n");
  refuses(
      with_line(
          R"(  "timeline": [ { "id": "x", "at": "09:00", "only-if": "orders.ready > 'three'", "stop": "worker" } ],)"),
      "f.jsonc:4:70: error: timeline[x].only-if: orders.ready is an int, 'three' is a string: they have no common "
      "order\n");
  refuses(
      with_line(R"(  "timeline": [ { "id": "x", "at": "09:00", "only-if": "orders.ready >", "stop": "worker" } ],)"),
      "f.jsonc:4:71: error: timeline[x].only-if: the expression ends too early\n");
}

TEST_CASE("a misspelt command-line address, strategy or assumption", "[bad-input]") {
  const Folder folder;
  folder.write("f.jsonc", with_line(R"(  "strategies": { "two": { "change": { "worker.workers": 2 } } },)"));
  const auto says = [&](const std::string& arguments) {
    const Outcome ran = run_line("run f.jsonc " + arguments, folder.path());
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    return ran.err;
  };
  CHECK(says("--set worker.wokers=2") ==
        "f.jsonc: error: --set worker.wokers: \"worker.wokers\" hits nothing; did you mean "
        "\"worker.workers\"?\n");
  CHECK(says("--strategy tow") == "f.jsonc: error: --strategy: there is no strategy \"tow\"; did you mean \"two\"?\n");
  CHECK(says("--assume x=1") == "f.jsonc: error: --assume x: the scenario assumes no \"x\"\n");
  CHECK(says("--set worker.workers") == "premortem: --set worker.workers: write NAME=VALUE\n");
  CHECK(says("--set worker.workers=many") ==
        "f.jsonc: error: /systems/worker/workers: \"many\" is no count; write a bare number, \"1 .. 13\" or "
        "\"poisson 10\"\n");
}

TEST_CASE("check --json gives the diagnostics of every file as data", "[bad-input]") {
  const Folder folder;
  folder.write("f.jsonc", with_line("  \"arrivels\": {},"));
  const Outcome ran = run_line("check f.jsonc --json", folder.path());
  CHECK(ran.code == 2);
  CHECK(ran.err == "");
  CHECK(ran.out ==
        "[\n  {\n    \"file\": \"f.jsonc\",\n    \"valid\": false,\n    \"diagnostics\": [\n      {\n        \"line\": "
        "4,\n"
        "        \"column\": 3,\n        \"address\": \"/\",\n        \"message\": \"unknown key \\\"arrivels\\\"; did "
        "you mean "
        "\\\"arrivals\\\"?\"\n      }\n    ],\n    \"notes\": [],\n    \"strategies\": 0\n  }\n]\n");
}

TEST_CASE("a NUL byte, or a comment that is no UTF-8, is no scenario", "[bad-input]") {
  const std::string good = with_line("");
  refuses(good + std::string("\0rest", 5),
          "f.jsonc:8:1: error: a NUL byte; this is no text, or it was cut off and filled up\n");
  refuses("// caf\xE9\n" + good, "f.jsonc:1:7: error: this is no valid UTF-8; save the file as UTF-8\n");
}

TEST_CASE("arrivals that would never come, or never end", "[bad-input]") {
  const auto stream = [](const std::string& how) {
    return with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "orders", )" + how + " } },");
  };
  refuses(stream(R"("at": "2021-03-26 07:00")"),
          "f.jsonc:4:68: error: /arrivals/shop/at: 2021-03-26 07:00 is not inside the clock's span; it would never "
          "arrive\n");
  refuses(stream(R"("at": [])"),
          "f.jsonc:4:68: error: /arrivals/shop/at: no time at all: nothing would arrive; write one, or remove the "
          "stream\n");
  refuses(stream(R"("rate": "6/h", "from": "2021-03-28 07:00", "until": "2021-03-27 07:00")"),
          "f.jsonc:4:25: error: /arrivals/shop: \"until\" is not after \"from\": nothing would arrive; write a later "
          "one\n");
  refuses(stream(R"("rate": "100000/s")"),
          "f.jsonc:4:70: error: /arrivals/shop/rate: about 16920000000 items; a stream may bring 2000000, so that a "
          "run fits "
          "into memory: shorten the clock, or scale the rate down\n");
  refuses(stream(R"("count": 9223372036854775807, "between": ["2021-03-27 07:00", "2021-03-27 08:00"])"),
          "f.jsonc:4:71: error: /arrivals/shop/count: a stream may bring 2000000 items, so that a run fits into "
          "memory; write "
          "fewer\n");
}

TEST_CASE("a poisson variable is a count, not a duration", "[bad-input]") {
  std::string text = with_line("");
  text.replace(text.find("\"1 s\""), 5, "\"poisson 10\"");
  refuses(
      text,
      "f.jsonc:6:88: error: /systems/worker/does[pack]/work: \"poisson\" draws counts; write \"exponential 4 s\" for a "
      "duration\n");
}

TEST_CASE("a strategy may not change what is right, whole or in part", "[bad-input]") {
  const auto strategy = [](const std::string& overlay) {
    return with_line(R"(  "strategies": { "easy": )" + overlay + " },");
  };
  const auto refusal = [](const std::string& column, const std::string& part, const std::string& address) {
    return "f.jsonc:4:" + column + ": error: /strategies/easy" + part + ": a strategy may not move the goal posts (\"" +
           address + "\")\n";
  };
  refuses(strategy(R"({ "remove": ["checks"] })"), refusal("40", "/remove", "checks"));
  refuses(strategy(R"({ "remove": ["checks.one"] })"), refusal("40", "/remove", "checks.one"));
  refuses(strategy(R"({ "change": { "items.order": { "done": "any" } } })"), refusal("41", "/change", "items.order"));
  refuses(strategy(R"({ "change": { "items.order.may-repeat": true } })"),
          refusal("41", "/change", "items.order.may-repeat"));
  refuses(strategy(R"({ "change": { "items.order.due": "9 h" } })"), refusal("41", "/change", "items.order.due"));
}

TEST_CASE("what only a strategy breaks names the strategy; its name is no other's", "[bad-input]") {
  refuses(
      with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "6/h" } },
  "strategies": { "without": { "remove": ["orders"] } },)"),
      "f.jsonc:4:52: error: /arrivals/shop/into: there is no queue, log or operation \"orders\" (under the strategy "
      "\"without\")\n"
      "f.jsonc:7:44: error: /systems/worker/reads: there is no system \"orders\" (under the strategy \"without\")\n");
  refuses(with_line(R"(  "strategies": { "as-happened": { "remove": ["orders"] } },)"),
          "f.jsonc:4:19: error: /strategies/as-happened: is what the unchanged file is called; rename it\n");
  refuses(with_line(R"(  "strategies": { "a,b": { "change": { "worker.workers": 2 } } },)"),
          "f.jsonc:4:19: error: /strategies: \"a,b\" cannot be a name; write letters, digits, _ and -, as "
          "addresses are made "
          "of names\n");
}

TEST_CASE("a name may have letters of any alphabet, and expressions know it", "[bad-input]") {
  const Folder folder;
  std::string text = with_line(R"(  "arrivals": { "kjøp": { "item": "order", "into": "orders", "rate": "6/h" } },
  "strategies": { "færre": { "change": { "worker.workers": 2 } } },)");
  text.replace(text.find("\"region\""), 8, "\"område\"");
  text.replace(text.find("\"every\": \"order\""), 16, "\"every\": \"order\", \"where\": \"område == ''\"");
  folder.write("f.jsonc", text);
  const Outcome ran = run_line("run f.jsonc --strategy færre", folder.path());
  CHECK(ran.err == "");
  CHECK(ran.code == 0);
}

TEST_CASE("a seed is taken as it is written, or not at all", "[bad-input]") {
  const Folder folder;
  folder.write("f.jsonc",
               with_line(R"(  "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "6/h" } },)"));
  for (const std::string seed : {"-1", "18446744073709551616", "1e3", ""}) {
    const Outcome ran = run_command({"run", "f.jsonc", "--seed", seed}, folder.path());
    INFO(ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.err.find("a seed is a whole number from 0 to 18446744073709551615, not \"" + seed + "\"") !=
          std::string::npos);
  }
  CHECK(run_line("run f.jsonc --seed 18446744073709551615", folder.path()).code == 0);
}
