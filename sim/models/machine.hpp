#pragma once
// The Machine runs a World by its Model: one operation after the other, one event after the other.
//
// What each kind of system does is told in its own file (consumer.cpp, stream.cpp, job.cpp, ...); this is their index.

#include <optional>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/kernel/chooser.hpp"
#include "sim/kernel/interpreter.hpp"
#include "sim/models/interposer.hpp"
#include "sim/models/model.hpp"
#include "sim/models/operation.hpp"
#include "sim/models/outside.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// `b` of RecordKind::dead_lettered for what a handler parked; broker reasons are smaller.
inline constexpr std::uint64_t parked_reason = 100;
/// `b` of RecordKind::dropped for an event that was deleted before a group had passed it.
inline constexpr std::uint64_t retention_reason = 101;
/// In a document's place for its item: it brings a new one when it becomes visible.
inline constexpr Word item_to_come = UINT64_MAX;
/// Activity::waits_on of a stream's worker that waits for events.
inline constexpr std::uint32_t stream_waits = 0xFFFFFFF0;
/// ... of a consumer's worker that waits for messages, and for nothing else: a call, a lock or another's transaction.
inline constexpr std::uint32_t consumer_waits = 0xFFFFFFF2;
/// Activity::waits_on of an operation that hangs in a paused document store; the store's number is added.
inline constexpr std::uint32_t store_is_paused = 0xFFFFFD00;
/// ... in one whose replica set has no primary, and of a write that a majority is yet to have.
inline constexpr std::uint32_t store_has_no_primary = 0xFFFFFC00, majority_is_behind = 0xFFFFFB00;
/// Activity::waits_on of a call that waits: for its service to be resumed, or for another call of the same item.
inline constexpr std::uint32_t service_waits = 0xFFFFFFF1;
/// ... of the activity behind World::clients_timer, when nothing is due.
inline constexpr std::uint32_t clients_wait = 0xFFFFFFF3;
/// Activity::flags of a service operation, as bits: it has one of the service's workers; it is the one that works on
/// its item, where the operation is idempotent. Of any activity: it is a parallel branch, whose trunk holds the item.
inline constexpr std::uint8_t holds_worker = 1, holds_item_key = 2, is_branch = 4;

/// No draw is longer, about 73 years: what adds it to an instant, or two of them, stays within 64 bits. The language
/// takes no longer durations either; only a distribution with a long tail comes up to it.
inline constexpr std::int64_t longest_length = INT64_MAX / 4;

/// What an expression is evaluated about.
struct Subject {
  ActivityId activity = no_activity;  ///< Whose locals and `it` are meant; none outside handlers.
  const Word* element = nullptr;      ///< Fields of the element that `where`, `count` or a check looks at.
  ItemId element_item = item_none;    ///< Its item, if it is one or carries one.
  std::int64_t element_id = 0;
  std::uint16_t component = 0xFFFF;       ///< Whose clock and zone count.
  const std::uint64_t* frozen = nullptr;  ///< Sets taken earlier, in order of occurrence; see ReplaySpec.
};

/// A message or event that a program is given to work on.
struct InHand {
  PayloadId payload = 0;
  std::uint32_t cause = 0;
};

class Machine {
 public:
  /// `model` and `world` must outlive the machine; `chooser` may be null: then every choice is drawn by name.
  /// `interposer` decides on faults; it may be null where the model has none.
  Machine(const Model& model, World& world, Chooser* chooser = nullptr, const Interposer* interposer = nullptr)
      : model_(model), world_(world), chooser_(chooser), interposer_(interposer) {}

  /// Sees every record from now on. Must outlive the machine.
  void add_observer(Observer* observer) {
    observers_.push_back(observer);
    wanted_ |= observer->wants();
  }
  /// Without it, runs are faster and World::kernel.digest stays as it is.
  void set_digesting(bool digesting) { digesting_ = digesting; }
  /// Without it, no record names its cause, and Worlds that came about in another order can be equal.
  void set_tracing(bool tracing) { tracing_ = tracing; }
  /// Who hears what real clients are told, and how their messages are read; either may be null. Must outlive the
  /// machine. A session that runs again needs the same form, and no sink.
  void set_outside(ClientSink* sink, const MessageForm* form) { sink_ = sink, form_ = form; }
  /// Who reads the fault rules that come in from outside; may be null while none do. Must outlive the machine.
  void set_rule_reader(const RuleReader* reader) { rule_reader_ = reader; }

