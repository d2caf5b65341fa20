// $group, and the stages that are nothing but a $group in other words: $count and $sortByCount.
#include <map>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/pipeline_stage.hpp"
#include "sim/models/query/stage_accumulator.hpp"

namespace premortem::query::staging {

namespace {

using expressing::Accumulator;
using expressing::AccumulatorSpecification;

struct GroupStage final : Pipeline::Stage {
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  AggregateExpression id;
  std::vector<AccumulatorSpecification> fields;
};

/// Groups come out in the order in which their first documents came in. The server promises none.
class GroupTaker final : public Taker {
 public:
  GroupTaker(const GroupStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    Variables variables;
    variables.root = variables.current = &document;
    Group& group = find_group(variables);
    for (std::size_t at = 0; at < stage_.fields.size(); ++at) {
      Accumulator& accumulator = *group.accumulators[at];
      const std::size_t before = accumulator.bytes();
      accumulator.add(stage_.fields[at].input(variables));
      run_.release(before);
      run_.hold_bytes(accumulator.bytes());
    }
    return true;
  }
  void finish() override {
    for (Group& group : groups_) {
      Value document = bson::doc({{"_id", group.id}});
      for (std::size_t at = 0; at < stage_.fields.size(); ++at) {
        Value result = group.accumulators[at]->result();
        run_.release(group.accumulators[at]->bytes());
        group.accumulators[at].reset();
        document.append(stage_.fields[at].field(), result.is_missing() ? Value::null() : std::move(result));
      }
      expressing::weigh(document);
      if (!next_.take(std::move(document))) break;
    }
    next_.finish();
  }

 private:
  struct Group {
    Value id;
    std::vector<std::unique_ptr<Accumulator>> accumulators;
  };

  Group& find_group(Variables& variables) {
    Value id = stage_.id.evaluate(variables);
    if (id.is_missing()) id = Value::null();
    const auto [place, is_new] = places_.try_emplace(bson::key_string(id), groups_.size());
    if (!is_new) return groups_[place->second];
    run_.hold(id);
    run_.hold_bytes(place->first.size() + sizeof(Group) + stage_.fields.size() * accumulator_bytes);
    Group group;
    for (const AccumulatorSpecification& field : stage_.fields) group.accumulators.push_back(field.start(id));
    group.id = std::move(id);
    groups_.push_back(std::move(group));
    return groups_.back();
  }

  static constexpr std::size_t accumulator_bytes = 128;  // About, of one that is empty.

  const GroupStage& stage_;
  Run& run_;
  Taker& next_;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> places_;
};

std::unique_ptr<Taker> GroupStage::start(Run& run, Taker& next) const {
  return std::make_unique<GroupTaker>(*this, run, next);
}

}  // namespace

void parse_group(const std::string&, const Value& operand, const Surroundings& surroundings,
                 std::vector<StagePointer>& stages) {
  if (!operand.is_document()) fail(15947, "a group's fields must be specified in an object");
  auto group = std::make_shared<GroupStage>();
  bool has_id = false;
  std::uint64_t draws = 0;
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "_id") {
      if (has_id) fail(15948, "a group's _id may only be specified once");
      has_id = true;
      group->id = AggregateExpression::parse(field.value, surroundings.context, {}, &draws);
    } else if (field.name == "$doingMerge") {
      fail(17030, "$doingMerge should be true if present");
    } else {
      group->fields.push_back(AccumulatorSpecification::parse(field, surroundings.context, draws));
    }
  }
  if (!has_id) fail(15955, "a group specification must include an _id");
  stages.push_back(std::move(group));
}

void parse_count(const std::string&, const Value& operand, const Surroundings& surroundings,
                 std::vector<StagePointer>& stages) {
  if (!operand.is_string()) fail(40156, "the count field must be a non-empty string");
  const std::string& name = operand.as_text();
  if (name.empty()) fail(40157, "the count field must be a non-empty string");
  if (name.starts_with('$')) fail(40158, "the count field cannot be a $-prefixed path");
  if (name.find('\0') != std::string::npos) fail(40159, "the count field cannot contain a null byte");
  if (name.find('.') != std::string::npos) fail(40160, "the count field cannot contain '.'");
  if (name == "_id") fail(9039800, "the count field cannot be '_id'");
  const Value one = Value::int32(1);
  parse_group("$group", bson::doc({{"_id", Value::null()}, {name, bson::doc({{"$sum", one}})}}), surroundings, stages);
  parse_project("$project", bson::doc({{"_id", Value::int32(0)}}), surroundings, stages);
}

void parse_sort_by_count(const std::string&, const Value& operand, const Surroundings& surroundings,
                         std::vector<StagePointer>& stages) {
  if (operand.is_document()) {
    if (operand.fields().empty() || !operand.fields()[0].name.starts_with('$'))
      fail(40147, "the sortByCount field must be defined as a $-prefixed path or an expression inside an object");
  } else if (operand.is_string()) {
    if (!operand.as_text().starts_with('$')) fail(40148, "the sortByCount field must be defined as a $-prefixed path");
  } else {
    fail(40149, "the sortByCount field must be specified as a string or as an object");
  }
  const Value count = bson::doc({{"$sum", Value::int32(1)}});
  parse_group("$group", bson::doc({{"_id", operand}, {"count", count}}), surroundings, stages);
  parse_sort("$sort", bson::doc({{"count", Value::int32(-1)}}), surroundings, stages);
}

}  // namespace premortem::query::staging
