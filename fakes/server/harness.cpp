#include "fakes/server/harness.hpp"

#include <algorithm>
#include <cstring>

#include "fakes/pacing/steady_clock.hpp"
#include "fakes/server/listen_error.hpp"
#include "fakes/server/process_activity.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

namespace {
/// So long clients may take to answer a goodbye, and the command to end after it, ns and ms.
constexpr std::int64_t goodbye = 1'000'000'000;
constexpr std::chrono::milliseconds grace{2'000};

/// Opens what listens for `protocol`.
template <class F>
auto listening(const std::string& protocol, F&& open) {
  try {
    return open();
  } catch (const ListenError& error) {
    throw ListenError(error.what(), protocol);
  }
}

/// As the user's part of a URL has it.
std::string percent_encoded(const std::string& text) {
  std::string all;
  for (const char one : text) {
    const auto byte = static_cast<unsigned char>(one);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
    if (plain || one == '-' || one == '.' || one == '_' || one == '~') {
      all += one;
    } else {
      all += '%';
      all += "0123456789ABCDEF"[byte >> 4];
      all += "0123456789ABCDEF"[byte & 15];
    }
  }
  return all;
}

/// Whether a client takes from that queue of the scenario.
bool is_consumed(const World& world, const std::string& name) {
  const QueueId queue = world.broker.find_queue(0, name);
  if (queue == Broker::none) return false;
  const std::vector<ConsumerId>& consumers = world.broker.consumers(queue);
  return std::any_of(consumers.begin(), consumers.end(), [&](ConsumerId one) { return world.clients.owns(one); });
}
}  // namespace

Harness::Harness(HarnessSpec spec)
    : spec_(std::move(spec)),
      pacer_(io_, spec_.pace, *this, spec_.say),
      gateway_(pacer_, spec_.users),
      services_(pacer_),
      management_(pacer_, gateway_, {spec_.host, 0, 0, spec_.amqp}),
      control_(pacer_) {
  if (spec_.transcript) {
    gateway_.set_transcript(spec_.transcript);
    services_.set_transcript(spec_.transcript);
  }
  TcpServer::Spec server;
  server.host = spec_.host;
  server.port = spec_.amqp_port;
  server.connections_max = spec_.connections_max;
  server.log = spec_.say;
  gateway_.set_memory_max(spec_.memory_max);
  const auto new_session = [this](const PeerInfo& peer, std::function<void()> output_grew) {
    AmqpConfig config = spec_.amqp;
    config.peer_port = peer.port;
    return gateway_.new_session(config, std::move(output_grew));
  };
  amqp_ = listening("amqp", [&] { return std::make_unique<TcpServer>(io_, server, new_session); });
  serve_stores();
  serve_http();
}

void Harness::serve_stores() {
  for (std::size_t number = 0; number < spec_.stores.size(); ++number) {
    std::shared_ptr<const mongo::ScramUsers> users;
    if (!spec_.stores[number].users.empty()) {
      std::vector<mongo::ScramUser> all;
      for (const auto& [name, password] : spec_.stores[number].users) all.push_back({name, password});
      users = std::make_shared<const mongo::ScramUsers>(all);
    }
    Store store;
    store.protocol = number == 0 ? "mongodb" : "mongodb." + spec_.stores[number].name;
    store.gateway = std::make_unique<MongoGateway>(pacer_, static_cast<std::uint16_t>(number));
    if (spec_.transcript) store.gateway->set_transcript(spec_.transcript);
    TcpServer::Spec server;
    server.host = spec_.host;
    server.port = number == 0 ? spec_.mongodb_port : std::uint16_t{0};
    server.connections_max = spec_.connections_max;
    server.log = spec_.say;
    const auto new_session = [this, number, users](const PeerInfo& peer, std::function<void()> output_grew) {
      MongoConfig config;
      config.host = spec_.host;
      config.port = stores_[number].server->port();
      config.users = users;
      config.peer_port = peer.port;
      return stores_[number].gateway->new_session(config, std::move(output_grew));
    };
    store.server = listening("mongodb", [&] { return std::make_unique<TcpServer>(io_, server, new_session); });
    stores_.push_back(std::move(store));
  }
}

std::size_t Harness::connection_count() const {
  return stream_count() + (service_server_ ? service_server_->connection_count() : 0);
}

std::size_t Harness::stream_count() const {
  std::size_t count = amqp_->connection_count();
  for (const Store& store : stores_) count += store.server->connection_count();
  return count;
}

bool Harness::has_news() const {
  return std::any_of(stores_.begin(), stores_.end(), [](const Store& store) { return store.gateway->has_news(); });
}

void Harness::hear() {
  gateway_.watch_memory();
  amqp_->hear();
  for (const Store& store : stores_) {
    store.server->hear();
    store.gateway->watch_topology();
  }
  services_.hear();
}

void Harness::serve_http() {
  const auto serve = [this](const char* protocol, std::uint16_t port, auto handler) {
    HttpServer::Spec server;
    server.host = spec_.host;
    server.port = port;
    return listening(protocol, [&] { return std::make_unique<HttpServer>(io_, server, std::move(handler)); });
  };
  if (spec_.http_port) {
    service_server_ = serve(
        "http", *spec_.http_port,
        [this](const HttpRequest& request, const HttpResponder& responder) { services_.handle(request, responder); });
  }
  if (spec_.management_port) {
    management_server_ = serve("management", *spec_.management_port,
                               [this](const HttpRequest& request) { return management_.answer(request); });
    management_.set_ports(amqp_->port(), management_server_->port());
  }
  if (spec_.control_port)
    control_server_ =
        serve("control", *spec_.control_port, [this](const HttpRequest& request) { return control_.answer(request); });
}

Harness::~Harness() = default;

std::vector<Harness::Address> Harness::addresses() const {
  std::vector<Address> all = {{"amqp", spec_.host, amqp_->port()}};
  for (const Store& store : stores_) all.push_back({store.protocol, spec_.host, store.server->port()});
  if (service_server_) all.push_back({"http", spec_.host, service_server_->port()});
  if (management_server_) all.push_back({"management", spec_.host, management_server_->port()});
  if (control_server_) all.push_back({"control", spec_.host, control_server_->port()});
  return all;
}

std::string Harness::value_of(const std::string& source) const {
  std::string port = std::to_string(amqp_->port());
  const auto& [user, password] = spec_.users.front();
  if (source == "amqp-url") return "amqp://" + user + ":" + password + "@" + spec_.host + ":" + port;
  if (source == "amqp-host") return spec_.host;
  if (source == "amqp-port") return port;
  for (std::size_t number = 0; number < stores_.size(); ++number) {
    const std::string suffix = number == 0 ? "" : "." + spec_.stores[number].name;
    const std::string own = std::to_string(stores_[number].server->port());
    const std::vector<User>& users = spec_.stores[number].users;
    const std::string who =
        users.empty() ? "" : percent_encoded(users.front().first) + ":" + percent_encoded(users.front().second) + "@";
    if (source == "mongodb-url" + suffix) return "mongodb://" + who + spec_.host + ":" + own + "/?replicaSet=rs0";
    if (source == "mongodb-host" + suffix) return spec_.host;
    if (source == "mongodb-port" + suffix) return own;
  }
  const auto url = [&](const std::string& who, const HttpServer& server) {
    return "http://" + who + spec_.host + ":" + std::to_string(server.port());
  };
  if (service_server_) {
    if (source == "http-url") return url("", *service_server_);
    if (source == "http-host") return spec_.host;
    if (source == "http-port") return std::to_string(service_server_->port());
  }
  if (source == "management-url" && management_server_) return url(user + ":" + password + "@", *management_server_);
  if (source == "control-url" && control_server_) return url("", *control_server_);
  return source;
}

std::vector<std::string> Harness::known_values() const {
  std::vector<std::string> known = {"amqp-url", "amqp-host", "amqp-port"};
  if (!stores_.empty()) known.insert(known.end(), {"mongodb-url", "mongodb-host", "mongodb-port"});
  if (service_server_) known.insert(known.end(), {"http-url", "http-host", "http-port"});
  if (management_server_) known.emplace_back("management-url");
  if (control_server_) known.emplace_back("control-url");
  return known;
}

void Harness::start_command() {
  ChildProcess::Spec child;
  child.command = spec_.command;
  for (const std::string& known : known_values()) {
    std::string name = "PREMORTEM_";
    for (const char letter : known) name += letter == '-' ? '_' : static_cast<char>(letter - 'a' + 'A');
    child.environment.emplace_back(name, value_of(known));
  }
  for (const auto& [name, source] : spec_.environment) child.environment.emplace_back(name, value_of(source));
  child.on_line = spec_.output;
  child.on_exit = [this](ChildExit exit) { command_ended(exit); };
  child_ = std::make_unique<ChildProcess>(io_, std::move(child));
  command_since_ = steady_now();
}

void Harness::command_ended(ChildExit exit) {
  hear();
  set_gathering(false);
  exit_ = exit;
  BrokerRequest ended;
  ended.kind = BrokerRequest::Kind::exited;
  ended.number = static_cast<std::uint32_t>(exit.code);
  const std::string signal = exit.signal == 0 ? "" : strsignal(exit.signal);
  ended.text = signal;
  pacer_.request(ended);
  if (spec_.ends_with_command) pacer_.stop();
}

std::int64_t Harness::drive(Machine& machine, std::int64_t until) {
  signals_ = std::make_unique<StopSignals>(io_, [this](int number) {
    stopped_by_ = number;
    pacer_.stop();
  });
  if (control_server_) control_.attach(machine);
  if (!spec_.command.empty()) start_command();
  set_gathering(!spec_.command.empty() && spec_.pace.speed <= 0);
  ended_at_ = pacer_.drive(machine, spec_.endless ? INT64_MAX : std::min(until, spec_.until));
  say_goodbye();
  signals_.reset();
  return ended_at_;
}

void Harness::set_gathering(bool gathers) {
  amqp_->set_gathering(gathers);
  for (const Store& store : stores_) store.server->set_gathering(gathers);
  services_.set_gathering(gathers);
}

void Harness::say_goodbye() {
  amqp_->stop_listening();
  amqp_->close_all();
  for (const Store& store : stores_) {
    store.server->stop_listening();
    store.server->close_all();
  }
  if (child_ && child_->runs()) child_->terminate(grace);
  const std::int64_t patience = steady_now() + goodbye;
  const auto is_answering = [](const std::unique_ptr<HttpServer>& server) { return server && !server->idle(); };
  const auto somebody = [&] {
    return (stream_count() > 0 || is_answering(service_server_) || is_answering(management_server_) ||
            is_answering(control_server_)) &&
           steady_now() < patience;
  };
  while (somebody() || (child_ && child_->runs())) {
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(50));
  }
  child_.reset();
  service_server_.reset();
  management_server_.reset();
  control_server_.reset();
  amqp_->close_all(true);
  for (const Store& store : stores_) store.server->close_all(true);
  io_.restart();
  io_.poll();
}

