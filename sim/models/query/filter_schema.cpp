#include "sim/models/query/filter_schema.hpp"

#include <algorithm>
#include <charconv>

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

bool equal_in_any_order(const bson::Value& left, const bson::Value& right) {
  if (left.type() != right.type()) return bson::equal(left, right);
  if (left.is_array()) {
    return left.elements().size() == right.elements().size() &&
           std::equal(left.elements().begin(), left.elements().end(), right.elements().begin(), &equal_in_any_order);
  }
  if (!left.is_document()) return bson::equal(left, right);
  return left.fields().size() == right.fields().size() &&
         std::all_of(left.fields().begin(), left.fields().end(), [&](const bson::Field& field) {
           const bson::Value* other = right.find(field.name);
           return other != nullptr && equal_in_any_order(field.value, *other);
         });
}

bool Schema::Range::contains(std::size_t count) const {
  const auto number = static_cast<std::int64_t>(count);
  return (!least || number >= *least) && (!most || number <= *most);
}

bool Schema::matches(const bson::Value& value) const {
  if (types && !types->contains(value)) return false;
  if (!one_of_values.empty() && std::none_of(one_of_values.begin(), one_of_values.end(),
                                             [&](const bson::Value& each) { return equal_in_any_order(each, value); }))
    return false;
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
  for (std::size_t at = 0; at < elements.size(); ++at) {
    for (std::size_t before = 0; before < at; ++before) {
      if (equal_in_any_order(elements[before], elements[at])) return false;
    }
  }
  return true;
}

bool Schema::matches_document(const bson::Value& document) const {
  if (!property_counts.contains(document.fields().size())) return false;
  for (const std::string& name : required) {
    if (!document.has(name)) return false;
  }
  for (const auto& property : properties) {
    const bson::Value* found = document.find(property.first);
    if (found != nullptr && !property.second->matches(*found)) return false;
  }
  for (const bson::Field& field : document.fields()) {
    bool is_named = std::any_of(properties.begin(), properties.end(),
                                [&](const auto& property) { return property.first == field.name; });
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
    if (!document.has(dependency.name)) continue;
    if (dependency.schema != nullptr && !dependency.schema->matches(document)) return false;
    for (const std::string& name : dependency.required) {
      if (!document.has(name)) return false;
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
