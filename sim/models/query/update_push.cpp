// $push with $each, $position, $sort and $slice.
#include <algorithm>
#include <limits>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

struct PushSortPart {
  UpdatePath path;  ///< Empty: the whole element.
  bool descending = false;
};

/// A part that leads nowhere counts as null; an array is looked into by index only.
bson::Value push_sort_value(const bson::Value& element, const UpdatePath& path) {
  if (path.empty()) return element;
  const bson::Value* value = &element;
  for (const std::string& part : path) {
    const std::optional<std::size_t> index = value->is_array() ? array_index(part) : std::nullopt;
    value = index ? (*index < value->elements().size() ? &value->elements()[*index] : nullptr) : value->find(part);
    if (value == nullptr) return bson::Value::null();
  }
  return *value;
}

std::optional<bool> push_descends(const bson::Value& direction) {
  if (bson::equal(direction, bson::Value::int32(1))) return false;
  if (bson::equal(direction, bson::Value::int32(-1))) return true;
  return {};
}

std::vector<PushSortPart> parse_push_sort(const bson::Value& sort) {
  static const std::string wrong = "The $sort element value must be either 1 or -1";
  if (sort.is_number()) {
    const std::optional<bool> descending = push_descends(sort);
    if (!descending) throw CommandError(code::bad_value, wrong);
    return {{{}, *descending}};
  }
  if (!sort.is_document())
    throw CommandError(code::bad_value,
                       "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded "
                       "fields");
  if (sort.fields().empty())
    throw CommandError(code::bad_value, "The $sort pattern is empty when it should be a set of fields.");
  std::vector<PushSortPart> parts;
  for (const bson::Field& field : sort.fields()) {
    const std::optional<bool> descending = push_descends(field.value);
    if (!descending) throw CommandError(code::bad_value, wrong);
    if (field.name.empty()) throw CommandError(code::bad_value, "The $sort field cannot be empty");
    UpdatePath path = split_path(field.name);
    if (std::ranges::find(path, "") != path.end())
      throw CommandError(code::bad_value, "The $sort field is a dotted field but has an empty part: " + field.name);
    parts.push_back({std::move(path), *descending});
  }
  return parts;
}

std::int64_t push_number(const bson::Field& clause, const std::string& complaint) {
  try {
    return whole_operand(clause.name, clause.value);
  } catch (const CommandError&) {
    throw CommandError(code::bad_value, complaint + std::string(bson::type_name(clause.value.type())));
  }
}

class PushModifier : public Modifier {
 public:
  explicit PushModifier(const bson::Value& operand) {
    if (!operand.is_document() || !operand.has("$each")) {
      pushed_.push_back(operand);
      return;
    }
    for (const bson::Field& clause : operand.fields()) read_clause(operand, clause);
  }

  void change(bson::Value& value, const ModifierPlace& place) const override {
    if (!value.is_array())
      throw CommandError(code::bad_value, "The field '" + join_path(place.path) + "' must be an array but is of type " +
                                              std::string(bson::type_name(value.type())) + " in document {" +
                                              describe_id(place.document) + "}");
    push_to(value.elements());
  }
  std::optional<bson::Value> create(const ModifierPlace&) const override {
    bson::Value made = bson::Value::array();
    push_to(made.elements());
    return made;
  }

  bool appends_to(const bson::Value& array) const override {
    constexpr std::int64_t nothing_said = std::numeric_limits<std::int64_t>::max();
    const auto size = static_cast<std::int64_t>(array.elements().size());
    return size > 0 && position_ > size && slice_ == nothing_said && sort_.empty();
  }

 private:
  void read_clause(const bson::Value& operand, const bson::Field& clause) {
    const std::string& name = clause.name;
    if (operand.find(name) != &clause.value) throw CommandError(code::bad_value, "Only one " + name + " is supported.");
    if (name == "$each") {
      if (!clause.value.is_array())
        throw CommandError(code::bad_value, "The argument to $each in $push must be an array but it was of type: " +
                                                std::string(bson::type_name(clause.value.type())));
      pushed_ = clause.value.elements();
    } else if (name == "$slice") {
      slice_ = push_number(clause, "The value for $slice must be an integer value but was given type: ");
    } else if (name == "$position") {
      position_ = push_number(clause, "The value for $position must be an integer value, not of type: ");
    } else if (name == "$sort") {
      sort_ = parse_push_sort(clause.value);
    } else {
      throw CommandError(code::bad_value, "Unrecognized clause in $push: " + name);
    }
  }

  void push_to(std::vector<bson::Value>& elements) const {
    const auto size = static_cast<std::int64_t>(elements.size());
    const std::int64_t at = position_ >= 0 ? std::min(position_, size) : std::max<std::int64_t>(0, size + position_);
    elements.insert(elements.begin() + at, pushed_.begin(), pushed_.end());
    if (!sort_.empty()) {
      std::stable_sort(elements.begin(), elements.end(), [&](const bson::Value& left, const bson::Value& right) {
        for (const PushSortPart& part : sort_) {
          const int order = bson::compare(push_sort_value(left, part.path), push_sort_value(right, part.path));
          if (order != 0) return part.descending ? order > 0 : order < 0;
        }
        return false;
      });
    }
    const auto length = static_cast<std::int64_t>(elements.size());
    if (slice_ >= 0 && slice_ < length) elements.resize(static_cast<std::size_t>(slice_));
    // Negative: the last ones. The least number can not be negated, and no array is that long.
    if (slice_ < 0 && slice_ > -length) elements.erase(elements.begin(), elements.end() + slice_);
  }

  std::vector<bson::Value> pushed_;
  std::vector<PushSortPart> sort_;
  std::int64_t position_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t slice_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace

ModifierPointer make_push(const bson::Field& operand) { return std::make_shared<PushModifier>(operand.value); }

}  // namespace premortem::query
