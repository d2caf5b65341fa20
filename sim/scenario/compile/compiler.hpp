#pragma once
// From the file's tree to a Model. One Compiler compiles one scenario; each part of the language has its own file.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/compile/program_builder.hpp"
#include "sim/scenario/compiled.hpp"
#include "sim/scenario/expression/compile.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

class NameScope;

/// In ns.
inline constexpr std::int64_t one_second = 1'000'000'000;

/// The address of a key of something; empty when that has none.
std::string joined(const std::string& address, std::string_view key);

class Compiler {
 public:
  Compiler(const EffectiveScenario& scenario, Diagnostics& diagnostics);
  std::shared_ptr<const CompiledScenario> run();

 private:
  friend class NameScope;
  friend class StepCompiler;

  struct CollectionEntry {
    std::string name;  ///< "store.records"
    std::uint16_t store = 0, collection = 0, shape = 0, number = 0;
    bool of_items = false;
  };

  // --- names and interning (compiler.cpp)
  void error(const Node& at, std::string address, std::string message);
  std::uint32_t intern(std::string_view text);
  std::uint32_t error_number(const std::string& name);
  std::uint32_t component_of(std::string_view name) const;  ///< unset: there is none.
  std::optional<std::uint32_t> component(const Node& name, std::string_view kinds, const std::string& address);
  const CollectionEntry* collection(std::string_view name) const;
  std::optional<std::uint32_t> item_kind(const Node& name, const std::string& address);
  std::vector<std::string> system_names(std::string_view kinds) const;
  std::optional<Type> type_of(const Node& text, const std::string& address);
  std::uint32_t operation(const std::string& name, std::uint16_t component, OperationSpec::Kind kind,
                          std::uint32_t takes = unset);
  std::uint32_t find_operation(std::string_view name) const;

  // --- settings (settings.cpp)
  std::uint32_t setting(const std::string& address, SettingSpec::Kind kind, Type type, Word value);
  std::uint32_t count_setting(const Node& of, std::string_view key, const std::string& address, std::int64_t standard);
  std::uint32_t duration_setting(const Node& of, std::string_view key, const std::string& address,
                                 std::int64_t standard);
  std::uint32_t boolean_setting(const Node& of, std::string_view key, const std::string& address, bool standard);
  std::uint32_t word_setting(const Node& of, std::string_view key, const std::string& address, Word standard);
  std::uint32_t range_setting(const Node* value, const std::string& address, Unit unit, std::int64_t standard);
  std::uint32_t expression_setting(const Node& text, const std::string& spoken, const std::string& address,
                                   NameScope& scope, Type wanted);
  std::uint32_t add_distribution(Distribution distribution);
  std::optional<Distribution> distribution(const Node& value, Unit unit, const std::string& address);
  std::optional<Word> setting_value(const SettingSpec& spec, const Node& value, const std::string& address);
  Word word_number(std::string_view key, std::string_view word) const;
  /// Number of the schedule; nothing, with a diagnostic, when it is none or could never fire.
  std::optional<Word> add_schedule(const Node& cron, CronDialect dialect, const Zone& zone, const std::string& address);

  // --- expressions
  std::uint32_t expression(const Node& text, const std::string& address, NameScope& scope, std::optional<Type> wanted);
  std::uint32_t add_expression(Expression expression, const std::string& address = {});

  // --- parts of the file
  void declare_items();
  void declare_lists();
  void declare_systems();
  void declare_queues();
  void compile_stores(const Node& systems);
  void compile_logs_and_queues(const Node& systems);
  void compile_handlers(const Node& systems);
  void declare_clients(const Node& systems);
  void tell_what_reaches_no_program(const std::string& system);
  void compile_toggles(const Node& systems);
  void compile_items();
  void compile_arrivals();
  void compile_timeline();
  void refuse_waiting_in_circles(const Node& timeline);
  void compile_entry(std::size_t number, const Node& entry);
  void compile_entry_verb(const TimelineSpec& spec, const Node& entry, const std::string& verb, std::uint32_t number,
                          ProgramBuilder& builder);

