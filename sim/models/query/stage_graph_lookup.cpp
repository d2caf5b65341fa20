// $graphLookup: what can be reached in another collection from each document.
#include <set>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/stage_lookup.hpp"

namespace premortem::query::staging {

namespace {

struct GraphLookupStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override { return wanted; }
  std::string from, connect_to;
  std::vector<std::string> connect_from, as, depth_field;
  AggregateExpression start_with;
  std::optional<std::int64_t> depth_max;
  Value restriction = Value::document();
  Context context;
};

/// Breadth first; what is found comes in the order in which it was found, for which the server promises nothing.
class GraphLookupTaker final : public Taker {
 public:
  GraphLookupTaker(const GraphLookupStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}

  bool take(Value document) override {
    run_.step();
    ArrayEnd found(run_);
    std::set<std::string> known;
    Value values = Value::array();
    Value start = stage_.start_with.evaluate(document);
    if (start.is_array()) {
      values = std::move(start);
    } else if (!start.is_missing()) {
      values.push_back(std::move(start));
    }
    for (std::int64_t depth = 0; !values.elements().empty() && (!stage_.depth_max || depth <= *stage_.depth_max);
         ++depth)
      values = visit(values, depth, known, found);
    set_at_path(document, stage_.as, std::move(found.array));
    return next_.take(std::move(document));
  }
  void finish() override { next_.finish(); }

 private:
  /// Gives the values from which the next round goes on.
  Value visit(const Value& values, std::int64_t depth, std::set<std::string>& known, ArrayEnd& found) {
    Value next = Value::array();
    const Value same = equality_filter(bson::doc({{"v", values}}), std::vector<std::string>{"v"}, stage_.connect_to);
    const Filter filter = Filter::parse(bson::doc({{"$and", bson::arr({same, stage_.restriction})}}), stage_.context);
    run_.others.read(stage_.from, filter, [&](const Value& other) {
      run_.step();
      if (!known.insert(bson::key_string(other["_id"])).second) return true;
      Value reached = expressing::value_at(other, stage_.connect_from);
      if (reached.is_array()) {
        for (Value& each : reached.elements()) next.push_back(std::move(each));
      } else if (!reached.is_missing()) {
        next.push_back(std::move(reached));
      }
      Value kept = other;
      if (!stage_.depth_field.empty()) set_at_path(kept, stage_.depth_field, Value::int64(depth));
      return found.take(std::move(kept));
    });
    return next;
  }

  const GraphLookupStage& stage_;
  Run& run_;
  Taker& next_;
};

std::unique_ptr<Taker> GraphLookupStage::start(Run& run, Taker& next) const {
  return std::make_unique<GraphLookupTaker>(*this, run, next);
}

void set_graph_option(GraphLookupStage& stage, const bson::Field& field) {
  const Value& value = field.value;
  if (field.name == "startWith") {
    stage.start_with = AggregateExpression::parse(value, stage.context);
    return;
  }
  if (field.name == "maxDepth") {
    if (!value.is_number())
      fail(40100, "maxDepth requires numeric argument, found type: " + expressing::type_of(value));
    const std::optional<std::int64_t> whole = value.integral();
    if (!whole) fail(40102, "maxDepth could not be represented as a long long: " + bson::to_shell(value));
    if (*whole < 0) fail(40101, "maxDepth requires a nonnegative argument, found: " + std::to_string(*whole));
    stage.depth_max = whole;
    return;
  }
  if (field.name == "restrictSearchWithMatch") {
    if (!value.is_document())
      fail(40185, "restrictSearchWithMatch must be an object, found " + expressing::type_of(value));
    Filter::parse(value, stage.context);
    stage.restriction = value;
    return;
  }
  if (!value.is_string())
    fail(40103, "expected string as argument for " + field.name + ", found: " + expressing::type_of(value));
  const std::string& text = value.as_text();
  if (field.name == "from") {
    stage.from = text;
  } else if (field.name == "as") {
    stage.as = expressing::split_field_path(text);
  } else if (field.name == "connectFromField") {
    stage.connect_from = expressing::split_field_path(text);
  } else if (field.name == "connectToField") {
    stage.connect_to = text;
    expressing::split_field_path(text);
  } else if (field.name == "depthField") {
    stage.depth_field = expressing::split_field_path(text);
  } else {
    fail(40104, "Unknown argument to $graphLookup: " + field.name);
  }
}

}  // namespace

void parse_graph_lookup(const std::string&, const Value& operand, const Surroundings& surroundings,
                        std::vector<StagePointer>& stages) {
  if (!operand.is_document())
    fail(40327, "the $graphLookup stage specification must be an object, but found " + expressing::type_of(operand));
  auto stage = std::make_shared<GraphLookupStage>();
  stage->context = surroundings.context;
  for (const bson::Field& field : operand.fields()) set_graph_option(*stage, field);
  if (!operand.has("from") || stage->as.empty() || stage->connect_from.empty() || stage->connect_to.empty() ||
      !operand.has("startWith"))
    fail(40105,
         "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be "
         "specified.");
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
