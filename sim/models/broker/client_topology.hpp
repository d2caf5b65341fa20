#pragma once
// What exists beside the scenario's own queues and exchanges: what clients declare, and what their messages carry.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/broker/broker_types.hpp"

namespace premortem {

using VhostId = std::uint32_t;

struct Vhost {
  std::string name;
  bool there = false;

  template <class F>
  void fields(F&& f) {
    f(name), f(there);
  }
  template <class F>
  void fields(F&& f) const {
    f(name), f(there);
  }
};

/// From an exchange to a queue, or to another exchange.
struct ClientBinding {
  std::uint32_t to = 0;
  bool to_exchange = false;
  std::string key, arguments;

  bool operator==(const ClientBinding&) const = default;
  template <class F>
  void fields(F&& f) {
    f(to), f(to_exchange), f(key), f(arguments);
  }
  template <class F>
  void fields(F&& f) const {
    f(to), f(to_exchange), f(key), f(arguments);
  }
};

/// An exchange as clients see it; those of the scenario come first, under their own numbers.
struct ClientExchange {
  enum class Type : std::uint8_t { direct, fanout, topic, headers };
  std::string name, alternate, arguments;
  VhostId vhost = 0;
  Type type = Type::direct;
  bool there = false, of_scenario = false, predeclared = false;
  bool durable = false, auto_delete = false, internal = false, has_alternate = false;
  std::vector<ClientBinding> bindings;  ///< In the order in which they were made.

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
    f(self.name), f(self.alternate), f(self.arguments), f(self.vhost), f(self.type), f(self.there);
    f(self.of_scenario), f(self.predeclared), f(self.durable), f(self.auto_delete), f(self.internal);
    f(self.has_alternate), f(self.bindings);
  }
};

/// A queue as clients see it; those of the scenario come first, under their own numbers.
struct ClientQueue {
  std::string name, arguments;
  std::string dead_letter_exchange, dead_letter_key;
  QueueSpec limits;  ///< Of the scenario's queues BrokerSpec's counts.
  std::int64_t bytes_max = -1;
  std::int64_t expires = -1;      ///< ns without use after which it is deleted: RABBIT-047. -1: never.
  std::int64_t unused_since = 0;  ///< As long as nobody consumes from it.
  std::uint64_t bytes = 0;        ///< Of what is ready.
  VhostId vhost = 0;
  std::uint32_t owner = 0;  ///< The client for which alone it is; 0: for all.
  std::uint8_t priority_max = 0;
  bool there = false, of_scenario = false, durable = false, exclusive = false, auto_delete = false;
  bool dead_letters = false, has_dead_letter_key = false;
  bool refused_die = false;           ///< reject-publish-dlx
  bool timed = false;                 ///< Something in it may expire.
  bool has_consumed = false;          ///< Somebody has consumed from it: auto-delete may strike.
  bool exclusively_consumed = false;  ///< RABBIT-042

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
    f(self.name), f(self.arguments), f(self.dead_letter_exchange), f(self.dead_letter_key);
    f(self.limits.type), f(self.limits.overflow), f(self.limits.single_active), f(self.limits.dead_letter);
    f(self.limits.ttl), f(self.limits.length_max), f(self.limits.delivery_limit), f(self.limits.name);
    f(self.bytes_max), f(self.expires), f(self.unused_since), f(self.bytes), f(self.vhost), f(self.owner);
    f(self.priority_max), f(self.there), f(self.of_scenario), f(self.durable), f(self.exclusive);
    f(self.auto_delete), f(self.dead_letters), f(self.has_dead_letter_key), f(self.refused_die), f(self.timed);
    f(self.has_consumed), f(self.exclusively_consumed);
  }
};

/// One line of x-death as clients see it. RABBIT-053
struct ClientDeath {
  std::string queue, exchange, expiration;
  std::vector<std::string> keys;
  std::int64_t time = 0;
  std::uint64_t count = 0;
  DeathReason reason = DeathReason::none;
  bool first = false;  ///< The line of x-first-death-*.

  template <class F>
  void fields(F&& f) {
    f(queue), f(exchange), f(expiration), f(keys), f(time), f(count), f(reason), f(first);
  }
  template <class F>
  void fields(F&& f) const {
    f(queue), f(exchange), f(expiration), f(keys), f(time), f(count), f(reason), f(first);
  }
};

/// What a message carries for clients beside its payload.
struct MessageNote {
  std::string exchange, key;
  std::vector<std::string> copies;  ///< Further routing keys: CC, then BCC.
  std::uint32_t visible = 0;        ///< How many of them are CC.
  std::string expiration;           ///< The property, until it is taken away.
  std::string reply_to;             ///< In place of the property; empty: it stays.
  std::uint32_t size = 0;           ///< Of the body, bytes.
  std::uint8_t priority = 0;
  bool has_priority = false, persistent = false, without_expiration = false;
  std::vector<ClientDeath> deaths;  ///< Newest first.

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
    f(self.exchange), f(self.key), f(self.copies), f(self.visible), f(self.expiration), f(self.reply_to);
    f(self.size), f(self.priority), f(self.has_priority), f(self.persistent), f(self.without_expiration);
    f(self.deaths);
  }
};

/// A limit that consumers of one channel share: basic.qos with global. RABBIT-015
struct PrefetchGroup {
  std::uint32_t limit = 0;  ///< 0: none.
  std::uint32_t unacked = 0;
};

}  // namespace premortem