  /// Starts everything that a fresh World starts with: workers, schedules, arrivals, the timeline. Once per World.
  void begin();
  /// Processes all events before `until`. Returns how many.
  std::uint64_t run_until(Time until);
  /// Writes what is left to say when the clock ends. Once per World.
  void finish() { finish(model_.ends); }
  /// The same for a run that was stopped at that instant, ns; nothing before it is left to happen.
  void finish(std::int64_t at);
  /// Carries out, at now(), what a real client asks. Not while events are processed. REQUIRES: a Model for serving.
  void request(const BrokerRequest& request);
  /// Moves the clock to an instant before which nothing is left to happen.
  void set_now(std::int64_t at) { kernel().events.set_now(at); }
  /// When the next event is due; INT64_MAX: nothing will happen by itself.
  std::int64_t next_event();

  const Model& model() const { return model_; }
  World& world() { return world_; }
  const World& world() const { return world_; }

  // --- for the interpreter
  Kernel& kernel() { return world_.kernel; }
  const Instruction* code() const { return model_.code.data(); }
  std::int64_t sleep_for(ActivityId self, Instruction instruction);
  Flow execute(ActivityId self, Instruction instruction);
  void ended(ActivityId self);

  // --- expressions, settings, draws (evaluation.cpp)
  Word evaluate(std::uint32_t expression, const Subject& subject);
  /// The same for an expression that gives a list, which then belongs to the caller.
  ListId evaluate_list(std::uint32_t expression, const Subject& subject);
  Word evaluate_part(const Expression& part, const Subject& subject);
  void expression_failed(const Expression& part, ExpressionFault fault);
  /// The counts and lists over items and documents in an expression, taken now: for Subject::frozen.
  void freeze_sets(std::uint32_t expression, const Subject& subject, std::vector<Word>& taken);
  Word evaluate_setting(std::uint32_t setting, const Subject& subject) {
    return evaluate(static_cast<std::uint32_t>(world_.settings[setting]), subject);
  }
  Word setting(std::uint32_t number) const { return world_.settings[number]; }
  /// A value of the distribution that `setting` names, `longest_length` at most; `purpose` and `luck` name the draw.
  std::int64_t draw(std::uint32_t setting, std::uint64_t purpose, std::uint64_t luck,
                    Choice::Kind kind = Choice::Kind::duration);
  std::string_view text(Word word) const { return world_.texts.view(model_.texts, static_cast<std::uint32_t>(word)); }
  /// Who decides choices of this kind; null: they are drawn by name.
  Chooser* chooser(Choice::Kind kind) const {
    return chooser_ != nullptr && chooser_->decides(kind) ? chooser_ : nullptr;
  }
  std::int64_t now() const { return world_.kernel.events.now(); }
  Subject subject_of(ActivityId self) const {
    Subject subject;
    subject.activity = self;
    subject.component = world_.kernel.activities[self].component;
    return subject;
  }
  /// Days since 1970-01-01 at that instant, on the calendar of a zone of the Model.
  std::int64_t date_of(std::uint16_t zone, std::int64_t time);
  Word observable(std::uint32_t kind, std::uint32_t component);

  // --- history (machine.cpp)
  std::uint32_t record(RecordKind kind, std::uint32_t who, std::uint64_t a, std::uint64_t b, std::uint32_t cause) {
    const std::uint32_t number = world_.kernel.records++;
    if (digesting_ || (wanted_ & kinds_of(kind)) != 0)
      show({now(), cause, static_cast<std::uint16_t>(kind), static_cast<std::uint16_t>(who), a, b});
    return tracing_ ? number : 0;
  }
  /// A record of an activity: caused by its last one, and the cause of its next.
  void record_of(ActivityId self, RecordKind kind, std::uint64_t a, std::uint64_t b) {
    Activity& activity = head(self);
    activity.cause = record(kind, activity.component, a, b, activity.cause);
  }

