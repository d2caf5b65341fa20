#pragma once
// What a broker is made of, what is said to it and what it answers.

#include <cstdint>
#include <string>
#include <vector>

namespace premortem {

using QueueId = std::uint32_t;
using ExchangeId = std::uint32_t;
using ConsumerId = std::uint32_t;
using MessageId = std::uint32_t;
using PayloadId = std::uint32_t;  ///< What a message carries; owned by the caller.

struct QueueSpec {
  enum class Type : std::uint8_t { classic, quorum };
  enum class Overflow : std::uint8_t { drop_head, reject_publish };
  Type type = Type::classic;
  Overflow overflow = Overflow::drop_head;
  bool single_active = false;        ///< RABBIT-040
  std::int32_t dead_letter = -1;     ///< Queue that takes what is rejected, expired or pushed out; -1: it is gone.
  std::int64_t ttl = -1;             ///< ns; -1: never.
  std::int64_t length_max = -1;      ///< Ready messages; -1: no limit.
  std::int32_t delivery_limit = -1;  ///< Returns before a message is dead-lettered; -1: no limit. RABBIT-030
  std::string name = {};             ///< As clients know it.
};

struct ExchangeSpec {
  enum class Type : std::uint8_t { direct, fanout, topic };
  struct Binding {
    QueueId queue = 0;
    std::string pattern;
  };
  Type type = Type::direct;
  std::vector<Binding> bindings;
  std::int32_t alternate = -1;  ///< Exchange that takes what no binding wants. REQUIRES: no circle.
  std::string name = {};        ///< As clients know it.
};

struct BrokerSpec {
  std::vector<QueueSpec> queues;
  std::vector<ExchangeSpec> exchanges;
  int version = 4000;  ///< 3013, 4000, 4200, 4300: several facts flip between them. RABBIT-030, 031, 033
};

/// Why a message left its queue other than by an acknowledgement: RABBIT-050, and what makes it vanish.
enum class DeathReason : std::uint8_t {
  none,
  rejected,
  expired,
  length_exceeded,
  delivery_limit,
  no_route,         ///< No queue wanted it: RABBIT-002.
  refused,          ///< A full queue with reject-publish: RABBIT-044.
  cycle,            ///< It went round in a circle without anybody rejecting it: RABBIT-054.
  connection_lost,  ///< Acknowledged on receipt, and its consumer died: RABBIT-017.
  purged,           ///< A client or an operator emptied or deleted its queue.
};

/// How a message came back from a consumer. From 4.3 on only failures raise the delivery count: RABBIT-031.
enum class Returned : std::uint8_t {
  released,  ///< The consumer was cancelled in good order.
  nacked,    ///< basic.nack: what a listener container does when a handler fails. LISTEN-012
  rejected,  ///< basic.reject
  lost,      ///< The connection is gone. RABBIT-022
};

/// One line of x-death: how often a message died in a queue of one reason. RABBIT-053
struct Death {
  QueueId queue = 0;
  DeathReason reason = DeathReason::none;
  std::uint8_t unused[3] = {};
  std::uint32_t count = 0;
};

enum class EffectKind : std::uint8_t {
  enqueued,   ///< A copy lies in `queue`, which keeps a reference to its payload; died in `from` of `reason`, if any.
  delivered,  ///< A message waits for `consumer`.
  requeued,
  dropped,       ///< It is gone from `queue`, or never came in, for `reason`.
  unroutable,    ///< Exchange `from` knew no queue for it: nobody has it.
  left,          ///< A copy has left `queue` for good: the caller gives its reference back.
  acknowledged,  ///< A client has settled what it was sent from `queue`; `left` follows.
  kept,          ///< A transaction keeps a reference to the payload until it ends.
  given_back,    ///< ... and lets go of it.
};

struct Effect {
  EffectKind kind = EffectKind::enqueued;
  DeathReason reason = DeathReason::none;
  std::uint16_t unused = 0;
  QueueId queue = 0;
  std::uint32_t from = 0;
  ConsumerId consumer = 0;
  PayloadId payload = 0;
};

struct Delivery {
  MessageId message = 0;
  PayloadId payload = 0;
  std::uint32_t delivery_count = 0;  ///< Earlier deliveries.
  std::uint32_t deaths = 0;          ///< How often it has been dead-lettered: the counts of x-death together.
  std::uint32_t at_once = 0;         ///< Deliveries of it at this instant, with this one: many are a livelock.
  std::uint32_t cause = 0;
  bool redelivered = false;  ///< RABBIT-023
  bool settled = false;      ///< Acknowledged when it was sent: nobody has to do it again. RABBIT-017
};

/// What the broker tells a publisher who listens: with confirms, and with mandatory.
struct PublishOutcome {
  std::uint32_t copies = 0;  ///< Queues that took it; with 0 a confirm is sent all the same: RABBIT-002.
  bool refused = false;      ///< A full queue with reject-publish: basic.nack. RABBIT-044
  bool unroutable = false;   ///< basic.return, when it was mandatory. RABBIT-003
  bool missing = false;      ///< There is no such exchange: the channel is closed. RABBIT-004
};

}  // namespace premortem
