// How clients settle what they were sent: delivery tags, one or many. RABBIT-018, RABBIT-019, RABBIT-020

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;

void BrokerClients::add_unacked(ClientChannel& channel, UnackedDelivery delivery) {
  if (timeout_ > 0) overdue_from_ = std::min(overdue_from_, delivery.since + timeout_);
  channel.unacked.push_back(delivery);
  ++unacked_;
}

/// Takes them out of the channel's list; nothing: the tag is unknown. What has been settled before those in front of
/// it stays in the list until they go, so that taking one costs no more than finding it.
std::vector<UnackedDelivery> BrokerClients::take_unacked(ClientChannel& channel, std::uint64_t tag, bool multiple) {
  std::vector<UnackedDelivery>& all = channel.unacked;
  std::vector<UnackedDelivery> taken;
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(channel.first);
  const auto take = [&](UnackedDelivery& one) {
    if (one.settled != 0) return;
    taken.push_back(one);
    one.settled = 1;
    --unacked_;
  };
  const auto at = std::lower_bound(begin, all.end(), tag,
                                   [](const UnackedDelivery& one, std::uint64_t wanted) { return one.tag < wanted; });
  if (multiple) {
    const bool is_known = tag == 0 || (at != all.end() && at->tag == tag && at->settled == 0);
    const auto end = tag == 0 ? all.end() : at == all.end() ? at : at + 1;
    if (is_known) std::for_each(begin, end, take);
  } else if (at != all.end() && at->tag == tag) {
    take(*at);
  }
  while (channel.first < all.size() && all[channel.first].settled != 0) ++channel.first;
  if (channel.first > 64 && channel.first * 2 > all.size()) {
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(channel.first));
    channel.first = 0;
  }
  return taken;
}

void BrokerClients::settle(Call& call) {
  const BrokerRequest& request = call.request;
  const bool multiple = request.multiple && request.kind != Kind::reject;
  std::vector<UnackedDelivery> taken = take_unacked(call.channel, request.tag, multiple);
  if (taken.empty() && !(multiple && request.tag == 0))
    return fail(call, 406, "unknown delivery tag " + std::to_string(request.tag));
  const bool requeue = request.kind != Kind::ack && request.requeue;
  if (call.channel.mode == ClientChannel::Mode::transacts) {
    call.channel.held_settlings.push_back({std::move(taken), request.kind, requeue});
    unacked_ += call.channel.held_settlings.back().deliveries.size();
    return;
  }
  carry_out(call, taken, request.kind, requeue);
  go_on(call);
}

void BrokerClients::carry_out(Call& call, const std::vector<UnackedDelivery>& taken, Kind kind, bool requeue) {
  if (requeue) {
    std::vector<MessageId> back;
    for (const UnackedDelivery& one : taken) {
      if (one.gone == 0) back.push_back(one.message);
    }
    call.broker.requeue_all(std::move(back), kind == Kind::reject ? Returned::rejected : Returned::nacked, call.now);
    return;
  }
  for (const UnackedDelivery& one : taken) {
    if (one.gone != 0) continue;
    if (kind == Kind::ack) {
      call.broker.settle(one.message, call.now);
    } else {
      call.broker.reject(one.message, call.now);
    }
  }
}

void BrokerClients::recover(Call& call) {
  if (!call.request.requeue) return fail(call, 540, "requeue=false");
  const std::vector<UnackedDelivery> taken = take_unacked(call.channel, 0, true);
  carry_out(call, taken, Kind::nack, true);
  if (!call.request.no_wait) tell(call, Told::recovered);
  go_on(call);
}

}  // namespace premortem
