// $bucket and $bucketAuto: groups by ranges of a value.
#include <algorithm>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/pipeline_stage.hpp"
#include "sim/models/query/stage_accumulator.hpp"

namespace premortem::query::staging {

namespace {

Value constant_of(const Value& expression, const Context& context, int error, const std::string& text) {
  const AggregateExpression parsed = AggregateExpression::parse(expression, context);
  if (!parsed.is_constant()) fail(error, text + bson::to_shell(expression));
  return parsed.evaluate(Value::document());
}

void check_group_by(const std::string& name, const Value& by, int error) {
  const bool path = by.is_string() && by.as_text().starts_with('$');
  const bool expression = by.is_document() && !by.fields().empty() && by.fields()[0].name.starts_with('$');
  if (!path && !expression)
    fail(error, "The " + name + " 'groupBy' field must be defined as a $-prefixed path or an expression, but found: " +
                    bson::to_shell(by) + ".");
}

Value count_by_default() { return bson::doc({{"count", bson::doc({{"$sum", Value::int32(1)}})}}); }

std::vector<Value> parse_boundaries(const Value& operand, const Surroundings& surroundings) {
  if (!operand.is_array())
    fail(40200,
         "The $bucket 'boundaries' field must be an array, but found type: " + expressing::type_of(operand) + ".");
  std::vector<Value> boundaries;
  for (const Value& each : operand.elements())
    boundaries.push_back(constant_of(each, surroundings.context, 40191,
                                     "The $bucket 'boundaries' field must be an array of constant values, but found "
                                     "value: "));
  if (boundaries.size() < 2)
    fail(40192, "The $bucket 'boundaries' field must have at least 2 values, but found " +
                    std::to_string(boundaries.size()) + " value(s).");
  for (std::size_t at = 1; at < boundaries.size() && !surroundings.is_trial; ++at) {
    const Value &lower = boundaries[at - 1], &upper = boundaries[at];
    if (bson::type_class(lower) != bson::type_class(upper))
      fail(40193,
           "All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting "
           "types " +
               expressing::type_of(lower) + " and " + expressing::type_of(upper) + ".");
    if (bson::compare(lower, upper) >= 0)
      fail(40194, "The 'boundaries' option to $bucket must be sorted, but elements " + std::to_string(at - 1) +
                      " and " + std::to_string(at) + " are not in sorted order (" + bson::to_shell(lower) +
                      " is not less than " + bson::to_shell(upper) + ").");
  }
  return boundaries;
}

/// A $switch that gives the lower boundary of the range that the value is in.
Value range_switch(const Value& by, const std::vector<Value>& boundaries, const Value& otherwise) {
  Value branches = Value::array();
  const auto literal = [](const Value& value) { return bson::doc({{"$literal", value}}); };
  for (std::size_t at = 1; at < boundaries.size(); ++at) {
    const Value least = bson::doc({{"$gte", bson::arr({by, literal(boundaries[at - 1])})}});
    const Value below = bson::doc({{"$lt", bson::arr({by, literal(boundaries[at])})}});
    branches.push_back(
        bson::doc({{"case", bson::doc({{"$and", bson::arr({least, below})}})}, {"then", literal(boundaries[at - 1])}}));
  }
  Value choice = bson::doc({{"branches", std::move(branches)}});
  if (!otherwise.is_missing()) choice.append("default", literal(otherwise));
  return bson::doc({{"$switch", std::move(choice)}});
}

struct BucketAutoStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  AggregateExpression by;
  std::size_t buckets = 0;
  std::vector<expressing::AccumulatorSpecification> fields;
};

/// Ranges with as equal a number of documents as equal values allow.
class BucketAutoTaker final : public Taker {
 public:
  BucketAutoTaker(const BucketAutoStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    run_.hold(document);
    Value value = stage_.by.evaluate(document);
    run_.hold(value);
    kept_.emplace_back(value.is_missing() ? Value::null() : std::move(value), std::move(document));
    return true;
  }
  void finish() override {
    std::stable_sort(kept_.begin(), kept_.end(),
                     [](const auto& left, const auto& right) { return bson::compare(left.first, right.first) < 0; });
    const std::size_t size = std::max<std::size_t>(1, (kept_.size() + stage_.buckets / 2) / stage_.buckets);
    std::size_t begin = 0, made = 0;
    while (begin < kept_.size()) {
      std::size_t end = ++made == stage_.buckets ? kept_.size() : std::min(begin + size, kept_.size());
      while (end < kept_.size() && bson::equal(kept_[end].first, kept_[end - 1].first)) ++end;
      if (!next_.take(bucket(begin, end))) break;
      begin = end;
    }
    next_.finish();
  }

