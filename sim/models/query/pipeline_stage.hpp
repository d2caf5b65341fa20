#pragma once
// How a pipeline is kept and run: stages that hand documents on one by one. Private to the pipeline.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/pipeline.hpp"

namespace premortem::query {

namespace staging {

using bson::Type;
using bson::Value;
using expressing::fail;

/// What is the same for all stages of one run, those of pipelines within it included.
class Run {
 public:
  explicit Run(CollectionReader& reader) : others(reader) {}
  CollectionReader& others;
  /// Of a document that a stage keeps, or hands on for the end. Throws CommandError when it all becomes too much.
  void hold(const Value& document) { hold_bytes(expressing::weigh(document)); }
  void hold_bytes(std::size_t bytes);
  /// Of what was held and is no more.
  void release(std::size_t bytes) { bytes_ -= bytes; }
  /// One document through one stage. Throws CommandError when this would never end.
  void step() { work(1); }
  /// The same for a copy of a document, which takes the longer the larger it is.
  void copy(const Value& document) { work(1 + expressing::weigh(document) / copied_bytes_per_step); }

 private:
  static constexpr std::size_t copied_bytes_per_step = 4096;
  void work(std::uint64_t steps);
  std::size_t bytes_ = 0;
  std::uint64_t steps_ = 0;
};

/// Takes documents, and hands on what it makes of them.
class Taker {
 public:
  Taker() = default;
  Taker(const Taker&) = delete;
  Taker& operator=(const Taker&) = delete;
  virtual ~Taker() = default;
  /// False: no more are wanted, by it or by anyone behind it.
  virtual bool take(Value document) = 0;
  /// There are no more. It hands on what it has kept, and tells the next.
  virtual void finish() = 0;
};

}  // namespace staging

/// A parsed stage. Immutable.
struct Pipeline::Stage {
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;
  /// For one run. `run` and `next` outlive what is given.
  virtual std::unique_ptr<staging::Taker> start(staging::Run& run, staging::Taker& next) const = 0;
  /// How many documents it needs at most, to give so many; nothing: all. `wanted`: of the stages behind it.
  virtual std::optional<std::uint64_t> needs(std::optional<std::uint64_t>) const { return {}; }
  /// For $match.
  virtual const Filter* filter() const { return nullptr; }
  virtual bool makes_documents() const { return false; }
};

namespace staging {

using StagePointer = std::shared_ptr<const Pipeline::Stage>;

/// What a stage is parsed for.
struct Surroundings {
  const Context& context;
  bool for_update = false;
  bool in_facet = false;
  int depth = 0;  ///< Pipelines around this one.
  /// Only to find mistakes: the variables of `let` have no values yet, and what depends on them cannot be judged.
  bool is_trial = false;

  Surroundings with(const Context& other) const { return {other, for_update, in_facet, depth, is_trial}; }
};

/// Appends what the stage is made of: one or more. `operand` is the value of the stage's one field.
using StageParser = void (*)(const std::string& name, const Value& operand, const Surroundings& surroundings,
                             std::vector<StagePointer>& stages);
/// Null: there is no such stage.
StageParser find_stage(std::string_view name);

void parse_match(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_project(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_unset(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_replace_root(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_group(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_sort(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_limit(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_sample(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_unwind(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_count(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_sort_by_count(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_bucket(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_bucket_auto(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_lookup(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_graph_lookup(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_union_with(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_facet(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_documents(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
void parse_redact(const std::string&, const Value&, const Surroundings&, std::vector<StagePointer>&);
OutputStage parse_output(const std::string& name, const Value& operand, const Context& context);

/// A stage that handles each document on its own.
class EachStage : public Pipeline::Stage {
 public:
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  /// Missing: it is dropped.
  virtual Value handle(Value document) const = 0;
};

/// Stages of a pipeline within another. Throws CommandError.
std::vector<StagePointer> parse_stages(const Value& stages, const Surroundings& surroundings, OutputStage* output);

/// The stages of one run, one behind another.
class Chain {
 public:
  Chain(const std::vector<StagePointer>& stages, Run& run, Taker& end);
  Taker& head() { return takers_.empty() ? end_ : *takers_.back(); }

 private:
  Taker& end_;
  std::vector<std::unique_ptr<Taker>> takers_;
};

/// The end of a chain that keeps all.
class Collector final : public Taker {
 public:
  explicit Collector(Run& run) : run_(run) {}
  bool take(Value document) override;
  void finish() override {}
  std::vector<Value> documents;

 private:
  Run& run_;
};

/// Sets what a path of names means, making documents on the way. A missing value takes the field away.
void set_at_path(Value& document, std::span<const std::string> path, Value value);
/// Of a path through documents alone; missing where an array is in the way.
const Value& document_value_at(const Value& document, std::span<const std::string> path);
/// The documents of a collection through a pipeline within another one.
void run_on_collection(const std::string& collection, const std::vector<StagePointer>& stages, Run& run, Taker& end);

}  // namespace staging

}  // namespace premortem::query
