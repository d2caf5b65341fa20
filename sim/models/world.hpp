#pragma once
// A World: everything about a scenario that changes while it runs. A value: copied, saved, loaded, compared, continued.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/kernel.hpp"
#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/contents.hpp"
#include "sim/models/document_server/document_server.hpp"
#include "sim/models/held_traffic.hpp"
#include "sim/models/model.hpp"
#include "sim/models/outside_calls.hpp"
#include "sim/models/payload.hpp"

namespace premortem {

/// One work item. Its fields stand in World::item_words.
struct Item {
  std::int64_t id = 0;
  std::int64_t arrived = 0;
  std::int64_t finished_at = 0;
  std::uint64_t luck = 0;  ///< Keys the draws that are made on its behalf.
  std::uint32_t kind = 0;
  std::uint32_t holders = 0;   ///< Queues, logs ahead of a group, and steps in hand that carry it.
  std::uint32_t finished = 0;  ///< How often.
  std::uint32_t dead = 0;      ///< Messages of it in dead-letter queues, and parked ones.
  std::uint32_t mark = 0;      ///< Text of the last `mark`.
  std::uint32_t outcome = 0;   ///< Text of the first finish's outcome.
  std::uint8_t is_held = 0;    ///< What was last written to the history.
  std::uint8_t touched = 0;    ///< Is in World::touched.
  std::uint16_t unused = 0;
  std::uint32_t unused2 = 0;
};

struct ComponentState {
  std::uint8_t on = 1, up = 1, paused = 0, unused = 0;
  std::uint32_t crashes = 0;
  std::uint32_t running = 0;  ///< Jobs: runs under way. Consumers, streams, services: handlers at work.
  std::uint32_t workers = 0;  ///< Worker activities that exist.
  std::int64_t last_end = 0;  ///< Jobs: when the last run ended.
  std::int64_t skew = 0;      ///< ns that its clock is ahead.
};

struct StreamState {
  std::uint32_t group = 0;
  std::uint32_t joined = 0;              ///< It has read at least once: from then on the group has a place of its own.
  std::vector<std::uint64_t> positions;  ///< Next offset to read, by partition.
  std::vector<ActivityId> workers;       ///< By number.
  std::vector<std::uint8_t> commit_due;  ///< By partition: its owner commits when it reads on. KAFKA-021.
  template <class F>
  void fields(F&& f) {
    f(group), f(joined), f(positions), f(workers), f(commit_due);
  }
  template <class F>
  void fields(F&& f) const {
    f(group), f(joined), f(positions), f(workers), f(commit_due);
  }
  bool operator==(const StreamState&) const = default;
};

struct ConsumerState {
  std::vector<ActivityId> workers;        ///< By number.
  std::vector<ConsumerId> subscriptions;  ///< The same workers, as the broker knows them.
  template <class F>
  void fields(F&& f) {
    f(workers), f(subscriptions);
  }
  template <class F>
  void fields(F&& f) const {
    f(workers), f(subscriptions);
  }
  bool operator==(const ConsumerState&) const = default;
};

struct JobState {
  std::uint32_t runs = 0;             ///< Started so far.
  std::uint32_t refused = 0;          ///< After a crash nobody has cleared: no new run.
  std::int64_t due_from = 0;          ///< Firings up to here, by its own clock, had their run or their reason for none.
  std::uint32_t checkpoint = 0;       ///< Elements finished by the last run, as of its last chunk.
  std::uint32_t checkpoint_loop = 0;  ///< In which of its loops.
  std::uint32_t checkpoint_valid = 0;  ///< That run was cut off or failed, and the next goes on from there.
  std::uint32_t cut_off = 0;           ///< ... by a crash: it goes on as soon as the job is back.
  std::int64_t absent_since = 0;       ///< When it was last stopped, paused or cut off, by its own clock.
};

struct Lock {
  std::uint32_t name = 0;
  ActivityId holder = no_activity;    ///< The run that may free it; none once that has ended or died.
  std::int64_t since = 0, until = 0;  ///< Taken until then, by the clock of whoever took or freed it: BATCH-041.
};

struct EntryState {
  enum : std::uint32_t { pending, done, skipped };
  std::uint32_t state = pending;
  std::uint32_t times = 0;  ///< How often its verb acted: elements of `each`, strikes of a fault.
  std::int64_t at = 0;
};

struct ActiveFault {
  std::uint32_t fault = 0;
  std::uint32_t over = 0;
  std::int64_t until = 0;
  std::int64_t seen = 0;  ///< Operations that matched so far.
  std::int64_t struck = 0;
  std::int64_t by = 0;  ///< For skew: how far the clock was put forward, ns.
};

/// An activity that waits for a transaction to end, as a plain writer does.
struct TransactionWaiter {
  std::uint16_t store = 0, unused = 0;
  TransactionId transaction = 0;
  ActivityId activity = 0;
  std::uint32_t unused2 = 0;
  std::int64_t since = 0;
};

/// An activity that waits for a replica set: for a primary, or for a majority to have its write.
struct ReplicaWaiter {
  std::uint16_t store = 0;
  std::uint8_t for_primary = 0;
  std::uint8_t lost = 0;  ///< No majority will ever have it.
  ActivityId activity = 0;
  std::int64_t until = 0;  ///< When the waiting ends.
  bool operator==(const ReplicaWaiter&) const = default;
};

/// The replica set of a store.
struct ReplicaState {
  std::int64_t primary_at = 0;  ///< When there will be a primary again; 0: there is one.
  std::uint64_t term = 1;       ///< Counts elections.
};

/// The activity that lets a queue's messages expire, and the instant for which it waits.
struct ExpiryWatch {
  ActivityId activity = no_activity;
  std::uint32_t unused = 0;
  std::int64_t due = INT64_MAX;
};
/// How far an idempotent operation is with an item.
enum Execution : std::uint8_t { not_executed, under_way, executed };

struct ProbeState {
  std::uint32_t broken = 0, seen = 0;
  std::uint32_t over = 0;  ///< Nothing more to look for.
  std::uint32_t unused = 0;
};

/// Texts that came into being while running (`string(id)`), after those of the Model.
class RunTexts {
 public:
  std::uint32_t intern(const std::vector<std::string>& fixed, std::string_view text);
  std::string_view view(const std::vector<std::string>& fixed, std::uint32_t text) const {
    return text < fixed.size() ? std::string_view(fixed[text]) : std::string_view(own_[text - fixed.size()]);
  }
  template <class F>
  void fields(F&& f) {
    f(own_), f(slots_);
  }
  template <class F>
  void fields(F&& f) const {
    f(own_), f(slots_);
  }

