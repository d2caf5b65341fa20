// Vhosts, exchanges, queues and bindings that come and go while the broker runs.

#include <algorithm>
#include <utility>

#include "sim/models/broker/broker.hpp"

namespace premortem {

namespace {

/// Where in `sorted` that name stands or would stand; `of`: what the numbers in it mean.
template <class Things>
auto place_of(const std::vector<std::uint32_t>& sorted, const Things& of, VhostId vhost, std::string_view name) {
  return std::lower_bound(sorted.begin(), sorted.end(), std::pair(vhost, name),
                          [&](std::uint32_t at, const auto& want) {
                            if (of[at].vhost != want.first) return of[at].vhost < want.first;
                            return std::string_view(of[at].name) < want.second;
                          });
}

template <class Things>
std::uint32_t find_named(const std::vector<std::uint32_t>& sorted, const Things& of, VhostId vhost,
                         std::string_view name) {
  const auto at = place_of(sorted, of, vhost, name);
  return at == sorted.end() || of[*at].vhost != vhost || of[*at].name != name ? Broker::none : *at;
}

template <class Things>
void sort_in(std::vector<std::uint32_t>& sorted, const Things& of, std::uint32_t number) {
  sorted.insert(place_of(sorted, of, of[number].vhost, of[number].name), number);
}

template <class Things>
void take_out(std::vector<std::uint32_t>& sorted, const Things& of, std::uint32_t number) {
  sorted.erase(place_of(sorted, of, of[number].vhost, of[number].name));
}

}  // namespace

VhostId Broker::find_vhost(std::string_view name) const {
  for (VhostId vhost = 0; vhost < vhosts_.size(); ++vhost) {
    if (vhosts_[vhost].there && vhosts_[vhost].name == name) return vhost;
  }
  return none;
}

VhostId Broker::add_vhost(std::string_view name) {
  if (const VhostId known = find_vhost(name); known != none) return known;
  vhosts_.push_back({std::string(name), true});
  const auto vhost = static_cast<VhostId>(vhosts_.size() - 1);
  add_predeclared(vhost);
  return vhost;
}

void Broker::remove_vhost(VhostId vhost) {
  for (QueueId queue = 0; queue < client_queues_.size(); ++queue) {
    if (client_queues_[queue].there && client_queues_[queue].vhost == vhost) remove_queue(queue);
  }
  for (ExchangeId exchange = 0; exchange < client_exchanges_.size(); ++exchange) {
    if (client_exchanges_[exchange].there && client_exchanges_[exchange].vhost == vhost) remove_exchange(exchange);
  }
  vhosts_[vhost].there = false;
}

void Broker::add_predeclared(VhostId vhost) {
  using Type = ClientExchange::Type;
  static constexpr std::pair<std::string_view, Type> all[] = {
      {"", Type::direct},
      {"amq.direct", Type::direct},
      {"amq.fanout", Type::fanout},
      {"amq.headers", Type::headers},
      {"amq.match", Type::headers},
      {"amq.topic", Type::topic},
      {"amq.rabbitmq.trace", Type::topic},
  };
  for (const auto& [name, type] : all) {
    ClientExchange exchange;
    exchange.name = name;
    exchange.type = type;
    exchange.vhost = vhost;
    exchange.durable = exchange.predeclared = true;
    exchange.internal = name == "amq.rabbitmq.trace";
    add_exchange(std::move(exchange));
  }
}

ExchangeId Broker::find_exchange(VhostId vhost, std::string_view name) const {
  return find_named(exchanges_by_name_, client_exchanges_, vhost, name);
}
QueueId Broker::find_queue(VhostId vhost, std::string_view name) const {
  return find_named(queues_by_name_, client_queues_, vhost, name);
}

ExchangeId Broker::add_exchange(ClientExchange exchange) {
  exchange.there = true;
  auto number = static_cast<ExchangeId>(client_exchanges_.size());
  if (free_exchanges_.empty()) {
    client_exchanges_.push_back(std::move(exchange));
  } else {
    number = free_exchanges_.back();
    free_exchanges_.pop_back();
    client_exchanges_[number] = std::move(exchange);
  }
  sort_in(exchanges_by_name_, client_exchanges_, number);
  return number;
}

void Broker::remove_exchange(ExchangeId number) {
  take_out(exchanges_by_name_, client_exchanges_, number);
  client_exchanges_[number] = ClientExchange{};
  free_exchanges_.push_back(number);
  drop_bindings(true, number);
}

QueueId Broker::add_queue(ClientQueue queue, std::int64_t now) {
  queue.there = true;
  queue.unused_since = now;
  const bool timed = queue.limits.ttl >= 0 || queue.expires >= 0;
  auto number = static_cast<QueueId>(client_queues_.size());
  if (free_queues_.empty()) {
    client_queues_.push_back(std::move(queue));
    queues_.resize(client_queues_.size());
  } else {
    number = free_queues_.back();
    free_queues_.pop_back();
    client_queues_[number] = std::move(queue);
    queues_[number] = Queue{};
  }
  add_queue_name(number);
  if (timed) watch_time_of(number);
  return number;
}

void Broker::watch_time_of(QueueId queue) {
  if (client_queues_[queue].timed) return;
  client_queues_[queue].timed = true;
  timed_queues_.push_back(queue);
}

void Broker::add_queue_name(QueueId queue) { sort_in(queues_by_name_, client_queues_, queue); }

void Broker::remove_queue(QueueId number) {
  purge(number);
  take_out(queues_by_name_, client_queues_, number);
  if (client_queues_[number].timed) std::erase(timed_queues_, number);
  client_queues_[number] = ClientQueue{};
  free_queues_.push_back(number);
  drop_bindings(false, number);
}

std::uint32_t Broker::purge(QueueId queue) {
  const std::uint32_t ready = queues_[queue].ready;
  while (queues_[queue].first != nil) {
    const MessageId message = queues_[queue].first;
    const PayloadId payload = messages_[message].payload;
    unlink(message);
    free_message(message);
    effects_.push_back({EffectKind::dropped, DeathReason::purged, 0, queue, 0, nil, payload});
    effects_.push_back({EffectKind::left, DeathReason::none, 0, queue, 0, nil, payload});
  }
  return ready;
}

bool Broker::bind(ExchangeId from, ClientBinding binding) {
  std::vector<ClientBinding>& bindings = client_exchanges_[from].bindings;
  if (std::find(bindings.begin(), bindings.end(), binding) != bindings.end()) return false;
  bindings.push_back(std::move(binding));
  return true;
}

bool Broker::unbind(ExchangeId from, const ClientBinding& binding) {
  std::vector<ClientBinding>& bindings = client_exchanges_[from].bindings;
  const auto at = std::find(bindings.begin(), bindings.end(), binding);
  if (at == bindings.end()) return false;
  bindings.erase(at);
  delete_if_unbound(from);
  return true;
}

/// Whether anything is bound to it: what if-unused asks.
bool Broker::is_bound(ExchangeId exchange) const {
  return !client_exchanges_[exchange].bindings.empty() ||
         (exchange < exchanges_away_.size() && !spec_->exchanges[exchange].bindings.empty());
}

void Broker::drop_bindings(bool to_exchange, std::uint32_t to) {
  std::vector<ExchangeId> touched;
  for (ExchangeId exchange = 0; exchange < client_exchanges_.size(); ++exchange) {
    const std::size_t dropped = std::erase_if(client_exchanges_[exchange].bindings, [&](const ClientBinding& binding) {
      return binding.to_exchange == to_exchange && binding.to == to;
    });
    if (dropped != 0) touched.push_back(exchange);
  }
  for (const ExchangeId exchange : touched) delete_if_unbound(exchange);
}

/// An exchange that deletes itself does so with its last binding.
void Broker::delete_if_unbound(ExchangeId exchange) {
  const ClientExchange& unbound = client_exchanges_[exchange];
  if (unbound.there && unbound.auto_delete && unbound.bindings.empty()) remove_exchange(exchange);
}

}  // namespace premortem