  // --- items (item.cpp)
  ItemId create_item(std::uint32_t kind, std::uint64_t luck, std::uint32_t where, std::uint32_t cause,
                     const Word* fields);
  void hold(ItemId item) {
    if (item != item_none && world_.items[item].holders++ == 0) touch(item);
  }
  void let_go(ItemId item) {
    if (item != item_none && --world_.items[item].holders == 0) touch(item);
  }
  void dead_letter(ItemId item, std::uint64_t reason, std::uint32_t cause, std::uint32_t who);
  void revive(ItemId item, std::uint32_t cause, std::uint32_t who);
  void finish_item(ActivityId self, ItemId item, std::uint32_t outcome);
  bool is_held(ItemId item);
  void touch(ItemId item);
  /// After every event: writes who is held and who is not, and lets checks look at what changed.
  void settle_items();
  void touch_held_by_documents();
  bool only_looks(ActivityId activity) const;

  // --- payloads (payload_use.cpp)
  void retain_payload(PayloadId payload) { world_.payloads.retain(payload); }
  void release_payload(PayloadId payload) {
    if (payload != 0 && world_.payloads.release(payload)) throw_away(payload);
  }
  void release_list(ListId list);
  void set_slot(ActivityId self, std::uint8_t slot, SlotKind kind, Word value);
  void clear_slots(ActivityId self, std::uint8_t first, std::uint8_t last);
  /// A payload of build.shape from what is in hand and the expressions of the build.
  PayloadId build(const BuildSpec& build, PayloadId hand, ItemId item, const Subject& subject);
  /// Names the draws on behalf of what `payload` carries: its item, or what made it.
  std::uint64_t luck_of_payload(PayloadId payload) const;
  PayloadId payload_of_document(std::uint16_t store, std::uint16_t collection, DocumentId document,
                                TransactionId transaction, std::uint16_t shape);
  ItemId item_in_hand(ActivityId self, std::uint8_t slot) const {
    const auto payload = static_cast<PayloadId>(world_.kernel.activities.locals(self)[slot]);
    return payload == 0 ? item_none : world_.payloads.head(payload).item;
  }

  // --- handing over (delivery.cpp)
  /// `ttl`: of the message itself, ns; -1: none.
  PublishOutcome deliver(const Target& target, PayloadId payload, Word key, bool has_key, std::uint32_t attempt,
                         ActivityId self, std::int64_t ttl = -1);
  void drain_broker(std::uint32_t cause);
  std::uint32_t component_of(ComponentKind kind, std::uint32_t number) const;
  void append_event(std::uint32_t log, PayloadId payload, std::uint64_t key, std::uint32_t attempt,
                    std::uint32_t cause);
  /// What decides the partition, from the value of a key expression: equal texts are equal in every scenario.
  std::uint64_t partition_key(std::uint32_t expression, Word value) const;
  ActivityId start_program(std::uint32_t program, std::uint16_t component, std::uint64_t luck, std::uint32_t cause,
                           PayloadId hand);
  ActivityId start_call(std::uint32_t operation, PayloadId payload, ActivityId caller, std::uint64_t luck,
                        std::uint32_t cause);

  // --- errors (errors.cpp)
  Flow raise(ActivityId self, std::uint32_t error);
  /// withTransaction (transaction_retry.cpp): whether the driver tries again itself, and how the activity goes on then.
  std::optional<Flow> retried_by_driver(ActivityId self, std::uint16_t scope, std::uint32_t error);
  void begin_tries(ActivityId self, const ScopeSpec& transaction, std::int64_t at);
  /// Undoes what a scope holds open when an error leaves it.
  void leave_by_error(ActivityId self, std::uint16_t scope);
  std::int64_t retry_wait(ActivityId self, const ErrorRule& rule, std::uint64_t purpose, std::uint32_t failures);
  Flow give_up(ActivityId self, Then then, std::uint32_t error);
  Flow give_up_message(ActivityId self, Then then);
  Flow give_up_event(ActivityId self, Then then);
  Flow give_up_run(ActivityId self, Then then, std::uint32_t error);

