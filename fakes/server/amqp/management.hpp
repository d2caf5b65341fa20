#pragma once
// The management HTTP API of RabbitMQ 3.13, as far as tools use it: protocols.md, A.6. What changes the broker is asked
// by a client of its own, so that it is kept with everything else that came in; the rest looks at the World.

#include <cstdint>
#include <string>

#include "fakes/server/amqp/amqp_gateway.hpp"
#include "fakes/server/http_message.hpp"

namespace premortem::fakes {

struct ManagementSpec {
  std::string host = "127.0.0.1";
  std::uint16_t amqp_port = 0;  ///< As connections name it.
  std::uint16_t port = 0;       ///< Its own.
  AmqpConfig amqp;
};

class Management {
 public:
  /// Both must outlive it.
  Management(Pacer& pacer, AmqpGateway& gateway, ManagementSpec spec)
      : pacer_(pacer), gateway_(gateway), spec_(std::move(spec)) {}

  /// Every refusal is an answer too. 503 before and after the run.
  HttpResponse answer(const HttpRequest& request);
  void set_ports(std::uint16_t amqp, std::uint16_t own) { spec_.amqp_port = amqp, spec_.port = own; }

 private:
  Pacer& pacer_;
  AmqpGateway& gateway_;
  ManagementSpec spec_;
};

}  // namespace premortem::fakes
