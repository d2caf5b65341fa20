#pragma once
// What a protocol session needs of the simulated broker: a way in. The way out is AmqpSession::told().

#include <string_view>

#include "sim/models/broker/client_types.hpp"

namespace premortem::fakes {

class BrokerPort {
 public:
  virtual ~BrokerPort() = default;
  /// A number for a new connection.
  virtual ClientId new_client() = 0;
  virtual bool has_vhost(std::string_view vhost) const = 0;
  /// Whether user and password are right.
  virtual bool accepts(std::string_view user, std::string_view password) const = 0;
  /// Whether a fault rule lets nothing pass between that client and the broker, either way.
  virtual bool is_stalled(ClientId) const { return false; }
  /// Carries it out at the current simulated time. What clients are to be told reaches their sessions before this
  /// returns, in order: also the session that asks.
  virtual void request(const BrokerRequest& request) = 0;
};

}  // namespace premortem::fakes