  // --- documents (documents.cpp)
  void select(const Selection& selection, ActivityId self, TransactionId transaction, std::vector<DocumentId>& found);
  /// Writes one document; blocks, raises or goes on.
  Flow write_outcome(ActivityId self, const WriteSpec& write, WriteResult result);
  WriteResult insert_document(ActivityId self, const WriteSpec& write, TransactionId transaction);
  WriteResult remove_document(ActivityId self, const WriteSpec& write, DocumentId document, TransactionId transaction,
                              bool& matched);
  WriteResult change_document(ActivityId self, const WriteSpec& write, DocumentId document, TransactionId transaction,
                              const std::uint64_t* read_revision, bool& matched);
  Subject subject_of_document(ActivityId self, const Word* words) const;
  Flow write_documents(ActivityId self, const WriteSpec& write, bool claiming);
  TransactionId transaction_of(ActivityId self, std::uint16_t store) const;
  /// The error that every operation of a reader or writer meets now: the store is down, or its transaction is no more.
  std::optional<std::uint32_t> refused_by(std::uint16_t store, TransactionId transaction) const;
  /// Raises that error; while the store is paused, the operation hangs. Nothing: the operation may go on.
  std::optional<Flow> kept_out(ActivityId self, std::uint16_t store, TransactionId transaction);
  void transaction_over(std::uint16_t store, TransactionId transaction);
  void drain_changes(std::uint16_t store, ActivityId self);
  std::uint32_t drain_changes_of(std::uint16_t store, std::uint32_t cause);
  std::int64_t transaction_lifetime(std::uint16_t store) const;
  void start_reaper(std::uint16_t store, std::uint32_t cause);

  // --- replica sets (replication.cpp)
  bool has_primary(std::uint16_t store) const { return world_.replicas[store].primary_at == 0; }
  /// ns until a majority has what is written now.
  std::int64_t lag_of(std::uint16_t store) const;
  /// Drivers wait for a primary for 30 s; then the operation fails. Nothing: there is one.
  std::optional<Flow> await_primary(ActivityId self, std::uint16_t store);
  /// There is no primary for `lasts` ns; open transactions are undone, and unless it is orderly, so is what a majority
  /// does not have.
  void step_down(std::uint16_t store, std::int64_t lasts, bool orderly, std::uint32_t cause);
  /// Under pressure the cache gives up the transaction with the oldest snapshot: MONGO-005.
  bool is_evicted(std::uint16_t store, TransactionId transaction) const;
  // --- whole documents beside words, for real programs (document_form.cpp)
  /// BSON; empty where the store keeps none. What `before` says beyond the declared fields stays.
  std::string body_of_words(std::uint16_t store, std::uint16_t collection, const Word* words, std::string_view before);
  /// False: the document is not what the scenario declares, and `why` says how.
  bool words_of_document(std::uint16_t store, std::uint16_t collection, DocumentId row, TransactionId transaction,
                         const bson::Value& document, std::vector<Word>& words, bson::Value& why);
  /// The item that such a document brings with it, and in it its id. Returns the record that is its cause.
  std::uint32_t bring_item(std::uint16_t store, const DocumentStore::Change& change, std::uint32_t cause);
  Flow wait_for_transaction(ActivityId self, std::uint16_t store, TransactionId blocker, std::int64_t since);

