#pragma once
// What the source tree may look like: which folder may include which, and which words may not stand where.
// The one place where these rules stand; ARCHITECTURE.md explains them, source_check.hpp applies them.

#include <string_view>
#include <vector>

namespace premortem::architecture {

/// A folder of the house. Files in it may include files of itself and of `may_include`, by paths from the root.
struct Folder {
  std::string_view path;                      ///< "sim/models", no slash at the end.
  std::vector<std::string_view> may_include;  ///< Folders; "*" is every folder of the table.
};

/// Where a ban applies.
enum class Scope {
  simulation,  ///< Everything a run's digest depends on: kernel, history, models, faults, checks.
  headers      ///< Every header outside tests.
};

/// Something that must not stand in a source file.
struct Ban {
  enum class Kind {
    include,  ///< `what` begins the path of an #include.
    word,     ///< `what` stands in the code as a whole word; comments and string literals do not count.
    call      ///< A word that is followed by "(".
  };
  Kind kind;
  std::string_view what;
  Scope scope;
  std::string_view instead;  ///< What to write; completes the diagnostic.
};

/// A ban that one file may break, and why that is right.
struct Exemption {
  std::string_view file;
  std::string_view what;
  std::string_view why;
};

const std::vector<Folder>& folders();
const std::vector<Ban>& bans();
const std::vector<Exemption>& exemptions();

/// Top-level folders that hold no code of ours, but belong to the house.
const std::vector<std::string_view>& folders_without_code();

/// Is `folder` one of those on which a run's digest depends?
bool is_simulation(std::string_view folder);

}  // namespace premortem::architecture
