// Handlers: the steps of consumers, streams, jobs and service operations.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/civil/misfire.hpp"
#include "sim/scenario/compile/step_compiler.hpp"
#include "sim/scenario/zone_database.hpp"

namespace premortem {

namespace {

const Node& empty_list() {
  static const Node list = Node::of_array({});
  return list;
}

}  // namespace

void Compiler::compile_handlers(const Node& systems) {
  for (std::uint32_t number = 0; number < model_.service_operations.size(); ++number) compile_operation(number);
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    switch (model_.components[component].kind) {
      case ComponentKind::consumer:
        compile_consumer(component, member.second);
        break;
      case ComponentKind::stream:
        compile_stream(component, member.second);
        break;
      case ComponentKind::job:
        compile_job(component, member.second);
        break;
      default:
        break;
    }
  }
}

std::uint32_t Compiler::compile_operation(std::uint32_t number) {
  if (service_state_[number] != 0) return number;
  service_state_[number] = 1;
  const Node& node = *service_nodes_[number];
  const std::string name = model_.service_operations[number].name;
  const std::uint32_t takes = range_setting(node.find("takes"), name + ".takes", Unit::duration, 0);
  const std::uint32_t idempotent = boolean_setting(node, "idempotent", name, false);
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  builder.slot(SlotKind::scalar);  // Whether it has replied.
  // Callees first: their programs must not stand inside this one.
  NameScope scope(*this);
  scope.hand = Hand{0, object_type(model_.service_operations[number].shape), {}, {}, {}};
  std::vector<std::uint32_t> callees;
  const auto find_callees = [&](const auto& self, const Node& steps) -> void {
    for (const Node& step : steps.items) {
      if (const Node* called = step.find("call")) {
        const auto found = service_operations_.find(called->text);
        if (found != service_operations_.end() && service_state_[found->second] == 0) compile_operation(found->second);
      }
      if (const Node* inner = step.find("does")) self(self, *inner);
    }
  };
  const Node* does = node.find("does");
  if (does != nullptr) find_callees(find_callees, *does);
  const ProgramCounter entry = builder.emit(operation::begin_call);
  const std::uint32_t workers = model_.service_operations[number].workers;
  if (workers != unset) builder.emit(operation::take_worker, 0, 0, workers);
  WorkSpec work;
  work.distribution = takes;
  work.purpose = hash_name(name + ".takes");
  model_.works.push_back(work);
  builder.emit(operation::work, 0, 0, static_cast<std::uint32_t>(model_.works.size() - 1));
  StepCompiler steps(*this, builder, scope, name, model_.service_operations[number].component);
  steps.reply_type = &reply_types_[number];
  steps.handler(does == nullptr ? empty_list() : *does, node.find("on"), "service");
  builder.emit(operation::end_call);
  ServiceOperationSpec& spec = model_.service_operations[number];
  spec.takes = takes;
  spec.idempotent = idempotent;
  if (const std::optional<Type>& reply = reply_types_[number]) {
    spec.reply_type = *reply;
    spec.reply_kind = reply->base == BaseType::object ? SlotKind::payload
                      : reply->base == BaseType::list ? SlotKind::list
                                                      : SlotKind::scalar;
  }
  spec.program = program(builder, entry, name, true);
  service_state_[number] = 2;
  return number;
}

