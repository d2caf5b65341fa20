// How a job finds what is new: by status, by time, by number; and what each of them never sees.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

/// Rows that a writer puts into a table and a reader copies by what it remembers in `db.marks`.
struct Table {
  std::string arrivals;  ///< Streams of rows into `writer.put`.
  std::string write;     ///< Steps of the writer.
  std::string read;      ///< Steps of the reader; `seen` is its mark.
  std::string cron = "* * * * * *";
  std::string timeline = "";
  std::string job_keys = R"("overlap": "forbid")";
};

Story story_of(const Table& table) {
  return Story(R"("timeline": [ )" + table.timeline + R"( ],
    "items": { "row": { "fields": { "slow": "bool" } } },
    "arrivals": { )" +
                   table.arrivals + R"( },
    "systems": {
      "db": { "is": "documents", "collections": {
        "rows": { "of": "row", "fields": { "stamp": "time", "second": "int", "number": "int" } },
        "copies": { "of": "row", "unique": ["id"] },
        "numbers": { "fields": { "last": "int" }, "holds": [ { "last": 0 } ] },
        "marks": { "fields": { "last": "time", "second": "int", "number": "int" }, "holds": [ { "number": 0 } ] } } },
      "writer": { "is": "service", "of": "row", "offers": { "put": { "does": [ )" +
                   table.write + R"( ] } } },
      "sink": { "is": "service", "of": "row", "offers": { "put": { "takes": "10 s", "does": [ { "finish": "copied" } ] } } },
      "reader": { "is": "job", "cron": ")" +
                   table.cron + "\", " + table.job_keys + R"(, "does": [
        { "find-one": "db.marks", "as": "seen" }, )" +
                   table.read + R"( ] } })",
               1, {}, R"("from": "2021-01-04 00:00", "until": "2021-01-04 00:03", "zone": "UTC")");
}

std::string row(const std::string& name, const std::string& at, bool slow = false) {
  return "\"" + name + R"(": { "item": "row", "into": "writer.put", "at": [")" + at + R"("], "fields": { "slow": )" +
         (slow ? "true" : "false") + " } }";
}

/// The stamp is taken when the row is written; it becomes visible when its transaction commits, 5 s or half a second
/// later.
const std::string write_in_transaction = R"(
  { "transaction": "db", "does": [
    { "insert": "db.rows", "with": { "stamp": "now" } },
    { "only-if": "it.slow", "work": "5 s" }, { "only-if": "!it.slow", "work": "0.5 s" } ] })";
/// A row of 10 s that commits at 15 s, and one of 12 s that commits at 12.5 s.
const std::string overtaken = row("slow", "00:00:10", true) + ", " + row("quick", "00:00:12");

std::string read_where(const std::string& where) {
  return R"(
    { "find": "db.rows", "where": ")" +
         where + R"(", "sort": "stamp", "as": "fresh" },
    { "each": "fresh", "finish": "copied" },
    { "only-if": "size(fresh) > 0", "update": "db.marks", "with": { "last": "fresh[size(fresh) - 1].stamp" } })";
}

std::uint64_t lost(const Story& story) { return story.count("row", Fate::lost); }
std::uint64_t duplicated(const Story& story) { return story.count("row", Fate::duplicated); }
std::uint64_t done(const Story& story) { return story.count("row", Fate::done); }

}  // namespace

TEST_CASE("BATCH-050: after a run that was missed, a status finds what a window of time does not", "[watermark]") {
  const auto by = [](const std::string& where) {
    return Story(
        R"("timeline": [ { "at": "2021-01-04 12:00", "pause": "export" }, { "at": "2021-01-04 14:00", "resume": "export" } ],
      "items": { "row": {} },
      "arrivals": { "rows": { "item": "row", "into": "writer.put", "at": ["2021-01-04 10:00", "2021-01-05 10:00"] } },
      "systems": {
        "db": { "is": "documents", "collections": { "rows": { "of": "row", "fields": { "state": "string" } } } },
        "writer": { "is": "service", "of": "row", "offers": { "put": { "does": [
          { "insert": "db.rows", "with": { "state": "'NEW'" } } ] } } },
        "export": { "is": "job", "cron": "0 13 * * *", "does": [
          { "find": "db.rows", "where": ")" +
            where + R"(", "as": "fresh" },
          { "each": "fresh", "does": [
            { "update": "db.rows", "where": "id == it.id", "with": { "state": "'EXPORTED'" } }, { "finish": "exported" } ] } ] } })",
        1, {}, R"("from": "2021-01-04 00:00", "until": "2021-01-06 00:00", "zone": "UTC")");
  };
  REQUIRE(done(by("state == 'NEW'")) == 2);
  REQUIRE(lost(by("age < duration('24 h')")) == 1);
}

TEST_CASE("BATCH-051: a row that commits behind a younger one slips under the watermark", "[watermark]") {
  const Story story = story_of({overtaken, write_in_transaction, read_where("stamp > seen.last")});
  REQUIRE(story.finished() == std::vector<std::string>{"00:00:13 reader finished row 2 copied"});
  REQUIRE(lost(story) == 1);
}

TEST_CASE("BATCH-051: with writers of five seconds, one every second, and a reader every second, most are lost",
          "[watermark]") {
  const std::string many = R"(
    "slow": { "item": "row", "into": "writer.put", "count": 20, "between": ["00:00:10", "00:00:30"], "fields": { "slow": true } },
    "quick": { "item": "row", "into": "writer.put", "count": 20, "between": ["00:00:10", "00:00:30"], "fields": { "slow": false } })";
  const Story story = story_of({many, write_in_transaction, read_where("stamp > seen.last")});
  REQUIRE(lost(story) >= 10);
  REQUIRE(lost(story) + done(story) == 40);
}

