// Filters about one element of an array. Source: mongodb/mongo, src/mongo/db/update/pull_node.cpp and
// src/mongo/db/matcher/expression_with_placeholder.cpp.
#include <algorithm>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter_node.hpp"

namespace premortem::query {

namespace {

bool is_array_filter_name(const std::string& name) {
  const auto is_letter = [](char each) { return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z'); };
  const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), [&](char each) { return is_letter(each) || is_digit(each); });
}

CommandError array_filter_error(int code, const std::string& what) {
  return CommandError(code, "Error parsing array filter :: caused by :: " + what);
}

}  // namespace

ElementFilter ElementFilter::parse_array_filter(const bson::Value& filter, std::string& name, const Context& context) {
  ElementFilter parsed;
  try {
    parsed.filter_ = Filter::parse(filter, context, false);
  } catch (const CommandError& error) {
    throw array_filter_error(error.code(), error.what());
  }
  std::vector<std::string> names;
  bool whole = false;
  if (parsed.filter_.root_ != nullptr) parsed.filter_.root_->collect_fields(names, whole);
  for (const std::string& each : names) {
    if (each != names.front())
      throw array_filter_error(code::failed_to_parse, "Expected a single top-level field name, found '" +
                                                          names.front() + "' and '" + each + "'");
  }
  if (names.empty())
    throw CommandError(code::failed_to_parse,
                       "Cannot use an expression without a top-level field name in arrayFilters");
  if (!is_array_filter_name(names.front()))
    throw array_filter_error(code::bad_value,
                             "The top-level field name must be an alphanumeric string beginning with a lowercase "
                             "letter, found '" +
                                 names.front() + "'");
  name = parsed.name_ = names.front();
  parsed.wraps_ = true;
  return parsed;
}

ElementFilter ElementFilter::parse_pull(const bson::Value& condition, const Context& context) {
  ElementFilter parsed;
  const bool has_operator = condition.is_document() && !condition.fields().empty() &&
                            filtering::is_field_operator(condition.fields().front().name);
  if (has_operator || condition.is(bson::Type::regex)) {
    parsed.wraps_ = true;
    parsed.filter_ = Filter::parse(bson::doc({{"", condition}}), context, false);
  } else if (condition.is_document()) {
    parsed.filter_ = Filter::parse(condition, context, false);
  } else {
    parsed.is_literal_ = true;
    parsed.literal_ = condition;
  }
  return parsed;
}

bool ElementFilter::matches(const bson::Value& element) const {
  if (is_literal_) return bson::equal(element, literal_);
  if (wraps_) return filter_.matches(bson::doc({{name_, element}}));
  return element.is_document() && filter_.matches(element);
}

}  // namespace premortem::query