  // --- systems (control.cpp, consumer.cpp, stream.cpp, job.cpp)
  void stop_component(std::uint32_t component);
  void start_component(std::uint32_t component, std::uint32_t cause);
  void pause_component(std::uint32_t component);
  void resume_component(std::uint32_t component, std::uint32_t cause);
  void crash_component(std::uint32_t component, std::int64_t restart_after, std::uint32_t cause);
  void kill(ActivityId activity);
  /// Whether what is asked of it arrives. Logs and services are out of reach when off or down; the broker and document
  /// stores answer for themselves, and the others are asked for nothing.
  bool reachable(std::uint32_t component) const {
    const ComponentKind kind = model_.components[component].kind;
    if (kind != ComponentKind::log && kind != ComponentKind::service) return true;
    return world_.components[component].on != 0 && world_.components[component].up != 0;
  }
  void adjust_workers(std::uint32_t component);
  void adjust_units(std::uint32_t resource, std::uint32_t wanted);
  void settings_changed(std::uint32_t setting);
  bool running(std::uint32_t component) const {
    const ComponentState& state = world_.components[component];
    return state.on && state.up && !state.paused;
  }
  ActivityId start_run(std::uint32_t job, std::int64_t scheduled_for, std::uint32_t instance, std::uint32_t cause,
                       std::uint64_t luck);
  void end_call_early(ActivityId callee, std::uint32_t error);
  void signal_stream(std::uint32_t stream);
  /// Counts again which systems nobody reaches.
  void count_outages();

  // --- faults (sim/faults decides; fault_points.cpp and the operations themselves carry out)
  /// What strikes an operation that is about to happen. Costs one look while no fault is in force and all is up.
  Strike strike(const Attempt& attempt) {
    const bool nothing_is_wrong = world_.faults.empty() && world_.fault_rules.empty() && world_.outages == 0;
    return nothing_is_wrong ? Strike{} : ask_interposer(attempt);
  }
  /// Fault rules (rules.cpp): those of the Model, then the live ones.
  bool has_rules() const { return !world_.fault_rules.empty(); }
  const RuleSpec& rule(std::size_t number);
  const std::string& rule_name(std::size_t number) const {
    return number < model_.fault_rules.size() ? model_.fault_rules[number].name
                                              : world_.live_rules[number - model_.fault_rules.size()].name;
  }
  /// Whether a rule keeps something back between that client and the broker: nothing of it can be expected now.
  bool is_held_back(ClientId client) const;
  /// Both ways.
  bool is_stalled(ClientId client) const;
  /// What came of a rule that choose_rules() had chosen; `who` is the system at which it struck.
  void rule_struck(std::uint32_t number, bool means_something, std::uint32_t who, ItemId item, std::uint32_t cause);
  /// How long what the rule keeps back waits, ns; INT64_MAX: for ever.
  std::int64_t rule_length(const RuleSpec& rule, std::uint64_t luck) const;
  /// An expression whose `it` is `about`, wherever that stands now.
  Word evaluate_about(std::uint32_t expression, ActivityId self, PayloadId about);
  /// The clock of a system has been put forward or back.
  void clock_changed(std::uint32_t component);