/// Everybody who was expected has come once.
bool Harness::has_begun() const {
  if (begun_) return true;
  const Machine* machine = pacer_.machine();
  if (machine == nullptr) return false;
  // A command that never begins keeps time from beginning for as long as it may keep it from going on.
  const bool patience_is_over = command_since_ != 0 && steady_now() - command_since_ > spec_.pace.patience;
  for (const std::string& queue : spec_.queues) {
    if (is_consumed(machine->world(), queue)) continue;
    if (!patience_is_over) return false;
    spec_.say("time begins, though nobody has begun to consume from " + queue);
    return begun_ = true;
  }
  begun_ = !spec_.queues.empty() || spec_.command.empty() || connection_count() > 0 || services_.was_called();
  return begun_;
}

/// Nothing is on its way, and nobody owes anything. A program that waits for a store or a service has handed its debts
/// on: only time can bring them off.
bool Harness::is_idle(std::string& why) const {
  if (!amqp_->idle(why)) return false;
  if (service_server_ && !service_server_->idle(why)) return false;
  if (services_.has_unheard()) {
    why = "a call of a service, which is not heard yet";
    return false;
  }
  bool waits = services_.waits();
  for (const Store& store : stores_) {
    if (!store.server->idle(why)) return false;
    if (store.gateway->has_untold_primary()) {
      why = "a driver that looks for the new primary of " + store.protocol;
      return false;
    }
    waits = waits || store.gateway->waits();
  }
  return waits || !gateway_.owes(why);
}

