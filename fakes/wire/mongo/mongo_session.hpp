#pragma once
// One connection to a document store: bytes to commands, answers to bytes. What a command means is the model's; the
// handshake is the session's own. Sources: protocols.md, B.1 and B.2; MongoDB specifications, handshake, SDAM, auth.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/wire/mongo/messages.hpp"
#include "fakes/wire/mongo/scram.hpp"
#include "fakes/wire/mongo/store_port.hpp"
#include "fakes/wire/wire_session.hpp"
#include "sim/models/bson/value.hpp"

namespace premortem::fakes {

struct MongoConfig {
  std::string host = "127.0.0.1";  ///< Where clients find the store: what hello names.
  std::uint16_t port = 27017;
  mongo::Users users;  ///< Empty: nobody has to say who they are.
};

class MongoSession : public WireSession {
 public:
  /// `port` must outlive it. `output_grew`: see SessionFactory.
  MongoSession(StorePort& port, MongoConfig config, std::function<void()> output_grew);

  std::uint32_t client() const { return client_; }
  /// The store's answer to one of this client's commands.
  void told(std::int32_t request, std::string_view reply);
  /// The connection is to break, without a word.
  void told_cut();
  /// The store has become writable, or is no longer.
  void topology_changed();
  /// Hears each message, a line each: "C find {...}".
  void set_transcript(std::function<void(const std::string& line)> transcript) { transcript_ = std::move(transcript); }

  void received(std::string_view bytes) override;
  void peer_gone() override;
  std::int64_t tick(std::int64_t now) override;
  void shut_down() override;
  std::string& output() override { return output_; }
  Fate fate() const override { return fate_; }
  bool reads() const override { return !port_.is_stalled(client_); }
  bool has_unread() const override { return reads() && has_whole_message(); }
  bool is_busy(std::string& why) const override;

 private:
  /// How an answer is to be written.
  struct Asked {
    std::int32_t request = 0;
    bool by_query = false, has_checksum = false;
    mongo::Compressor compressor = mongo::Compressor::none;
  };
  bool has_whole_message() const;
  void take_message(std::string_view header, std::string_view body, mongo::Compressor compressor);
  void take_command(const mongo::Command& command, const Asked& asked);
  bool handshake(const bson::Value& command, const mongo::Command& message, const Asked& asked);
  bson::Value hello(const bson::Value& command);
  void greet(const Asked& asked, const bson::Value& command, std::uint32_t flags);
  void start_sasl(const bson::Value& command, bson::Value& reply);
  void continue_sasl(const bson::Value& command, bson::Value& reply);
  void answer(const Asked& asked, const bson::Value& reply, std::uint32_t flags = 0);
  void write(const Asked& asked, std::string_view reply, std::uint32_t flags);
  void break_off(const std::string& why);
  void tell(char side, std::string_view document);

  StorePort& port_;
  MongoConfig config_;
  std::function<void()> output_grew_;
  std::function<void(const std::string&)> transcript_;
  std::uint32_t client_;
  std::string input_, output_;
  Fate fate_ = Fate::goes_on;
  std::int32_t last_reply_ = 0;
  std::vector<Asked> asked_;  ///< Commands that are not answered yet.
  std::vector<mongo::Compressor> compressors_;
  bool introduced_ = false, authenticated_ = false;
  std::optional<mongo::Scram> scram_;
  std::int32_t conversation_ = 0;
  /// A hello that waits for the topology to change.
  struct Greeting {
    Asked asked;
    bson::Value command;
    bool streams = false;
    std::int64_t wait = 0, until = 0;  ///< ns of the wall clock.
  };
  std::optional<Greeting> greeting_;
  std::int64_t wall_ = 0;  ///< When it was last told the time.
};

}  // namespace premortem::fakes