  // --- operations, one function each, in the file of what they belong to
  Flow do_filter(ActivityId self, Instruction i);
  Flow do_jump_unless(ActivityId self, Instruction i);
  Flow do_work(ActivityId self, Instruction i);
  Flow do_enter_scope(ActivityId self, Instruction i);
  Flow do_leave_scope(ActivityId self, Instruction i);
  Flow do_raise(ActivityId self, Instruction i);
  Flow do_take_worker(ActivityId self, Instruction i);
  Flow do_notice(ActivityId self, Instruction i);
  Flow do_wait_until(ActivityId self, Instruction i);
  Flow do_before_operation(ActivityId self, Instruction i);
  Flow do_after_operation(ActivityId self, Instruction i);
  Flow do_begin_transaction(ActivityId self, Instruction i);
  Flow do_commit_transaction(ActivityId self, Instruction i);
  Flow do_find(ActivityId self, Instruction i);
  Flow do_insert(ActivityId self, Instruction i);
  Flow do_update(ActivityId self, Instruction i);
  Flow do_claim(ActivityId self, Instruction i);
  Flow do_remove(ActivityId self, Instruction i);
  Flow do_call(ActivityId self, Instruction i);
  Flow do_called(ActivityId self, Instruction i);
  Flow do_reply(ActivityId self, Instruction i);
  Flow do_begin_call(ActivityId self, Instruction i);
  Flow do_end_call(ActivityId self, Instruction i);
  Flow do_publish(ActivityId self, Instruction i);
  Flow do_send(ActivityId self, Instruction i);
  Flow do_redrive(ActivityId self, Instruction i);
  Flow do_mark(ActivityId self, Instruction i);
  Flow do_finish(ActivityId self, Instruction i);
  Flow do_settle_by_hand(ActivityId self, Instruction i);
  Flow do_each_begin(ActivityId self, Instruction i);
  Flow do_each_next(ActivityId self, Instruction i);
  Flow do_receive_message(ActivityId self, Instruction i);
  Flow do_settle_message(ActivityId self, Instruction i);
  Flow do_fetch_event(ActivityId self, Instruction i);
  Flow do_commit_event(ActivityId self, Instruction i);
  Flow do_await_firing(ActivityId self, Instruction i);
  Flow do_end_run(ActivityId self, Instruction i);
  Flow do_arrive(ActivityId self, Instruction i);
  Flow do_late_arrival(ActivityId self, Instruction i);
  Flow do_await_step(ActivityId self, Instruction i);
  Flow do_only_if_step(ActivityId self, Instruction i);
  Flow do_step_done(ActivityId self, Instruction i);
  Flow do_set(ActivityId self, Instruction i);
  Flow do_run_job(ActivityId self, Instruction i);
  Flow do_control(ActivityId self, Instruction i);
  Flow do_crash(ActivityId self, Instruction i);
  Flow do_replay_begin(ActivityId self, Instruction i);
  Flow do_replay_next(ActivityId self, Instruction i);
  Flow do_inject_fault(ActivityId self, Instruction i);
  Flow do_watch_monitor(ActivityId self, Instruction i);
  Flow do_observe_check(ActivityId self, Instruction i);
  Flow do_poll_probes(ActivityId self, Instruction i);
  Flow do_reap_transactions(ActivityId self, Instruction i);
  Flow do_expire_messages(ActivityId self, Instruction i);
  Flow do_expire_events(ActivityId self, Instruction i);
  Flow do_restart_component(ActivityId self, Instruction i);
  Flow do_advance_clients(ActivityId self, Instruction i);
  Flow do_commit_offsets(ActivityId self, Instruction i);
  Flow do_step_down(ActivityId self, Instruction i);
  Flow do_elect(ActivityId self, Instruction i);
  Flow do_acknowledge(ActivityId self, Instruction i);

 private:
  friend class Evaluation;
  friend class StoreHost;

