// $out and $merge, which the carrier of the command carries out.
#include <array>
#include <set>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

void set_target(OutputStage& output, const std::string& name, const Value& target, int error) {
  if (target.is_string()) {
    output.collection = target.as_text();
  } else if (target.is_document()) {
    for (const bson::Field& field : target.fields()) {
      if (field.name != "db" && field.name != "coll") fail(error, "unknown argument to " + name + ": " + field.name);
      if (!field.value.is_string())
        fail(error, name + " '" + field.name + "' must be a string, but found " + expressing::type_of(field.value));
      (field.name == "db" ? output.database : output.collection) = field.value.as_text();
    }
  } else {
    fail(error, name + " only supports a string or object argument, but found " + expressing::type_of(target));
  }
  if (output.collection.empty())
    fail(code::invalid_namespace, "Invalid " + name + " target: the collection has no name");
}

void set_on(OutputStage& output, const Value& on) {
  output.on.clear();
  if (on.is_string()) {
    output.on.push_back(on.as_text());
  } else if (on.is_array()) {
    if (on.elements().empty()) fail(51187, "If explicitly specifying $merge 'on', must include at least one field");
    std::set<std::string_view> known;
    for (const Value& each : on.elements()) {
      if (!each.is_string())
        fail(51134, "$merge 'on' array elements must be strings, but found " + expressing::type_of(each));
      if (!known.insert(each.as_text()).second) fail(31465, "Found a duplicate field '" + each.as_text() + "'");
      output.on.push_back(each.as_text());
    }
  } else {
    fail(51186,
         "$merge 'on' field  must be either a string or an array of strings, but found " + expressing::type_of(on));
  }
}

[[noreturn]] void fail_enumeration(const std::string& field, const std::string& value) {
  fail(code::bad_value, "Enumeration value '" + value + "' for field '$merge." + field + "' is not a valid value.");
}

void set_when_matched(OutputStage& output, const Value& value, const Context& context) {
  using Matched = OutputStage::WhenMatched;
  if (value.is_array()) {
    output.when_matched = Matched::pipeline;
    output.pipeline = value;
    Context with_variables = context;
    if (!with_variables.let.is_document()) with_variables.let = Value::document();
    if (output.let.is_missing()) with_variables.let.set("new", Value::null());
    check_variable_count(output.let.fields().size());
    for (const bson::Field& field : output.let.fields()) {
      expressing::check_variable_name(field.name);
      AggregateExpression::parse(field.value, context);
      with_variables.let.set(field.name, Value::null());
    }
    parse_stages(value, {with_variables, true, false, 1, true}, nullptr);
    return;
  }
  if (!value.is_string())
    fail(51191,
         "$merge 'whenMatched' field  must be either a string or an array, but found " + expressing::type_of(value));
  constexpr std::array<std::pair<std::string_view, Matched>, 4> all{{{"replace", Matched::replace},
                                                                     {"keepExisting", Matched::keep_existing},
                                                                     {"merge", Matched::merge},
                                                                     {"fail", Matched::fail}}};
  for (const auto& each : all) {
    if (each.first != value.as_text()) continue;
    output.when_matched = each.second;
    return;
  }
  fail_enumeration("whenMatched", value.as_text());
}

void set_when_not_matched(OutputStage& output, const Value& value) {
  using NotMatched = OutputStage::WhenNotMatched;
  if (!value.is_string())
    fail(code::type_mismatch, "BSON field '$merge.whenNotMatched' is the wrong type '" + expressing::type_of(value) +
                                  "', expected type 'string'");
  const std::string& text = value.as_text();
  if (text != "insert" && text != "discard" && text != "fail") fail_enumeration("whenNotMatched", text);
  output.when_not_matched = text == "insert"    ? NotMatched::insert
                            : text == "discard" ? NotMatched::discard
                                                : NotMatched::fail;
}

/// MongoDB has no way to keep or to fail on a match and yet insert nothing.
void check_modes(const OutputStage& output) {
  using Matched = OutputStage::WhenMatched;
  using NotMatched = OutputStage::WhenNotMatched;
  const bool passive = output.when_matched == Matched::keep_existing || output.when_matched == Matched::fail;
  if (!passive || output.when_not_matched == NotMatched::insert) return;
  const std::string matched = output.when_matched == Matched::fail ? "fail" : "keepExisting";
  const std::string other = output.when_not_matched == NotMatched::fail ? "fail" : "discard";
  fail(51181, "Combination of $merge modes 'whenMatched: " + matched + "' and 'whenNotMatched: " + other +
                  "' is not supported");
}

}  // namespace

OutputStage parse_output(const std::string& name, const Value& operand, const Context& context) {
  OutputStage output;
  if (name == "$out") {
    set_target(output, name, operand, 16990);
    return output;
  }
  output.kind = OutputStage::Kind::merge;
  if (operand.is_string()) {
    set_target(output, name, operand, 51178);
    return output;
  }
  if (!operand.is_document())
    fail(51182, "$merge requires a string or object argument, but found " + expressing::type_of(operand));
  if (!operand.has("into")) fail(40414, "BSON field '$merge.into' is missing but a required field");
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "into") {
      set_target(output, name, field.value, 51178);
    } else if (field.name == "on") {
      set_on(output, field.value);
    } else if (field.name == "let") {
      if (!field.value.is_document())
        fail(code::type_mismatch, "BSON field '$merge.let' is the wrong type '" + expressing::type_of(field.value) +
                                      "', expected type 'object'");
      output.let = field.value;
    } else if (field.name == "whenNotMatched") {
      set_when_not_matched(output, field.value);
    } else if (field.name != "whenMatched") {
      fail(40415, "BSON field '$merge." + field.name + "' is an unknown field.");
    }
  }
  if (operand.has("whenMatched")) set_when_matched(output, operand["whenMatched"], context);
  if (!output.let.is_missing() && output.when_matched != OutputStage::WhenMatched::pipeline)
    fail(51199, "Cannot use 'let' variables with 'whenMatched: " + operand["whenMatched"].as_text() + "' mode");
  if (output.when_matched == OutputStage::WhenMatched::pipeline && output.let.is_missing())
    output.let = bson::doc({{"new", Value::string("$$ROOT")}});
  check_modes(output);
  return output;
}

}  // namespace premortem::query::staging
