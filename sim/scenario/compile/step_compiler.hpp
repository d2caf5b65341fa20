#pragma once
// Compiles the steps of one handler into its program.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

class StepCompiler {
 public:
  /// `address`: "exporter", "arena.order", "timeline[x]". `component` runs the steps.
  StepCompiler(Compiler& compiler, ProgramBuilder& builder, NameScope& scope, std::string address,
               std::uint16_t component)
      : compiler_(compiler),
        model_(compiler.model_),
        builder_(builder),
        scope_(scope),
        address_(std::move(address)),
        component_(component) {}

  std::uint8_t buffer_slot = 0;  ///< In a stream that commits by transaction.
  bool in_job = false;
  bool acks_by_hand = false;
  std::uint32_t timeline_entry = unset;
  std::function<void()> timeline_verb;  ///< Compiles an entry's verb that is not a step as well.
  std::optional<Type>* reply_type = nullptr;

  /// The steps, inside a scope for the handler's errors. Filters lead behind them.
  void handler(const Node& steps, const Node* on, std::string_view kind);
  void steps(const Node& steps);
  /// One step, or the verb of a timeline entry that is a step, too.
  void step(const Node& node);

 private:
  struct PendingFilter {
    ProgramCounter at;
    std::uint32_t outcome;  ///< Text, unset: none.
    std::uint8_t hand_slot;
    std::vector<std::uint16_t> scopes;  ///< To leave, innermost first.
  };
  struct TransactionHere {
    std::uint16_t scope, store;
    std::uint8_t slot;
  };

  void error(const Node& at, std::string_view key, std::string message);
  std::string place(const Node& step) const;
  /// A place for messages, also for steps without an id.
  static std::string spoken(const std::string& place, const std::string& address, const Node& step,
                            std::string_view key);
  void collect_results(const Node& steps);
  void one(const Node& node);
  /// An error where the step would speak for the whole handler from within a parallel branch.
  void not_in_branch(const Node& at, std::string_view verb);
  void verb(const Node& node, const std::string& verb);
  void each(const Node& node);
  void land_filters(std::size_t from);
  std::uint16_t open_scope(ScopeSpec::Kind kind, const Node* on, std::string_view policy, const std::string& address);
  void close_scope(std::uint16_t number);

  void filter(const Node& node);
  void find(const Node& node, bool one);
  void insert(const Node& node);
  void update(const Node& node, const std::string& verb);
  void transaction(const Node& node);
  void call(const Node& node);
  void publish(const Node& node);
  void send(const Node& node);
  void redrive(const Node& node);
  Selection selection(const Node& node, const Compiler::CollectionEntry& collection);
  /// `place`: the address of the step, or empty; it names the draws of the operation's time.
  void before_store(std::uint16_t store, std::string_view operation, const std::string& place);
  void after_store(std::uint16_t store, std::string_view operation);
  void acknowledge(std::uint16_t store, bool commits = false);
  /// Tells the draws of one more use of an operation in this handler apart from those of the uses before: 0 for the
  /// first, then by the step's id, or by its number among the uses where it has none.
  std::uint64_t name_of_use(const Node& node, const std::string& operation);
  /// Locals for what a fault on the target's operation slows down.
  void may_be_late(Target& target, const Node& name);
  std::uint32_t assignments(const Node& node, const Compiler::CollectionEntry& collection);
  std::uint32_t write_spec(WriteSpec spec);
  std::uint8_t hand_slot() const { return scope_.hand ? scope_.hand->slot : std::uint8_t{0}; }
  bool hand_is_payload() const { return scope_.hand && scope_.hand->type.base == BaseType::object; }
  std::optional<std::uint16_t> hand_shape() const {
    return hand_is_payload() ? std::optional(scope_.hand->type.shape) : std::nullopt;
  }

  Compiler& compiler_;
  Model& model_;
  ProgramBuilder& builder_;
  NameScope& scope_;
  std::string address_;
  std::uint16_t component_;
  std::vector<std::uint16_t> scopes_;          ///< Open ones, outermost first.
  std::vector<std::size_t> boundaries_ = {0};  ///< How many scopes are open where a filter leads to.
  std::vector<PendingFilter> filters_;
  std::vector<TransactionHere> transactions_;
  std::map<std::uint16_t, std::uint8_t> fault_slots_;
  std::map<std::string, std::uint32_t> unnamed_;  ///< How many operations on a store without an id there were so far.
  std::map<std::string, std::uint32_t> used_;     ///< How often each operation was called or published to so far.
  std::set<std::string> ids_;
  int depth_ = 0;
  int parallel_ = 0;  ///< How many loops with parallel branches stand around the step.
};

}  // namespace premortem
