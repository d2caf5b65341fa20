#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

/// A hundred rows, ten pages of ten, exported page by page; each export changes the row's state.
Story export_by(const std::string& find_keys) {
  return Story(R"("items": { "row": {} },
    "arrivals": { "rows": { "item": "row", "into": "writer.put", "count": 100, "between": ["00:10", "00:20"] } },
    "systems": {
      "db": { "is": "documents", "collections": {
        "rows": { "of": "row", "fields": { "state": "string", "key": "int" } },
        "marks": { "fields": { "last": "int" }, "holds": [ { "last": 0 } ] } } },
      "writer": { "is": "service", "of": "row", "offers": { "put": { "does": [
        { "insert": "db.rows", "with": { "state": "'TO_EXPORT'", "key": "it.id" } } ] } } },
      "export": { "is": "job", "cron": "0 1 * * *", "does": [
        { "id": "pages", "each": [0, 10, 20, 30, 40, 50, 60, 70, 80, 90], "does": [
          { "find-one": "db.marks", "as": "seen" },
          { "id": "page", "find": "db.rows", "limit": 10, "as": "page", )" +
               find_keys + R"( },
          { "each": "page", "does": [
            { "update": "db.rows", "where": "id == it.id", "with": { "state": "'EXPORTED'" } }, { "finish": "exported" } ] },
          { "only-if": "size(page) > 0", "update": "db.marks", "with": { "last": "page[size(page) - 1].key" } } ] } ] } })");
}

}  // namespace

TEST_CASE("BATCH-058: pages by offset miss every second one when the export changes what they are cut from", "[job]") {
  const Story story = export_by(R"("where": "state == 'TO_EXPORT'", "offset": "it")");
  REQUIRE(story.count("row", Fate::done) == 50);
  REQUIRE(story.count("row", Fate::lost) == 50);
}

TEST_CASE("BATCH-058: always the first page, or pages by key, miss none", "[job]") {
  REQUIRE(export_by(R"("where": "state == 'TO_EXPORT'")").count("row", Fate::done) == 100);
  REQUIRE(export_by(R"("where": "state == 'TO_EXPORT' && key > seen.last", "sort": "key")").count("row", Fate::done) ==
          100);
}

TEST_CASE("pages by offset are right as long as nothing changes", "[job]") {
  REQUIRE(export_by(R"("offset": "it")").count("row", Fate::done) == 100);
}

TEST_CASE("an offset is a number, and stands where documents are found", "[job]") {
  const auto said = [](const std::string& step) {
    return testing::diagnostics_of(R"("items": { "row": {} }, "systems": {
      "db": { "is": "documents", "collections": { "rows": { "of": "row" } } },
      "export": { "is": "job", "cron": "0 1 * * *", "does": [ )" +
                                   step + " ] } }");
  };
  REQUIRE(said(R"({ "find": "db.rows", "offset": "'ten'" })").find("string") != std::string::npos);
  REQUIRE(said(R"({ "delete": "db.rows", "offset": "10" })").find("unknown key \"offset\"") != std::string::npos);
}
