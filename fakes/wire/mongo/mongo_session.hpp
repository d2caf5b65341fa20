#pragma once
// A mongod's half of one connection, without sockets: bytes to commands, replies to bytes. What a command means is the
// store's; the handshake, authentication and what the protocol itself forbids are the session's own.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/wire/mongo/message.hpp"
#include "fakes/wire/mongo/session_config.hpp"
#include "fakes/wire/mongo/store_port.hpp"
#include "fakes/wire/wire_session.hpp"
#include "sim/models/bson/value.hpp"

namespace premortem::fakes {

class MongoSession : public WireSession {
 public:
  /// `port` must outlive it. `output_grew`: called whenever there is more to send.
  MongoSession(StorePort& port, MongoConfig config, std::function<void()> output_grew);
  MongoSession(const MongoSession&) = delete;  // The port's owner points at it.
  MongoSession& operator=(const MongoSession&) = delete;

  void received(std::string_view bytes) override;
  void peer_gone() override;
  std::int64_t tick(std::int64_t now) override;
  void shut_down() override;
  std::string& output() override { return output_; }
  Fate fate() const override { return fate_; }
  bool reads() const override;
  bool has_unread() const override;
  bool is_busy(std::string& why) const override;

  /// The answer to a command: one BSON document. It is not sent to who wants none. What does not belong to the command
  /// that is being carried out is ignored.
  virtual void told(std::int32_t request, std::string_view reply);
  /// The command is answered by a closed connection.
  virtual void told_cut();
  /// A command of the handshake that a fail point has looked at shall be carried out.
  virtual void told_pass(std::int32_t request);
  /// The store's topology has changed: a hello that waits for it is answered.
  virtual void topology_changed();

  /// Whether nothing is on its way but a hello that waits for a change of topology, which is no debt of anybody.
  bool is_waiting_only() const { return waiting_.has_value() && output_.empty(); }
  std::uint32_t client() const { return client_; }
  /// For people: what the client calls itself, else its driver and port.
  const std::string& name() const { return name_; }
  const std::string& application() const { return application_; }

 private:
  /// A request whose bytes may be gone.
  struct Open {
    mongo::Request request;
    std::string name, document;
  };
  struct Waiting {
    Open hello;
    std::int64_t milliseconds = 0;
    std::int64_t until = -1;  ///< ns of the wall clock; -1: not yet ticked.
    std::uint64_t changes = 0;
  };

  bool goes_on() const { return fate_ == Fate::goes_on; }
  bool may_handle() const;
  void end(Fate fate);
  void grew();
  std::int32_t next_id() { return ++last_id_; }

  void handle_all();
  bool has_whole_message() const;
  void handle(std::string_view whole);
  void handle_request(const mongo::Request& request);
  void unsupported(const mongo::Header& header, std::uint8_t compressor);
  void carry_out(const Open& open);
  bool needs_authentication(std::string_view name) const;
  void answer(const mongo::Request& request, const bson::Value& document, bool more_to_come = false);
  void fail(const mongo::Request& request, int code, const std::string& why);

  void hello(const Open& open);
  void answer_hello(const Open& open, const bson::Value& command);
  void check_topology_version(const Open& open, const bson::Value& command);
  void meet_client(const bson::Value& command);
  bool begin_waiting(const Open& open, const bson::Value& command);
  void end_waiting();
  void negotiate_compression(const bson::Value& command, bson::Value& reply);

  void sasl_start(const Open& open);
  void sasl_continue(const Open& open);
  void logout(const Open& open);
  std::optional<bson::Value> start_conversation(const bson::Value& command, std::string_view database);
  bson::Value sasl_reply(std::string_view answer, bool as_text);
  void speculate(const bson::Value& command, bson::Value& reply);

  StorePort& port_;
  MongoConfig config_;
  std::function<void()> output_grew_;
  std::uint32_t client_;
  std::string name_, application_;
  Fate fate_ = Fate::goes_on;
  bool is_gone_ = false;   ///< The port has been told.
  bool handling_ = false;  ///< In received(): its end tells of all that is to be sent.
  std::string input_;      ///< From the first message that has not been handled.
  std::string output_;
  std::int32_t last_id_ = 0;
  std::optional<Open> open_;  ///< The command that is being carried out.
  std::optional<Waiting> waiting_;
  std::int64_t ticked_ = -1;  ///< When tick() was called last; -1: not yet.

  bool greeted_ = false;             ///< A hello has been answered.
  std::vector<std::string> agreed_;  ///< Compressors.
  bool is_authenticated_ = false;
  std::optional<mongo::ScramConversation> conversation_;
  bool skips_empty_exchange_ = false;
  std::uint64_t conversations_ = 0;
};

}  // namespace premortem::fakes
