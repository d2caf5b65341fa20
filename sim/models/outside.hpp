#pragma once
// The simulation's side of the world outside: how real clients hear of it, how their messages are read, and who moves
// the clock. sim/models knows these interfaces; fakes/ implements them.

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/models/broker/client_types.hpp"
#include "sim/models/document_server/document_server.hpp"
#include "sim/models/outside_calls.hpp"
#include "sim/models/payload.hpp"
#include "sim/models/rule_spec.hpp"

namespace premortem {

class Machine;

/// Hears what the broker tells its clients, in order. Without one, it is told to nobody: so a session runs again.
class ClientSink {
 public:
  virtual ~ClientSink() = default;
  /// `properties` and `body` are those of the message that the event is about, if any; valid during the call.
  virtual void told(const ClientEvent& event, std::string_view properties, std::string_view body) = 0;
  /// The same for clients of document stores, numbered apart.
  virtual void answered(std::uint16_t store, const StoreEvent& event) { (void)store, (void)event; }
  /// What has become of a call of a service.
  virtual void replied(const ServiceReply& reply) { (void)reply; }
};

/// How bytes become the fields that simulated systems read, and back. A pure function of model, World and bytes.
class MessageForm {
 public:
  virtual ~MessageForm() = default;
  /// What a real client has sent to `queue` of the scenario, as a payload of that queue's shape; one reference is the
  /// caller's. It carries the item that the message says it is about; if it says none, a new one, where the queue
  /// carries items.
  virtual PayloadId read(Machine& machine, std::uint32_t queue, const BrokerRequest& message) const = 0;
  /// What a simulated system has published, as a real client shall get it.
  virtual void write(Machine& machine, PayloadId payload, std::string& properties, std::string& body) const = 0;
  /// The same as read(), for the body of a call of that operation; what is wrong in it counts as missing.
  virtual PayloadId read_call(Machine& machine, std::uint32_t operation, std::string_view body) const = 0;
  /// What an operation has replied; never empty.
  virtual std::string write_value(Machine& machine, Type type, Word value) const = 0;
};

/// Reads a fault rule that came in while the run was served. A pure function of Model, World and text.
class RuleReader {
 public:
  virtual ~RuleReader() = default;
  /// REQUIRES: a rule that was found right before it was let in. Texts that its `match` names are interned in the
  /// World.
  virtual RuleSpec read(Machine& machine, const LiveRule& rule) const = 0;
};

/// Moves a run's clock otherwise than as fast as possible.
class Driver {
 public:
  virtual ~Driver() = default;
  /// Runs the machine, which has begun, up to `until` or to the instant at which it is stopped. Returns that instant,
  /// ns since 1970: nothing before it is left to happen.
  virtual std::int64_t drive(Machine& machine, std::int64_t until) = 0;
};

}  // namespace premortem
