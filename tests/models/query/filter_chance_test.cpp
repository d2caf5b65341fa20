// Filters by chance: what must hold for all of them, and that rubbish is refused and harms nothing.
#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/path.hpp"
#include "sim/models/query/projection.hpp"
#include "tests/models/query/filter_support.hpp"

using namespace premortem;
using bson::Value;

namespace {

/// A small generator of its own, so that a failure can be run again by its number.
class FilterChance {
 public:
  explicit FilterChance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % limit;
  }
  template <typename List>
  const auto& pick(const List& list) {
    return list[below(list.size())];
  }

  Value scalar() {
    switch (below(14)) {
      case 0:
        return Value::null();
      case 1:
        return Value::boolean(below(2) == 0);
      case 2:
        return Value::string(std::string(below(3), 'a'));
      case 3:
        return Value::date(static_cast<std::int64_t>(below(3)));
      case 4:
        return Value::number(static_cast<double>(below(5)) / 2 - 1);
      case 5:
        return Value::int64(static_cast<std::int64_t>(below(4)));
      case 6:
        return pick(odd_values());
      default:
        return Value::int32(static_cast<std::int32_t>(below(5)) - 1);
    }
  }
  Value value(int depth) {
    if (depth == 0 || below(2) == 0) return scalar();
    Value result = below(2) == 0 ? Value::array() : Value::document();
    for (std::size_t left = below(4); left > 0; --left) {
      if (result.is_array()) {
        result.push_back(value(depth - 1));
      } else {
        result.set(pick(names), value(depth - 1));
      }
    }
    return result;
  }
  Value document() {
    Value result = Value::document();
    for (const std::string_view name : names) {
      if (below(3) != 0) result.set(name, value(3));
    }
    return result;
  }
  /// What $gt and its kin take.
  static Value comparable(Value value) {
    return value.is(bson::Type::undefined) || value.is(bson::Type::regex) ? Value::int32(1) : value;
  }
  /// A condition that is well formed.
  Value condition() {
    const std::string path(pick(paths));
    const std::string operation(pick(comparisons));
    Value operand = comparable(value(1));
    if (operation == "$in" || operation == "$nin" || operation == "$all") {
      operand = bson::arr({comparable(scalar()), comparable(value(1))});
    } else if (operation == "$exists") {
      operand = Value::boolean(below(2) == 0);
    } else if (operation == "$elemMatch") {
      operand = bson::doc({{std::string(below(2) == 0 ? "$gte" : "b"), comparable(scalar())}});
    }
    return bson::doc({{path, bson::doc({{operation, std::move(operand)}})}});
  }
  /// Anything, with operators where they belong and where they do not.
  Value rubbish(int depth) {
    if (depth == 0 || below(4) == 0) return scalar();
    Value result = below(3) == 0 ? Value::array() : Value::document();
    for (std::size_t left = below(4); left > 0; --left) {
      if (result.is_array()) {
        result.push_back(rubbish(depth - 1));
      } else {
        result.append(below(3) == 0 ? pick(paths) : pick(words), rubbish(depth - 1));
      }
    }
    return result;
  }

  static constexpr std::array<std::string_view, 4> names = {"a", "b", "0", ""};
  static constexpr std::array<std::string_view, 8> paths = {"a", "b", "a.b", "a.0", "a.b.a", "b.a", "", "a."};
  static constexpr std::array<std::string_view, 11> comparisons = {
      "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$elemMatch", "$all"};
  static constexpr std::array<std::string_view, 36> words = {
      "$and",    "$or",      "$nor",        "$not",        "$eq",         "$ne",
      "$gt",     "$gte",     "$lt",         "$in",         "$nin",        "$all",
      "$size",   "$type",    "$elemMatch",  "$mod",        "$bitsAllSet", "$bitsAnyClear",
      "$regex",  "$options", "$exists",     "$jsonSchema", "$comment",    "$where",
      "$text",   "$near",    "properties",  "required",    "bsonType",    "items",
      "minimum", "enum",     "$alwaysTrue", "$",           "$ref",        "$id"};