  // --- faults (faults.cpp)
  void compile_fault(const TimelineSpec& when, const Node& entry, const std::string& verb, const std::string& address);
  void compile_cut(FaultSpec& fault, const Node& entry, const std::string& address);
  void compile_fault_where(FaultSpec& fault, const Node& where, const std::string& address);
  void find_struck(FaultSpec& fault, const Node& named, const std::string& verb, const std::string& address);
  void refuse_keys(const Node& entry, std::initializer_list<std::string_view> keys, const std::string& why,
                   const std::string& address);
  bool disturbed(const std::string& system) const;
  void compile_fault_rules();
  /// `asker` may ask for the operation: that is what a cut can come between.
  void uses(std::uint32_t asker, std::uint32_t operation);

  void compile_monitors(const Node& systems);
  void compile_checks();
  void compile_check(std::uint32_t number, const std::string& name, const Node& check);
  void compile_measure(const Node& check, const std::string& address, CheckSpec& spec);
  void compile_choices();
  void compile_expectations();
  void finish_model();
  std::uint32_t compile_operation(std::uint32_t number);  ///< Of a service; compiled when first called.
  void compile_consumer(std::uint32_t component, const Node& node);
  void compile_stream(std::uint32_t component, const Node& node);
  void compile_job(std::uint32_t component, const Node& node);
  void say_clock_changes(const std::string& job, const CronSchedule& schedule, const Zone& zone);
  std::uint16_t shape_for(const Node& system, const std::string& name, const std::string& address);
  std::optional<Target> target(const Node& name, const std::string& address);
  std::uint32_t build_for(std::uint16_t shape, std::optional<std::uint16_t> hand_shape, const Node* with,
                          NameScope& scope, const std::string& address, std::optional<std::uint32_t> item_kind = {});
  /// `key` of a step, entry or stream of arrivals: only exchanges and logs have any. unset: none.
  std::uint32_t routing_key(const Node& of, const Target& target, NameScope& scope, const std::string& address);
  /// `confirms` and its kin; the slot for the outcome is the caller's business.
  ConfirmSpec confirm(const Node& of, const Target& target, const std::string& place, const std::string& address);
  std::uint32_t message_ttl(const Node& of, const Target& target, const std::string& place, const std::string& address);
  void compile_broker(const Node& systems);
  std::vector<std::uint32_t> kinds_of(const Node& system) const;
  void compile_queue(std::uint32_t component, const Node& node);
  void compile_exchange(std::uint32_t component, const Node& node);
  void find_resting_queues(const Node& systems);
  void compile_rules(ScopeSpec& scope, const Node* on, const std::string& address, std::string_view kind);
  std::optional<std::int64_t> instant(const Node& text, const std::string& address, std::int64_t day);
  std::uint32_t program(ProgramBuilder& builder, ProgramCounter entry, const std::string& name, bool holds_item);

  const EffectiveScenario& scenario_;
  const Node& root_;
  Diagnostics& diagnostics_;
  ClockSpec clock_;
  Model model_;
  JudgeSpec judge_;
  std::vector<Expectation> expectations_;
  std::map<std::string, std::uint32_t, std::less<>> texts_, errors_, settings_, components_, lists_, item_kinds_,
      operations_, service_operations_, entries_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> talks_;  ///< Systems of which one asks the other, lower one first.
  std::vector<CollectionEntry> collections_;
  std::vector<const Node*> service_nodes_;  ///< By service operation.
  std::vector<int> service_state_;          ///< 0 not begun, 1 under way, 2 compiled.
  std::vector<std::optional<Type>> reply_types_;
  std::vector<std::uint16_t> component_shapes_;  ///< What a component carries.
  std::set<std::string> raised_;                 ///< Errors that something can raise.
  BrokerSpec broker_;
  std::uint32_t confirm_takes_ = unset;  ///< Setting of the broker.
  bool messages_expire_ = false;         ///< Some publisher gives its messages a life of their own.
  std::optional<FixedChoices> choices_;
  std::vector<std::string> notes_;
  bool probes_read_clock_ = false;
};

}  // namespace premortem
