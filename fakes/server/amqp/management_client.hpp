#pragma once
// The client that the management API is towards the broker: it connects, asks, hears the answers, and goes.

#include <optional>
#include <string>
#include <vector>

#include "fakes/server/amqp/amqp_gateway.hpp"

namespace premortem::fakes::management {

class Client final : private ClientSink {
 public:
  struct Told {
    ClientEvent event;
    std::string properties, body;
  };

  /// Connects as `user`, with a channel of its own. `gateway` must outlive it.
  Client(AmqpGateway& gateway, const std::string& user, const std::string& vhost);
  /// Says goodbye: what it has not settled goes back.
  ~Client() override;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// What it is told in answer, in order. Throws Refusal when the broker refuses: 404, 403, or 400 with its words.
  std::vector<Told> ask(BrokerRequest request);

 private:
  void told(const ClientEvent& event, std::string_view properties, std::string_view body) override;

  AmqpGateway& gateway_;
  ClientId client_;
  std::vector<Told> heard_;
};

/// What an operator does without being a client.
void operate(AmqpGateway& gateway, BrokerRequest request);

}  // namespace premortem::fakes::management
