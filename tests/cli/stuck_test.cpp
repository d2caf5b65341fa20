// What a user sees of a run that gets stuck.

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string circle = "scenarios/gallery/requeue-for-ever.jsonc";

Outcome run(const std::string& arguments) { return run_line("run " + arguments, source_path()); }

void check_golden(const std::string& name, const std::string& shown) {
  INFO(name);
  CHECK(shown == golden("stuck/" + name, shown));
}

}  // namespace

TEST_CASE("golden: nothing moves any more, and where everything is", "[stuck]") {
  const Outcome still = run("tests/golden/stuck/still.jsonc");
  CHECK(still.code == 0);
  check_golden("still.txt", still.out);
}

TEST_CASE("golden: a circle in which no time passes: at once, and by tries without a wait", "[stuck]") {
  const Outcome at_once = run(circle + " --set 'exporter.does[begin].work=0 s'");
  CHECK(at_once.code == 2);
  CHECK(at_once.out.empty());
  check_golden("at-once.txt", at_once.err);
  const Outcome tries = run(circle +
                            " --set 'exporter.does[begin].work=0 s' --set "
                            "'exporter.on.WriteConflict={\"tries\": 100000000, \"then\": \"park\"}'");
  CHECK(tries.code == 2);
  check_golden("tries.txt", tries.err);
}

TEST_CASE("test says of a circle what run says, and goes on with the other files", "[stuck]") {
  const Folder folder;
  std::string text = read_file(source_path(circle));
  text.replace(text.find("\"50 ms\""), 7, "\"0 s\"");
  folder.write("a.jsonc", text);
  folder.write("b.jsonc", read_file(source_path("tests/golden/stuck/still.jsonc")));
  const Outcome tested = run_command({"test", folder.path()}, folder.path());
  CHECK(tested.code == 2);
  CHECK(tested.err.find("   4  exporter meets WriteConflict (112) with export 2\n") != std::string::npos);
  CHECK(tested.out.find("1 as expected") != std::string::npos);
}
