// Files that share lists, items, systems and strategies with others.

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sim/scenario/load.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// Files in a directory of their own.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "premortem-uses-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ + "/" + name) << text; }
  std::string said(const std::string& name) const {
    Diagnostics diagnostics;
    const auto loaded = load_scenario(path_ + "/" + name, diagnostics);
    if (loaded) check_all_variants(*loaded, diagnostics);
    return diagnostics.format(name);
  }
  std::vector<std::string> strategies(const std::string& name) const {
    Diagnostics diagnostics;
    const auto loaded = load_scenario(path_ + "/" + name, diagnostics);
    REQUIRE(loaded);
    return strategy_names(loaded->root);
  }

 private:
  std::string path_;
};

std::string story(const std::string& uses) {
  return R"({ "premortem": 1, "title": "t", "clock": { "from": "2021-01-04 00:00", "until": "2021-01-05 00:00", "zone": "UTC" },
 "uses": )" +
         uses + R"(,
 "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "6/h" } },
 "checks": { "one": { "every": "order", "ends": ["done"] } } })";
}

constexpr const char* machinery = R"({ "premortem": 1, "title": "shared",
 "items": { "order": {} },
 "systems": { "orders": { "is": "queue", "of": "order" }, "worker": { "is": "consumer", "reads": "orders", "does": [ { "finish": "done" } ] } },
 "strategies": { "two": { "change": { "worker.workers": 2 } } } })";

}  // namespace

TEST_CASE("a file uses the items, systems and strategies of another", "[uses]") {
  const Folder folder;
  folder.write("shared.jsonc", machinery);
  folder.write("story.jsonc", story(R"(["shared.jsonc"])"));
  folder.write("one.jsonc", story(R"("shared.jsonc")"));
  CHECK(folder.said("story.jsonc") == "");
  CHECK(folder.strategies("story.jsonc") == std::vector<std::string>{"as-happened", "two"});
  CHECK(folder.strategies("one.jsonc") == std::vector<std::string>{"as-happened", "two"});
}

TEST_CASE("a file uses the remedies of another; a wrong one is said where this file names that one", "[uses]") {
  const Folder folder;
  std::string shared = machinery;
  shared.insert(shared.rfind('}'), R"(, "remedies": { "pause": { "pause": "worker" } })");
  folder.write("shared.jsonc", shared);
  folder.write("story.jsonc", story(R"(["shared.jsonc"])"));
  CHECK(folder.said("story.jsonc").empty());
  shared.replace(shared.rfind("worker"), 6, "wroker");
  folder.write("shared.jsonc", shared);
  CHECK(folder.said("story.jsonc") ==
        "story.jsonc:2:11: error: /remedies/pause/pause: there is no system \"wroker\"; did you mean \"worker\"?\n");
}

TEST_CASE("one level: files that use each other, or themselves, are refused", "[uses]") {
  const Folder folder;
  folder.write("a.jsonc", story(R"(["b.jsonc"])"));
  folder.write("b.jsonc", story(R"(["a.jsonc"])"));
  folder.write("self.jsonc", story(R"(["self.jsonc"])"));
  CHECK(folder.said("a.jsonc").find("a.jsonc:2:11: error: /uses: \"b.jsonc\" uses other files itself, perhaps this one "
                                    "again; one level only, name them all here\n") != std::string::npos);
  CHECK(folder.said("self.jsonc").find("self.jsonc:2:11: error: /uses: \"self.jsonc\" uses other files itself") !=
        std::string::npos);
}

TEST_CASE("a name that two files define is refused; so is a section that cannot be shared", "[uses]") {
  const Folder folder;
  folder.write("shared.jsonc", machinery);
  folder.write("twice.jsonc", story(R"(["shared.jsonc", "shared.jsonc"])"));
  folder.write("clock.jsonc", R"({ "premortem": 1, "title": "c", "checks": { "x": { "always": "true" } } })");
  folder.write("wrong.jsonc", story(R"(["shared.jsonc", "clock.jsonc"])"));
  CHECK(folder.said("twice.jsonc") ==
        "twice.jsonc:2:27: error: /uses: \"order\" of \"shared.jsonc\" is defined here, too; rename one\n"
        "twice.jsonc:2:27: error: /uses: \"orders\" of \"shared.jsonc\" is defined here, too; rename one\n"
        "twice.jsonc:2:27: error: /uses: \"worker\" of \"shared.jsonc\" is defined here, too; rename one\n"
        "twice.jsonc:2:27: error: /uses: \"two\" of \"shared.jsonc\" is defined here, too; rename one\n");
  CHECK(folder.said("wrong.jsonc") ==
        "wrong.jsonc:2:27: error: /uses: \"clock.jsonc\" holds \"checks\"; share lists, items, systems, remedies or "
        "strategies only\n");
}

TEST_CASE("what is wrong in a used file is said with that file's own line", "[uses]") {
  const Folder folder;
  folder.write("broken.jsonc", "{ \"premortem\": 1,\n \"systems\": { \"orders\": { \"is\": \"queu\" } } }");
  folder.write("story.jsonc", story(R"(["broken.jsonc"])"));
  folder.write("lost.jsonc", story(R"(["nowhere.jsonc"])"));
  CHECK(folder.said("story.jsonc")
            .find("story.jsonc:2:11: error: /uses: \"broken.jsonc\":2:33: /systems/orders/is: unknown "
                  "kind \"queu\"; did you mean \"queue\"?\n") != std::string::npos);
  CHECK(folder.said("lost.jsonc")
            .find("lost.jsonc:2:11: error: /uses: \"nowhere.jsonc\": there is no such file; check the "
                  "path\n") != std::string::npos);
}

TEST_CASE("a used file that cannot be read is the one thing said, beside what this file has wrong itself", "[uses]") {
  const Folder folder;
  folder.write("broken.jsonc", R"({ "systems": )");
  std::string both = story(R"(["broken.jsonc"])");
  both.replace(both.find("\"rate\""), 6, "\"raet\"");
  folder.write("both.jsonc", both);
  CHECK(folder.said("both.jsonc") ==
        "both.jsonc:2:11: error: /uses: \"broken.jsonc\":1:13: syntax error while parsing value - unexpected end of "
        "input; expected '[', '{', or a literal; check quotes, commas and brackets before it\n"
        "both.jsonc:3:61: error: /arrivals/shop: unknown key \"raet\"; did you mean \"rate\"?\n");
}
