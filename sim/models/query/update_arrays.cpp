// Modifiers of arrays: $addToSet, $pop, $pull, $pullAll.
#include <algorithm>
#include <set>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

using ValueKeys = std::set<std::string>;  // Equal values, and only those, have the same key.

class AddToSetModifier : public Modifier {
 public:
  explicit AddToSetModifier(const bson::Value& operand) {
    const bool has_each = operand.is_document() && !operand.fields().empty() && operand.fields()[0].name == "$each";
    if (!has_each) {
      added_.push_back(operand);
      return;
    }
    const bson::Value& each = operand.fields()[0].value;
    if (!each.is_array())
      throw CommandError(code::type_mismatch,
                         "The argument to $each in $addToSet must be an array but it was of type " +
                             std::string(bson::type_name(each.type())));
    if (operand.fields().size() > 1)
      throw CommandError(code::bad_value,
                         "Found unexpected fields after $each in $addToSet: " + bson::to_shell(operand));
    ValueKeys known;
    for (const bson::Value& value : each.elements()) {
      if (known.insert(bson::key_string(value)).second) added_.push_back(value);
    }
  }

  void change(bson::Value& value, const ModifierPlace& place) const override {
    if (!value.is_array())
      throw CommandError(code::bad_value, "Cannot apply $addToSet to non-array field. Field named '" +
                                              place.path.back() + "' has non-array type " +
                                              std::string(bson::type_name(value.type())));
    ValueKeys there;
    for (const bson::Value& each : value.elements()) there.insert(bson::key_string(each));
    for (const bson::Value& added : added_) {
      if (there.count(bson::key_string(added)) == 0) value.push_back(added);
    }
  }
  std::optional<bson::Value> create(const ModifierPlace&) const override { return bson::Value::array(added_); }
  bool appends_to(const bson::Value&) const override { return true; }

 private:
  std::vector<bson::Value> added_;
};

class PopModifier : public Modifier {
 public:
  explicit PopModifier(const bson::Field& operand) {
    const std::int64_t side = whole_operand(operand.name, operand.value);
    if (side != 1 && side != -1)
      throw CommandError(code::failed_to_parse, "$pop expects 1 or -1, found: " + std::to_string(side));
    first_ = side == -1;
  }
  void change(bson::Value& value, const ModifierPlace& place) const override {
    if (!value.is_array())
      throw CommandError(code::type_mismatch, "Path '" + join_path(place.path) +
                                                  "' contains an element of non-array type '" +
                                                  std::string(bson::type_name(value.type())) + "'");
    std::vector<bson::Value>& elements = value.elements();
    if (elements.empty()) return;
    elements.erase(first_ ? elements.begin() : elements.end() - 1);
  }

 private:
  bool first_ = false;
};

class PullModifier : public Modifier {
 public:
  PullModifier(const bson::Value& condition, const Context& context)
      : filter_(ElementFilter::parse_pull(condition, context)) {}
  explicit PullModifier(const std::vector<bson::Value>& values) : by_values_(true) {
    for (const bson::Value& each : values) values_.insert(bson::key_string(each));
  }

  void change(bson::Value& value, const ModifierPlace&) const override {
    if (!value.is_array()) throw CommandError(code::bad_value, "Cannot apply $pull to a non-array value");
    std::erase_if(value.elements(), [&](const bson::Value& each) {
      return by_values_ ? values_.count(bson::key_string(each)) > 0 : filter_.matches(each);
    });
  }

 private:
  ElementFilter filter_;
  ValueKeys values_;
  bool by_values_ = false;
};

}  // namespace

ModifierPointer make_array_modifier(std::string_view name, const bson::Field& operand, const Context& context) {
  if (name == "$addToSet") return std::make_shared<AddToSetModifier>(operand.value);
  if (name == "$pop") return std::make_shared<PopModifier>(operand);
  if (name == "$pull") return std::make_shared<PullModifier>(operand.value, context);
  if (name != "$pullAll") return nullptr;
  if (!operand.value.is_array())
    throw CommandError(code::bad_value, "$pullAll requires an array argument but was given a " +
                                            std::string(bson::type_name(operand.value.type())));
  return std::make_shared<PullModifier>(operand.value.elements());
}

}  // namespace premortem::query
