// Change streams and the oplog that they read. MONGO-065 to MONGO-068

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second, ms = TestServer::ms;

std::string cursor_of(const bson::Value& reply) { return testing::text(reply["cursor"]["id"]); }
std::string token_of(const bson::Value& reply) { return testing::text(reply["cursor"]["postBatchResumeToken"]); }

std::string watch(const std::string& options = "") {
  return "{aggregate: 'records', pipeline: [{$changeStream: {" + options + "}}], cursor: {}}";
}

/// "insert 1, update 2": what a batch tells.
std::string told(const bson::Value& reply) {
  std::string all;
  const bson::Value& cursor = reply["cursor"];
  for (const bson::Value& event : (cursor.has("firstBatch") ? cursor["firstBatch"] : cursor["nextBatch"]).elements())
    all +=
        (all.empty() ? "" : ", ") + event["operationType"].as_text() + " " + testing::text(event["documentKey"]["_id"]);
  return all;
}

bson::Value more(TestServer& server, const std::string& cursor) {
  server.run("{getMore: " + cursor + ", collection: 'records', maxTimeMS: 10}");
  const std::int32_t request = server.last_request();
  server.pass(10 * ms);
  return server.answer(request);
}

void insert(TestServer& server, int number, std::size_t bytes = 0) {
  server.run("{insert: 'records', documents: [{_id: " + std::to_string(number) + ", fill: '" + std::string(bytes, 'x') +
             "'}]}");
}

}  // namespace

