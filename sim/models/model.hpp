#pragma once
// A Model: everything about a scenario that does not change while it runs. Immutable, shared by all Worlds that run it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/program.hpp"
#include "sim/models/component_spec.hpp"
#include "sim/models/expression/expression.hpp"
#include "sim/models/fault_spec.hpp"
#include "sim/models/item_spec.hpp"
#include "sim/models/rule_spec.hpp"
#include "sim/models/step_spec.hpp"
#include "sim/models/timeline_spec.hpp"

namespace premortem {

/// Activity::program of what drives a system but handles nothing: schedulers, monitors, probes.
inline constexpr std::uint32_t no_program = 0xFFFFFFFF;

/// No system.
inline constexpr std::uint16_t no_component = 0xFFFF;

/// One compiled program: where it starts, and what its locals hold.
struct ProgramSpec {
  std::string name;  ///< "exporter", "arena.order", "timeline[stop-brut]".
  ProgramCounter entry = 0;
  std::vector<SlotKind> slots;
  bool holds_item = false;  ///< What stands in local 0 is held while the program has it.
  std::vector<std::uint32_t>
      transaction_stores;  ///< For slots of kind transaction, in order of slots: number of the store.
};

/// A value that the timeline, a strategy or `--set` can change: `exporter.workers`, `toggle.route`.
struct SettingSpec {
  enum class Kind : std::uint8_t { scalar, distribution, expression, list, cron };
  std::string address;
  Type type;
  Kind kind = Kind::scalar;
  Word value = 0;  ///< The value itself, or the index of the distribution, expression, list or schedule.
};

/// One item in a list of constant values.
struct ConstantList {
  Type element;
  std::vector<Word> values;
};

/// Which collection of which store; collections are numbered through all stores where expressions range over them.
struct CollectionRef {
  std::uint16_t store = 0, collection = 0;
};

/// Where the instructions of a step begin; they go on to the next place.
struct StepPlace {
  ProgramCounter begin = 0;
  std::string address;                 ///< "exporter.does[export]"
  std::uint32_t line = 0, column = 0;  ///< In the scenario's file, from 1; line 0: not in a file.
};

struct Model {
  CodeBlock code;
  std::vector<StepPlace> places;  ///< In the order of `begin`.
  std::vector<ProgramSpec> programs;
  std::vector<ScopeSpec> scopes;  ///< Number 0 stands for none.
  std::vector<ErrorRule> rules;
  std::vector<Expression> expressions;
  std::vector<std::string> expression_addresses;  ///< By expression: where it stands; empty for made-up ones.
  std::vector<Distribution> distributions;
  std::vector<ConstantList> lists;
  std::vector<SettingSpec> settings;
  std::vector<std::string> texts;  ///< Interned: equal texts have equal numbers. Number 0 is the empty text.
  std::vector<std::string> errors;
  std::vector<Shape> shapes;
  std::vector<BuildSpec> builds;
  std::vector<Assignments> assignments;

  std::vector<ItemKind> items;
  std::vector<ArrivalSpec> arrivals;
  std::vector<ComponentSpec> components;
  std::vector<OperationSpec> operations;
  std::vector<StoreSpec> stores;
  std::vector<CollectionRef> collections;
  std::shared_ptr<const BrokerSpec> broker;
  std::vector<QueueExtra> queues;  ///< Beside the broker's own specification, by queue.
  std::vector<LogSpec> logs;
  std::vector<ServiceOperationSpec> service_operations;
  std::vector<ConsumerSpec> consumers;
  std::vector<StreamSpec> streams;
  std::vector<JobSpec> jobs;
  std::vector<MonitorSpec> monitors;
  std::vector<WatchSpec> watches;  ///< Document fields whose changes are recorded.

  std::vector<WorkSpec> works;
  std::vector<FindSpec> finds;
  std::vector<WriteSpec> writes;
  std::vector<CallSpec> calls;
  std::vector<PublishSpec> publishes;
  std::vector<SendSpec> sends;
  std::vector<RedriveSpec> redrives;
  std::vector<EachSpec> eaches;

  std::vector<TimelineSpec> timeline;
  std::vector<SetSpec> sets;
  std::vector<CrashSpec> crashes;
  std::vector<StepDownSpec> step_downs;
  std::vector<ReplaySpec> replays;
  std::vector<FaultSpec> faults;
  std::vector<RuleSpec> fault_rules;
  std::vector<ProbeSpec> probes;
  std::vector<MemberSpec> members;

  Zone zone;                ///< The clock's zone.
  std::vector<Zone> zones;  ///< Number 0 is the clock's.
  std::vector<CronSchedule> schedules;
  std::vector<std::uint32_t> resources;  ///< Units of each: workers of services.
  std::uint16_t timeline_component = 0;
  std::uint16_t clients_component = no_component;  ///< Real clients; no_component: the Model is not for serving.
  ProgramCounter restart_entry = 0;
  ProgramCounter clients_entry = 0;  ///< Of World::clients_timer.
  ProgramCounter poll_entry = 0;     ///< 0: nothing that checks watch reads the clock.
  std::int64_t begins = 0;           ///< First instant, ns.
  std::int64_t ends = 0;             ///< The run stops before this instant, ns.
  std::uint32_t locals = 8;          ///< Locals of every activity: those of the longest program.
  std::uint32_t payload_fields = 1;  ///< Words of every payload: those of the widest shape.
  std::uint32_t item_fields = 1;     ///< Words of every item.
};

}  // namespace premortem
