#pragma once
// What fault rules keep back between real clients and the broker: requests that wait to be carried out, and what
// clients are told later. In each direction everything of one client waits behind the first: a connection keeps order.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/broker/client_types.hpp"

namespace premortem {

/// What rules have in mind for one request.
struct RuleOrders {
  static constexpr std::uint32_t no_rule = 0xFFFFFFFF;
  std::int64_t wait = 0, wait_after = 0;    ///< ns; INT64_MAX: for ever.
  std::int64_t stall = 0, stall_after = 0;  ///< The same, for both directions.
  std::uint32_t error = no_rule;            ///< Which rule says what the error is.
  bool fails_after = false;                 ///< The error comes after it has been carried out.
  bool drops = false, drops_answer = false;
  bool nacks = false, nacks_after = false;
  bool cuts = false, cuts_after = false;
  bool doubles = false, redelivers = false;

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
    f(self.wait), f(self.wait_after), f(self.stall), f(self.stall_after), f(self.error), f(self.fails_after);
    f(self.drops), f(self.drops_answer), f(self.nacks), f(self.nacks_after), f(self.cuts), f(self.cuts_after);
    f(self.doubles), f(self.redelivers);
  }
};

/// A request with texts of its own.
struct HeldRequest {
  BrokerRequest request;  ///< Its texts stand in `texts`.
  std::vector<std::string> texts;
  PayloadId payload = 0;  ///< Of a publish: a reference, and its item is held.
  std::uint32_t cause = 0;
  std::int64_t arrived = 0;  ///< ns since 1970: what it waits for counts from then.
  bool decided = false;      ///< Rules have been asked: `orders` is what is left to do.
  RuleOrders orders;

  HeldRequest() = default;
  HeldRequest(const BrokerRequest& asked, PayloadId carried, std::uint32_t record, std::int64_t at);
  /// Valid as long as this is.
  BrokerRequest whole() const;

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
    auto& r = self.request;
    f(r.kind), f(r.client), f(r.channel), f(r.number), f(r.tag);
    f(r.passive), f(r.durable), f(r.exclusive), f(r.auto_delete), f(r.internal), f(r.no_wait), f(r.if_unused);
    f(r.if_empty), f(r.no_local), f(r.no_ack), f(r.mandatory), f(r.multiple), f(r.requeue), f(r.global);
    f(self.texts), f(self.payload), f(self.cause), f(self.arrived), f(self.decided), self.orders.fields(f);
  }
};

/// One client's traffic. In a direction without a time, nothing waits.
struct HeldTraffic {
  ClientId client = 0;
  std::int64_t requests_until = 0, events_until = 0;  ///< ns since 1970; 0: that way is free.
  std::vector<HeldRequest> requests;
  std::vector<ClientEvent> events;  ///< Each with a reference to its payload.

  template <class F>
  void fields(F&& f) {
    f(client), f(requests_until), f(events_until), f(requests), f(events);
  }
  template <class F>
  void fields(F&& f) const {
    f(client), f(requests_until), f(events_until), f(requests), f(events);
  }
};

}  // namespace premortem
