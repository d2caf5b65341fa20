// Traffic of real clients that fault rules keep back: in order, each way for itself, until its time has come.

#include <algorithm>

#include "sim/models/machine.hpp"

namespace premortem {

namespace {

template <class All>
auto place_of(All& all, ClientId client) {
  return std::lower_bound(all.begin(), all.end(), client,
                          [](const HeldTraffic& one, ClientId number) { return one.client < number; });
}

bool is_idle(const HeldTraffic& held) { return held.requests_until == 0 && held.events_until == 0; }

}  // namespace

HeldTraffic* Machine::held_traffic(ClientId client) {
  const auto at = place_of(world_.held, client);
  return at == world_.held.end() || at->client != client ? nullptr : &*at;
}

bool Machine::is_held_back(ClientId client) const {
  const auto at = place_of(world_.held, client);
  return at != world_.held.end() && at->client == client && !is_idle(*at);
}

bool Machine::is_stalled(ClientId client) const {
  const auto at = place_of(world_.held, client);
  return at != world_.held.end() && at->client == client && at->requests_until != 0 && at->events_until != 0;
}

HeldTraffic& Machine::hold_traffic(ClientId client) {
  const auto at = place_of(world_.held, client);
  if (at != world_.held.end() && at->client == client) return *at;
  HeldTraffic& made = *world_.held.emplace(at);
  made.client = client;
  return made;
}

std::int64_t Machine::next_release() const {
  std::int64_t next = INT64_MAX;
  for (const HeldTraffic& held : world_.held) {
    if (held.requests_until != 0) next = std::min(next, held.requests_until);
    if (held.events_until != 0) next = std::min(next, held.events_until);
  }
  return next;
}

void Machine::hold_events(ClientId client, std::int64_t length) {
  HeldTraffic& held = hold_traffic(client);
  const std::int64_t until = length > INT64_MAX - now() ? INT64_MAX : now() + std::max<std::int64_t>(length, 1);
  held.events_until = std::max(held.events_until, until);
  watch_clients();
}

void Machine::hold_back(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders, std::uint32_t cause,
                        std::int64_t arrived) {
  HeldTraffic& held = hold_traffic(request.client);
  HeldRequest& kept = held.requests.emplace_back(request, payload, cause, arrived);
  if (payload != 0) {
    retain_payload(payload);
    hold(world_.payloads.head(payload).item);
  }
  if (held.requests_until != 0) return;  // It waits behind another, and is decided on when its turn comes.
  kept.decided = true;
  kept.orders = orders;
  kept.orders.wait = kept.orders.stall = 0;
  const std::int64_t length = std::max(orders.wait, orders.stall);
  held.requests_until = length > INT64_MAX - arrived ? INT64_MAX : std::max(arrived + length, now() + 1);
  if (orders.stall > 0) {
    held.events_until = std::max(held.events_until, held.requests_until);
  }
  watch_clients();
}

void Machine::lose_on_its_way(ItemId item, std::uint32_t cause) {
  record(RecordKind::dropped, client_component(), item, static_cast<std::uint64_t>(DeathReason::connection_lost),
         cause);
}

/// The connection is lost, and with it what was on its way.
void Machine::drop_held(ClientId client, std::uint32_t cause) {
  HeldTraffic* const held = held_traffic(client);
  if (held == nullptr) return;
  for (const HeldRequest& request : held->requests) {
    if (request.payload == 0) continue;
    const ItemId item = world_.payloads.head(request.payload).item;
    lose_on_its_way(item, cause);
    let_go(item);
    release_payload(request.payload);
  }
  for (const ClientEvent& event : held->events) release_payload(event.payload);
  world_.held.erase(place_of(world_.held, client));
}

void Machine::release_held() {
  for (;;) {
    const auto due = std::find_if(world_.held.begin(), world_.held.end(), [this](const HeldTraffic& one) {
      return (one.events_until != 0 && one.events_until <= now()) ||
             (one.requests_until != 0 && one.requests_until <= now());
    });
    if (due == world_.held.end()) return;
    const ClientId client = due->client;
    if (due->events_until != 0 && due->events_until <= now()) {
      due->events_until = 0;
      const std::vector<ClientEvent> events = std::move(due->events);
      due->events.clear();
      for (const ClientEvent& event : events) {
        tell_client(event);
        release_payload(event.payload);
      }
    }
    if (HeldTraffic* const held = held_traffic(client);
        held != nullptr && held->requests_until != 0 && held->requests_until <= now())
      release_requests(client);
    if (HeldTraffic* const held = held_traffic(client); held != nullptr && is_idle(*held))
      world_.held.erase(place_of(world_.held, client));
  }
}

/// One after the other; whoever has to wait again keeps those behind it waiting, too.
void Machine::release_requests(ClientId client) {
  HeldTraffic& held = *held_traffic(client);
  std::vector<HeldRequest> requests = std::move(held.requests);
  held.requests.clear();
  held.requests_until = 0;
  for (HeldRequest& one : requests) {
    const BrokerRequest request = one.whole();
    if (world_.clients.find_connection(client) == nullptr) {
      if (one.payload != 0) lose_on_its_way(world_.payloads.head(one.payload).item, one.cause);
    } else if (one.decided) {
      carry_out(request, one.payload, one.orders, one.cause);
    } else {
      ask_broker(request, one.payload, one.cause, one.arrived);
    }
    if (one.payload == 0) continue;
    const ItemId item = world_.payloads.head(one.payload).item;
    release_payload(one.payload);
    let_go(item);
  }
}

}  // namespace premortem