TEST_CASE("BATCH-052: numbers are taken before the commit and have the same gap; who rolls back leaves a hole",
          "[watermark]") {
  const std::string write = R"(
    { "find-and-modify": "db.numbers", "with": { "last": "last + 1" }, "as": "taken" },
    { "transaction": "db", "on": { "Undone": { "then": "ignore" } }, "does": [
      { "insert": "db.rows", "with": { "number": "taken[0].last" } },
      { "only-if": "it.slow", "work": "5 s" }, { "only-if": "!it.slow", "work": "0.5 s" },
      { "only-if": "taken[0].last == 2", "raise": "Undone" } ] })";
  const std::string read = R"(
    { "find": "db.rows", "where": "number > seen.number", "sort": "number", "as": "fresh" },
    { "each": "fresh", "finish": "copied" },
    { "only-if": "size(fresh) > 0", "update": "db.marks", "with": { "number": "fresh[size(fresh) - 1].number" } })";
  const std::string arrivals =
      row("slow", "00:00:10", true) + ", " + row("undone", "00:00:11") + ", " + row("quick", "00:00:12");
  const Story story = story_of({arrivals, write, read});
  // Number 3 is read at 13 s; number 1 commits at 15 s; number 2 never.
  REQUIRE(story.finished() == std::vector<std::string>{"00:00:13 reader finished row 3 copied"});
  REQUIRE(lost(story) == 2);
}

TEST_CASE("BATCH-053: a bound behind the present is safe as long as no transaction is longer", "[watermark]") {
  const auto behind = [](const std::string& bound) {
    return story_of(
        {overtaken, write_in_transaction, read_where("stamp > seen.last && stamp <= now - duration('" + bound + "')")});
  };
  REQUIRE(done(behind("6 s")) == 2);
  REQUIRE(lost(behind("2 s")) == 1);
}

