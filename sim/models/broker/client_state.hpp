#pragma once
// What the broker remembers of each client: its connection, its channels, what it has to acknowledge.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/broker/client_topology.hpp"
#include "sim/models/broker/client_types.hpp"

namespace premortem {

/// One delivery that waits for its acknowledgement.
struct UnackedDelivery {
  std::uint64_t tag = 0;
  std::int64_t since = 0;
  MessageId message = 0;      ///< 0xFFFFFFFF: settled, or its queue is gone.
  ConsumerId consumer = 0;    ///< 0xFFFFFFFF: fetched by basic.get.
  std::uint32_t gone = 0;     ///< 1: `message` is nobody's, but the tag is still to be acknowledged.
  std::uint32_t settled = 0;  ///< 1: waits only for those before it to go.
  std::uint32_t untold = 0;   ///< 1: a fault rule has dropped it, and its client knows nothing of it.
  std::uint32_t unused = 0;
};

/// A publish that waits for its transaction's end.
struct HeldPublish {
  MessageNote note;
  std::string headers;
  std::int64_t ttl = -1;
  PayloadId payload = 0;
  bool mandatory = false;

  template <class F>
  void fields(F&& f) {
    f(note), f(headers), f(ttl), f(payload), f(mandatory);
  }
  template <class F>
  void fields(F&& f) const {
    f(note), f(headers), f(ttl), f(payload), f(mandatory);
  }
};

/// An acknowledgement that waits for its transaction's end.
struct HeldSettling {
  std::vector<UnackedDelivery> deliveries;
  BrokerRequest::Kind kind = BrokerRequest::Kind::ack;
  bool requeue = false;

  template <class F>
  void fields(F&& f) {
    f(deliveries), f(kind), f(requeue);
  }
  template <class F>
  void fields(F&& f) const {
    f(deliveries), f(kind), f(requeue);
  }
};

struct ClientChannel {
  enum class Mode : std::uint8_t { plain, confirms, transacts };
  std::uint16_t number = 0;
  Mode mode = Mode::plain;
  bool broken = false;               ///< Closed by the broker; its client has not answered yet.
  bool consumes_replies = false;     ///< From amq.rabbitmq.reply-to.
  std::uint32_t prefetch = 0;        ///< For new consumers.
  std::uint32_t group = 0xFFFFFFFF;  ///< The channel's own limit, once there is one.
  std::uint64_t next_tag = 1, next_confirm = 1;
  std::string last_queue, reply_token, reply_tag;
  std::vector<UnackedDelivery> unacked;  ///< By tag; from `first` on.
  std::uint64_t first = 0;
  std::vector<ConsumerId> consumers;
  std::vector<HeldPublish> held_publishes;
  std::vector<HeldSettling> held_settlings;

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.number), f(self.mode), f(self.broken), f(self.consumes_replies), f(self.prefetch), f(self.group);
    f(self.next_tag), f(self.next_confirm), f(self.last_queue), f(self.reply_token), f(self.reply_tag);
    f(self.unacked), f(self.first), f(self.consumers), f(self.held_publishes), f(self.held_settlings);
  }
};

struct ClientConnection {
  ClientId client = 0;
  VhostId vhost = 0;
  bool broken = false;  ///< Closed by the broker; its client has not gone yet.
  bool knows_cancel = false, knows_blocked = false;
  bool told_blocked = false;
  std::string user, name;
  std::vector<ClientChannel> channels;  ///< By number, ascending.

  template <class F>
  void fields(F&& f) {
    f(client), f(vhost), f(broken), f(knows_cancel), f(knows_blocked), f(told_blocked), f(user), f(name), f(channels);
  }
  template <class F>
  void fields(F&& f) const {
    f(client), f(vhost), f(broken), f(knows_cancel), f(knows_blocked), f(told_blocked), f(user), f(name), f(channels);
  }
};

/// A client's consumer.
struct Subscription {
  ClientId client = 0;  ///< 0: this number belongs to no client.
  std::uint16_t channel = 0;
  bool no_ack = false, exclusive = false;
  QueueId queue = 0;
  std::uint32_t prefetch = 0;
  std::int32_t priority = 0;
  std::string tag, arguments;

  template <class F>
  void fields(F&& f) {
    f(client), f(channel), f(no_ack), f(exclusive), f(queue), f(prefetch), f(priority), f(tag), f(arguments);
  }
  template <class F>
  void fields(F&& f) const {
    f(client), f(channel), f(no_ack), f(exclusive), f(queue), f(prefetch), f(priority), f(tag), f(arguments);
  }
};

}  // namespace premortem
