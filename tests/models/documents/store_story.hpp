#pragma once
// A document store with two documents, A and B, and jobs that all begin at 01:00: the shortest scenario in which
// transactions meet.

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace premortem::testing {

using Lines = std::vector<std::string>;

/// What transactions and writes tell.
inline constexpr std::initializer_list<RecordKind> transactions = {RecordKind::transaction_began,
                                                                   RecordKind::transaction_ended, RecordKind::failed,
                                                                   RecordKind::retried, RecordKind::given_up};
inline constexpr std::initializer_list<RecordKind> writes = {RecordKind::inserted, RecordKind::updated,
                                                             RecordKind::removed};

struct StoreStory {
  std::string store;  ///< Further keys of the store `db`, each followed by a comma.
  std::string docs;   ///< Further keys of its collection `docs`, each followed by a comma.
  std::string holds = R"({ "name": "A", "n": 0 }, { "name": "B", "n": 0 })";
  std::string timeline;                                        ///< Entries.
  std::string systems;                                         ///< Further systems, each followed by a comma.
  std::vector<std::pair<std::string, std::string>> jobs = {};  ///< Name -> steps, or steps and further keys.
  std::vector<std::string> at_end = {};  ///< Conditions of checks "0", "1", ... that look at the clock's end.

  std::string body() const {
    std::string text = R"("items": { "thing": {} }, "timeline": [ )" + timeline + R"( ], "systems": { )" + systems +
                       R"("db": { "is": "documents", )" + store + R"("collections": {
                         "docs": { )" +
                       docs + R"("fields": { "name": "string", "n": "int" }, "holds": [ )" + holds + R"( ] },
                         "notes": { "fields": { "by": "string", "n": "int" } } } })";
    for (const auto& [name, steps] : jobs)
      text += R"(, ")" + name + R"(": { "is": "job", "cron": "0 1 * * *", "does": [ )" + steps + " ] }";
    text += R"( }, "checks": { "always-true": { "always": "true" })";
    for (std::size_t n = 0; n < at_end.size(); ++n)
      text += R"(, ")" + std::to_string(n) + R"(": { "at": "end", "that": ")" + at_end[n] + R"(" })";
    return text + " }";
  }

  /// Runs it, and requires what shall be so at the end.
  Story run(std::uint64_t seed = 1) const {
    Story story(body(), seed);
    for (std::size_t n = 0; n < at_end.size(); ++n) {
      INFO(at_end[n]);
      CHECK(story.check(std::to_string(n)).verdict == CheckVerdict::holds);
    }
    return story;
  }
};

/// How many documents are named so and count so much.
inline std::string one(const std::string& name, int n) {
  return "count(db.docs, name == '" + name + "' && n == " + std::to_string(n) + ") == 1";
}

inline const std::string add_to_a = R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "n + 1" } })";
inline const std::string add_to_b = R"({ "update": "db.docs", "where": "name == 'B'", "with": { "n": "n + 1" } })";
inline std::string work(const std::string& length) { return R"({ "work": ")" + length + R"(" })"; }
/// `keys`: further ones of the step, each followed by a comma.
inline std::string transaction(const std::string& steps, const std::string& keys = "") {
  return R"({ "transaction": "db", )" + keys + R"("does": [ )" + steps + " ] }";
}

}  // namespace premortem::testing
