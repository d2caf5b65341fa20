#include "fakes/server/mongo/mongo_gateway.hpp"

#include <algorithm>

#include "fakes/pacing/steady_clock.hpp"
#include "fakes/wire/mongo/transcript.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

/// A session that its gateway knows.
class MongoGateway::Joined : public MongoSession {
 public:
  Joined(MongoGateway& gateway, MongoConfig config, std::function<void()> output_grew)
      : MongoSession(gateway, std::move(config), std::move(output_grew)), gateway_(gateway) {
    gateway_.connections_[client()].session = this;
  }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;
  ~Joined() override { gateway_.connections_[client()].session = nullptr; }

 private:
  MongoGateway& gateway_;
};

/// ... and of which every message is told.
class MongoGateway::Transcribed final : public Joined {
 public:
  Transcribed(MongoGateway& gateway, MongoConfig config, std::function<void()> output_grew)
      : Joined(gateway, std::move(config), std::move(output_grew)), line_([this, &gateway](const std::string& line) {
          gateway.transcript_("store client " + std::to_string(client()) + " " + line);
        }) {}

  void received(std::string_view bytes) override {
    from_client_.feed(bytes, line_);
    listening([&] { MongoSession::received(bytes); });
  }
  std::int64_t tick(std::int64_t now) override {
    std::int64_t next = 0;
    listening([&] { next = MongoSession::tick(now); });
    return next;
  }
  void told(std::int32_t request, std::string_view reply) override {
    listening([&] { MongoSession::told(request, reply); });
  }
  void told_pass(std::int32_t request) override {
    listening([&] { MongoSession::told_pass(request); });
  }
  void topology_changed() override {
    listening([&] { MongoSession::topology_changed(); });
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
    if (output().size() > before) to_client_.feed(std::string_view(output()).substr(before), line_);
  }

  std::function<void(const std::string&)> line_;
  mongo::Transcript from_client_{"C"}, to_client_{"S"};
  bool listens_ = false;
};

std::unique_ptr<WireSession> MongoGateway::new_session(MongoConfig config, std::function<void()> output_grew) {
  if (transcript_) return std::make_unique<Transcribed>(*this, std::move(config), std::move(output_grew));
  return std::make_unique<Joined>(*this, std::move(config), std::move(output_grew));
}

std::uint32_t MongoGateway::new_client() {
  connections_.emplace_back();
  return static_cast<std::uint32_t>(connections_.size() - 1);
}

StorePort::Topology MongoGateway::topology() const {
  Topology now;
  const Machine* machine = pacer_.machine();
  if (machine == nullptr) return now;
  now.now_ms = pacer_.now() / 1'000'000;
  const World& world = machine->world();
  if (store_ >= world.document_servers.size()) return now;
  now.writable = world.document_servers[store_].is_writable();
  now.changes = world.document_servers[store_].topology_changes();
  now.term = static_cast<std::int64_t>(world.document_servers[store_].term());
  const std::uint64_t time = world.document_servers[store_].cluster_time();
  now.cluster_seconds = static_cast<std::uint32_t>(time >> 32);
  now.cluster_increment = static_cast<std::uint32_t>(time);
  return now;
}

bool MongoGateway::strikes_handshake(std::uint32_t, std::string_view command) {
  const Machine* machine = pacer_.machine();
  return machine != nullptr && store_ < machine->world().document_servers.size() &&
         machine->world().document_servers[store_].strikes_handshake(command);
}

bool MongoGateway::is_stalled(std::uint32_t) const { return false; }

void MongoGateway::introduced(std::uint32_t client, std::string_view application, std::string_view) {
  connections_[client].application = std::string(application);
}

std::uint32_t MongoGateway::number_of(std::uint32_t connection) {
  Connection& known = connections_[connection];
  if (known.number != 0) return known.number;
  known.number = static_cast<std::uint32_t>(by_number_.size());
  by_number_.push_back(connection);
  const std::string application = known.application;
  BrokerRequest here;
  here.kind = BrokerRequest::Kind::store_client;
  here.client = known.number;
  here.channel = store_;
  here.text = application;
  pacer_.request(here);
  return connections_[connection].number;
}

void MongoGateway::command(std::uint32_t client, std::int32_t request, bool wants_reply, std::string_view bytes) {
  BrokerRequest asked;
  asked.kind = BrokerRequest::Kind::store_command;
  asked.client = number_of(client);
  asked.channel = store_;
  asked.tag = static_cast<std::uint32_t>(request);
  asked.no_wait = !wants_reply;
  asked.body = bytes;
  pacer_.request(asked);
  watch_topology();
}

void MongoGateway::gone(std::uint32_t client) {
  if (connections_[client].number == 0) return;
  BrokerRequest gone;
  gone.kind = BrokerRequest::Kind::store_gone;
  gone.client = connections_[client].number;
  gone.channel = store_;
  pacer_.request(gone);
}

void MongoGateway::answered(const StoreEvent& event) {
  pacer_.told();
  if (event.client == 0) {
    for (std::size_t at = 1; at < connections_.size(); ++at) {
      if (connections_[at].session != nullptr) connections_[at].session->told_cut();
    }
    return;
  }
  if (event.client >= by_number_.size()) return;
  Joined* const session = connections_[by_number_[event.client]].session;
  if (session == nullptr) return;
  if (event.cut) return session->told_cut();
  if (event.passes) return session->told_pass(event.request);
  session->told(event.request, event.reply);
}

void MongoGateway::watch_topology() {
  const std::uint64_t changes = topology().changes;
  if (changes == seen_changes_) return;
  seen_changes_ = changes;
  changed_at_ = steady_now();
  for (std::size_t at = 1; at < connections_.size(); ++at) {
    if (connections_[at].session != nullptr) connections_[at].session->topology_changed();
  }
}

void MongoGateway::topology_told(std::uint32_t, std::uint64_t changes) { told_changes_ = changes; }

bool MongoGateway::has_news() const { return topology().changes != seen_changes_; }

bool MongoGateway::has_untold_primary() const {
  constexpr std::int64_t longest_look = 1'500'000'000;
  if (told_changes_ == seen_changes_ || !topology().writable || steady_now() - changed_at_ > longest_look) return false;
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const Connection& one) { return one.session != nullptr; });
}

bool MongoGateway::waits() const {
  const Machine* machine = pacer_.machine();
  if (machine == nullptr || store_ >= machine->world().document_servers.size()) return false;
  const DocumentServer& server = machine->world().document_servers[store_];
  if (!server.is_writable()) return true;  // Whoever looks for a primary says nothing meanwhile.
  const std::vector<PendingCommand>& pending = server.pending();
  return std::any_of(pending.begin(), pending.end(),
                     [](const PendingCommand& one) { return one.why != PendingCommand::more_changes; });
}

}  // namespace premortem::fakes
