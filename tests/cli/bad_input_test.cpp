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
          "f.jsonc:4:17: error: /timeline[x]: no verb; write one of set, stop, start, pause, resume, crash, run, send, "
          "redrive, replay, notice, fail, slow, lose, duplicate, cut, skew\n");
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