void Compiler::compile_consumer(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  const auto queue = this->component(*node.find("reads"), "queue", "/systems/" + name + "/reads");
  if (!queue) return;
  ConsumerSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.queue = model_.components[*queue].number;
  spec.workers = count_setting(node, "workers", name, 1);
  spec.prefetch = count_setting(node, "prefetch", name, 250);
  spec.ack = word_setting(node, "ack", name, static_cast<Word>(AckMode::after_success));
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, 30 * one_second);
  spec.deliver_operation = find_operation(node.find("reads")->text + ".deliver");
  spec.ack_operation = find_operation(node.find("reads")->text + ".ack");
  uses(component, spec.ack_operation);
  spec.purpose = hash_name(name);
  if (const Node* outcome = node.find("ack-finishes")) {
    const std::string address = "/systems/" + name + "/ack-finishes";
    if (outcome->text.empty())
      error(*outcome, address, "is no outcome; write one as `finish` takes it, such as \"done\"");
    if (model_.queues[spec.queue].kinds.empty())
      error(*outcome, address,
            "what comes from " + node.find("reads")->text +
                " is about no item, so nothing can be finished; say \"of\" there, or remove it");
    spec.ack_finishes = intern(outcome->text);
  }
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  spec.attempt_slot = builder.slot(SlotKind::scalar);
  spec.message_slot = builder.slot(SlotKind::scalar);
  spec.redelivered_slot = builder.slot(SlotKind::scalar);
  spec.deaths_slot = builder.slot(SlotKind::scalar);
  NameScope scope(*this);
  scope.hand =
      Hand{0, object_type(component_shapes_[*queue]), spec.attempt_slot, spec.redelivered_slot, spec.deaths_slot};
  const ProgramCounter entry = builder.emit(operation::receive_message, 0, 0, number);
  StepCompiler steps(*this, builder, scope, name, spec.component);
  const Node* ack = node.find("ack");
  steps.acks_by_hand = ack != nullptr && ack->text == "by hand";
  steps.handler(*node.find("does"), node.find("on"), steps.acks_by_hand ? "consumer by hand" : "consumer");
  builder.emit(operation::settle_message, 0, 0, number);
  spec.program = program(builder, entry, name, true);
  model_.consumers[number] = spec;
}

void Compiler::compile_stream(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  const auto log = this->component(*node.find("reads"), "log", "/systems/" + name + "/reads");
  if (!log) return;
  StreamSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.log = model_.components[*log].number;
  model_.logs[spec.log].streams.push_back(number);
  if (const Node* from = node.find("from")) spec.from_latest = from->text == "latest";
  if (const Node* commit = node.find("commit")) {
    if (commit->text == "before") {
      spec.commit = CommitMode::before;
    } else if (commit->text == "transaction") {
      spec.commit = CommitMode::transaction;
    } else if (commit->text.starts_with("every ")) {
      const auto every = parse_duration(commit->text.substr(6));
      if (!every || every->count() <= 0) error(*commit, "/systems/" + name + "/commit", "write \"every 5 s\"");
      spec.commit = CommitMode::by_time;
      spec.commit_every = every ? every->count() : one_second;
    } else if (commit->text != "after") {
      error(*commit, "/systems/" + name + "/commit",
            "\"" + commit->text + "\" is none of the words for this; write after, before, transaction or every 5 s");
    }
  }
  spec.workers = count_setting(node, "workers", name, 1);
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, 30 * one_second);
  spec.read_operation = find_operation(node.find("reads")->text + ".read");
  spec.commit_operation = find_operation(name + ".commit");
  spec.append_operation = find_operation(node.find("reads")->text + ".append");
  uses(component, spec.read_operation);
  spec.purpose = hash_name(name);
  const auto compile = [&](bool replay) {
    ProgramBuilder builder(model_);
    builder.slot(SlotKind::payload);
    spec.attempt_slot = builder.slot(SlotKind::scalar);
    spec.offset_slot = builder.slot(SlotKind::scalar);
    spec.partition_slot = builder.slot(SlotKind::scalar);
    spec.key_slot = builder.slot(SlotKind::scalar);
    if (disturbed(name)) spec.strike_slot = builder.slot(SlotKind::scalar);
    const std::uint8_t buffer = builder.slot(SlotKind::list);
    spec.buffer_slot = spec.commit == CommitMode::transaction ? buffer : std::uint8_t{0};
    NameScope scope(*this);
    scope.hand = Hand{0, object_type(component_shapes_[*log]), spec.attempt_slot, {}, {}};
    const ProgramCounter entry = builder.here();
    if (!replay) builder.emit(operation::fetch_event, 0, 0, number);
    StepCompiler steps(*this, builder, scope, name, spec.component);
    steps.buffer_slot = spec.buffer_slot;
    steps.handler(*node.find("does"), node.find("on"), "stream");
    builder.emit(operation::commit_event, 0, 0, number);
    return program(builder, entry, name, true);
  };
  // The steps stand twice: for the live group, and for replays. Both read the same settings: an address has one.
  spec.program = compile(false);
  const std::size_t said = notes_.size();
  spec.replay_program = compile(true);
  notes_.resize(said);
  if (spec.commit == CommitMode::by_time) {
    spec.committer = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::commit_offsets, 0, 0, component});
  }
  model_.streams[number] = spec;
}

