// $lookup: documents of another collection into each document, by equal fields, by a pipeline, or by both.
#include "sim/models/query/stage_lookup.hpp"

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/path.hpp"
#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

struct LookupStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override { return wanted; }

  std::string from, foreign_field;
  std::vector<std::string> local_path, as;
  bool by_fields = false;
  Context context;
  Value pipeline = Value::array();
  std::vector<std::pair<std::string, AggregateExpression>> let;
  int depth = 0;
  std::vector<StagePointer> stages;  ///< Of `pipeline`, if it has no variables.
};

class LookupTaker final : public Taker {
 public:
  LookupTaker(const LookupStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}

  bool take(Value document) override {
    run_.step();
    ArrayEnd found(run_);
    if (stage_.let.empty()) {
      look_up(document, stage_.stages, found);
    } else {
      look_up(document, stages_for(document), found);
    }
    set_at_path(document, stage_.as, std::move(found.array));
    expressing::weigh(document);
    return next_.take(std::move(document));
  }
  void finish() override { next_.finish(); }

 private:
  /// The pipeline with the variables' values for this document. They are known to every expression in it, those of
  /// filters included, only if it is parsed with them.
  std::vector<StagePointer> stages_for(const Value& document) const {
    Variables variables;
    variables.root = variables.current = &document;
    Context context = stage_.context;
    if (!context.let.is_document()) context.let = Value::document();
    for (const auto& [name, expression] : stage_.let) context.let.set(name, expression.evaluate(variables));
    run_.copy(stage_.pipeline);
    return parse_stages(stage_.pipeline, {context, false, false, stage_.depth}, nullptr);
  }

  void look_up(const Value& document, const std::vector<StagePointer>& stages, Taker& end) {
    if (!stage_.by_fields) return run_on_collection(stage_.from, stages, run_, end);
    const Value same = equality_filter(document, stage_.local_path, stage_.foreign_field);
    if (!stages.empty() && stages[0]->makes_documents()) {
      // There is no collection to read: the pipeline's own documents are those that have to be equal.
      std::vector<StagePointer> joined{stages[0]};
      parse_match("$match", same, {stage_.context}, joined);
      joined.insert(joined.end(), stages.begin() + 1, stages.end());
      return run_on_collection(stage_.from, joined, run_, end);
    }
    const Filter filter = Filter::parse(same, stage_.context);
    Chain chain(stages, run_, end);
    run_.others.read(stage_.from, filter, [&](const Value& other) {
      run_.copy(other);
      return chain.head().take(other);
    });
    chain.head().finish();
  }

  const LookupStage& stage_;
  Run& run_;
  Taker& next_;
};

std::unique_ptr<Taker> LookupStage::start(Run& run, Taker& next) const {
  return std::make_unique<LookupTaker>(*this, run, next);
}

void collect_values(const Value& value, std::span<const std::string> path, Value& values) {
  if (path.empty()) {
    if (!value.is_array()) return values.push_back(value);
    for (const Value& element : value.elements()) values.push_back(element);
    return;
  }
  if (value.is_array()) {
    for (std::size_t at = 0; at < value.elements().size(); ++at) {
      if (value.elements()[at].is_document()) collect_values(value.elements()[at], path, values);
      if (names_index(path[0], at)) collect_values(value.elements()[at], path.subspan(1), values);
    }
    return;
  }
  if (const Value* inner = value.find(path[0])) collect_values(*inner, path.subspan(1), values);
}

void parse_let(LookupStage& stage, const Value& bindings) {
  if (!bindings.is_document())
    fail(code::failed_to_parse, "$lookup argument 'let: " + bson::to_shell(bindings) + "' must be an object, is type " +
                                    expressing::type_of(bindings));
  check_variable_count(bindings.fields().size());
  for (const bson::Field& field : bindings.fields()) {
    expressing::check_variable_name(field.name);
    stage.let.emplace_back(field.name, AggregateExpression::parse(field.value, stage.context));
  }
}

std::string text_option(const bson::Field& field) {
  if (!field.value.is_string())
    fail(code::failed_to_parse, "$lookup argument '" + field.name + ": " + bson::to_shell(field.value) +
                                    "' must be a string, is type " + expressing::type_of(field.value));
  return field.value.as_text();
}

void check_lookup(const Value& operand) {
  const bool local = operand.has("localField"), foreign = operand.has("foreignField");
  const bool pipeline = operand.has("pipeline");
  if (!operand.has("from")) {
    const Value* stages = operand.find("pipeline");
    const bool documents = stages != nullptr && stages->is_array() && !stages->elements().empty() &&
                           stages->elements()[0].has("$documents");
    if (!documents) fail(code::failed_to_parse, "must specify 'pipeline' when 'from' is empty");
  }
  if (!operand.has("as")) fail(code::failed_to_parse, "must specify 'as' field for a $lookup");
  if (local != foreign)
    fail(code::failed_to_parse, "$lookup requires both or neither of 'localField' and 'foreignField' to be specified");
  if (!pipeline && !local)
    fail(code::failed_to_parse,
         "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified");
  if (!pipeline && operand.has("let"))
    fail(code::failed_to_parse, "$lookup with a 'let' argument must also specify 'pipeline'");
}

}  // namespace

Value equality_filter(const Value& document, std::span<const std::string> local_path, const std::string& foreign) {
  Value values = Value::array();
  collect_values(document, local_path, values);
  if (values.elements().empty()) values.push_back(Value::null());
  Value choices = Value::array();
  Value plain = Value::array();
  for (Value& value : values.elements()) {
    // $in would search by a regular expression; here it is a value like any other.
    if (value.is(Type::regex)) {
      choices.push_back(bson::doc({{foreign, bson::doc({{"$eq", value}})}}));
    } else {
      plain.push_back(value.is_nullish() ? Value::null() : std::move(value));
    }
  }
  Value in = bson::doc({{foreign, bson::doc({{"$in", std::move(plain)}})}});
  if (choices.elements().empty()) return in;
  choices.push_back(std::move(in));
  return bson::doc({{"$or", std::move(choices)}});
}

void parse_lookup(const std::string&, const Value& operand, const Surroundings& surroundings,
                  std::vector<StagePointer>& stages) {
  if (!operand.is_document())
    fail(code::failed_to_parse,
         "the $lookup stage specification must be an object, but found " + expressing::type_of(operand));
  auto stage = std::make_shared<LookupStage>();
  stage->context = surroundings.context;
  stage->depth = surroundings.depth + 1;
  std::string local;
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "pipeline") {
      stage->pipeline = field.value;
    } else if (field.name == "let") {
      parse_let(*stage, field.value);
    } else if (field.name == "from") {
      stage->from = text_option(field);
    } else if (field.name == "as") {
      stage->as = expressing::split_field_path(text_option(field));
    } else if (field.name == "localField") {
      stage->local_path = expressing::split_field_path(text_option(field));
    } else if (field.name == "foreignField") {
      stage->foreign_field = text_option(field);
      expressing::split_field_path(stage->foreign_field);
    } else {
      fail(code::failed_to_parse, "unknown argument to $lookup: " + field.name);
    }
  }
  check_lookup(operand);
  stage->by_fields = operand.has("localField");
  // What is wrong with the pipeline is said now, whatever the variables' values will be.
  Context context = stage->context;
  if (!stage->let.empty() && !context.let.is_document()) context.let = Value::document();
  for (const auto& each : stage->let) context.let.set(each.first, Value::null());
  const bool is_trial = surroundings.is_trial || !stage->let.empty();
  stage->stages = parse_stages(stage->pipeline, {context, false, false, stage->depth, is_trial}, nullptr);
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
