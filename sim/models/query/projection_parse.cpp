// From {a: 1, 'b.c': {$slice: 2}} to the tree of names.
#include <algorithm>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/projection_plan.hpp"
#include "sim/models/query/update_path.hpp"

namespace premortem::query {

namespace {

using ProjectionKind = ProjectionNode::Kind;

using ProjectionType = Projection::Plan::Type;

bool is_positional_name(const std::string& name) { return name.ends_with(".$"); }

class ProjectionParser {
 public:
  ProjectionParser(const Context& context, Projection::Rules rules, const Filter* filter, Projection::Plan& plan)
      : context_(context), rules_(rules), filter_(filter), plan_(plan) {
    if (rules == Projection::Rules::add_fields) type_ = ProjectionType::addition;
  }

  void parse(const bson::Value& projection) {
    for (const bson::Field& field : projection.fields()) {
      if (field.name == "_id" || field.name.starts_with("_id.")) id_is_named_ = true;
      parse_field(field, plan_.root, 0);
    }
    if (!type_) type_ = fallback_type();
    plan_.type = *type_;
    if (!id_is_named_ && type_ == ProjectionType::inclusion)
      add_projection_node(plan_.root, 0, "_id", {"_id"}, ProjectionKind::included);
    // {_id: 1, a: 0} is allowed and says nothing about _id.
    if (type_ == ProjectionType::exclusion && id_is_included_) plan_.root.erase("_id");
    finish_projection(plan_);
    if (has_positional_) plan_.filter = *filter_;
  }

 private:
  ProjectionType fallback_type() const {
    if (has_slice_) return id_is_included_ ? ProjectionType::inclusion : ProjectionType::exclusion;
    if (has_elem_match_ || id_is_included_) return ProjectionType::inclusion;
    return ProjectionType::exclusion;
  }

  void parse_field(const bson::Field& field, ProjectionNode& parent, std::size_t depth) {
    const bool positional = is_positional_name(field.name);
    if (positional && rules_ != Projection::Rules::find)
      throw CommandError(31324, "Cannot use positional projection in aggregation projection");
    if (field.name.find(".$.") != std::string::npos)
      throw CommandError(31394,
                         "As of 4.4, it's illegal to specify positional operator in the middle of a path."
                         "Positional projection may only be used at the end, for example: a.b.$. If the query "
                         "previously used a form like a.b.$.d, remove the parts following the '$' and the results "
                         "will be equivalent.");
    if (field.value.is_document() && !(type_ == ProjectionType::addition && field.value.fields().empty())) {
      if (positional)
        throw CommandError(31271, "positional projection cannot be used with an expression or sub object");
      return parse_document(field, parent, depth);
    }
    const bool is_switch = field.value.is_number() || field.value.is(bson::Type::boolean);
    if (rules_ == Projection::Rules::add_fields || !is_switch) {
      if (positional) throw CommandError(31308, "positional projection cannot be used with a literal");
      return parse_literal(field, parent, depth);
    }
    if (field.value.truthy()) return parse_inclusion(field, parent, depth);
    if (positional) throw CommandError(31395, "positional projection cannot be used with exclusion");
    parse_exclusion(field, parent, depth);
  }

  void parse_inclusion(const bson::Field& field, ProjectionNode& parent, std::size_t depth) {
    if (is_positional_name(field.name)) {
      if (has_positional_) throw CommandError(31276, "Cannot specify more than one positional projection per query.");
      if (has_elem_match_) throw CommandError(31256, "Cannot specify positional operator and $elemMatch.");
      if (filter_ == nullptr) throw CommandError(51050, "Projections with a positional operator require a matcher");
      if (field.name == ".$") throw CommandError(5392900, "Projection on field " + field.name + " is invalid");
      const std::string path = field.name.substr(0, field.name.size() - 2);
      add_projection_node(parent, depth, path, projection_path(path), ProjectionKind::positional);
      has_positional_ = true;
    } else {
      add_projection_node(parent, depth, field.name, projection_path(field.name), ProjectionKind::included);
      if (depth == 0 && field.name == "_id") {
        id_is_included_ = true;
        return;
      }
    }
    if (type_ == ProjectionType::exclusion)
      throw CommandError(31253, "Cannot do inclusion on field " + field.name + " in exclusion projection");
    type_ = ProjectionType::inclusion;
  }

  void parse_exclusion(const bson::Field& field, ProjectionNode& parent, std::size_t depth) {
    add_projection_node(parent, depth, field.name, projection_path(field.name), ProjectionKind::excluded);
    if (depth == 0 && field.name == "_id") return;
    if (type_ == ProjectionType::inclusion)
      throw CommandError(31254, "Cannot do exclusion on field " + field.name + " in inclusion projection");
    type_ = ProjectionType::exclusion;
  }

