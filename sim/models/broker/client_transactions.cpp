// Transactions: what is published and settled counts from the commit on.

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

using Told = ClientEvent::Kind;
using Mode = ClientChannel::Mode;

void BrokerClients::select_transaction(Call& call) {
  if (call.channel.mode == Mode::confirms) return fail(call, 406, "cannot switch from confirm to tx mode");
  call.channel.mode = Mode::transacts;
  tell(call, Told::tx_selected);
}

void BrokerClients::commit(Call& call) {
  if (call.channel.mode != Mode::transacts) return fail(call, 406, "channel is not transactional");
  const std::vector<HeldPublish> publishes = std::move(call.channel.held_publishes);
  const std::vector<HeldSettling> settlings = std::move(call.channel.held_settlings);
  call.channel.held_publishes.clear();
  call.channel.held_settlings.clear();
  for (const HeldPublish& held : publishes) {
    const ExchangeId exchange = call.broker.find_exchange(call.connection.vhost, held.note.exchange);
    if (exchange != none) put(call, exchange, held.note, held.headers, held.ttl, held.payload, held.mandatory, 0);
    call.broker.effects().push_back({EffectKind::given_back, DeathReason::none, 0, 0, 0, 0, held.payload});
  }
  for (const HeldSettling& held : settlings) {
    unacked_ -= held.deliveries.size();
    carry_out(call, held.deliveries, held.kind, held.requeue);
  }
  tell(call, Told::tx_committed);
  go_on(call);
}

/// What was published is forgotten; what was settled waits to be settled again.
void BrokerClients::drop_transaction(Broker& broker, ClientChannel& channel) {
  for (const HeldPublish& held : channel.held_publishes)
    broker.effects().push_back({EffectKind::given_back, DeathReason::none, 0, 0, 0, 0, held.payload});
  channel.held_publishes.clear();
  if (channel.held_settlings.empty()) return;
  channel.unacked.erase(channel.unacked.begin(), channel.unacked.begin() + static_cast<std::ptrdiff_t>(channel.first));
  channel.first = 0;
  std::erase_if(channel.unacked, [](const UnackedDelivery& one) { return one.settled != 0; });
  for (const HeldSettling& held : channel.held_settlings)
    channel.unacked.insert(channel.unacked.end(), held.deliveries.begin(), held.deliveries.end());
  channel.held_settlings.clear();
  std::sort(channel.unacked.begin(), channel.unacked.end(),
            [](const UnackedDelivery& a, const UnackedDelivery& b) { return a.tag < b.tag; });
}

void BrokerClients::roll_back(Call& call) {
  if (call.channel.mode != Mode::transacts) return fail(call, 406, "channel is not transactional");
  drop_transaction(call.broker, call.channel);
  tell(call, Told::tx_rolled_back);
}

}  // namespace premortem
