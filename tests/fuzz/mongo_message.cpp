// Any bytes as a MongoDB client's, against a store that answers whatever it is asked.
#include "tests/fuzz/mongo_message.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "fakes/wire/mongo/mongo_session.hpp"
#include "fakes/wire/mongo/transcript.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::testing {

namespace {

class ObligingStore final : public fakes::StorePort {
 public:
  std::uint32_t new_client() override { return 1; }
  Topology topology() const override { return {}; }
  bool strikes_handshake(std::uint32_t, std::string_view name) override { return strikes && name == "hello"; }
  void command(std::uint32_t, std::int32_t request, bool, std::string_view bytes) override {
    if (bson::find_fault(bytes)) std::abort();  // Nothing but whole documents reaches the store.
    asked += std::to_string(request) + std::string(bytes);
    if (strikes) session->told_pass(request);
    session->told(request, bytes);
  }
  void gone(std::uint32_t) override {
    if (is_gone) std::abort();
    is_gone = true;
  }

  fakes::MongoSession* session = nullptr;
  bool strikes = false, is_gone = false;
  std::string asked;
};

struct MongoEnding {
  std::string output, asked;
  fakes::WireSession::Fate fate = fakes::WireSession::Fate::goes_on;
  bool operator==(const MongoEnding&) const = default;
};

MongoEnding run_mongo(std::string_view bytes, std::size_t cut, unsigned options) {
  static const auto users = std::make_shared<const fakes::mongo::ScramUsers>(
      std::vector<fakes::mongo::ScramUser>{{"user", "pencil", "admin"}}, 1);
  ObligingStore store;
  store.strikes = (options & 1) != 0;
  fakes::MongoConfig config;
  config.max_message = 1 << 16;
  if ((options & 2) != 0) config.users = users;
  fakes::MongoSession session(store, config, {});
  store.session = &session;
  for (std::size_t at = 0; at < bytes.size(); at += cut) session.received(bytes.substr(at, cut));
  std::string why;
  session.is_busy(why);
  session.tick(0);
  session.tick(INT64_MAX / 4);
  MongoEnding ending{session.output(), store.asked, session.fate()};
  session.peer_gone();
  return ending;
}

// Only HTTP is answered by something else.
void check_whole_messages(std::string_view output) {
  while (!output.empty() && output.substr(0, 5) != "HTTP/") {
    if (output.size() < fakes::mongo::header_size) std::abort();
    const std::int32_t length = fakes::mongo::read_header(output).length;
    if (length < 16 || static_cast<std::size_t>(length) > output.size()) std::abort();
    output.remove_prefix(static_cast<std::size_t>(length));
  }
}

}  // namespace

void fuzz_mongo_message(std::string_view bytes) {
  if (bytes.empty()) return;
  const unsigned options = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  const MongoEnding at_once = run_mongo(bytes, bytes.size() + 1, options);
  if (at_once != run_mongo(bytes, 1, options)) std::abort();
  check_whole_messages(at_once.output);
  fakes::mongo::Transcript transcript("C");
  transcript.feed(bytes, [](const std::string&) {});
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_mongo_message({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
