// Where results go: links, pipes and devices stay what they are, and nothing that is needed is written over.

#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace premortem::testing;

namespace {

const std::string& crash_loop() {
  static const std::string path = source_path("scenarios/gallery/nav-008-crash-loop.jsonc");
  return path;
}

}  // namespace

TEST_CASE("a link is followed, a pipe is written into, a device stays one", "[cli][output]") {
  const Folder folder;
  std::filesystem::create_symlink("real.md", folder.path("link.md"));
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  const Outcome ran =
      shell("cat pipe > through.xml & " + command_path() + " run " + crash_loop() +
                " --markdown link.md --junit pipe --history /dev/null > out.txt; code=$?; wait; exit $code",
            folder.path());
  CHECK(ran.code == 0);
  CHECK(std::filesystem::is_symlink(folder.path("link.md")));
  CHECK(folder.read("real.md").find("# ") != std::string::npos);
  CHECK(std::filesystem::is_fifo(folder.path("pipe")));
  CHECK(folder.read("through.xml").find("</testsuites>") != std::string::npos);
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("no result replaces the scenario, or another result", "[cli][output]") {
  const Folder folder;
  folder.write("f.jsonc", read_file(crash_loop()));
  const Outcome itself = run_line("run f.jsonc --markdown ./f.jsonc", folder.path());
  CHECK(itself.code == 2);
  CHECK(itself.err == "premortem: ./f.jsonc is the scenario itself; write the report elsewhere\n");
  const Outcome twice = run_line("run f.jsonc --markdown a --history ./a", folder.path());
  CHECK(twice.code == 2);
  CHECK(twice.err == "premortem: two results would be written to ./a; name two files\n");
  CHECK(folder.read("f.jsonc") == read_file(crash_loop()));
  CHECK(folder.names() == std::vector<std::string>{"f.jsonc"});
}

TEST_CASE("a run is interrupted and goes on in the middle of a fault", "[cli][output]") {
  const Folder folder;
  const Outcome saved =
      run_command({"run", crash_loop(), "--until", "2020-02-14 18:50", "--save", "half.run"}, folder.path());
  CHECK(saved.code == 0);
  const Outcome whole = run_command({"run", crash_loop()}, folder.path());
  const Outcome rest = run_command({"run", crash_loop(), "--continue", "half.run"}, folder.path());
  CHECK(rest.code == whole.code);
  CHECK(rest.out == whole.out);
}

TEST_CASE("test counts a file that is not valid, and JUnit reports it as an error", "[cli][output]") {
  const Folder folder;
  std::filesystem::create_directory(folder.path("a"));
  folder.write("a/broken.jsonc", "{ \"premortem\": 1 ");
  folder.write("a/good.jsonc", read_file(source_path("scenarios/tutorial/01-a-queue-and-a-worker.jsonc")));
  REQUIRE(mkfifo(folder.path("a/pipe.jsonc").c_str(), 0600) ==
          0);  // Nobody writes into it: reading would wait for ever.
  const Outcome ran = run_line("test a --junit out.xml", folder.path());
  CHECK(ran.code == 2);
  CHECK(ran.out == "1 as expected, 0 different, 0 not exercised, 1 not valid, in 2 files, 3 seeds each\n");
  const std::string junit = folder.read("out.xml");
  CHECK(junit == golden("reports/invalid.junit.xml", junit));
}

TEST_CASE("run --csv: to a file, to stdout in place of the report, and not of half a run", "[cli][output]") {
  const Folder folder;
  const Outcome both = run_command({"run", crash_loop(), "--csv", "run.csv"}, folder.path());
  CHECK(both.code == 0);
  const std::string csv = folder.read("run.csv");
  CHECK(csv.starts_with("reading,strategy,seed,table,row,column,value,unit\r\nas written,as-happened,1,run,,title,"));
  const Outcome only = run_command({"run", crash_loop(), "--csv", "-"}, folder.path());
  CHECK(only.out == csv);
  CHECK(run_command({"run", crash_loop(), "--csv", "-", "--json"}, folder.path()).code == 2);
  const Outcome half =
      run_command({"run", crash_loop(), "--until", "2020-02-14 18:50", "--save", "h", "--csv", "c"}, folder.path());
  CHECK(half.code == 2);
  CHECK(half.err.starts_with("premortem run: --csv excludes --save\n"));
}
