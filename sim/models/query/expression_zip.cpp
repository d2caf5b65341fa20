// Arrays put side by side, sorted, and cut to their ends.
#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/path.hpp"
#include "sim/models/query/projection.hpp"
#include "sim/models/query/stage_accumulator.hpp"

namespace premortem::query::expressing {

namespace {

Value zip(std::string_view, Arguments& arguments) {
  const Value &inputs = arguments[0], &longest = arguments[1], &defaults = arguments[2];
  if (!inputs.is_array()) fail(34461, "inputs must be an array of expressions, found " + type_of(inputs));
  if (inputs.elements().empty()) fail(34465, "$zip requires at least one input array");
  if (!longest.is_missing() && !longest.is(Type::boolean))
    fail(34463, "useLongestLength must be a bool, found " + type_of(longest));
  const bool to_longest = longest.truthy();
  if (!defaults.is_missing()) {
    if (!defaults.is_array()) fail(34462, "defaults must be an array of expressions, found " + type_of(defaults));
    if (!to_longest) fail(34466, "cannot specify defaults unless useLongestLength is true");
    if (defaults.elements().size() != inputs.elements().size())
      fail(34467, "defaults and inputs must have the same length");
  }
  std::size_t length = to_longest ? 0 : SIZE_MAX;
  for (const Value& each : inputs.elements()) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_array()) fail(34468, "$zip found a non-array expression in input: " + bson::to_shell(each));
    length = to_longest ? std::max(length, each.elements().size()) : std::min(length, each.elements().size());
  }
  Value zipped = Value::array();
  Growth growth;
  for (std::size_t at = 0; at < length; ++at) {
    Value row = Value::array();
    for (std::size_t which = 0; which < inputs.elements().size(); ++which) {
      const std::vector<Value>& input = inputs.elements()[which].elements();
      const Value& instead = defaults.is_array() ? defaults.elements()[which] : missing();
      const Value& element = at < input.size() ? input[at] : instead;
      row.push_back(element.is_missing() ? Value::null() : element);
      growth.add(row.elements().back());
    }
    zipped.push_back(std::move(row));
  }
  return zipped;
}

Value several(std::string_view name, Arguments& arguments) {
  const std::int64_t count = read_count(name, arguments[0]);
  if (!arguments[1].is_array()) fail(5788200, "Input must be an array");
  const auto accumulator = make_accumulator_of_several(name, count);
  for (const Value& each : arguments[1].elements()) accumulator->add(each);
  return accumulator->result();
}

Value sort_array(std::string_view, Arguments& arguments) {
  Value& input = arguments[0];
  const Value& by = arguments[1];
  if (input.is_nullish()) return Value::null();
  if (!input.is_array())
    fail(2942504, "The input argument to $sortArray must be an array, but was of type: " + type_of(input));
  if (!by.is_number() && !by.is_document()) fail(2942506, "$sortArray sort direction must be 1 or -1");
  std::vector<std::pair<std::string, Value>> keyed;
  const bool is_whole = by.is_number();
  const Sort sort = is_whole ? Sort() : Sort::parse(by);
  const bool descending = is_whole && by.integral() == -1;
  for (Value& element : input.elements()) {
    std::string key = is_whole ? bson::key_string({element}, {descending}) : sort.key(element);
    keyed.emplace_back(std::move(key), std::move(element));
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  Value sorted = Value::array();
  for (auto& each : keyed) sorted.push_back(std::move(each.second));
  return sorted;
}

const std::array<Operator, 5> slices{{
    {"$zip", 1, 3, zip, {"inputs", "useLongestLength", "defaults"}, 34460, 34464, 34465},
    {"$firstN", 2, 2, several, {"n", "input"}, 5787900, 5787901, 5787906},
    {"$lastN", 2, 2, several, {"n", "input"}, 5787900, 5787901, 5787906},
    {"$minN", 2, 2, several, {"n", "input"}, 5787900, 5787901, 5787906},
    {"$maxN", 2, 2, several, {"n", "input"}, 5787900, 5787901, 5787906},
}};

const Operator sorter{"$sortArray", 2, 2, sort_array};

Value accumulate(std::string_view name, Arguments& arguments) {
  const auto accumulator = make_accumulator(name);
  // A single array means its elements; of several arguments each is a value of its own.
  const bool is_list = arguments.size() == 1 && arguments[0].is_array() && name != "$mergeObjects";
  for (const Value& each : is_list ? arguments[0].elements() : arguments) accumulator->add(each);
  return accumulator->result();
}

Value merge_objects(std::string_view name, Arguments& arguments) {
  if (arguments.size() != 1 || !arguments[0].is_array()) return accumulate(name, arguments);
  return accumulate(name, arguments[0].elements());
}

const std::array<Operator, 7> accumulating{{
    {"$sum", 0, any_number, accumulate},
    {"$avg", 0, any_number, accumulate},
    {"$min", 0, any_number, accumulate},
    {"$max", 0, any_number, accumulate},
    {"$stdDevPop", 0, any_number, accumulate},
    {"$stdDevSamp", 0, any_number, accumulate},
    {"$mergeObjects", 0, any_number, merge_objects},
}};

}  // namespace

const Operator& array_sorter() { return sorter; }
std::span<const Operator> array_slice_operators() { return slices; }
std::span<const Operator> accumulating_operators() { return accumulating; }

}  // namespace premortem::query::expressing