 private:
  std::vector<std::string> own_;
  std::vector<std::uint32_t> slots_;  ///< Hash table over own_.
};

struct World {
  Kernel kernel;
  std::vector<Word> settings;
  std::vector<Item> items;
  std::vector<Word> item_words;
  std::vector<std::int64_t> next_ids;  ///< By kind.
  std::vector<std::vector<ItemId>> items_of_kind;
  std::vector<ItemId> touched;  ///< Items whose holding or finishing changed in this event.
  Payloads payloads;
  Lists lists;
  RunTexts texts;
  Broker broker;
  BrokerClients clients;  ///< Real programs that are connected to the broker; empty in a simulation.
  Contents contents;
  ExpiryWatch clients_timer;  ///< The activity that does what nobody has to ask the broker for, once clients are there.
  std::vector<EventLog> logs;
  std::vector<ActivityId> expirers;  ///< By log: who deletes what has grown too old; none: nothing will.
  std::vector<DocumentStore> stores;
  std::vector<DocumentServer> document_servers;  ///< By store, where real programs can be; else none at all.
  std::vector<std::int64_t> next_document_ids;   ///< By collection through all stores: ids of documents of no item.
  std::vector<ComponentState> components;
  std::vector<ConsumerState> consumers;
  std::vector<StreamState> streams;
  std::vector<JobState> jobs;
  std::vector<Lock> locks;
  std::vector<std::uint32_t> monitors_fired;
  std::vector<std::int64_t> monitors_fired_at;
  std::vector<EntryState> timeline;
  std::vector<ActiveFault> faults;
  std::vector<RuleState> fault_rules;  ///< Those of the Model, then the live ones.
  std::vector<LiveRule> live_rules;    ///< In the order in which they came.
  std::vector<HeldTraffic> held;       ///< By client, ascending; those without anything kept back are not there.
  std::vector<ActivityId> worker_of_subscription;  ///< By ConsumerId.
  std::vector<ExpiryWatch> expiries;               ///< By queue.
  std::vector<TransactionWaiter> transaction_waiters;
  std::vector<ReplicaWaiter> replica_waiters;
  std::vector<ReplicaState> replicas;               ///< By store.
  std::vector<ActivityId> condition_waiters;        ///< Held back by `wait-for`.
  std::vector<ActivityId> step_waiters;             ///< Timeline entries that wait for another entry or a monitor.
  std::vector<std::vector<std::uint8_t>> executed;  ///< Idempotent operations: by operation and item, an Execution.
  std::vector<std::vector<Word>> replies;           ///< ... and what they replied.
  std::vector<ProbeState> probes;
  std::vector<std::vector<std::uint8_t>> violators;  ///< By probe and item: 1 = written already.
  std::uint32_t systems_changed = 0;                 ///< Something that `held-while` may read changed in this event.
  std::uint32_t documents_changed = 0;               ///< Some document changed in this event.
  std::vector<std::uint8_t> reapers;                 ///< By store: 1 = its reaper is under way.
  std::uint32_t looked_at = 0;                       ///< Records written when the probes were last looked at.
  std::uint32_t outages = 0;                         ///< Queues, exchanges, logs, services that are off or down.
  std::uint64_t sent = 0;                            ///< Items made by `send`.
  std::vector<std::uint8_t> failed_expressions;      ///< By expression: 1 + its first fault; empty while none failed.
  std::vector<OutsideCall> outside_calls;  ///< Real programs' calls of services, in the order in which they came.
  std::vector<LateReply> late_replies;     ///< ... and what they are told later, in the order in which it came about.

  World();

  /// Visits every data member, for saving, loading and comparing.
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
    self.kernel.fields(f);
    f(self.settings), f(self.items), f(self.item_words), f(self.next_ids), f(self.items_of_kind), f(self.touched);
    self.payloads.fields(f), self.lists.fields(f), self.texts.fields(f), self.broker.fields(f);
    self.clients.fields(f), self.contents.fields(f), f(self.clients_timer);
    f(self.logs), f(self.expirers), f(self.stores), f(self.document_servers), f(self.next_document_ids),
        f(self.components), f(self.consumers), f(self.streams), f(self.jobs), f(self.locks);
    f(self.monitors_fired), f(self.monitors_fired_at), f(self.timeline), f(self.faults);
    f(self.fault_rules), f(self.live_rules), f(self.held);
    f(self.worker_of_subscription), f(self.expiries), f(self.transaction_waiters), f(self.condition_waiters),
        f(self.step_waiters);
    f(self.executed), f(self.replies), f(self.probes), f(self.violators), f(self.systems_changed),
        f(self.documents_changed), f(self.looked_at), f(self.reapers), f(self.outages), f(self.sent),
        f(self.failed_expressions), f(self.replica_waiters), f(self.replicas);
    f(self.outside_calls), f(self.late_replies);
  }
};

}  // namespace premortem
