#include "sim/models/query/filter_schema.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/decimal_bits.hpp"

namespace premortem::query::filtering {

namespace {

std::size_t count_code_points(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

/// ± coefficient * 10^exponent of the magnitude. Doubles are taken with 15 digits, as MongoDB makes decimals of them.
bool take_magnitude(const bson::Value& number, bson::Coefficient& coefficient, int& exponent) {
  exponent = 0;
  if (number.is_integer()) {
    const std::int64_t whole = number.as_int64();
    coefficient = static_cast<bson::Coefficient>(whole < 0 ? -static_cast<__int128>(whole) : whole);
    return true;
  }
  if (number.is(bson::Type::decimal128)) {
    const bson::DecimalParts parts = bson::take_apart(number);
    coefficient = parts.coefficient;
    exponent = parts.exponent;
    return parts.kind == bson::DecimalParts::Kind::finite;
  }
  const double value = number.as_double();
  if (!(value - value == 0)) return false;  // NaN and the infinities.
  char text[64];
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 14).ptr;
  coefficient = 0;
  for (const char* at = text; at != end; ++at) {
    if (*at == 'e') {
      const char* digits = at[1] == '+' ? at + 2 : at + 1;
      std::from_chars(digits, end, exponent);
      break;
    }
    if (*at >= '0' && *at <= '9') coefficient = coefficient * 10 + static_cast<unsigned>(*at - '0');
  }
  exponent -= 14;
  return true;
}

bson::Value with_sorted_fields(bson::Value value) {
  if (value.is_array()) {
    for (bson::Value& element : value.elements()) element = with_sorted_fields(std::move(element));
  } else if (value.is_document()) {
    std::vector<bson::Field>& fields = value.fields();
    for (bson::Field& field : fields) field.value = with_sorted_fields(std::move(field.value));
    std::stable_sort(fields.begin(), fields.end(),
                     [](const bson::Field& left, const bson::Field& right) { return left.name < right.name; });
  }
  return value;
}

/// Finds fields by name, again and again: a schema of a megabyte and a document of another must not be multiplied.
class NamedFields {
 public:
  NamedFields(const bson::Value& document, std::size_t questions) : document_(document) {
    if (questions < 8 || document.fields().size() < 8) return;
    for (const bson::Field& field : document.fields()) places_.emplace(field.name, &field.value);
  }
  const bson::Value* find(const std::string& name) const {
    if (places_.empty()) return document_.find(name);
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : found->second;
  }
  bool has(const std::string& name) const { return find(name) != nullptr; }

 private:
  const bson::Value& document_;
  std::map<std::string_view, const bson::Value*> places_;  ///< Empty: they are few. Of a name that is twice the first.
};

}  // namespace

bool is_multiple(const bson::Value& number, const bson::Value& divisor) {
  bson::Coefficient left = 0, right = 0;
  int left_exponent = 0, right_exponent = 0;
  if (!take_magnitude(number, left, left_exponent) || !take_magnitude(divisor, right, right_exponent)) return false;
  if (right == 0) return false;
  if (left == 0) return true;
  for (; left_exponent < right_exponent; ++left_exponent) {
    if (right > bson::decimal_coefficient_max) return false;  // By now it is greater than any number is.
    right *= 10;
  }
  left %= right;
  for (; left_exponent > right_exponent && left != 0; --left_exponent) {
    // right may be as large as 10^35, so the product fits in 128 bits.
    left = left * 10 % right;
  }
  return left == 0;
}

std::string key_in_any_order(const bson::Value& value) { return bson::key_string(with_sorted_fields(value)); }

bool Schema::Range::contains(std::size_t count) const {
  const auto number = static_cast<std::int64_t>(count);
  return (!least || number >= *least) && (!most || number <= *most);
}

bool Schema::matches(const bson::Value& value) const {
  if (types && !types->contains(value)) return false;
  if (!one_of_values.empty() && one_of_values.count(key_in_any_order(value)) == 0) return false;
  if (value.is_number()) {
    for (const NodePointer& limit : number_limits) {
      if (!limit->matches_value(value, nullptr)) return false;
    }
    if (!multiple_of.is_missing() && !is_multiple(value, multiple_of)) return false;
  }
  if (value.is_string()) {
    if (!lengths.contains(count_code_points(value.as_text()))) return false;
    if (pattern && !pattern->matches(value.as_text())) return false;
  }
  if (value.is_array() && !matches_array(value)) return false;
  if (value.is_document() && !matches_document(value)) return false;
  return matches_combinations(value);
}

bool Schema::matches_array(const bson::Value& array) const {
  const std::vector<bson::Value>& elements = array.elements();
  if (!item_counts.contains(elements.size())) return false;
  for (std::size_t at = 0; at < elements.size(); ++at) {
    if (every_item != nullptr && !every_item->matches(elements[at])) return false;
    if (!has_items_in_order) continue;
    if (at < items_in_order.size()) {
      if (!items_in_order[at]->matches(elements[at])) return false;
    } else if (!additional_items.allowed ||
               (additional_items.schema != nullptr && !additional_items.schema->matches(elements[at]))) {
      return false;
    }
  }
  if (!unique_items) return true;
  std::set<std::string> known;
  return std::all_of(elements.begin(), elements.end(),
                     [&](const bson::Value& element) { return known.insert(key_in_any_order(element)).second; });
}

bool Schema::matches_document(const bson::Value& document) const {
  if (!property_counts.contains(document.fields().size())) return false;
  std::size_t questions = required.size() + properties.size();
  for (const Dependency& dependency : dependencies) questions += 1 + dependency.required.size();
  const NamedFields named(document, questions);
  for (const std::string& name : required) {
    if (!named.has(name)) return false;
  }
  for (const auto& property : properties) {
    const bson::Value* found = named.find(property.first);
    if (found != nullptr && !property.second->matches(*found)) return false;
  }
  for (const bson::Field& field : document.fields()) {
    bool is_named = property_names.count(field.name) > 0;
    for (const auto& property : pattern_properties) {
      if (!property.first.matches(field.name)) continue;
      is_named = true;
      if (!property.second->matches(field.value)) return false;
    }
    if (is_named) continue;
    if (!additional_properties.allowed) return false;
    if (additional_properties.schema != nullptr && !additional_properties.schema->matches(field.value)) return false;
  }
  for (const Dependency& dependency : dependencies) {
    if (!named.has(dependency.name)) continue;
    if (dependency.schema != nullptr && !dependency.schema->matches(document)) return false;
    for (const std::string& name : dependency.required) {
      if (!named.has(name)) return false;
    }
  }
  return true;
}

bool Schema::matches_combinations(const bson::Value& value) const {
  const auto holds = [&](const Pointer& schema) { return schema->matches(value); };
  if (!std::all_of(all_of.begin(), all_of.end(), holds)) return false;
  if (!any_of.empty() && std::none_of(any_of.begin(), any_of.end(), holds)) return false;
  if (!one_of.empty() && std::count_if(one_of.begin(), one_of.end(), holds) != 1) return false;
  return negated == nullptr || !negated->matches(value);
}

}  // namespace premortem::query::filtering
