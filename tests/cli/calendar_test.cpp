// premortem calendar, as a user runs it.

#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem;

namespace {

struct Ended {
  int code = -1;
  std::string output;  ///< What it wrote, messages included.
};

Ended calendar(const std::string& arguments) {
  const std::string command = testing::command_path() + " calendar " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ended ended;
  std::array<char, 4096> buffer{};
  for (std::size_t read; (read = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ended.output.append(buffer.data(), read);
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

const std::string five = testing::source_path("tests/golden/calendar/five-schedulers.jsonc");

}  // namespace

TEST_CASE("calendar: five schedulers in the night in which 01:30 is missing", "[calendar]") {
  const Ended ended = calendar(five + " --from 2026-03-28 --until 2026-03-31");
  REQUIRE(ended.code == 0);
  REQUIRE(ended.output == testing::golden("calendar/spring.txt", ended.output));
}

TEST_CASE("calendar: five schedulers in the night in which 01:30 comes twice", "[calendar]") {
  const Ended ended = calendar(five + " --from \"2026-10-24 12:00\" --until \"2026-10-26 12:00\"");
  REQUIRE(ended.code == 0);
  REQUIRE(ended.output == testing::golden("calendar/autumn.txt", ended.output));
}

TEST_CASE("calendar: a period may begin in one pass of the repeated hour and end in the other", "[calendar]") {
  const Ended ended = calendar(five + " --from \"2026-10-25 01:30 first\" --until \"2026-10-25 01:30 second\"");
  REQUIRE(ended.code == 0);
  REQUIRE(ended.output == testing::golden("calendar/repeated-hour.txt", ended.output));
}

TEST_CASE("calendar: a period without a firing is not exercised", "[calendar]") {
  const Ended ended = calendar(five + " --from \"2026-06-01 06:00\" --until \"2026-06-01 07:00\"");
  REQUIRE(ended.code == 3);
  REQUIRE(ended.output == "No schedule fires in this period.\n");
}

TEST_CASE("calendar: periods that cannot be are mistakes of the user", "[calendar]") {
  const auto said = [](const std::string& period) {
    const Ended ended = calendar(five + " " + period);
    REQUIRE(ended.code == 2);
    return ended.output;
  };
  REQUIRE(said("--from \"2026-10-25 01:30\"") ==
          "premortem: 2026-10-25 01:30 comes twice; write \"01:30 first\" or \"01:30 second\"\n");
  REQUIRE(said("--from tomorrow").starts_with("premortem: \"tomorrow\""));
  REQUIRE(said("--from 2026-06-02 --until 2026-06-01") == "premortem: the period ends before it begins\n");
  REQUIRE(said("--from 2031-01-01") ==
          "premortem: 2031-01-01 is more than a year away from the scenario's clock; change that\n");
}