void Compiler::compile_job(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  JobSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.purpose = hash_name(name);
  if (const Node* zone = node.find("zone")) {
    const auto loaded = load_zone(zone->text, clock_.from, clock_.until);
    if (!loaded) {
      error(*zone, "/systems/" + name + "/zone",
            "there is no zone \"" + zone->text + "\"" + did_you_mean(zone->text, zone_names()));
    } else {
      model_.components[component].zone = static_cast<std::uint16_t>(model_.zones.size());
      model_.zones.push_back(*loaded);
    }
  }
  if (const Node* cron = node.find("cron")) {
    const Node* changes = node.find("clock-changes");
    const Word dialect = changes == nullptr ? 0 : word_number("clock-changes", changes->text);
    const Zone& zone = model_.zones[model_.components[component].zone];
    if (const auto made = add_schedule(*cron, static_cast<CronDialect>(dialect), zone, "/systems/" + name + "/cron")) {
      spec.cron = setting(name + ".cron", SettingSpec::Kind::cron, types::text, *made);
      say_clock_changes(name, model_.schedules[*made], zone);
    }
  }
  spec.delay = range_setting(node.find("delay"), name + ".delay", Unit::duration, 0);
  spec.overlap = word_setting(node, "overlap", name, static_cast<Word>(Overlap::allow));
  spec.missed = word_setting(node, "missed", name, static_cast<Word>(MissedPolicy::skip));
  spec.after_crash = word_setting(node, "after-crash", name, static_cast<Word>(AfterCrash::anew));
  spec.instances = count_setting(node, "instances", name, 1);
  const Node* lock = node.find("lock");
  spec.lock = setting(name + ".lock", SettingSpec::Kind::scalar, types::text,
                      lock == nullptr || lock->text == "none" ? 0 : intern(lock->text));
  spec.lock_max = range_setting(node.find("lock-max"), name + ".lock-max", Unit::duration, 3600 * one_second);
  spec.lock_min = range_setting(node.find("lock-min"), name + ".lock-min", Unit::duration, 0);
  spec.lock_clock = word_setting(node, "lock-clock", name, static_cast<Word>(LockClock::shared));
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, -1);
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  NameScope scope(*this);
  const ProgramCounter entry = builder.here();
  StepCompiler steps(*this, builder, scope, name, spec.component);
  steps.in_job = true;
  steps.handler(*node.find("does"), node.find("on"), "job");
  builder.emit(operation::end_run);
  spec.program = program(builder, entry, name, false);
  spec.scheduler = static_cast<ProgramCounter>(model_.code.size());
  model_.code.push_back({operation::await_firing, 0, 0, number});
  model_.jobs[number] = spec;
}

/// Nothing is skipped in silence: a schedule that the clock skips, or doubles against its author's intention, and one
/// that never fires in this story.
void Compiler::say_clock_changes(const std::string& job, const CronSchedule& schedule, const Zone& zone) {
  const auto first = schedule.next_after(zone, time_from_nanoseconds(model_.begins - 1));
  if (!first || first->at >= clock_.until) notes_.push_back(job + ": its schedule does not fire before the clock ends");
  struct Day {
    std::int64_t date;
    bool doubled;
    std::string first, last;
    std::size_t times;
  };
  std::vector<Day> days;
  for (const IrregularTime& time : schedule.irregular_times(zone, clock_.from, clock_.until)) {
    const bool doubled = time.firings.size() > 1;
    if (time.firings.size() == 1 || (doubled && schedule.expression().wildcard_time)) continue;
    const std::string at = format_time_of_day(time.scheduled_for.nanoseconds);
    if (days.empty() || days.back().date != time.scheduled_for.date || days.back().doubled != doubled)
      days.push_back({time.scheduled_for.date, doubled, at, at, 0});
    days.back().last = at;
    ++days.back().times;
  }
  for (const Day& day : days) {
    notes_.push_back(job + (day.doubled ? ": fires twice on " : ": does not fire on ") + format_date(day.date) +
                     " at " + day.first + (day.times > 1 ? " to " + day.last : "") + ": the clock of " + zone.name() +
                     (day.doubled ? " shows that time twice" : " skips that time"));
  }
}

}  // namespace premortem
