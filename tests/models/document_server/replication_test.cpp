// The replica set as its clients meet it: majorities, elections, and what is rolled back. MONGO-060 to MONGO-071

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second, ms = TestServer::ms;

std::string insert_of(int number, const std::string& concern = "") {
  return "{insert: 'records', documents: [{_id: " + std::to_string(number) + "}]" +
         (concern.empty() ? "" : ", writeConcern: " + concern) + "}";
}

/// Ids of what a read with that concern finds.
std::string seen(TestServer& server, const std::string& level) {
  return batch(server.run(98, "{find: 'records', readConcern: {level: '" + level + "'}}"));
}

/// Which of the writes, acknowledged in this way at 10 ms intervals, are there after a fall of the primary.
std::string after_fall(const std::string& concern) {
  TestServer server(second);
  for (int number = 1; number <= 4; ++number) {
    server.run(1, insert_of(number, concern));
    server.pass(400 * ms);
  }
  server.step_down(12 * second, false);
  server.pass(12 * second);
  return found(server, "records");
}

}  // namespace

TEST_CASE("MONGO-060: a write waits for a majority by default, a read does not, and may see what is then rolled back",
          "[document_server]") {
  TestServer server(second);
  TestSession writer(server, 1);
  CHECK(outcome(writer.write(insert_of(1))) == "waits");
  CHECK(seen(server, "local") == "[{_id: 1}]");
  CHECK(seen(server, "majority") == "[]");
  server.pass(second - 1);
  CHECK(outcome(writer.answer()) == "waits");
  server.pass(1);
  CHECK(outcome(writer.answer()) == "ok");
  CHECK(seen(server, "majority") == "[{_id: 1}]");
  CHECK(outcome(writer.write(insert_of(2, "{w: 1}"))) == "ok");
  CHECK(seen(server, "local") == "[{_id: 1}, {_id: 2}]");
  server.step_down(12 * second, false);
  server.pass(12 * second);
  CHECK(seen(server, "local") == "[{_id: 1}]");
}

TEST_CASE("MONGO-061: of acknowledged writes, those that no majority had when the primary fell are undone",
          "[document_server]") {
  CHECK(after_fall("{w: 1}") == "[{_id: 1}, {_id: 2}]");           // The others were 0.8 s and 0.4 s old.
  CHECK(after_fall("{w: 'majority'}") == "[{_id: 1}, {_id: 2}]");  // ... and were not acknowledged.
  TestServer server(second);
  TestSession one(server, 1);
  server.run(2, "{insert: 'records', documents: [{_id: 1, x: 1}, {_id: 2, x: 1}], writeConcern: {w: 1}}");
  server.pass(second);
  server.run(2, "{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}], writeConcern: {w: 1}}");
  server.run(2, "{delete: 'records', deletes: [{q: {_id: 2}, limit: 1}], writeConcern: {w: 1}}");
  server.run(2, insert_of(3, "{w: 1}"));
  server.step_down(12 * second, false);
  server.pass(12 * second);
  CHECK(server.rolled_back() == 3);
  CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 1}]");
  CHECK(found(server, "records", "{x: 1}") == "[{_id: 1, x: 1}, {_id: 2, x: 1}]");
}

TEST_CASE("MONGO-061: a primary that hands over in good order loses nothing", "[document_server]") {
  TestServer server(second);
  server.run(2, insert_of(1, "{w: 1}"));
  CHECK(outcome(server.run(2, "{replSetStepDown: 60, $db: 'admin'}")) == "ok");
  server.pass(60 * second);
  CHECK(found(server, "records") == "[{_id: 1}]");
}

TEST_CASE("MONGO-061: a retried write that was rolled back is carried out again, one that was not is not",
          "[document_server]") {
  TestServer server(second);
  TestSession kept(server, 1), lost(server, 2);
  const std::string count_up = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}, upsert: true}]}";
  kept.write_unanswered(count_up, true);
  server.pass(second);
  lost.write_unanswered(count_up, true);
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
  server.step_down(12 * second, false);
  server.pass(12 * second);
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
  kept.again(count_up), lost.again(count_up);
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("MONGO-062: a majority that takes longer than wtimeout is error 64, and the write is there all the same",
          "[document_server]") {
  TestServer server(second);
  TestSession one(server, 1);
  CHECK(outcome(one.write(insert_of(1, "{w: 'majority', wtimeout: 300}"))) == "waits");
  server.pass(300 * ms);
  CHECK(outcome(one.answer()) == "ok, write concern 64");
  CHECK(found(server, "records") == "[{_id: 1}]");
  server.pass(second);
  CHECK(seen(server, "majority") == "[{_id: 1}]");
}

TEST_CASE("MONGO-063: until somebody is elected writes fail with 10107, reads of the primary with 13435",
          "[document_server]") {
  TestServer server(second);
  TestSession one(server, 1);
  server.run(2, insert_of(1));
  server.pass(second);
  const std::uint64_t before = server.server().topology_changes();
  server.step_down(12 * second, false);
  CHECK_FALSE(server.server().is_writable());
  CHECK(outcome(one.write(insert_of(2))) == "10107 NotWritablePrimary, RetryableWriteError");
  CHECK(outcome(one.begin(insert_of(2))) == "10107 NotWritablePrimary, TransientTransactionError");
  CHECK(outcome(server.run(3, "{find: 'records'}")) == "13435 NotPrimaryNoSecondaryOk");
  CHECK(batch(server.run(3, "{find: 'records', $readPreference: {mode: 'secondaryPreferred'}}")) == "[{_id: 1}]");
  CHECK(outcome(server.run(3, "{ping: 1}")) == "ok");
  server.pass(12 * second - 1);
  CHECK(outcome(one.write(insert_of(2))) == "10107 NotWritablePrimary, RetryableWriteError");
  server.pass(1);
  CHECK(server.server().topology_changes() == before + 2);
  CHECK(server.server().term() == 2);
  CHECK(outcome(one.again(insert_of(2, "{w: 1}"))) == "ok");
}

