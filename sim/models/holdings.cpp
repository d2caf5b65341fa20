#include "sim/models/holdings.hpp"

#include "sim/models/waiting.hpp"

namespace premortem {

namespace {

class Search {
 public:
  Search(const Model& model, const World& world) : model_(model), world_(world), found_(world.items.size()) {}

  std::vector<Holding> all() {
    in_hand();
    in_queues();
    in_logs();
    on_the_way();
    std::vector<Holding> result;
    for (ItemId item = 0; item < found_.size(); ++item) {
      const Item& unfinished = world_.items[item];
      if (unfinished.finished != 0) continue;
      if (found_[item].where.empty()) elsewhere(item);
      if (found_[item].where.empty()) continue;
      found_[item].item = item;
      result.push_back(found_[item]);
    }
    return result;
  }

 private:
  const std::string& name(std::uint32_t component) const { return model_.components[component].name; }

  void put(PayloadId payload, const std::string& where, const std::string& waits) {
    const ItemId item = payload == 0 ? item_none : world_.payloads.head(payload).item;
    if (item != item_none && found_[item].where.empty()) found_[item] = {item, where, waits};
  }

  void in_hand() {
    for (ActivityId one = 0; one < world_.kernel.activities.capacity(); ++one) {
      const Activity& activity = world_.kernel.activities[one];
      if (activity.alive == 0 || activity.program == no_program || !model_.programs[activity.program].holds_item)
        continue;
      // Who calls an operation holds the item with it, and says of it what it waits for.
      if (model_.components[activity.component].kind == ComponentKind::service && activity.parent != no_activity)
        continue;
      const auto hand = static_cast<PayloadId>(world_.kernel.activities.locals(one)[0]);
      if (hand != 0) put(hand, place_of(model_, world_, one), waits_for(model_, world_, one));
    }
  }

  void in_queues() {
    world_.broker.each_message([&](QueueId queue, PayloadId payload, Broker::Whereabouts whereabouts) {
      if (queue >= model_.queues.size()) {
        put(payload, "queue " + world_.broker.queue(queue).name + " of a real client", "a real client");
        return;
      }
      const QueueExtra& extra = model_.queues[queue];
      const std::string kind = extra.is_dead_letter ? "dead-letter queue " : "queue ";
      put(payload, kind + name(extra.component), waits_in_queue(queue, whereabouts));
    });
  }

  std::string waits_in_queue(QueueId queue, Broker::Whereabouts whereabouts) const {
    const QueueExtra& extra = model_.queues[queue];
    if (std::string away = why_not_running(model_, world_, extra.component); !away.empty()) return away;
    std::string reason = extra.is_dead_letter ? "a redrive: nothing reads it" : "nobody: no consumer reads it";
    for (const ConsumerSpec& consumer : model_.consumers) {
      if (consumer.queue != queue) continue;
      const std::string& reader = name(consumer.component);
      if (whereabouts == Broker::Whereabouts::left) return reader + " had it, and settles it no more";
      const std::string away = why_not_running(model_, world_, consumer.component);
      if (away.empty() && world_.settings[consumer.workers] == 0) {
        reason = reader + " has no workers";
      } else if (away.empty()) {
        return "a free worker of " + reader;
      } else {
        reason = away;
      }
    }
    return reason;
  }

  void in_logs() {
    for (const StreamSpec& stream : model_.streams) {
      const EventLog& log = world_.logs[stream.log];
      const auto number = static_cast<std::size_t>(&stream - model_.streams.data());
      const std::string away = why_not_running(model_, world_, stream.component);
      for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
        const std::uint64_t from =
            std::max(log.committed(world_.streams[number].group, partition), log.start_offset(partition));
        for (std::uint64_t offset = from; offset < log.end_offset(partition); ++offset) {
          const LogEntry* entry = log.read(partition, offset);
          if (entry == nullptr) continue;
          const std::string reader = name(stream.component);
          put(entry->payload, "log " + name(model_.logs[stream.log].component) + ", ahead of " + reader,
              away.empty() ? "a commit of " + reader + ", behind what it has in hand" : away);
        }
      }
    }
  }

  void on_the_way() {
    for (const HeldTraffic& held : world_.held) {
      for (const HeldRequest& request : held.requests)
        put(request.payload, "its way from client " + std::to_string(held.client) + " to the broker",
            "a fault rule, which keeps it back");
    }
  }

  /// Parked, or held by the rule that its kind states; systems that stand still are told, as one of them may be meant.
  void elsewhere(ItemId item) {
    if (world_.items[item].dead != 0) {
      found_[item] = {item, "parked", "a person"};
    } else if (world_.items[item].is_held != 0) {
      found_[item] = {item, "held-while of " + model_.items[world_.items[item].kind].name, standing_still()};
    }
  }

  std::string standing_still() const {
    std::string all;
    const auto add = [&](const std::string& reason) {
      if (!reason.empty()) all += (all.empty() ? "" : "; ") + reason;
    };
    for (std::uint32_t component = 0; component < model_.components.size(); ++component)
      add(why_not_running(model_, world_, component));
    for (std::size_t job = 0; job < model_.jobs.size(); ++job) {
      if (world_.jobs[job].refused != 0) add(name(model_.jobs[job].component) + " refuses to run after its crash");
    }
    for (const Lock& lock : world_.locks) {
      if (lock.until <= world_.kernel.events.now()) continue;
      const std::string held = "the lock " + std::string(world_.texts.view(model_.texts, lock.name)) + " is held ";
      const std::string until = "until " + model_.zone.format(time_from_nanoseconds(lock.until));
      const bool there = lock.holder != no_activity && world_.kernel.activities[lock.holder].alive != 0;
      add(held +
          (there ? "by " + name(world_.kernel.activities[lock.holder].component) + ", at most " : "by nobody, ") +
          until);
    }
    return all.empty() ? "whatever ends that" : "whatever ends that; " + all;
  }

  const Model& model_;
  const World& world_;
  std::vector<Holding> found_;
};

}  // namespace

std::vector<Holding> holdings(const Model& model, const World& world) { return Search(model, world).all(); }

}  // namespace premortem
