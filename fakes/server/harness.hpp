#pragma once
// A scenario among real programs: the fakes that listen, the program that is started, and the clock that all share.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fakes/pacing/pacer.hpp"
#include "fakes/server/amqp/amqp_gateway.hpp"
#include "fakes/server/amqp/management.hpp"
#include "fakes/server/child_process.hpp"
#include "fakes/server/control.hpp"
#include "fakes/server/http_server.hpp"
#include "fakes/server/mongo/mongo_gateway.hpp"
#include "fakes/server/service_gateway.hpp"
#include "fakes/server/stop_signals.hpp"
#include "fakes/server/tcp_server.hpp"

namespace premortem::fakes {

/// A variable of the program's environment: its name, and what it says: "amqp-url", "amqp-host", "amqp-port",
/// "mongodb-url", "mongodb-host", "mongodb-port" (of a further store: "mongodb-url.NAME"), "http-url", "http-host",
/// "http-port", "management-url", "control-url", or a text.
using Variable = std::pair<std::string, std::string>;

struct HarnessSpec {
  Pace pace;
  std::string host = "127.0.0.1";
  std::uint16_t amqp_port = 0;     ///< 0: a free one, here and below.
  std::uint16_t mongodb_port = 0;  ///< Of the first document store; further ones take free ones.
  /// A document store: its name in the scenario, and who may connect to it; no users: everybody, without a word.
  struct ServedStore {
    std::string name;
    std::vector<User> users;
  };
  std::vector<ServedStore> stores;               ///< By number.
  std::optional<std::uint16_t> http_port;        ///< Of the scenario's services; nothing: it has none.
  std::optional<std::uint16_t> management_port;  ///< Of RabbitMQ's HTTP API; nothing: there is none.
  std::optional<std::uint16_t> control_port;     ///< Of the control endpoint; nothing: there is none.
  AmqpConfig amqp;
  std::size_t connections_max = 16'384;      ///< Of the broker; further ones are closed at once, and that is said.
  std::uint64_t memory_max = 1'073'741'824;  ///< Bytes of waiting bodies beyond which publishers have to wait.
  std::vector<User> users = {{"guest", "guest"}};
  std::vector<std::string> command;   ///< What is started once everything listens; empty: programs come by themselves.
  std::vector<Variable> environment;  ///< Of the command, beside PREMORTEM_AMQP_URL and its like.
  std::vector<std::string> queues;    ///< Time does not begin before each of them has had a client's consumer.
  std::int64_t until = INT64_MAX;     ///< Simulated instant, ns, at which the run is to end before its own end.
  bool endless = false;               ///< It has no end of its own: only a stop ends it, or the command's end.
  bool ends_with_command = false;     ///< Nothing is left to wait for when the command has ended.
  /// Hears what a person should know, a line at a time; also what the command prints, behind `output`.
  std::function<void(const std::string&)> say;
  std::function<void(ChildProcess::Stream, std::string_view)> output;
  std::function<void(const std::string&)> transcript;  ///< Hears every frame; empty: nobody does.
};

/// One served run. Everything happens on the caller's thread, in drive().
class Harness final : public Driver, public Outside {
 public:
  /// Listens at once; throws ListenError, which says for which protocol.
  explicit Harness(HarnessSpec spec);
  ~Harness() override;
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  /// Where what listens: protocol, host, port.
  struct Address {
    std::string protocol, host;
    std::uint16_t port = 0;
  };
  std::vector<Address> addresses() const;

  /// Starts the command (throws StartError), serves until the run's end, Ctrl-C or stop(), then says goodbye to
  /// everybody.
  std::int64_t drive(Machine& machine, std::int64_t until) override;
  ClientSink* sink() { return &sink_; }
  Pacer& pacer() { return pacer_; }

  // --- for the pacer
  State state(std::string& why) const override;
  std::int64_t last_traffic() const override;
  Watch watch() const override;
  void hear() override;
  bool has_news() const override;
  bool is_deserted() const override { return exit_ && connection_count() == 0; }

  /// How the command ended; nothing: it was not started, or had to be ended.
  std::optional<ChildExit> command_exit() const { return exit_; }
  /// The signal that ended the run; 0: none did.
  int stopped_by() const { return stopped_by_; }
  /// The instant at which the run ended, ns since 1970.
  std::int64_t ended_at() const { return ended_at_; }

 private:
  void start_command();
  void command_ended(ChildExit exit);
  void serve_http();
  void serve_stores();
  std::size_t connection_count() const;
  /// Those that get a goodbye.
  std::size_t stream_count() const;
  bool is_idle(std::string& why) const;
  std::string value_of(const std::string& source) const;
  std::vector<std::string> known_values() const;
  bool has_begun() const;
  void set_gathering(bool gathers);
  void say_goodbye();

  /// One document store: who speaks for it, and who listens.
  struct Store {
    std::string protocol;  ///< "mongodb", "mongodb.NAME"
    std::unique_ptr<MongoGateway> gateway;
    std::unique_ptr<TcpServer> server;
  };
  /// What the simulation says goes to whoever it is about.
  class Sink final : public ClientSink {
   public:
    explicit Sink(Harness& harness) : harness_(harness) {}
    void told(const ClientEvent& event, std::string_view properties, std::string_view body) override {
      harness_.gateway_.told(event, properties, body);
    }
    void answered(std::uint16_t store, const StoreEvent& event) override {
      if (store < harness_.stores_.size()) harness_.stores_[store].gateway->answered(event);
    }
    void replied(const ServiceReply& reply) override { harness_.services_.replied(reply); }

   private:
    Harness& harness_;
  };

  HarnessSpec spec_;
  boost::asio::io_context io_;
  Pacer pacer_;
  AmqpGateway gateway_;
  Sink sink_{*this};
  std::vector<Store> stores_;
  ServiceGateway services_;
  Management management_;
  Control control_;
  std::unique_ptr<TcpServer> amqp_;
  std::unique_ptr<HttpServer> service_server_, management_server_, control_server_;
  std::unique_ptr<ChildProcess> child_;
  std::unique_ptr<StopSignals> signals_;
  std::optional<ChildExit> exit_;
  int stopped_by_ = 0;
  std::int64_t ended_at_ = 0;
  // What is remembered between two looks; a look changes nothing else.
  mutable bool begun_ = false;
  std::int64_t command_since_ = 0;  ///< Wall time; 0: no command has been started.
  mutable std::uint64_t processor_ = 0;
  mutable std::int64_t last_activity_ = 0;
};

}  // namespace premortem::fakes