TEST_CASE("MONGO-064: a fall of the primary undoes open transactions, and interrupts who waits for one",
          "[document_server]") {
  TestServer server(second);
  server.run(3, insert_of(1, "{w: 1}"));
  server.pass(second);
  TestSession open(server, 1), waits(server, 2);
  const std::string change = "{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}";
  open.begin(change);
  CHECK(outcome(waits.write(change)) == "waits");
  server.step_down(12 * second, false);
  CHECK(outcome(waits.answer()) == "11602 InterruptedDueToReplStateChange, RetryableWriteError");
  server.pass(12 * second);
  CHECK(outcome(open.go(change)) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(found(server, "records") == "[{_id: 1}]");
}

TEST_CASE("MONGO-064: a commit that waits for a majority when the primary falls is unknown, then known to be undone",
          "[document_server]") {
  TestServer server(second);
  server.run(3, insert_of(1, "{w: 1}"));
  server.pass(second);
  TestSession one(server, 1);
  one.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  CHECK(outcome(one.commit()) == "waits");
  server.step_down(12 * second, false);
  CHECK(outcome(one.answer()) == "ok, write concern 189, RetryableWriteError");
  server.pass(12 * second);
  CHECK(outcome(one.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(found(server, "records") == "[{_id: 1}]");
}

TEST_CASE("MONGO-068: what no majority has yet is told to no change stream, and what is rolled back never",
          "[document_server]") {
  TestServer server(second);
  server.run(1, "{create: 'records', writeConcern: {w: 1}}");
  server.pass(second);
  const bson::Value opened = server.run(2, "{aggregate: 'records', pipeline: [{$changeStream: {}}], cursor: {}}");
  const std::string more =
      "{getMore: " + testing::text(opened["cursor"]["id"]) + ", collection: 'records', maxTimeMS: 60000}";
  server.run(1, insert_of(1, "{w: 1}"));
  server.run(2, more);
  const std::int32_t first = server.last_request();
  server.pass(second - 1);
  CHECK(server.answer(first).is_missing());
  server.pass(1);
  CHECK(testing::text(server.answer(first)["cursor"]["nextBatch"].elements().at(0)["documentKey"]) == "{_id: 1}");
  server.run(1, insert_of(2, "{w: 1}"));
  server.run(2, more);
  const std::int32_t second_one = server.last_request();
  server.step_down(12 * second, false);
  CHECK(outcome(server.answer(second_one)) == "11602 InterruptedDueToReplStateChange, ResumableChangeStreamError");
  server.pass(12 * second);
  server.run(1, insert_of(3, "{w: 1}"));
  server.run(2, more);
  const std::int32_t third = server.last_request();
  server.pass(second);
  CHECK(testing::text(server.answer(third)["cursor"]["nextBatch"].elements().at(0)["documentKey"]) == "{_id: 3}");
}

TEST_CASE("MONGO-070: one reads one's own writes from a majority only in a session that says what it has heard of",
          "[document_server]") {
  TestServer server(second);
  server.run(1, insert_of(1, "{w: 1}"));
  CHECK(seen(server, "majority") == "[]");
  const std::uint64_t heard = server.server().cluster_time();
  const std::string causal = "{find: 'records', readConcern: {level: 'majority', afterClusterTime: {$timestamp: {t: " +
                             std::to_string(heard >> 32) + ", i: " + std::to_string(heard & 0xFFFFFFFF) + "}}}}";
  CHECK(outcome(server.run(1, causal)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(second);
  CHECK(batch(server.answer(request)) == "[{_id: 1}]");
}

TEST_CASE("MONGO-071: a linearizable read comes back when what it saw can no longer be lost, and from a primary only",
          "[document_server]") {
  TestServer server(second);
  server.run(1, insert_of(1, "{w: 1}"));
  const std::string read = "{find: 'records', filter: {_id: 1}, readConcern: {level: 'linearizable'}}";
  CHECK(outcome(server.run(2, read)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(second);
  CHECK(batch(server.answer(request)) == "[{_id: 1}]");
  server.step_down(12 * second, false);
  CHECK(outcome(server.run(2, "{find: 'records'}")) == "13435 NotPrimaryNoSecondaryOk");
  CHECK(outcome(server.run(2,
                           "{find: 'records', filter: {_id: 1}, readConcern: {level: 'linearizable'}, "
                           "$readPreference: {mode: 'secondary'}}")) == "10107 NotWritablePrimary");
  server.pass(12 * second);
  CHECK(found(server, "records") == "[{_id: 1}]");
  TestSession one(server, 3);
  CHECK(outcome(one.begin(read)) == "72 InvalidOptions");
}

TEST_CASE("A set of one member steps down by force alone, and is primary again when it may be", "[document_server]") {
  TestServer server;
  CHECK(outcome(server.run("{replSetStepDown: 5, $db: 'admin'}")) == "262 ExceededTimeLimit");
  CHECK(outcome(server.run("{replSetStepDown: 5, secondaryCatchUpPeriodSecs: 6, $db: 'admin'}")) == "2 BadValue");
  CHECK(outcome(server.run("{replSetStepDown: 5, force: true, $db: 'admin'}")) == "ok");
  CHECK(outcome(server.run(insert_of(1))) == "10107 NotWritablePrimary");
  server.pass(5 * second);
  CHECK(outcome(server.run(insert_of(1))) == "ok");
}
