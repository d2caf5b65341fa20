// The tree as it stands keeps the rules; and the rules catch what they claim to catch.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include "tests/architecture/rules.hpp"
#include "tests/architecture/source_check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

namespace {

using namespace premortem::architecture;
namespace fs = std::filesystem;

/// A source tree that stands in the temporary folder as long as this object lives.
class PlantedTree {
 public:
  PlantedTree() : root_{fs::temp_directory_path() / ("premortem-planted-" + std::to_string(std::random_device{}()))} {
    fs::create_directories(root_);
  }
  ~PlantedTree() { fs::remove_all(root_); }
  PlantedTree(const PlantedTree&) = delete;
  PlantedTree& operator=(const PlantedTree&) = delete;

  PlantedTree& file(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream{root_ / path} << text;
    return *this;
  }
  PlantedTree& folder(const std::string& path) {
    fs::create_directories(root_ / path);
    return *this;
  }
  std::vector<std::string> problems() const { return check_tree(root_).problems; }

 private:
  fs::path root_;
};

using Problems = std::vector<std::string>;

TEST_CASE("the tree keeps the rules of the house", "[architecture]") {
  const Report report = check_tree(premortem::testing::source_path());
  for (const std::string& problem : report.problems) std::cerr << problem << '\n';
  CHECK(report.problems.empty());
  CHECK(report.files > 50);  // A check that finds no files finds no problems either.
}

TEST_CASE("an exemption names a file that exists and a ban that stands", "[architecture]") {
  for (const Exemption& exemption : exemptions()) {
    INFO(exemption.file);
    CHECK(fs::exists(premortem::testing::source_path(std::string(exemption.file))));
    CHECK(std::ranges::any_of(bans(), [&](const Ban& ban) { return ban.what == exemption.what; }));
  }
}

TEST_CASE("a planted iteration over an unordered container in a model is caught", "[architecture]") {
  PlantedTree tree;
  tree.file("sim/models/broker/queues.cpp",
            "#include <unordered_map>\n"
            "void deliver_all(std::unordered_map<int, Queue>& queues) {\n"
            "  for (auto& [id, queue] : queues) queue.deliver();\n"
            "}\n");
  const std::string instead =
      "\" must not stand in sim/models; use std::map, or a vector sorted by id: the order in a hash table differs "
      "between standard libraries";
  CHECK(tree.problems() == Problems{"sim/models/broker/queues.cpp:1: error: \"unordered_map" + instead,
                                    "sim/models/broker/queues.cpp:2: error: \"unordered_map" + instead});
}

TEST_CASE("an include against the arrows is caught, along them it is not", "[architecture]") {
  SECTION("the kernel knows no model") {
    PlantedTree tree;
    tree.file("sim/kernel/a.hpp", "#pragma once\n#include \"sim/models/world.hpp\"\n");
    CHECK(tree.problems() ==
          Problems{"sim/kernel/a.hpp:2: error: sim/kernel must not include sim/models; it may include nothing, so move "
                   "what both need down to one of these, or this code up"});
  }
  SECTION("checks read the history, not the models") {
    PlantedTree tree;
    tree.file("sim/checks/a.cpp", "#include \"sim/history/record.hpp\"\n#include \"sim/models/world.hpp\"\n");
    CHECK(tree.problems().size() == 1);
  }
  SECTION("angle brackets do not hide it") {
    PlantedTree tree;
    tree.file("sim/history/a.cpp", "#include <sim/scenario/load.hpp>\n");
    CHECK(tree.problems().size() == 1);
  }
  SECTION("nobody knows the command") {
    PlantedTree tree;
    tree.file("reports/render/a.cpp", "#include \"cli/options.hpp\"\n");
    CHECK(tree.problems().size() == 1);
  }
  SECTION("a relative path would hide the folder") {
    PlantedTree tree;
    tree.file("sim/kernel/a.cpp", "#include \"../models/world.hpp\"\n");
    CHECK(tree.problems() ==
          Problems{"sim/kernel/a.cpp:1: error: \"../models/world.hpp\" is not a path from the root; write "
                   "\"sim/kernel/...\""});
  }
  SECTION("along the arrows") {
    PlantedTree tree;
    tree.file("sim/scenario/a.cpp", "#include \"sim/faults/fault.hpp\"\n#include \"sim/checks/fate.hpp\"\n");
    tree.file("cli/a.cpp", "#include \"sim/compare/run_result.hpp\"\n#include \"reports/render/table.hpp\"\n");
    CHECK(tree.problems() == Problems{});
  }
}

TEST_CASE("every ban is caught in every folder it is for", "[architecture]") {
  for (const Ban& ban : bans()) {
    for (const Folder& folder : folders()) {
      const std::string what{ban.what};
      const bool path = ban.kind == Ban::Kind::include;
      const std::string text = path ? "#include <" + what + (what.back() == '/' ? "x.h" : "") + ">\n"
                               : ban.kind == Ban::Kind::word ? "auto x = std::" + what + "{};\n"
                                                             : "auto x = std::" + what + "(1);\n";
      const std::string file = std::string{folder.path} + "/planted.hpp";
      PlantedTree tree;
      tree.file(file, "#pragma once\n" + text);
      const bool caught = std::ranges::any_of(tree.problems(), [&](const std::string& problem) {
        return problem.starts_with(file + ":2: error: \"" + what + "\" must not stand in ");
      });
      const bool is_meant = ban.scope == Scope::simulation ? is_simulation(folder.path)
                                                           : folder.path != "tests" && folder.path != "bench";
      INFO(file << ": " << text);
      CHECK(caught == is_meant);
    }
  }
}

TEST_CASE("a container ordered by address is caught", "[architecture]") {
  PlantedTree tree;
  tree.file("sim/models/a.cpp",
            "std::map<const Queue*, int> waiting;\n"
            "std::map<int, Queue*> by_id;\n"
            "std::set<std::pair<int, int>> pairs;\n");
  CHECK(tree.problems() ==
        Problems{"sim/models/a.cpp:1: error: a container ordered by address must not stand in sim/models; use ids as "
                 "keys: addresses differ from run to run"});
}

TEST_CASE("comments, literals, members and longer names are not caught", "[architecture]") {
  PlantedTree tree;
  tree.file("sim/models/a.cpp",
            "// std::unordered_map would differ\n"
            "/* #include <ctime>\n"
            "#include <ctime> */\n"
            "const char* text = \"system_clock \\\" rand(\";\n"
            "const int million = 1'000'000;\n"
            "world.log(3), operand(1), log_of(world);\n");
  CHECK(tree.problems() == Problems{});
}

TEST_CASE("what follows a digit separator or a comment is still read", "[architecture]") {
  PlantedTree tree;
  tree.file("sim/models/a.cpp", "int x = 1'000; std::steady_clock c; /* no */ int y = rand();\n");
  CHECK(tree.problems().size() == 2);
}

TEST_CASE("folders that the house does not know are caught", "[architecture]") {
  PlantedTree tree;
  tree.folder("utils").folder("sim/helpers").folder("docs").folder(".git").folder("sim/kernel");
  const std::string end = ", or add it to tests/architecture/rules.cpp and ARCHITECTURE.md";
  auto problems = tree.problems();
  std::ranges::sort(problems);
  CHECK(problems ==
        Problems{
            "sim/helpers:1: error: the house has no folder sim/helpers; put its files into a folder that sim has" + end,
            "utils:1: error: the house has no folder utils; put its files into sim, fakes, reports, cli, scenarios, "
            "tests, bench or docs" +
                end});
}

TEST_CASE("a header without its guard is caught", "[architecture]") {
  PlantedTree tree;
  tree.file("cli/a.hpp", "int x();\n");
  CHECK(tree.problems() == Problems{"cli/a.hpp:1: error: a header without its guard; begin it with #pragma once"});
}

}  // namespace
