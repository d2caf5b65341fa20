// Arrays made, put together and taken apart.
#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/expression_text.hpp"
#include "sim/models/query/path.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query::expressing {

namespace {

std::int64_t index_argument(const Value& value, const std::string& begin, int not_a_number, int not_exact) {
  if (!value.is_number()) fail(not_a_number, begin + " must be a numeric value, but is " + type_of(value));
  const std::optional<std::int64_t> whole = exact_int32(value);
  if (!whole) fail(not_exact, begin + " must be representable as a 32-bit integer: " + bson::to_shell(value));
  return *whole;
}

Value element_of(const Value& array, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(array.elements().size());
  if (index < 0) index += size;
  return index < 0 || index >= size ? Value() : array.elements()[static_cast<std::size_t>(index)];
}

Value element_at(std::string_view, Arguments& arguments) {
  if (arguments[0].is_nullish() || arguments[1].is_nullish()) return Value::null();
  if (!arguments[0].is_array())
    fail(28689, "$arrayElemAt's first argument must be an array, but is " + type_of(arguments[0]));
  return element_of(arguments[0], index_argument(arguments[1], "$arrayElemAt's second argument", 28690, 28691));
}

Value end_element(std::string_view name, Arguments& arguments) {
  if (arguments[0].is_nullish()) return Value::null();
  if (!arguments[0].is_array())
    fail(28689, std::string(name) + "'s argument must be an array, but is " + type_of(arguments[0]));
  return element_of(arguments[0], name == "$first" ? 0 : -1);
}

Value concatenate_arrays(std::string_view, Arguments& arguments) {
  Value all = Value::array();
  for (Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_array()) fail(28664, "$concatArrays only supports arrays, not " + type_of(each));
    for (Value& element : each.elements()) all.push_back(std::move(element));
  }
  return all;
}

Value is_in(std::string_view, Arguments& arguments) {
  if (!arguments[1].is_array())
    fail(40081, "$in requires an array as a second argument, found: " + type_of(arguments[1]));
  const std::vector<Value>& elements = arguments[1].elements();
  return Value::boolean(std::any_of(elements.begin(), elements.end(),
                                    [&](const Value& element) { return bson::equal(element, arguments[0]); }));
}

std::size_t array_search_bound(const Value& value, std::string_view which) {
  const std::optional<std::int64_t> whole = exact_int32(value);
  if (!whole)
    fail(40096, "$indexOfArray requires an integral " + std::string(which) + " index, found a value of type: " +
                    type_of(value) + ", with value: \"" + bson::to_shell(value) + "\"");
  if (*whole < 0)
    fail(40097,
         "$indexOfArray requires a nonnegative " + std::string(which) + " index, found: " + std::to_string(*whole));
  return static_cast<std::size_t>(*whole);
}

Value index_in_array(std::string_view, Arguments& arguments) {
  if (arguments[0].is_nullish()) return Value::null();
  if (!arguments[0].is_array())
    fail(40090, "$indexOfArray requires an array as a first argument, found: " + type_of(arguments[0]));
  const std::vector<Value>& elements = arguments[0].elements();
  const std::size_t begin = arguments.size() > 2 ? array_search_bound(arguments[2], "starting") : 0;
  std::size_t end = elements.size();
  if (arguments.size() > 3) end = std::min(end, array_search_bound(arguments[3], "ending"));
  for (std::size_t at = begin; at < end; ++at) {
    if (bson::equal(elements[at], arguments[1])) return Value::int32(static_cast<std::int32_t>(at));
  }
  return Value::int32(-1);
}

Value is_array(std::string_view, Arguments& arguments) { return Value::boolean(arguments[0].is_array()); }

Value size_of(std::string_view, Arguments& arguments) {
  if (!arguments[0].is_array())
    fail(17124, "The argument to $size must be an array, but was of type: " + type_of(arguments[0]));
  return Value::int32(static_cast<std::int32_t>(arguments[0].elements().size()));
}

Value reverse(std::string_view, Arguments& arguments) {
  if (arguments[0].is_nullish()) return Value::null();
  if (!arguments[0].is_array())
    fail(34435, "The argument to $reverseArray must be an array, but was of type: " + type_of(arguments[0]));
  std::reverse(arguments[0].elements().begin(), arguments[0].elements().end());
  return std::move(arguments[0]);
}

std::int64_t range_argument(const Value& value, std::string_view article, std::string_view what, int first_error) {
  const std::string begin = "$range requires a" + std::string(article);
  if (!value.is_number())
    fail(first_error,
         "$range requires a numeric " + std::string(what) + " value, found value of type: " + type_of(value));
  const std::optional<std::int64_t> whole = exact_int32(value);
  if (!whole)
    fail(first_error + 1, begin + " " + std::string(what) + " value that can be represented as a 32-bit integer, " +
                              "found value: " + bson::to_shell(value));
  return *whole;
}

Value range(std::string_view, Arguments& arguments) {
  const std::int64_t begin = range_argument(arguments[0], "", "starting", 34443),
                     end = range_argument(arguments[1], "n", "ending", 34445);
  const std::int64_t step = arguments.size() > 2 ? range_argument(arguments[2], "", "step", 34447) : 1;
  if (step == 0) fail(34449, "$range requires a non-zero step value");
  Value numbers = Value::array();
  Growth growth;
  for (std::int64_t at = begin; step > 0 ? at < end : at > end; at += step) {
    growth.add_bytes(sizeof(Value));
    numbers.push_back(Value::int32(static_cast<std::int32_t>(at)));
  }
  return numbers;
}

Value slice(std::string_view, Arguments& arguments) {
  for (const Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
  }
  const Value& array = arguments[0];
  if (!array.is_array()) fail(28724, "First argument to $slice must be an array, but is of type: " + type_of(array));
  const auto number = [&](std::size_t at, const std::string& which, int error) {
    if (!arguments[at].is_number())
      fail(error, which + " argument to $slice must be a numeric value, but is of type: " + type_of(arguments[at]));
    const std::optional<std::int64_t> whole = exact_int32(arguments[at]);
    if (!whole)
      fail(error + 1,
           which + " argument to $slice can't be represented as a 32-bit integer: " + bson::to_shell(arguments[at]));
    return *whole;
  };
  const auto size = static_cast<std::int64_t>(array.elements().size());
  const std::int64_t second = number(1, "Second", 28725);
  std::int64_t begin = second < 0 ? std::max<std::int64_t>(0, size + second) : second, end = size;
  if (arguments.size() == 2) {
    if (second >= 0) begin = 0, end = second;
  } else {
    const std::int64_t count = number(2, "Third", 28727);
    if (count <= 0) fail(28729, "Third argument to $slice must be positive: " + bson::to_shell(arguments[2]));
    end = begin + count;
  }
  begin = std::min(begin, size), end = std::min(end, size);
  return Value::array({array.elements().begin() + begin, array.elements().begin() + end});
}

const std::array<Operator, 11> arrays{{
    {"$arrayElemAt", 2, 2, element_at},
    {"$first", 1, 1, end_element},
    {"$last", 1, 1, end_element},
    {"$concatArrays", 0, any_number, concatenate_arrays},
    {"$in", 2, 2, is_in},
    {"$indexOfArray", 2, 4, index_in_array},
    {"$isArray", 1, 1, is_array},
    {"$size", 1, 1, size_of},
    {"$reverseArray", 1, 1, reverse},
    {"$range", 2, 3, range},
    {"$slice", 2, 3, slice},
}};

}  // namespace

std::span<const Operator> array_operators() { return arrays; }

}  // namespace premortem::query::expressing