TEST_CASE("BATCH-053: a window that is read again is safe when what is known is recognised by its key", "[watermark]") {
  const auto read_again = [](const std::string& first_step) {
    return story_of({overtaken, write_in_transaction,
                     R"json(
      { "find": "db.rows", "where": "stamp > seen.last - duration('10 s')", "sort": "stamp", "as": "fresh" },
      { "each": "fresh", "on": { "DuplicateKey": { "then": "ignore" } }, "does": [ )json" +
                         first_step + R"json( { "finish": "copied" } ] },
      { "only-if": "size(fresh) > 0", "update": "db.marks", "with": { "last": "fresh[size(fresh) - 1].stamp" } })json"});
  };
  REQUIRE(done(read_again(R"({ "insert": "db.copies" },)")) == 2);
  REQUIRE(duplicated(read_again("")) == 2);  // Without the key it does its work again and again.
}

TEST_CASE("BATCH-054: with coarse stamps, greater loses the rest of a second, greater or equal repeats it",
          "[watermark]") {
  const std::string fifteen =
      R"("rows": { "item": "row", "into": "writer.put", "count": 15, "between": ["00:00:10", "00:00:11"], "fields": { "slow": false } })";
  const std::string write =
      R"json({ "insert": "db.rows", "with": { "second": "(now - time('2021-01-04 00:00 UTC')) / duration('1 s')" } })json";
  const auto by = [&](const std::string& where, const std::string& limit) {
    return story_of({fifteen, write,
                     R"( { "find": "db.rows", "where": ")" + where + R"(", "sort": "second", )" + limit +
                         R"( "as": "fresh" },
      { "each": "fresh", "finish": "copied" },
      { "only-if": "size(fresh) > 0", "update": "db.marks", "with": { "second": "fresh[size(fresh) - 1].second" } })",
                     "15,20 * * * * *"});
  };
  const Story greater = by("second > seen.second", R"("limit": 10,)");
  REQUIRE(done(greater) == 10);
  REQUIRE(lost(greater) == 5);
  const Story or_equal = by("second >= seen.second", "");
  REQUIRE(duplicated(or_equal) == 15);
  // In pages, it reads the same page for ever.
  const Story in_pages = by("second >= seen.second", R"("limit": 10,)");
  REQUIRE(duplicated(in_pages) == 10);
  REQUIRE(lost(in_pages) == 5);
}

TEST_CASE("BATCH-055: a mark stored before the effect loses at a crash, behind it it repeats, with it neither",
          "[watermark]") {
  const std::string find = R"({ "find": "db.rows", "where": "stamp > seen.last", "sort": "stamp", "as": "fresh" },)";
  const std::string remember =
      R"({ "only-if": "size(fresh) > 0", "update": "db.marks", "with": { "last": "fresh[size(fresh) - 1].stamp" } })";
  const std::string effect = R"({ "each": "fresh", "call": "sink.put" })";
  const auto crashed = [&](const std::string& steps, const std::string& crash = "00:00:45") {
    Table table;
    table.arrivals = row("a", "00:00:10") + ", " + row("b", "00:00:11") + ", " + row("c", "00:00:12");
    table.write = R"({ "insert": "db.rows", "with": { "stamp": "now" } })";
    table.read = find + steps;
    table.cron = "30 * * * * *";  // Three rows from 00:30 on, ten seconds each.
    table.timeline = R"({ "at": ")" + crash + R"(", "crash": "reader", "restart": "1 s" })";
    return story_of(table);
  };
  const Story before = crashed(remember + "," + effect);
  REQUIRE(lost(before) == 1);  // The second call was under way and is carried out; the third was never made.
  REQUIRE(done(before) == 2);
  const Story behind = crashed(effect + "," + remember);
  REQUIRE(duplicated(behind) == 2);
  REQUIRE(lost(behind) == 0);
  const Story together = crashed(R"({ "transaction": "db", "does": [
      { "id": "copy", "each": "fresh", "does": [ { "work": "10 s" }, { "insert": "db.copies" } ] }, )" +
                                 remember + R"( ] }, { "each": "fresh", "finish": "copied" })");
  REQUIRE(done(together) == 3);
  REQUIRE(duplicated(together) == 0);
}

TEST_CASE("BATCH-056: a mark from the reader's clock loses what is written while that clock is ahead", "[watermark]") {
  const auto skewed = [](const std::string& timeline) {
    Table table;
    table.arrivals =
        row("a", "00:00:09") + ", " + row("b", "00:00:11") + ", " + row("c", "00:00:19") + ", " + row("d", "00:00:21");
    table.write = R"({ "insert": "db.rows", "with": { "stamp": "now" } })";
    table.read = R"(
      { "find": "db.rows", "where": "stamp > seen.last", "as": "fresh" },
      { "each": "fresh", "finish": "copied" },
      { "update": "db.marks", "with": { "last": "now" } })";
    table.cron = "*/10 * * * * *";
    table.timeline = timeline;
    return story_of(table);
  };
  REQUIRE(done(skewed("")) == 4);
  // Two seconds ahead, it reads at 8 s and remembers 10 s: the row of 9 s is never seen. The same ten seconds later.
  const Story ahead = skewed(R"({ "at": "00:00:00", "skew": "reader", "by": "2 s" })");
  REQUIRE(lost(ahead) == 2);
  REQUIRE(done(ahead) == 2);
  // When the writer's clock is ahead, that is, the reader's behind, rows are read twice instead.
  const Story behind = skewed(R"({ "at": "00:00:00", "skew": "writer", "by": "2 s" })");
  REQUIRE(lost(behind) == 0);
  REQUIRE(duplicated(behind) == 2);
}