  void parse_literal(const bson::Field& field, ProjectionNode& parent, std::size_t depth) {
    AggregateExpression expression = AggregateExpression::parse(field.value, context_, {}, &draws_);
    add_projection_node(parent, depth, field.name, projection_path(field.name), ProjectionKind::expression).expression =
        expression;
    if (type_ == ProjectionType::addition) return;
    if (type_ == ProjectionType::exclusion)
      throw CommandError(31310, "Cannot use an expression " + describe_element(field.name, field.value) +
                                    " in an exclusion projection");
    type_ = ProjectionType::inclusion;
  }

  void parse_document(const bson::Field& field, ProjectionNode& parent, std::size_t depth) {
    const std::vector<bson::Field>& inside = field.value.fields();
    if (inside.empty()) throw CommandError(51270, "Invalid empty sub-projection: " + field.name);
    const std::vector<std::string> path = projection_path(field.name);
    if (inside.size() == 1 && inside[0].name.starts_with('$') && !is_positional_name(inside[0].name)) {
      if (rules_ == Projection::Rules::find && inside[0].name == "$slice")
        return parse_slice(field, path, parent, depth);
      if (inside[0].name == "$elemMatch") return parse_elem_match(field, path, parent, depth);
      return parse_expression(field, path, parent, depth);
    }
    ProjectionNode& node = inner_projection_node(parent, depth, field.name, path);
    for (const bson::Field& each : inside) parse_field(each, node, depth + path.size());
  }

  void parse_expression(const bson::Field& field, const std::vector<std::string>& path, ProjectionNode& parent,
                        std::size_t depth) {
    const std::string& name = field.value.fields()[0].name;
    if (name == "$meta") refuse_meta(field.value.fields()[0].value);
    AggregateExpression expression;
    try {
      expression = AggregateExpression::parse(field.value, context_, {}, &draws_);
    } catch (const CommandError& error) {
      if (error.code() != code::invalid_pipeline_operator || error.what() != "Unrecognized expression '" + name + "'")
        throw;
      throw CommandError(31325, "Unknown expression " + name);
    }
    if (type_ == ProjectionType::exclusion)
      throw CommandError(31252, "Cannot use expression other than $meta in exclusion projection");
    if (!type_) type_ = ProjectionType::inclusion;
    add_projection_node(parent, depth, field.name, path, ProjectionKind::expression).expression = expression;
  }

  void parse_slice(const bson::Field& field, const std::vector<std::string>& path, ProjectionNode& parent,
                   std::size_t depth) {
    try {
      ProjectionNode read;
      read_slice(field.value.fields()[0].value, read);
      ProjectionNode& node = add_projection_node(parent, depth, field.name, path, ProjectionKind::slice);
      node.skip = read.skip;
      node.limit = read.limit;
      has_slice_ = true;
    } catch (const CommandError& unlike_find) {
      try {
        parse_expression(field, path, parent, depth);
      } catch (const CommandError& unlike_expression) {
        throw CommandError(unlike_expression.code(),
                           "Invalid $slice syntax. The given syntax " + bson::to_shell(field.value) +
                               " did not match the find() syntax because :: " + code_name(unlike_find.code()) + ": " +
                               unlike_find.what() +
                               " :: The given syntax did not match the expression $slice syntax. :: caused by :: " +
                               unlike_expression.what());
      }
    }
  }

  void parse_elem_match(const bson::Field& field, const std::vector<std::string>& path, ProjectionNode& parent,
                        std::size_t depth) {
    if (rules_ != Projection::Rules::find)
      throw CommandError(code::invalid_pipeline_operator, "Cannot use $elemMatch in this context");
    const bson::Value& condition = field.value.fields()[0].value;
    if (!condition.is_document())
      throw CommandError(31274, "elemMatch: Invalid argument, object required, but got " +
                                    std::string(bson::type_name(condition.type())));
    if (has_positional_) throw CommandError(31255, "Cannot specify positional operator and $elemMatch.");
    if (path.size() != 1 || depth != 0)
      throw CommandError(31275, "Cannot use $elemMatch projection on a nested field.");
    Filter filter = Filter::parse(bson::doc({field}), context_);
    add_projection_node(parent, depth, field.name, path, ProjectionKind::elem_match).filter = filter;
    has_elem_match_ = true;
  }

  const Context& context_;
  const Projection::Rules rules_;
  const Filter* filter_;
  Projection::Plan& plan_;
  std::optional<ProjectionType> type_;
  std::uint64_t draws_ = 0;
  bool id_is_named_ = false, id_is_included_ = false;
  bool has_positional_ = false, has_slice_ = false, has_elem_match_ = false;
};

}  // namespace

std::shared_ptr<const Projection::Plan> parse_projection(const bson::Value& projection, const Context& context,
                                                         Projection::Rules rules, const Filter* filter) {
  auto plan = std::make_shared<Projection::Plan>();
  ProjectionParser(context, rules, filter, *plan).parse(projection);
  return plan;
}

}  // namespace premortem::query