  Strike ask_interposer(const Attempt& attempt);
  void show(const Record& record);
  void throw_away(PayloadId payload);
  void retain_fields(const BuildSpec& build, PayloadId made);
  void start_branch(ActivityId self, const EachSpec& each, Word element, std::uint64_t luck);
  void wake_step_waiters();
  void wake_workers(std::uint32_t component);
  /// Lets a worker that waits for something to do look again.
  void wake_idle(ActivityId worker);
  void start_schedulers(const JobSpec& job);
  void restart_schedulers(std::uint32_t job);
  void wake_schedulers(std::uint32_t component);
  void leave(std::uint32_t component);
  void come_back(std::uint32_t component, std::uint32_t cause);
  std::int64_t own_time(std::uint32_t component) const { return now() + world_.components[component].skew; }
  std::int64_t lock_time(const JobSpec& job);
  ActivityId start_driver(ProgramCounter entry, std::uint16_t component, std::uint32_t program);
  std::optional<std::uint32_t> next_partition(ActivityId self, const ReplaySpec& replay);
  void start_replayed(ActivityId self, const ReplaySpec& replay, const LogEntry& entry, std::uint32_t partition,
                      std::uint64_t offset);
  void observe(std::uint32_t probe, bool value, ItemId item);
  bool holds_for(const ProbeSpec& probe, ItemId item);
  void fix_arrivals(ActivityId self, const ArrivalSpec& arrival);
  void next_by_rate(ActivityId self, const ArrivalSpec& arrival);
  void arrive_now(ActivityId self, const ArrivalSpec& arrival, std::uint64_t luck);
  void hand_over_arrival(ActivityId self, const ArrivalSpec& arrival, PayloadId payload, bool doubled);
  PublishOutcome hand_over(const Target& target, PayloadId payload, Word key, bool has_key, ActivityId self,
                           std::int64_t ttl = -1);
  /// Whether the publisher waits for confirms now.
  bool hears(const ConfirmSpec& confirm) const { return confirm.confirms != unset && setting(confirm.confirms) != 0; }
  Flow listen(ActivityId self, const ConfirmSpec& confirm, const PublishOutcome& outcome, bool lost,
              std::int64_t late = 0);
  void watch_expiry(std::uint32_t queue);
  PayloadId take_in(const BrokerRequest& message);
  /// The queue of the scenario that decides how a message of a client is read; unset: none of them gets it.
  std::uint32_t scenario_queue(const BrokerRequest& message) const;
  void tell_clients(std::uint32_t cause);
  void tell_client(const ClientEvent& event);
  void watch_clients();
  std::int64_t next_for_clients() const;
  // --- real programs as callers of services (service_clients.cpp)
  void ask_service(const BrokerRequest& request, std::uint32_t cause);
  /// How `callee` ended, to the real program that waits for it, if one does. `error`: 1 + its number; 0: it replied.
  void answer_outside(ActivityId callee, std::uint32_t error, Word value, bool has_value);
  void reply_outside(const ServiceReply& reply, std::int64_t late);
  void release_replies();
  /// A real program has settled what it was sent from a queue of the scenario.
  void acknowledged_by_client(std::uint32_t queue, ItemId item, std::uint32_t cause);
  // --- real programs at document stores (store_clients.cpp, store_rules.cpp)
  void ask_store(const BrokerRequest& request, std::uint32_t cause);
  void tell_store_clients(std::uint16_t store);
  void open_stores_to_clients();
  void store_left(std::uint16_t store);
  /// Whether the command is to be carried out now.
  bool strike_command(std::uint16_t store, const BrokerRequest& request, AnswerOrders& orders, std::uint32_t cause);
  // --- fault rules on what real clients ask and are told (client_rules.cpp, held_traffic.cpp)
  void change_rules(const BrokerRequest& request);
  /// `payload`: what a publish carries, and its item is held; both stay the caller's.
  void ask_broker(const BrokerRequest& request, PayloadId payload, std::uint32_t cause, std::int64_t arrived);
  void carry_out(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders, std::uint32_t cause);
  void ask_or_strike(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders);
  void strike_answers(const BrokerRequest& request, const RuleOrders& orders);
  RuleOrders orders_for(const BrokerRequest& request, PayloadId payload, std::uint32_t cause);
  bool give_order(const RuleSpec& rule, const BrokerRequest& request, std::uint64_t luck, RuleOrders& orders,
                  std::uint32_t number);
  /// What rules have in mind for a delivery: carried out when everybody has been told what was before.
  struct DeliveryOrder {
    enum class Kind : std::uint8_t { fail, cut, give_back } kind;
    ClientId client;
    std::uint16_t channel;
    std::uint64_t tag;
    std::uint32_t rule;
  };
  /// Whether the client is told of the delivery now.
  bool strike_delivery(const ClientEvent& event, std::uint32_t cause);
  void carry_out_delivery_orders(std::uint32_t cause);
  HeldTraffic* held_traffic(ClientId client);
  HeldTraffic& hold_traffic(ClientId client);
  void hold_back(const BrokerRequest& request, PayloadId payload, const RuleOrders& orders, std::uint32_t cause,
                 std::int64_t arrived);
  void drop_held(ClientId client, std::uint32_t cause);
  void lose_on_its_way(ItemId item, std::uint32_t cause);
  void hold_events(ClientId client, std::int64_t length);
  void release_held();
  void release_requests(ClientId client);
  std::int64_t next_release() const;
  void drain_client_queue(const Effect& effect, std::uint32_t cause);
  void hold_for_transaction(const Effect& effect);
  std::uint32_t component_of_queue(QueueId queue) const;
  std::uint32_t client_component() const { return model_.clients_component; }
  void count_turn(ActivityId self, std::uint32_t deliveries_at_once = 0);
  [[noreturn]] void fail_of_livelock(ActivityId self) const;
  void watch_circle();
  void stop_watching();
  /// Whether what `self` sends to `target` is on its way: then what struck it, with `payload` being what is sent.
  bool on_its_way(ActivityId self, const Target& target, Strike& strike, PayloadId& payload);
  /// The operation takes longer: `payload` waits with the activity, and the instruction is carried out again.
  Flow send_late(ActivityId self, const Target& target, const Strike& strike, PayloadId payload);
  void put_down_message(ActivityId self);
  void put_down_event(ActivityId self);
  void commit_up_to(std::uint32_t stream, std::uint32_t partition, std::uint64_t next, std::uint32_t cause);
  void skip_to(std::uint32_t stream, std::uint32_t partition, std::uint64_t next, std::uint32_t cause);
  std::uint64_t held_by_others(std::uint32_t stream, std::uint32_t partition, std::uint32_t worker);
  void commit_event(ActivityId self, std::uint32_t stream, std::uint32_t partition);
  void commit_what_is_due(std::uint32_t stream, std::uint32_t worker, std::uint32_t cause);
  void flush_buffer(ActivityId self, std::uint8_t slot);
  void drop_buffer(ActivityId self, std::uint8_t slot);
  /// `has_value`: it replies one; else `value` is 0.
  void answer_caller(ActivityId self, Word value, bool has_value);
  void remember_execution(std::uint32_t operation, ItemId item, Execution execution, Word reply);
  void release_lock(ActivityId self);
  void skip_step(ActivityId self, std::uint32_t entry, std::uint64_t why);
  void wake_condition_waiters();
  /// `all`: not only those that read systems, or documents if those have changed.
  void look_at_probes(bool all);
  bool after_event();
  Activity& head(ActivityId self) { return world_.kernel.activities[self]; }
  Word* locals(ActivityId self) { return world_.kernel.activities.locals(self); }
  Flow sleep(ActivityId self, std::int64_t length);
  Flow block(ActivityId self, std::uint32_t on);
  /// Blocks; when woken, the same instruction is carried out again.
  Flow block_and_repeat(ActivityId self, std::uint32_t on);

