// Modifiers of single fields: $set, $unset, $setOnInsert, $min, $max, $currentDate, $rename.
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

class SetModifier : public Modifier {
 public:
  SetModifier(bson::Value value, bool for_inserts) : value_(std::move(value)), for_inserts_(for_inserts) {}
  void change(bson::Value& value, const ModifierPlace&) const override { value = value_; }
  std::optional<bson::Value> create(const ModifierPlace&) const override { return value_; }
  bool is_for_inserts_only() const override { return for_inserts_; }

 private:
  bson::Value value_;
  bool for_inserts_;
};

class UnsetModifier : public Modifier {
 public:
  void change(bson::Value& value, const ModifierPlace&) const override { value = bson::Value(); }
  bool needs_viable_path() const override { return false; }
};

/// Keeps the smaller or the greater, in the order of sorting across all types; of equal ones what was there.
class BoundModifier : public Modifier {
 public:
  BoundModifier(bson::Value value, bool greater) : value_(std::move(value)), greater_(greater) {}
  void change(bson::Value& value, const ModifierPlace&) const override {
    const int order = bson::compare(value_, value);
    if (greater_ ? order > 0 : order < 0) value = value_;
  }
  std::optional<bson::Value> create(const ModifierPlace&) const override { return value_; }

 private:
  bson::Value value_;
  bool greater_;
};

class RenameModifier : public Modifier {
 public:
  explicit RenameModifier(UpdatePath source) : source_(std::move(source)) {}
  void change(bson::Value&, const ModifierPlace&) const override {}  // Whoever walks the tree moves the value.
  const UpdatePath& source() const override { return source_; }

 private:
  UpdatePath source_;
};

bson::Value current_date_value(const bson::Value& operand, const Context& context) {
  bson::Value date = bson::Value::date(context.now);
  if (operand.is(bson::Type::boolean)) return date;
  if (!operand.is_document())
    throw CommandError(code::bad_value, std::string(bson::type_name(operand.type())) +
                                            " is not valid type for $currentDate. Please use a boolean ('true') or a "
                                            "$type expression ({$type: 'timestamp/date'}).");
  bson::Value chosen;
  for (const bson::Field& option : operand.fields()) {
    if (option.name != "$type") throw CommandError(code::bad_value, "Unrecognized $currentDate option: " + option.name);
    const std::string kind = option.value.is_string() ? option.value.as_text() : "";
    if (kind == "date") chosen = date;
    if (kind == "timestamp")
      chosen = bson::Value::timestamp(static_cast<std::uint32_t>(context.cluster_time >> 32),
                                      static_cast<std::uint32_t>(context.cluster_time));
  }
  if (chosen.is_missing())
    throw CommandError(code::bad_value,
                       "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : "
                       "{$type: 'date'}}}");
  return chosen;
}

}  // namespace

std::optional<bson::Value> Modifier::create(const ModifierPlace&) const { return {}; }

const UpdatePath& Modifier::source() const {
  static const UpdatePath none;
  return none;
}

ModifierPointer make_field_modifier(std::string_view name, const bson::Field& operand, const Context& context) {
  if (name == "$set" || name == "$setOnInsert")
    return std::make_shared<SetModifier>(operand.value, name == "$setOnInsert");
  if (name == "$currentDate") return std::make_shared<SetModifier>(current_date_value(operand.value, context), false);
  if (name == "$unset") return std::make_shared<UnsetModifier>();
  if (name == "$min" || name == "$max") return std::make_shared<BoundModifier>(operand.value, name == "$max");
  if (name == "$rename") return std::make_shared<RenameModifier>(split_path(operand.name));
  return nullptr;
}

bool is_modifier_name(std::string_view name) {
  static constexpr std::string_view names[] = {"$addToSet", "$bit",    "$currentDate", "$inc",         "$max",
                                               "$min",      "$mul",    "$pop",         "$pull",        "$pullAll",
                                               "$push",     "$rename", "$set",         "$setOnInsert", "$unset"};
  for (const std::string_view known : names) {
    if (known == name) return true;
  }
  return false;
}

ModifierPointer make_modifier(std::string_view name, const bson::Field& operand, const Context& context) {
  if (name == "$push") return make_push(operand);
  if (ModifierPointer made = make_number_modifier(name, operand)) return made;
  if (ModifierPointer made = make_array_modifier(name, operand, context)) return made;
  return make_field_modifier(name, operand, context);
}

}  // namespace premortem::query