 private:
  static const std::vector<Value>& odd_values() {
    static const std::vector<Value> values = {Value::min_key(),
                                              Value::max_key(),
                                              Value::undefined(),
                                              Value::regex("a", "i"),
                                              Value::object_id("123456789012"),
                                              Value::binary(0, "\x05"),
                                              Value::timestamp(1, 2),
                                              Value::number(std::numeric_limits<double>::quiet_NaN()),
                                              Value::decimal(0x3040000000000000ULL, 2),
                                              Value::code("x"),
                                              Value::symbol("a"),
                                              Value::regex("(", ""),
                                              Value::string("int"),
                                              Value::string("^a")};
    return values;
  }
  std::uint64_t state_;
};

/// The seed stands first, so that a failure tells it.
using Answers = std::tuple<std::uint64_t, bool, bool, bool, bool>;

bool lies_within(const query::PathBounds& bound, const Value& value) {
  if (!bound.points.empty())
    return std::any_of(bound.points.begin(), bound.points.end(),
                       [&](const Value& point) { return bson::equal(point, value); });
  return (bound.low.is_missing() || bson::compare(bound.low, value) <= 0) &&
         (bound.high.is_missing() || bson::compare(value, bound.high) <= 0);
}

}  // namespace

TEST_CASE("negations, lists and bounds agree with each other for filters by chance", "[filter]") {
  std::size_t bounded = 0, matched = 0;
  for (std::uint64_t seed = 0; seed < 40'000; ++seed) {
    FilterChance chance(seed);
    const Value document = chance.document(), first = chance.condition(), second = chance.condition();
    const auto matches = [&](const Value& filter) { return query::Filter::parse(filter, {}).matches(document); };
    const bool one = matches(first), two = matches(second);
    const Value both = bson::arr({first, second});
    const bson::Field& field = first.fields().front();
    const Answers answers = {seed, matches(bson::doc({{"$and", both}})), matches(bson::doc({{"$or", both}})),
                             matches(bson::doc({{"$nor", both}})),
                             matches(bson::doc({{field.name, bson::doc({{"$not", field.value}})}}))};
    REQUIRE(answers == Answers{seed, one && two, one || two, !one && !two, !one});
    if (!one) continue;
    ++matched;
    for (const query::PathBounds& bound : query::Filter::parse(first, {}).bounds()) {
      ++bounded;
      bool within = false, any = false;
      const query::Path path(bound.path);
      query::visit_path(document, path.parts(), query::LeafArray::elements_then_itself,
                        [&](const Value& value, std::int64_t) {
                          any = true;
                          within = within || lies_within(bound, value);
                          return false;
                        });
      REQUIRE(any);
      REQUIRE(std::pair(seed, within) == std::pair(seed, true));
    }
  }
  CHECK(matched > 9'000);
  CHECK(bounded > 900);
}

TEST_CASE("the position that a match tells is one of an array's elements, and that element matches alone", "[filter]") {
  std::size_t positions = 0;
  for (std::uint64_t seed = 0; seed < 40'000; ++seed) {
    FilterChance chance(seed);
    const Value document = chance.document(), value = FilterChance::comparable(chance.scalar());
    const query::Filter filter = query::Filter::parse(bson::doc({{"a", bson::doc({{"$gte", value}})}}), {});
    query::MatchDetails details;
    if (!filter.matches(document, &details) || details.array_index < 0) continue;
    ++positions;
    const std::vector<Value>& elements = document["a"].elements();
    REQUIRE(static_cast<std::size_t>(details.array_index) < elements.size());
    REQUIRE(filter.matches(bson::doc({{"a", bson::arr({elements[static_cast<std::size_t>(details.array_index)]})}})));
  }
  CHECK(positions > 500);
}

TEST_CASE("rubbish is refused with a code, or is a filter that answers the same twice", "[filter]") {
  std::size_t taken = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 60'000; ++seed) {
    FilterChance chance(seed);
    const Value rubbish = chance.rubbish(4), document = chance.document();
    try {
      const query::Filter filter = query::Filter::parse(rubbish, {});
      const bool answer = filter.matches(document);
      REQUIRE(std::pair(seed, filter.matches(document)) == std::pair(seed, answer));
      bool whole = false;
      filter.fields(whole);
      filter.bounds();
      filter.equalities();
      ++taken;
    } catch (const query::CommandError& error) {
      REQUIRE(error.code() > 0);
      ++refused;
    }
    try {
      query::Sort::parse(rubbish).key(document);
      query::ElementFilter::parse_pull(rubbish, {}).matches(document);
    } catch (const query::CommandError&) {
      ++refused;
    }
  }
  CHECK(taken > 3'000);
  CHECK(refused > 20'000);
}
