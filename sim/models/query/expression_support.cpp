// What the operators of expressions share: names in errors, and limits of what a result may take.
#include <algorithm>
#include <array>

#include "sim/models/bson/codec.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

// MongoDB's limit for what one stage holds in memory.
constexpr std::size_t result_bytes_max = 100 * 1024 * 1024;
// So many values are looked at, or made, in the time that one node takes.
constexpr std::size_t weighed_per_step = 16, copied_per_step = 8;
constexpr int result_depth_max = 200;  // What MongoDB takes within the server.

void weigh_into(const Value& value, int depth, std::size_t& bytes) {
  if (depth > result_depth_max)
    fail(code::overflow, "BSONObj exceeds maximum nested object depth: " + std::to_string(result_depth_max));
  bytes += sizeof(Value) + value.as_text().size() + value.regex_options().size();
  if (bytes > result_bytes_max) {
    fail(code::memory_limit,
         "Exceeded memory limit of " + std::to_string(result_bytes_max) + " bytes for the value of an expression");
  }
  for (const bson::Field& field : value.fields()) {
    bytes += field.name.size() + sizeof(std::string);
    weigh_into(field.value, depth + 1, bytes);
  }
  for (const Value& element : value.elements()) weigh_into(element, depth + 1, bytes);
}

const std::vector<const Operator*>& sorted_operators() {
  static const std::vector<const Operator*> sorted = [] {
    std::vector<const Operator*> all;
    for (const std::span<const Operator> some :
         {arithmetic_operators(), bitwise_operators(), comparison_operators(), string_operators(),
          string_search_operators(), regex_operators(), array_operators(), array_slice_operators(), object_operators(),
          set_operators(), date_parts_operators(), date_text_operators(), date_arithmetic_operators(),
          conversion_operators(), accumulating_operators()}) {
      for (const Operator& each : some) all.push_back(&each);
    }
    std::sort(all.begin(), all.end(),
              [](const Operator* left, const Operator* right) { return left->name < right->name; });
    return all;
  }();
  return sorted;
}

}  // namespace

const Operator* find_operator(std::string_view name) {
  const std::vector<const Operator*>& all = sorted_operators();
  const auto found = std::lower_bound(all.begin(), all.end(), name,
                                      [](const Operator* each, std::string_view other) { return each->name < other; });
  return found != all.end() && (*found)->name == name ? *found : nullptr;
}

const SpecialOperator* find_special_operator(std::string_view name) {
  for (const std::span<const SpecialOperator> some :
       {logic_operators(), loop_operators(), field_operators(), special_conversion_operators(), date_part_operators(),
        other_operators()}) {
    for (const SpecialOperator& each : some) {
      if (each.name == name) return &each;
    }
  }
  return nullptr;
}

std::size_t weigh(const Value& value) {
  std::size_t bytes = 0;
  weigh_into(value, 1, bytes);
  return bytes;
}

void Growth::add_bytes(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > result_bytes_max)
    fail(code::memory_limit,
         "Exceeded memory limit of " + std::to_string(result_bytes_max) + " bytes for the value of an expression");
}

void spend_on_copy(Variables& variables, const Value& value) {
  variables.spend(weigh(value) / sizeof(Value) / copied_per_step);
}

void Holding::add(const Value& value) {
  const std::size_t weight = weigh(value);
  growth_.add_bytes(weight);
  variables_.spend(weight / sizeof(Value) / weighed_per_step);
  variables_.hold(weight);
  bytes_ += weight;
}

void fail(int code, const std::string& text) { throw CommandError(code, text); }
std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }
std::string type_of(const Value& value) { return std::string(bson::type_name(value.type())); }
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

}  // namespace premortem::query::expressing