TEST_CASE("MONGO-065: the oplog keeps a size, not a time: the same reader's lag is harmless until a burst comes",
          "[document_server]") {
  TestServer server;
  server.server().keep_oplog(100'000);
  const std::string token = token_of(server.run(watch()));
  const std::string at_rest = "resumeAfter: " + token;
  for (int number = 1; number <= 20; ++number) {
    server.pass(600 * second);
    insert(server, number, 1000);
  }
  CHECK(outcome(server.run(watch(at_rest))) == "ok");  // 20 kB in more than three hours.
  for (int number = 21; number <= 120; ++number) insert(server, number, 1000);
  CHECK(outcome(server.run(watch(at_rest))) ==
        "286 ChangeStreamHistoryLost, NonResumableChangeStreamError");  // 100 kB at once.
}

TEST_CASE("MONGO-066: a stream that comes back too late cannot resume: it begins anew, with a gap",
          "[document_server]") {
  TestServer server;
  server.server().keep_oplog(100'000);
  const bson::Value stream = server.run(watch());
  insert(server, 1);
  const bson::Value seen = more(server, cursor_of(stream));
  CHECK(told(seen) == "insert 1");
  for (int number = 2; number <= 200; ++number) insert(server, number, 1000);
  const bson::Value lost = server.run(watch("resumeAfter: " + token_of(seen)));
  CHECK(testing::text(lost) ==
        "{ok: 0.0, errmsg: 'Resume of change stream was not possible, as the resume point may no longer be in the "
        "oplog.', code: 286, codeName: 'ChangeStreamHistoryLost', errorLabels: ['NonResumableChangeStreamError']}");
  CHECK(outcome(more(server, cursor_of(stream))) == "286 ChangeStreamHistoryLost, NonResumableChangeStreamError");
  const bson::Value anew = server.run(watch());
  insert(server, 201);
  CHECK(told(more(server, cursor_of(anew))) == "insert 201");  // 2 to 200 it never hears of.
}

TEST_CASE("MONGO-066: a token that is none, or of no stream of ours, is refused", "[document_server]") {
  TestServer server;
  insert(server, 1);
  CHECK(outcome(server.run(watch("resumeAfter: {_data: 'soon'}"))) == "260 InvalidResumeToken");
  CHECK(outcome(server.run(watch("resumeAfter: {_data: '82FFFFFFFFFFFFFFFF00000000'}"))) ==
        "280 ChangeStreamFatalError, NonResumableChangeStreamError");
}

TEST_CASE(
    "MONGO-067: a token leads to what came after it: who stores it late hears twice, who stores it early misses "
    "(the driver resumes by itself with the last one)",
    "[document_server]") {
  TestServer server;
  const bson::Value stream = server.run(watch());
  insert(server, 1), insert(server, 2), insert(server, 3);
  const bson::Value seen = more(server, cursor_of(stream));
  CHECK(told(seen) == "insert 1, insert 2, insert 3");
  const auto token_at = [&](std::size_t at) {
    return testing::text(seen["cursor"]["nextBatch"].elements()[at]["_id"]);
  };
  // 2 was processed, and its token not yet stored, when the application died: it has 2 again.
  CHECK(told(server.run(watch("resumeAfter: " + token_at(0)))) == "insert 2, insert 3");
  // Its token was stored, and 2 not yet processed: nobody processes it.
  CHECK(told(server.run(watch("startAfter: " + token_at(1)))) == "insert 3");
  CHECK(told(server.run(watch("resumeAfter: " + token_of(seen)))).empty());
  server.run(1, bson::doc({{"killCursors", bson::Value::string("records")},
                           {"cursors", bson::Value::array({stream["cursor"]["id"]})}}));
  CHECK(outcome(more(server, cursor_of(stream))) == "43 CursorNotFound");  // A driver resumes after this.
}

TEST_CASE("MONGO-068: a stream tells what is committed, in the order of the commits, and nothing that was undone",
          "[document_server]") {
  TestServer server;
  TestSession slow(server, 1), quick(server, 2), undone(server, 3);
  const bson::Value stream = server.run(watch());
  server.run("{create: 'records'}");
  slow.begin("{insert: 'records', documents: [{_id: 1}]}");
  undone.begin("{insert: 'records', documents: [{_id: 2}]}");
  quick.begin("{insert: 'records', documents: [{_id: 3}, {_id: 4}]}");
  CHECK(told(more(server, cursor_of(stream))).empty());
  quick.commit();
  undone.abort();
  slow.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  slow.commit();
  server.run("{update: 'records', updates: [{q: {_id: 3}, u: {$set: {x: 1}}}]}");
  const bson::Value seen = more(server, cursor_of(stream));
  CHECK(told(seen) == "insert 3, insert 4, insert 1, update 3");
  const std::vector<bson::Value>& events = seen["cursor"]["nextBatch"].elements();
  REQUIRE(events.size() == 4);
  CHECK(events[0]["clusterTime"].identical(events[1]["clusterTime"]));  // One commit, one time.
  CHECK(testing::text(events[2]["fullDocument"]) == "{_id: 1, x: 1}");
  CHECK(events[2]["lsid"].identical(slow.id()));
  CHECK(testing::text(events[3]["updateDescription"]) ==
        "{updatedFields: {x: 1}, removedFields: [], truncatedArrays: []}");
  CHECK(told(more(server, cursor_of(stream))).empty());
}

TEST_CASE("MONGO-067: an event tells what the operators of an update did, not what differs", "[document_server]") {
  const auto [update, updated, removed] = GENERATE(table<std::string, std::string, std::string>({
      {"{$set: {n: 2}}", "{n: 2}", "[]"},
      {"{$set: {n: 1, new: {a: 1}}}", "{new: {a: 1}}", "[]"},
      {"{$set: {'deep.a.b': 1}}", "{deep: {a: {b: 1}}}", "[]"},
      {"{$set: {address: {street: 'a', zip: 2}}}", "{address: {street: 'a', zip: 2}}", "[]"},
      {"{$set: {address: {street: 'a'}}}", "{address: {street: 'a'}}", "[]"},
      {"{$set: {'address.zip': 2}}", "{address.zip: 2}", "[]"},
      {"{$unset: {'address.zip': 1, none: 1}, $set: {m: 1, n: 3}}", "{n: 3, m: 1}", "['address.zip']"},
      {"{$rename: {n: 'm'}}", "{m: 1}", "['n']"},
      {"{$push: {tags: 'd'}}", "{tags.3: 'd'}", "[]"},
      {"{$push: {tags: {$each: ['d', 'e']}}}", "{tags.3: 'd', tags.4: 'e'}", "[]"},
      {"{$push: {tags: {$each: ['d'], $position: 0}}}", "{tags: ['d', 'a', 'b', 'c']}", "[]"},
      {"{$push: {tags: {$each: ['d'], $slice: -2}}}", "{tags: ['c', 'd']}", "[]"},
      {"{$push: {none: 'd'}}", "{none: ['d']}", "[]"},
      {"{$push: {empty: 'd'}}", "{empty: ['d']}", "[]"},
      {"{$addToSet: {tags: {$each: ['a', 'd']}}}", "{tags.3: 'd'}", "[]"},
      {"{$pull: {tags: 'c'}}", "{tags: ['a', 'b']}", "[]"},
      {"{$pop: {tags: 1}}", "{tags: ['a', 'b']}", "[]"},
      {"{$set: {tags: ['a']}}", "{tags: ['a']}", "[]"},
      {"{$set: {'items.0.sku': 'z'}}", "{items.0.sku: 'z'}", "[]"},
      {"{$inc: {'items.$[].n': 1}}", "{items: [{sku: 'x', n: 2}, {sku: 'y', n: 6}]}", "[]"},
      {"{$max: {'items.$[].n': 2}}", "{items.0: {sku: 'x', n: 2}}", "[]"},
      {"{$inc: {'items.$[big].n': 1}}", "{items.1.n: 6}", "[]"},
  }));
  TestServer server;
  server.run(
      "{insert: 'records', documents: [{_id: 1, n: 1, address: {street: 'a', zip: 1}, tags: ['a', 'b', 'c'], "
      "empty: [], items: [{sku: 'x', n: 1}, {sku: 'y', n: 5}]}]}");
  const bson::Value stream = server.run(watch());
  const std::string filters = update.find("$[big]") == std::string::npos ? "" : ", arrayFilters: [{'big.n': {$gt: 3}}]";
  server.run("{update: 'records', updates: [{q: {_id: 1}, u: " + update + filters + "}]}");
  const bson::Value seen = more(server, cursor_of(stream));
  REQUIRE(seen["cursor"]["nextBatch"].elements().size() == 1);
  CHECK(testing::text(seen["cursor"]["nextBatch"].elements()[0]["updateDescription"]) ==
        "{updatedFields: " + updated + ", removedFields: " + removed + ", truncatedArrays: []}");
}

TEST_CASE("MONGO-067: of an update by a pipeline whatever differs is told, arrays that became shorter as such",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, n: 1, address: {street: 'a', zip: 1}, tags: ['a', 'b', 'c']}]}");
  const bson::Value stream = server.run(watch());
  server.run(
      "{update: 'records', updates: [{q: {_id: 1}, u: [{$set: {address: {street: 'a', zip: 2}, tags: ['a'], "
      "n: 1}}]}]}");
  const bson::Value seen = more(server, cursor_of(stream));
  REQUIRE(seen["cursor"]["nextBatch"].elements().size() == 1);
  CHECK(testing::text(seen["cursor"]["nextBatch"].elements()[0]["updateDescription"]) ==
        "{updatedFields: {address.zip: 2}, removedFields: [], truncatedArrays: [{field: 'tags', newSize: 1}]}");
}

TEST_CASE("MONGO-067: updates of one document by several clients are told each by itself", "[document_server]") {
  TestServer server;
  TestSession slow(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, n: 1}, {_id: 2, n: 1}]}");
  const bson::Value stream = server.run(watch());
  slow.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {address: {zip: 1}}}}]}");
  slow.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {'address.zip': 2}, $inc: {n: 1}}}]}");
  server.run("{update: 'records', updates: [{q: {_id: 2}, u: {$set: {n: 5}}}]}");
  slow.commit();
  const bson::Value seen = more(server, cursor_of(stream));
  REQUIRE(told(seen) == "update 2, update 1");
  CHECK(testing::text(seen["cursor"]["nextBatch"].elements()[0]["updateDescription"]["updatedFields"]) == "{n: 5}");
  CHECK(testing::text(seen["cursor"]["nextBatch"].elements()[1]["updateDescription"]["updatedFields"]) ==
        "{n: 2, address: {zip: 2}}");
}
