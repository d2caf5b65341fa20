// Stages about each document on its own: $match, $project, $addFields, $unset, $replaceRoot.
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/pipeline_stage.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query::staging {

namespace {

struct MatchStage final : EachStage {
  explicit MatchStage(const Filter& filter) : condition(filter) {}
  Value handle(Value document) const override { return condition.matches(document) ? std::move(document) : Value(); }
  const Filter* filter() const override { return &condition; }
  const Filter condition;
};

struct ProjectStage final : EachStage {
  explicit ProjectStage(const Projection& what) : projection(what) {}
  Value handle(Value document) const override {
    Value result = projection.apply(document);
    expressing::weigh(result);
    return result;
  }
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override { return wanted; }
  const Projection projection;
};

struct ReplaceRootStage final : EachStage {
  ReplaceRootStage(const AggregateExpression& expression, std::string begin_of_error)
      : root(expression), error(std::move(begin_of_error)) {}
  Value handle(Value document) const override {
    Value result = root.evaluate(document);
    if (!result.is_document())
      fail(40228, error + " must evaluate to an object, but resulting value was: " +
                      (result.is_missing() ? "MISSING" : bson::to_shell(result)) + ". Type of resulting value: '" +
                      expressing::type_of(result) + "'. Input document: " + bson::to_shell(document));
    return result;
  }
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override { return wanted; }
  const AggregateExpression root;
  const std::string error;
};

StagePointer make_projection(const std::string& name, const Value& specification, const Context& context,
                             Projection::Rules rules) {
  try {
    return std::make_shared<const ProjectStage>(Projection::parse_stage(specification, context, rules));
  } catch (const CommandError& error) {
    fail(error.code(), "Invalid " + name + " :: caused by :: " + error.what());
  }
}

}  // namespace

void parse_match(const std::string&, const Value& operand, const Surroundings& surroundings,
                 std::vector<StagePointer>& stages) {
  if (!operand.is_document()) fail(15959, "the match filter must be an expression in an object");
  stages.push_back(std::make_shared<const MatchStage>(Filter::parse(operand, surroundings.context)));
}

void parse_project(const std::string& name, const Value& operand, const Surroundings& surroundings,
                   std::vector<StagePointer>& stages) {
  const bool adds = name != "$project";
  if (!operand.is_document() && adds)
    fail(40272, name + " specification stage must be an object, got " + expressing::type_of(operand));
  if (!operand.is_document()) fail(15969, "$project specification must be an object");
  if (!adds && operand.fields().empty())
    fail(51272, "Invalid $project :: caused by :: projection specification must have at least one field");
  stages.push_back(make_projection(name, operand, surroundings.context,
                                   adds ? Projection::Rules::add_fields : Projection::Rules::project));
}

void parse_unset(const std::string& name, const Value& operand, const Surroundings& surroundings,
                 std::vector<StagePointer>& stages) {
  if (!operand.is_string() && !operand.is_array()) fail(31002, "$unset specification must be a string or an array");
  const std::vector<Value> fields = operand.is_string() ? std::vector<Value>{operand} : operand.elements();
  if (fields.empty()) fail(31119, "$unset specification must be a string or an array with at least one field");
  Value specification = Value::document();
  for (const Value& field : fields) {
    if (!field.is_string())
      fail(31120, "$unset specification must be a string or an array containing only string values");
    specification.append(field.as_text(), Value::int32(0));
  }
  stages.push_back(make_projection(name, specification, surroundings.context, Projection::Rules::project));
}

void parse_replace_root(const std::string& name, const Value& operand, const Surroundings& surroundings,
                        std::vector<StagePointer>& stages) {
  Value expression = operand;
  if (name == "$replaceRoot") {
    if (!operand.is_document())
      fail(40229, "expected an object as specification for $replaceRoot stage, got " + expressing::type_of(operand));
    for (const bson::Field& field : operand.fields()) {
      if (field.name != "newRoot")
        fail(40230, "unrecognized option to $replaceRoot stage: " + field.name + ", only valid option is 'newRoot'.");
    }
    if (!operand.has("newRoot")) fail(40231, "no newRoot specified for the $replaceRoot stage");
    expression = operand["newRoot"];
  }
  stages.push_back(std::make_shared<const ReplaceRootStage>(
      AggregateExpression::parse(expression, surroundings.context),
      name == "$replaceRoot" ? "'newRoot' expression " : "'replacement document' "));
}

}  // namespace premortem::query::staging