  const Model& model_;
  World& world_;
  Chooser* chooser_;
  const Interposer* interposer_;
  ClientSink* sink_ = nullptr;
  const MessageForm* form_ = nullptr;
  const RuleReader* rule_reader_ = nullptr;
  std::vector<DeliveryOrder> delivery_orders_;  ///< Empty between two events.
  std::vector<RuleSpec> read_rules_;  ///< World::live_rules, as the reader has read them. Never part of the World.
  std::vector<Observer*> observers_;
  RecordKinds wanted_ = 0;  ///< By any of them.
  bool digesting_ = true;
  bool tracing_ = true;
  std::vector<Zone::Day> days_;  ///< By zone: the day last asked for. Never part of the World: the Model says the same.
  // Of one operation each: kept here so that operations allocate nothing once they have grown.
  std::vector<Word> scratch_words_;
  std::vector<Word> scratch_values_;
  std::vector<DocumentId> scratch_documents_;
  // How much has happened at this one instant, and where the last failure was: to notice that time stands still. Not
  // part of the World: Worlds that have come round to the same state are equal, however often they went round.
  std::int64_t instant_ = INT64_MIN;
  std::uint64_t turns_ = 0;
  ProgramCounter stumbles_at_ = 0;
  // What happens once too much has: the circle is told before the run is given up.
  std::uint64_t watched_turns_ = 0;  ///< 0: nothing is watched.
  std::uint32_t circle_from_ = 0;    ///< Number of the first record.
  std::vector<Record> circle_;
  std::vector<FieldValue> scratch_equalities_;
  std::vector<ListId> scratch_lists_;  ///< Made by the evaluations under way, innermost last.
};

}  // namespace premortem