Outside::State Harness::state(std::string& why) const {
  const bool runs = child_ && child_->runs();
  if (!has_begun() && (spec_.command.empty() || runs)) {
    why = spec_.command.empty() ? "a program that consumes what it is to play" : "the command, which has not begun";
    return State::absent;
  }
  if (!is_idle(why)) return State::busy;
  if (management_server_ && !management_server_->idle()) {
    why = "a request to the management interface, which is under way";
    return State::busy;
  }
  if (!runs) return State::idle;
  // Nothing is on its way, but the program may be about to say something.
  if (watch() == Watch::works) {
    why = "the command, which is at work";
    return State::busy;
  }
  if (connection_count() == 0 && !services_.was_called()) {  // Who calls services need not stay connected.
    why = "the command, which has no connection";
    return State::busy;
  }
  return State::idle;
}

/// Two looks that see the same: one alone would miss what goes from one thread to another meanwhile.
Outside::Watch Harness::watch() const {
  if (!child_ || !child_->runs()) return Watch::blind;
  const GroupActivity activity = group_activity(child_->id());
  const bool same = activity.processor == processor_;
  if (!same) last_activity_ = steady_now();
  processor_ = activity.processor;
  return same && !activity.runs ? Watch::listens : Watch::works;
}

std::int64_t Harness::last_traffic() const {
  const auto of = [](const auto& server) {
    return std::int64_t{
        std::chrono::duration_cast<std::chrono::nanoseconds>(server.last_traffic().time_since_epoch()).count()};
  };
  std::int64_t traffic = of(*amqp_);
  if (service_server_) traffic = std::max(traffic, of(*service_server_));
  for (const Store& store : stores_) traffic = std::max(traffic, of(*store.server));
  return std::max(traffic, last_activity_);
}

}  // namespace premortem::fakes
