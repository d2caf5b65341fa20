// $exists, $size, $mod and the tests of bits. Source: mongodb/mongo, src/mongo/db/matcher/expression_leaf.cpp and
// expression_parser.cpp.
#include <algorithm>
#include <functional>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"

namespace premortem::query::filtering {

namespace {

/// A test of one value that needs no more than the value.
struct TestNode final : PathNode {
  using Test = std::function<bool(const bson::Value&)>;
  TestNode(const std::string& dotted, LeafArray leaf_array, Test value_test)
      : PathNode(dotted, leaf_array), test(std::move(value_test)) {}
  bool matches_value(const bson::Value& value, MatchDetails*) const override { return test(value); }
  const Test test;
};

NodePointer make_test(const std::string& path, TestNode::Test test, LeafArray leaf = LeafArray::elements_then_itself) {
  return std::make_shared<const TestNode>(path, leaf, std::move(test));
}

std::int64_t parse_modulus(const std::string& what, const bson::Value& value) {
  if (!value.is_number()) throw CommandError(code::bad_value, "malformed mod, " + what + " not a number");
  const std::string prefix = "malformed mod, " + what + " value is invalid :: caused by :: ";
  if (is_nan_number(value) || is_infinite_number(value))
    throw CommandError(code::bad_value, prefix + "Unable to coerce NaN/Inf to integral type");
  const std::optional<WholeNumber> whole = truncated(value);
  if (!whole) throw CommandError(code::bad_value, prefix + "Out of bounds coercing to integral value");
  return whole->value;
}

/// Which bits, and what of them. Bits above the 63rd of a number are copies of its sign.
struct BitTest {
  bool all = false, set = false;
  std::vector<std::uint32_t> positions;

  template <typename IsSet>
  bool holds(IsSet is_set) const {
    const auto fits = [&](std::uint32_t position) { return is_set(position) == set; };
    return all ? std::all_of(positions.begin(), positions.end(), fits)
               : std::any_of(positions.begin(), positions.end(), fits);
  }
  bool matches(const bson::Value& value) const {
    if (value.is(bson::Type::binary)) {
      const std::string& bytes = value.as_text();
      return holds([&](std::uint32_t position) {
        return position / 8 < bytes.size() &&
               (static_cast<unsigned char>(bytes[position / 8]) >> (position % 8) & 1) != 0;
      });
    }
    const std::optional<WholeNumber> whole = truncated(value);
    if (!whole || !whole->exact) return false;
    const auto bits = static_cast<std::uint64_t>(whole->value);
    return holds([&](std::uint32_t position) { return (bits >> std::min(position, 63U) & 1) != 0; });
  }
};

std::vector<std::uint32_t> parse_bit_positions(const std::string& path, const std::string& name,
                                               const bson::Value& operand) {
  std::vector<std::uint32_t> positions;
  if (operand.is_array()) {
    for (std::size_t at = 0; at < operand.elements().size(); ++at) {
      try {
        positions.push_back(
            static_cast<std::uint32_t>(parse_non_negative_int32(std::to_string(at), operand.elements()[at])));
      } catch (const CommandError& error) {
        throw CommandError(code::bad_value, std::string("Failed to parse bit position. ") + error.what());
      }
    }
    return positions;
  }
  if (operand.is_number()) {
    const auto mask = static_cast<std::uint64_t>(parse_non_negative_integer(name, operand));
    for (std::uint32_t position = 0; position < 64; ++position) {
      if ((mask >> position & 1) != 0) positions.push_back(position);
    }
    return positions;
  }
  if (!operand.is(bson::Type::binary))
    throw CommandError(code::bad_value, path + " takes an Array, a number, or a BinData but received: " + name + ": " +
                                            bson::to_shell(operand));
  const std::string& bytes = operand.as_text();
  for (std::size_t position = 0; position < bytes.size() * 8; ++position) {
    if ((static_cast<unsigned char>(bytes[position / 8]) >> (position % 8) & 1) != 0)
      positions.push_back(static_cast<std::uint32_t>(position));
  }
  return positions;
}

}  // namespace

NodePointer make_exists(const std::string& path, const bson::Value& operand) {
  NodePointer exists = make_test(path, [](const bson::Value& value) { return !value.is_missing(); });
  if (operand.truthy()) return exists;
  return std::make_shared<const NotNode>(std::move(exists));
}

NodePointer make_size(const std::string& path, const bson::Value& operand) {
  std::size_t size = 0;
  try {
    size = static_cast<std::size_t>(parse_non_negative_int32("$size", operand));
  } catch (const CommandError& error) {
    throw CommandError(code::bad_value, std::string("Failed to parse $size. ") + error.what());
  }
  return make_test(
      path, [size](const bson::Value& value) { return value.is_array() && value.elements().size() == size; },
      LeafArray::itself);
}

NodePointer make_mod(const std::string& path, const bson::Value& operand) {
  if (!operand.is_array()) throw CommandError(code::bad_value, "malformed mod, needs to be an array");
  const std::vector<bson::Value>& parts = operand.elements();
  if (parts.empty()) throw CommandError(code::bad_value, "malformed mod, not enough elements");
  if (!parts[0].is_number()) throw CommandError(code::bad_value, "malformed mod, divisor not a number");
  if (parts.size() < 2) throw CommandError(code::bad_value, "malformed mod, not enough elements");
  if (!parts[1].is_number()) throw CommandError(code::bad_value, "malformed mod, remainder not a number");
  if (parts.size() > 2) throw CommandError(code::bad_value, "malformed mod, too many elements");
  const std::int64_t divisor = parse_modulus("divisor", parts[0]);
  const std::int64_t remainder = parse_modulus("remainder", parts[1]);
  if (divisor == 0) throw CommandError(code::bad_value, "divisor cannot be 0");
  return make_test(path, [divisor, remainder](const bson::Value& value) {
    const std::optional<WholeNumber> whole = truncated(value);
    // The least number divided by -1 does not fit, but nothing remains of any number divided by -1.
    return whole && (divisor == -1 ? 0 : whole->value % divisor) == remainder;
  });
}

NodePointer make_bit_test(const std::string& path, const std::string& name, const bson::Value& operand) {
  BitTest test;
  test.all = name == "$bitsAllSet" || name == "$bitsAllClear";
  test.set = name == "$bitsAllSet" || name == "$bitsAnySet";
  test.positions = parse_bit_positions(path, name, operand);
  return make_test(path, [test](const bson::Value& value) { return test.matches(value); });
}

NodePointer make_type(const std::string& path, const bson::Value& operand) {
  TypeSet types;
  if (operand.is_array()) {
    for (const bson::Value& each : operand.elements()) types.add(each);
  } else {
    types.add(operand);
  }
  if (types.is_empty()) throw CommandError(code::failed_to_parse, path + " must match at least one type");
  return make_test(path, [types](const bson::Value& value) { return types.contains(value); });
}

}  // namespace premortem::query::filtering
