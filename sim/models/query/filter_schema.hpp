#pragma once
// $jsonSchema: draft 4 as MongoDB has it. Private to the filter. Source: MongoDB manual, "$jsonSchema"; mongodb/mongo,
// src/mongo/db/matcher/schema/json_schema_parser.cpp, whose codes and texts these are.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/regex.hpp"

namespace premortem::query::filtering {

/// What is said of a value. A keyword about one type says nothing about values of other types.
struct Schema {
  using Pointer = std::shared_ptr<const Schema>;
  /// `additionalItems` and its like: a schema, or yes or no.
  struct Rest {
    bool allowed = true;
    Pointer schema;
  };
  struct Dependency {
    std::string name;
    std::vector<std::string> required;
    Pointer schema;
  };
  struct Range {
    std::optional<std::int64_t> least, most;
    bool contains(std::size_t count) const;
  };

  /// Throws CommandError.
  static Pointer parse(const bson::Value& document);
  bool matches(const bson::Value& value) const;

  std::optional<TypeSet> types;
  std::set<std::string> one_of_values;  ///< enum, as key_in_any_order() has it; empty: anything.
  std::vector<NodePointer> number_limits;
  bson::Value multiple_of;  ///< Missing: of anything.
  Range lengths, item_counts, property_counts;
  std::optional<Regex> pattern;
  Pointer every_item;
  std::vector<Pointer> items_in_order;
  bool has_items_in_order = false, unique_items = false;
  Rest additional_items, additional_properties;
  std::vector<std::pair<std::string, Pointer>> properties;
  std::set<std::string> property_names;
  std::vector<std::pair<Regex, Pointer>> pattern_properties;
  std::vector<std::string> required;
  std::vector<Dependency> dependencies;
  std::vector<Pointer> all_of, any_of, one_of;
  Pointer negated;

 private:
  bool matches_array(const bson::Value& array) const;
  bool matches_document(const bson::Value& document) const;
  bool matches_combinations(const bson::Value& value) const;
};

/// The same for values that are equal but for the order of fields: what `enum` and `uniqueItems` mean by equal.
std::string key_in_any_order(const bson::Value& value);
/// Whether nothing remains of a number divided by another, both as decimals.
bool is_multiple(const bson::Value& number, const bson::Value& divisor);

}  // namespace premortem::query::filtering