 private:
  Value bucket(std::size_t begin, std::size_t end) {
    std::size_t held = 0;
    const Value& upper = kept_[end < kept_.size() ? end : end - 1].first;
    Value result = bson::doc({{"_id", bson::doc({{"min", kept_[begin].first}, {"max", upper}})}});
    for (const expressing::AccumulatorSpecification& field : stage_.fields) {
      const auto accumulator = field.start(result["_id"]);
      for (std::size_t at = begin; at < end; ++at) {
        Variables variables;
        variables.root = variables.current = &kept_[at].second;
        accumulator->add(field.input(variables));
      }
      run_.hold_bytes(accumulator->bytes());
      held += accumulator->bytes();
      Value value = accumulator->result();
      result.append(field.field(), value.is_missing() ? Value::null() : std::move(value));
    }
    run_.release(held);
    expressing::weigh(result);
    return result;
  }

  const BucketAutoStage& stage_;
  Run& run_;
  Taker& next_;
  std::vector<std::pair<Value, Value>> kept_;
};

std::unique_ptr<Taker> BucketAutoStage::start(Run& run, Taker& next) const {
  return std::make_unique<BucketAutoTaker>(*this, run, next);
}

}  // namespace

void parse_bucket(const std::string& name, const Value& operand, const Surroundings& surroundings,
                  std::vector<StagePointer>& stages) {
  if (!operand.is_document())
    fail(40201, "Argument to $bucket stage must be an object, but found type: " + expressing::type_of(operand) + ".");
  std::vector<Value> boundaries;
  Value otherwise, output = count_by_default();
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "groupBy") {
      check_group_by(name, field.value, 40202);
    } else if (field.name == "boundaries") {
      boundaries = parse_boundaries(field.value, surroundings);
    } else if (field.name == "default") {
      otherwise = constant_of(field.value, surroundings.context, 40195,
                              "The $bucket 'default' field must be a constant expression, but found: ");
    } else if (field.name == "output") {
      if (!field.value.is_document())
        fail(40196,
             "The $bucket 'output' field must be an object, but found type: " + expressing::type_of(field.value) + ".");
      output = field.value;
    } else {
      fail(40197, "Unrecognized option to $bucket: " + field.name + ".");
    }
  }
  if (!operand.has("groupBy") || boundaries.empty())
    fail(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  if (!surroundings.is_trial && !otherwise.is_missing() &&
      bson::type_class(otherwise) == bson::type_class(boundaries[0]) &&
      bson::compare(otherwise, boundaries.front()) >= 0 && bson::compare(otherwise, boundaries.back()) < 0)
    fail(40199,
         "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the "
         "highest boundary.");
  Value group = bson::doc({{"_id", range_switch(operand["groupBy"], boundaries, otherwise)}});
  for (const bson::Field& field : output.fields()) group.append(field.name, field.value);
  parse_group("$group", group, surroundings, stages);
  parse_sort("$sort", bson::doc({{"_id", Value::int32(1)}}), surroundings, stages);
}

void parse_bucket_auto(const std::string& name, const Value& operand, const Surroundings& surroundings,
                       std::vector<StagePointer>& stages) {
  if (!operand.is_document())
    fail(40240, "The argument to $bucketAuto must be an object, but found type: " + expressing::type_of(operand) + ".");
  auto stage = std::make_shared<BucketAutoStage>();
  std::uint64_t draws = 0;
  Value output = count_by_default();
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "groupBy") {
      check_group_by(name, field.value, 40239);
      stage->by = AggregateExpression::parse(field.value, surroundings.context, {}, &draws);
    } else if (field.name == "buckets") {
      if (!field.value.is_number())
        fail(40241, "The $bucketAuto 'buckets' field must be a numeric value, but found type: " +
                        expressing::type_of(field.value) + ".");
      const std::optional<std::int64_t> whole = field.value.integral();
      if (!whole || *whole > INT32_MAX)
        fail(40242, "The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found " +
                        bson::to_shell(field.value) + ".");
      if (*whole <= 0)
        fail(40243,
             "The $bucketAuto 'buckets' field must be greater than 0, but found: " + std::to_string(*whole) + ".");
      stage->buckets = static_cast<std::size_t>(*whole);
    } else if (field.name == "output") {
      if (!field.value.is_document())
        fail(40244, "The $bucketAuto 'output' field must be an object, but found type: " +
                        expressing::type_of(field.value) + ".");
      output = field.value;
    } else if (field.name == "granularity") {
      fail(code::command_not_supported, "$bucketAuto with 'granularity' is not supported");
    } else {
      fail(40245, "Unrecognized option to $bucketAuto: " + field.name + ".");
    }
  }
  if (!operand.has("groupBy") || stage->buckets == 0)
    fail(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  for (const bson::Field& field : output.fields())
    stage->fields.push_back(expressing::AccumulatorSpecification::parse(field, surroundings.context, draws));
  stages.push_back(std::move(stage));
}

}  // namespace premortem::query::staging
