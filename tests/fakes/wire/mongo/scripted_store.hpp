#pragma once
// A store that remembers what it was asked, as text, and answers what the test has told it to.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fakes/wire/mongo/mongo_session.hpp"
#include "tests/fakes/wire/mongo/mongo_bytes.hpp"

namespace premortem::testing {

class ScriptedStore final : public fakes::StorePort {
 public:
  std::uint32_t new_client() override { return ++clients; }
  Topology topology() const override { return now; }
  void introduced(std::uint32_t, std::string_view application, std::string_view) override {
    asked.push_back("introduced " + std::string(application));
  }
  bool strikes_handshake(std::uint32_t, std::string_view name) override { return name == strikes; }
  bool is_stalled(std::uint32_t) const override { return stalled; }
  void command(std::uint32_t, std::int32_t request, bool wants_reply, std::string_view bytes) override {
    asked.push_back(std::to_string(request) + (wants_reply ? " " : " unanswered ") + json_of(bytes));
    if (answer) answer(request);
  }
  void gone(std::uint32_t) override { asked.push_back("gone"); }

  std::uint32_t clients = 0;
  Topology now;
  std::string strikes;
  bool stalled = false;
  std::vector<std::string> asked;
  std::function<void(std::int32_t)> answer;
};

/// A session and its store, which answers everything with {ok: 1} at once unless the test says otherwise.
struct MongoClient {
  explicit MongoClient(fakes::MongoConfig config = {}) : session(store, std::move(config), [this] { ++times_grown; }) {
    store.now.now_ms = 1000;
    store.answer = [this](std::int32_t request) { session.told(request, bson_of(R"({"ok":1.0})")); };
  }
  std::vector<std::string> send(std::string_view bytes) {
    session.received(bytes);
    return take();
  }
  std::vector<std::string> take() { return replies_of(std::exchange(session.output(), {})); }

  ScriptedStore store;
  int times_grown = 0;
  fakes::MongoSession session;
};

using Lines = std::vector<std::string>;

}  // namespace premortem::testing
