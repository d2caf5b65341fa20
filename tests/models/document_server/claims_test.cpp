// Claiming work by find-and-modify. MONGO-050 to MONGO-053

#include <set>

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t ms = TestServer::ms;

const char* const claim =
    "{findAndModify: 'items', query: {state: 'TO_EXPORT'}, update: {$set: {state: 'EXPORTING'}}, sort: {_id: 1}}";

}  // namespace

TEST_CASE("MONGO-050: eight claimers of five items take each item once, and three get nothing", "[document_server]") {
  TestServer server;
  for (int item = 1; item <= 5; ++item)
    server.run("{insert: 'items', documents: [{_id: " + std::to_string(item) + ", state: 'TO_EXPORT'}]}");
  std::multiset<std::string> taken;
  for (StoreClientId client = 1; client <= 8; ++client)
    taken.insert(testing::text(server.run(client, claim)["value"]["_id"]));
  CHECK(taken == std::multiset<std::string>{"1", "2", "3", "4", "5", "missing", "missing", "missing"});
}

TEST_CASE("MONGO-050: claimers that waited for one item look again, and take others", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'items', documents: [{_id: 1, state: 'TO_EXPORT'}, {_id: 2, state: 'TO_EXPORT'}]}");
  holder.begin(claim);
  std::vector<std::int32_t> requests;
  for (StoreClientId client = 10; client < 13; ++client) {
    CHECK(outcome(server.run(client, claim)) == "waits");  // All want the first, as it is for everybody else.
    requests.push_back(server.last_request());
  }
  holder.commit();
  server.pass(100 * ms);
  std::multiset<std::string> taken;
  for (const std::int32_t request : requests) taken.insert(testing::text(server.answer(request)["value"]));
  CHECK(taken == std::multiset<std::string>{"null", "null", "{_id: 2, state: 'TO_EXPORT'}"});
}

TEST_CASE("MONGO-051: a claimer that goes away leaves its item claimed for ever, unless the claim has a term",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'items', documents: [{_id: 1, state: 'TO_EXPORT'}]}");
  CHECK(testing::text(server.run(7, claim)["value"]) == "{_id: 1, state: 'TO_EXPORT'}");
  server.server().client_gone(7);
  server.pass(7 * 24 * 3600 * TestServer::second);
  CHECK(testing::text(server.run(8, claim)["value"]) == "null");
  CHECK(found(server, "items") == "[{_id: 1, state: 'EXPORTING'}]");
}

TEST_CASE("MONGO-052: the store knows no leases: who thinks that it is later takes what another still works on",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'items', documents: [{_id: 1, until: 0, owner: 'nobody', fence: 0}]}");
  const auto take = [&](const std::string& who, int now) {
    return testing::text(server.run("{findAndModify: 'items', query: {until: {$lte: " + std::to_string(now) +
                                    "}}, update: {$set: {owner: '" + who + "', until: " + std::to_string(now + 60) +
                                    "}, $inc: {fence: 1}}, new: true}")["value"]["fence"]);
  };
  CHECK(take("anna", 100) == "1");
  CHECK(take("bert", 150) == "missing");
  CHECK(take("carl", 165) == "2");  // Carl's clock is 15 s ahead: it is 150 for anna, who has until 160.
  SECTION("without a fence both write") {
    CHECK(outcome(server.run("{update: 'items', updates: [{q: {_id: 1}, u: {$set: {done_by: 'carl'}}}]}")) == "ok");
    CHECK(server.say("{update: 'items', updates: [{q: {_id: 1}, u: {$set: {done_by: 'anna'}}}]}") ==
          "{n: 1, nModified: 1, ok: 1.0}");
  }
  SECTION("with the fence in the filter the one who lost it changes nothing") {
    CHECK(server.say("{update: 'items', updates: [{q: {_id: 1, fence: 2}, u: {$set: {done_by: 'carl'}}}]}") ==
          "{n: 1, nModified: 1, ok: 1.0}");
    CHECK(server.say("{update: 'items', updates: [{q: {_id: 1, fence: 1}, u: {$set: {done_by: 'anna'}}}]}") ==
          "{n: 0, nModified: 0, ok: 1.0}");
  }
}

TEST_CASE("MONGO-053: claims inside of transactions all want the first item: one wins, the others conflict",
          "[document_server]") {
  TestServer server;
  server.run(
      "{insert: 'items', documents: [{_id: 1, state: 'TO_EXPORT'}, {_id: 2, state: 'TO_EXPORT'}, {_id: 3, "
      "state: 'TO_EXPORT'}]}");
  TestSession first(server, 1), second(server, 2), third(server, 3);
  CHECK(testing::text(first.begin(claim)["value"]) == "{_id: 1, state: 'TO_EXPORT'}");
  CHECK(outcome(second.begin(claim)) == "112 WriteConflict, TransientTransactionError");
  CHECK(outcome(third.begin(claim)) == "112 WriteConflict, TransientTransactionError");
  first.commit();
  CHECK(testing::text(third.begin(claim)["value"]) == "{_id: 2, state: 'TO_EXPORT'}");
}
