#include "fakes/server/amqp/amqp_gateway.hpp"

#include <algorithm>

#include "fakes/wire/amqp/transcript.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

/// A session that its gateway knows.
class AmqpGateway::Joined : public AmqpSession {
 public:
  Joined(AmqpGateway& gateway, const AmqpConfig& config, std::function<void()> output_grew)
      : AmqpSession(gateway, config, std::move(output_grew)), gateway_(gateway), peer_port_(config.peer_port) {
    gateway_.sessions_[client()] = this;
  }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;
  ~Joined() override { gateway_.sessions_[client()] = nullptr; }
  std::uint16_t peer_port() const { return peer_port_; }

 private:
  AmqpGateway& gateway_;
  std::uint16_t peer_port_;
};

/// ... and of which every frame is told.
class AmqpGateway::Transcribed final : public Joined {
 public:
  Transcribed(AmqpGateway& gateway, const AmqpConfig& config, std::function<void()> output_grew)
      : Joined(gateway, config, std::move(output_grew)), line_([this, &gateway](const std::string& line) {
          if (line.find(" heartbeat") != 1) gateway.transcript_("client " + std::to_string(client()) + " " + line);
        }) {}

  void received(std::string_view bytes) override {
    from_client_.feed(bytes, line_);
    listening([&] { AmqpSession::received(bytes); });
  }
  std::int64_t tick(std::int64_t now) override {
    std::int64_t next = 0;
    listening([&] { next = AmqpSession::tick(now); });
    return next;
  }
  void shut_down() override {
    listening([&] { AmqpSession::shut_down(); });
  }
  void told(const ClientEvent& event, std::string_view properties, std::string_view body) override {
    listening([&] { AmqpSession::told(event, properties, body); });
  }

 private:
  /// What `call` adds to the output is told. Within one such call another may come: what a client asks, it is told.
  template <class Call>
  void listening(const Call& call) {
    const bool outermost = !listens_;
    const std::size_t before = output().size();
    listens_ = true;
    call();
    if (!outermost) return;
    listens_ = false;
    to_client_.feed(std::string_view(output()).substr(before), line_);
  }

  std::function<void(const std::string&)> line_;
  amqp::Transcript from_client_{"C"}, to_client_{"S"};
  bool listens_ = false;
};

std::unique_ptr<WireSession> AmqpGateway::new_session(const AmqpConfig& config, std::function<void()> output_grew) {
  if (transcript_) return std::make_unique<Transcribed>(*this, config, std::move(output_grew));
  return std::make_unique<Joined>(*this, config, std::move(output_grew));
}

ClientId AmqpGateway::new_client() {
  sessions_.push_back(nullptr);
  return static_cast<ClientId>(sessions_.size() - 1);
}

bool AmqpGateway::has_vhost(std::string_view vhost) const {
  const Machine* machine = pacer_.machine();
  return machine != nullptr && machine->world().broker.find_vhost(vhost) != Broker::none;
}

bool AmqpGateway::accepts(std::string_view user, std::string_view password) const {
  return std::any_of(users_.begin(), users_.end(),
                     [&](const User& known) { return known.first == user && known.second == password; });
}

bool AmqpGateway::is_stalled(ClientId client) const {
  const Machine* machine = pacer_.machine();
  return machine != nullptr && machine->is_stalled(client);
}

/// An input like any other, so that a session that is run again needs to know of no limit.
void AmqpGateway::watch_memory() {
  const Machine* machine = pacer_.machine();
  if (machine == nullptr || (machine->world().broker.message_bytes() > memory_max_) == alarmed_) return;
  alarmed_ = !alarmed_;
  BrokerRequest alarm;
  alarm.kind = BrokerRequest::Kind::set_alarm;
  alarm.text = alarmed_ ? "low on memory" : "";
  pacer_.request(alarm);
}

void AmqpGateway::told(const ClientEvent& event, std::string_view properties, std::string_view body) {
  if (listener_ != nullptr && event.client == listened_) return listener_->told(event, properties, body);
  pacer_.told();
  if (AmqpSession* session = event.client < sessions_.size() ? sessions_[event.client] : nullptr)
    session->told(event, properties, body);
}

const AmqpSession* AmqpGateway::session(ClientId client) const {
  return client < sessions_.size() ? sessions_[client] : nullptr;
}

std::uint16_t AmqpGateway::peer_port(ClientId client) const {
  return client < sessions_.size() && sessions_[client] != nullptr ? sessions_[client]->peer_port() : std::uint16_t{0};
}

bool AmqpGateway::owes(std::string& why) const {
  const Machine* machine = pacer_.machine();
  if (machine == nullptr) return false;
  for (const ClientConnection& connection : machine->world().clients.connections()) {
    if (!machine->is_held_back(connection.client) && machine->world().clients.owes(connection.client, why)) return true;
  }
  return false;
}

}  // namespace premortem::fakes
