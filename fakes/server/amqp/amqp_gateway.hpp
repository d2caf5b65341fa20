#pragma once
// Between the sessions of AMQP and the simulated broker: requests one way, what clients are told the other.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fakes/pacing/pacer.hpp"
#include "fakes/wire/amqp/amqp_session.hpp"

namespace premortem::fakes {

/// Name and password.
using User = std::pair<std::string, std::string>;

class AmqpGateway final : public BrokerPort, public ClientSink {
 public:
  /// `pacer` must outlive it.
  AmqpGateway(Pacer& pacer, std::vector<User> users) : pacer_(pacer), users_(std::move(users)) {}
  /// Beyond so many bytes of bodies that wait for somebody, publishers have to wait, too: RABBIT-064.
  void set_memory_max(std::uint64_t bytes) { memory_max_ = bytes; }

  /// Hears what every connection says and is told, a line a frame; see amqp::Transcript. Heartbeats are left out.
  void set_transcript(std::function<void(const std::string& line)> transcript) { transcript_ = std::move(transcript); }

  /// A session for a new connection, which tells the gateway when it ends.
  std::unique_ptr<WireSession> new_session(const AmqpConfig& config, std::function<void()> output_grew);

  ClientId new_client() override;
  bool has_vhost(std::string_view vhost) const override;
  bool accepts(std::string_view user, std::string_view password) const override;
  bool is_stalled(ClientId client) const override;
  void request(const BrokerRequest& request) override {
    pacer_.request(request);
    watch_memory();
  }
  void told(const ClientEvent& event, std::string_view properties, std::string_view body) override;

  /// Sets or ends the memory alarm. After each request, and now and then: queues also drain by themselves.
  void watch_memory();

  /// Who hears what that client is told, if it has no session: one at a time; null: nobody. Must outlive that.
  void listen_for(ClientId client, ClientSink* listener) { listened_ = client, listener_ = listener; }
  const std::vector<User>& users() const { return users_; }
  /// The port from which that client has connected; 0: it has no session.
  std::uint16_t peer_port(ClientId client) const;

  /// The session of that client; null: it is gone.
  const AmqpSession* session(ClientId client) const;
  /// Whether any client has deliveries to settle, and which.
  bool owes(std::string& why) const;

 private:
  class Joined;
  class Transcribed;

  Pacer& pacer_;
  std::vector<User> users_;
  std::uint64_t memory_max_ = UINT64_MAX;
  bool alarmed_ = false;
  std::function<void(const std::string& line)> transcript_;
  std::vector<Joined*> sessions_ = {nullptr};  ///< By client.
  ClientId listened_ = 0;
  ClientSink* listener_ = nullptr;
};

}  // namespace premortem::fakes
