// Documents as lists of pairs, and sets.
#include <algorithm>
#include <array>
#include <map>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

void check_key(const std::string& key) {
  if (key.find('\0') != std::string::npos) fail(4940400, "Key field cannot contain an embedded null byte");
}

bson::Field field_of_pair(const Value& pair) {
  constexpr const char* begin = "$arrayToObject requires an array of key-value pairs, where ";
  if (pair.elements().size() != 2)
    fail(40397, "$arrayToObject requires an array of size 2 arrays,found array of size: " +
                    std::to_string(pair.elements().size()));
  const Value& key = pair.elements()[0];
  if (!key.is_string())
    fail(40395, std::string(begin) + "the key must be of type string. Found key type: " + type_of(key));
  check_key(key.as_text());
  return {key.as_text(), pair.elements()[1]};
}

bson::Field field_of_object(const Value& pair) {
  if (pair.fields().size() != 2)
    fail(40392, "$arrayToObject requires an object with keys of 'k' and 'v'. Found incorrect number of keys:" +
                    std::to_string(pair.fields().size()));
  if (!pair.has("k") || !pair.has("v"))
    fail(40393, "$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: " +
                    bson::to_shell(pair));
  if (!pair["k"].is_string())
    fail(40394,
         "$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type "
         "string. Found type: " +
             type_of(pair["k"]));
  check_key(pair["k"].as_text());
  return {pair["k"].as_text(), pair["v"]};
}

Value array_to_object(std::string_view, Arguments& arguments) {
  const Value& array = arguments[0];
  if (array.is_nullish()) return Value::null();
  if (!array.is_array()) fail(40386, "$arrayToObject requires an array input, found: " + type_of(array));
  Value result = Value::document();
  if (array.elements().empty()) return result;
  const Type kind = array.elements()[0].type();
  if (kind != Type::array && kind != Type::document)
    fail(40398, "Unrecognised input type format for $arrayToObject: " + std::string(bson::type_name(kind)));
  std::map<std::string, std::size_t> places;  // The last of a name counts, in the place of the first.
  for (const Value& each : array.elements()) {
    if (each.type() != kind)
      fail(kind == Type::array ? 40396 : 40391,
           "$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. " +
               std::string(kind == Type::array ? "Array" : "Object") + " was detected, now found: " + type_of(each));
    bson::Field field = kind == Type::array ? field_of_pair(each) : field_of_object(each);
    const auto [place, is_new] = places.try_emplace(field.name, result.fields().size());
    if (is_new) {
      result.append(field.name, std::move(field.value));
    } else {
      result.fields()[place->second].value = std::move(field.value);
    }
  }
  return result;
}

Value object_to_array(std::string_view, Arguments& arguments) {
  if (arguments[0].is_nullish()) return Value::null();
  if (!arguments[0].is_document())
    fail(40390, "$objectToArray requires a document input, found: " + type_of(arguments[0]));
  Value result = Value::array();
  for (bson::Field& field : arguments[0].fields())
    result.push_back(bson::doc({{"k", Value::string(field.name)}, {"v", std::move(field.value)}}));
  return result;
}

using OrderedSet = std::map<std::string, Value>;

void insert_all(OrderedSet& set, const Value& array) {
  for (const Value& each : array.elements()) set.emplace(bson::key_string(each), each);
}
Value values_of(const OrderedSet& set) {
  Value result = Value::array();
  for (const auto& each : set) result.push_back(each.second);
  return result;
}

/// The server promises no order; here it is that of the values.
Value unite_or_intersect(std::string_view name, Arguments& arguments) {
  const bool unites = name == "$setUnion";
  OrderedSet set;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const Value& each = arguments[at];
    if (each.is_nullish()) return Value::null();
    if (!each.is_array())
      fail(unites ? 17043 : 17047,
           "All operands of " + std::string(name) + " must be arrays. One argument is of type: " + type_of(each));
    OrderedSet own;
    insert_all(own, each);
    if (unites || at == 0) {
      set.merge(own);
    } else {
      std::erase_if(set, [&](const auto& entry) { return own.count(entry.first) == 0; });
    }
  }
  return values_of(set);
}

Value subtract_sets(std::string_view, Arguments& arguments) {
  if (arguments[0].is_nullish() || arguments[1].is_nullish()) return Value::null();
  for (std::size_t at = 0; at < 2; ++at) {
    if (!arguments[at].is_array())
      fail(at == 0 ? 17048 : 17049, "both operands of $setDifference must be arrays. " +
                                        std::string(at == 0 ? "First" : "Second") +
                                        " argument is of type: " + type_of(arguments[at]));
  }
  OrderedSet gone;
  insert_all(gone, arguments[1]);
  Value left = Value::array();
  for (const Value& each : arguments[0].elements()) {
    if (gone.emplace(bson::key_string(each), Value()).second) left.push_back(each);
  }
  return left;
}

Value equal_sets(std::string_view, Arguments& arguments) {
  OrderedSet first;
  bool equal = true;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (!arguments[at].is_array())
      fail(17044, "All operands of $setEquals must be arrays. " + std::to_string(at + 1) +
                      "-th argument is of type: " + type_of(arguments[at]));
    OrderedSet own;
    insert_all(own, arguments[at]);
    if (at == 0) {
      first = std::move(own);
    } else {
      equal = equal && own.size() == first.size() &&
              std::equal(own.begin(), own.end(), first.begin(),
                         [](const auto& left, const auto& right) { return left.first == right.first; });
    }
  }
  return Value::boolean(equal);
}

Value is_subset(std::string_view, Arguments& arguments) {
  for (std::size_t at = 0; at < 2; ++at) {
    if (!arguments[at].is_array())
      fail(at == 0 ? 17046 : 17042, "both operands of $setIsSubset must be arrays. " +
                                        std::string(at == 0 ? "First" : "Second") +
                                        " argument is of type: " + type_of(arguments[at]));
  }
  OrderedSet all;
  insert_all(all, arguments[1]);
  const std::vector<Value>& some = arguments[0].elements();
  return Value::boolean(
      std::all_of(some.begin(), some.end(), [&](const Value& each) { return all.count(bson::key_string(each)) > 0; }));
}

Value truth_of_elements(std::string_view name, Arguments& arguments) {
  const bool any = name == "$anyElementTrue";
  if (!arguments[0].is_array())
    fail(any ? 17041 : 17040, std::string(name) + "'s argument must be an array, but is " + type_of(arguments[0]));
  const std::vector<Value>& all = arguments[0].elements();
  const auto is_true = [](const Value& each) { return each.truthy(); };
  return Value::boolean(any ? std::any_of(all.begin(), all.end(), is_true)
                            : std::all_of(all.begin(), all.end(), is_true));
}

const std::array<Operator, 2> objects{{
    {"$arrayToObject", 1, 1, array_to_object},
    {"$objectToArray", 1, 1, object_to_array},
}};

const std::array<Operator, 7> sets{{
    {"$setUnion", 0, any_number, unite_or_intersect},
    {"$setIntersection", 0, any_number, unite_or_intersect},
    {"$setDifference", 2, 2, subtract_sets},
    {"$setEquals", 2, any_number, equal_sets},
    {"$setIsSubset", 2, 2, is_subset},
    {"$anyElementTrue", 1, 1, truth_of_elements},
    {"$allElementsTrue", 1, 1, truth_of_elements},
}};

}  // namespace

std::span<const Operator> object_operators() { return objects; }
std::span<const Operator> set_operators() { return sets; }

}  // namespace premortem::query::expressing
