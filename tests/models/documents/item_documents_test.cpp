// Documents of work items: what is written of an item, and what a crash leaves of it.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// An order with 7 parcels comes at 10:00; `steps` handle it. Whatever `ends` says must be so at the end.
Story order(const std::string& steps, const std::vector<std::string>& ends, const std::string& timeline = "",
            const std::string& keys = "") {
  std::string checks;
  for (std::size_t n = 0; n < ends.size(); ++n)
    checks += (n > 0 ? ", " : "") + ("\"" + std::to_string(n)) + R"(": { "at": "end", "that": ")" + ends[n] + R"(" })";
  Story story(R"("items": { "order": { "fields": { "parcels": "int", "shop": "string" }, "due": "1 h",
                                       "held-while": "false" } },
    "timeline": [ { "id": "one", "at": "10:00", "send": "order", "to": "orders", "with": { "parcels": "7", "shop": "'north'" } })" +
              timeline + R"( ],
    "systems": {
      "orders": { "is": "queue", "of": "order" },
      "db": { "is": "documents", "collections": {
        "orders": { "of": "order", "fields": { "state": "string", "times": "int" } },
        "sums": { "fields": { "shop": "string", "parcels": "int", "times": "int" } } } },
      "clerk": { "is": "consumer", "reads": "orders", )" +
              keys + R"("does": [ )" + steps + R"( ] } },
    "checks": { )" +
              checks + " }");
  for (std::size_t n = 0; n < ends.size(); ++n) {
    INFO(ends[n]);
    CHECK(story.check(std::to_string(n)).verdict == CheckVerdict::holds);
  }
  return story;
}

const std::string counts = R"({ "update": "db.sums", "where": "shop == it.shop", "upsert": true,
                                "with": { "times": "times + 1" } })";

}  // namespace

TEST_CASE("an upsert makes a document from the equalities of its filter, the item in hand, and with", "[documents]") {
  order(counts + ", " + counts,
        {"count(db.sums) == 1", "count(db.sums, shop == 'north' && parcels == 7 && times == 2) == 1"});
  // The document of an item has its id.
  order(R"({ "insert": "db.orders", "with": { "state": "'NEW'" } })",
        {"count(db.orders, id == 1 && parcels == 7 && shop == 'north' && state == 'NEW') == 1"});
}

TEST_CASE("find-one of nothing is the error NotFound; find is an empty list", "[documents]") {
  const Story one =
      order(R"({ "find-one": "db.orders", "as": "known" })", {}, "", R"("on": { "NotFound": { "then": "reject" } }, )");
  REQUIRE(one.told({RecordKind::failed}) == Lines{"10:00 clerk failed order 1 NotFound"});
  order(R"({ "find": "db.orders", "as": "known" }, { "only-if": "size(known) == 0", "insert": "db.orders" })",
        {"count(db.orders) == 1"});
}

TEST_CASE("sort and limit choose which documents", "[documents]") {
  StoreStory s;
  s.holds = R"({ "name": "C", "n": 3 }, { "name": "A", "n": 1 }, { "name": "B", "n": 2 })";
  s.jobs = {{"job", R"({ "find-and-modify": "db.docs", "sort": "name", "with": { "n": "10" } },
                       { "find": "db.docs", "sort": "n", "limit": 1, "as": "least" },
                       { "update": "least", "with": { "n": "20" } },
                       { "update": "db.docs", "limit": 1, "with": { "n": "30" } })"}};
  s.at_end = {one("A", 10), one("B", 20), one("C", 30)};
  s.run();
}

TEST_CASE("MONGO-051: a claim is not completion: who dies after it leaves a document that nobody takes again",
          "[documents]") {
  const std::string claims =
      R"({ "update": "db.orders", "where": "id == it.id", "upsert": true, "with": { "times": "times + 1" } },
      { "find-and-modify": "db.orders", "where": "state == ''", "with": { "state": "'TAKEN'" }, "as": "mine" },
      { "filter": "size(mine) > 0" }, { "work": "10 s" },
      { "update": "mine", "with": { "state": "'SENT'" } }, { "finish": "sent" })";
  const Story story = order(claims, {"count(db.orders, state == 'TAKEN' && times == 2) == 1"},
                            R"(, { "at": "10:00:05", "crash": "clerk", "restart": "1 min" })");
  REQUIRE(story.told({RecordKind::finished}).empty());
  REQUIRE(story.count("order", Fate::lost) == 1);
}

TEST_CASE("MONGO-085: a crash between commit and acknowledgement repeats what was committed", "[documents]") {
  const std::string books = transaction(counts) + R"(, { "finish": "booked" }, { "work": "10 s" })";
  const Story story = order(books, {"count(db.sums, times == 2) == 1"},
                            R"(, { "at": "10:00:05", "crash": "clerk", "restart": "1 min" })");
  REQUIRE(story.told({RecordKind::finished}) ==
          Lines{"10:00 clerk finished order 1 booked", "10:01:05 clerk finished order 1 booked"});
  REQUIRE(story.count("order", Fate::duplicated) == 1);
}

TEST_CASE("an item that documents hold is let go when they change, not later", "[documents]") {
  const premortem::testing::Story story(R"(
    "items": { "thing": { "done": "ok", "held-while": "count(db.docs, state == 'A') > 0" } },
    "timeline": [ { "at": "02:00", "run": "changer" } ],
    "arrivals": { "things": { "item": "thing", "into": "box", "at": "01:00" } },
    "systems": {
      "db": { "is": "documents", "collections": { "docs": { "fields": { "state": "string" }, "holds": [ { "state": "A" } ] } } },
      "box": { "is": "queue", "of": "thing" },
      "packer": { "is": "consumer", "reads": "box", "does": [ { "work": "1 s" } ] },
      "changer": { "is": "job", "does": [ { "update": "db.docs", "with": { "state": "'B'" } }, { "work": "1 min" } ] } })");
  REQUIRE(story.told({RecordKind::released}) == std::vector<std::string>{"02:00 released thing 1"});
}
