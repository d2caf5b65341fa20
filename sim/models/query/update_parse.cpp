// From {$set: {'a.b': 1}, $inc: {...}} to the tree of paths.
#include <algorithm>
#include <set>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

bool is_array_filter_part(const std::string& part) {
  return part.size() >= 3 && part[0] == '$' && part[1] == '[' && part.back() == ']';
}

void check_update_path(const UpdatePath& path, const std::string& dotted) {
  if (dotted.empty()) throw CommandError(code::empty_field_name, "An empty update path is not valid.");
  if (std::ranges::find(path, "") != path.end())
    throw CommandError(code::empty_field_name,
                       "The update path '" + dotted + "' contains an empty field name, which is not allowed.");
  if (path.size() > static_cast<std::size_t>(bson::depth_max))
    throw CommandError(code::overflow,
                       "Document exceeds maximum nesting depth of " + std::to_string(bson::stored_depth_max));
  const auto positional = std::ranges::count(path, "$");
  if (positional > 1)
    throw CommandError(code::bad_value, "Too many positional (i.e. '$') elements found in path '" + dotted + "'");
  if (positional == 1 && path[0] == "$")
    throw CommandError(code::bad_value,
                       "Cannot have positional (i.e. '$') element in the first position in path '" + dotted + "'");
}

/// Puts modifiers into the tree.
class TreeBuilder {
 public:
  explicit TreeBuilder(Update::Plan& plan) : plan_(plan) {}

  void add(const UpdatePath& path, const std::string& dotted, ModifierPointer modifier) {
    UpdateNode* node = &plan_.root;
    for (std::size_t at = 0; at < path.size(); ++at) {
      const bool is_last = at + 1 == path.size();
      const auto kind = is_last                              ? UpdateNode::Kind::leaf
                        : is_array_filter_part(path[at + 1]) ? UpdateNode::Kind::elements
                                                             : UpdateNode::Kind::fields;
      std::shared_ptr<UpdateNode>& child = slot(*node, path, at, dotted);
      if (child != nullptr && (is_last || child->kind != kind))
        throw CommandError(code::conflicting_update_operators,
                           "Updating the path '" + dotted + "' would create a conflict at '" +
                               join_path({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(at) + 1}) + "'");
      if (child == nullptr) {
        child = std::make_shared<UpdateNode>();
        child->kind = kind;
      }
      node = child.get();
    }
    node->modifier = std::move(modifier);
  }

  const std::set<std::string>& used_identifiers() const { return used_; }

 private:
  std::shared_ptr<UpdateNode>& slot(UpdateNode& node, const UpdatePath& path, std::size_t at,
                                    const std::string& dotted) {
    const std::string& part = path[at];
    if (!is_array_filter_part(part)) return part == "$" ? node.positional : node.children[part];
    if (at == 0)
      throw CommandError(
          code::bad_value,
          "Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '" + dotted +
              "'");
    const std::string identifier = part.substr(2, part.size() - 3);
    if (!identifier.empty() && plan_.array_filters.count(identifier) == 0)
      throw CommandError(code::bad_value,
                         "No array filter found for identifier '" + identifier + "' in path '" + dotted + "'");
    used_.insert(identifier);
    return node.children[identifier];
  }

  Update::Plan& plan_;
  std::set<std::string> used_;
};

bool is_dynamic_path(const UpdatePath& path) {
  return std::ranges::any_of(path, [](const std::string& part) { return part == "$" || is_array_filter_part(part); });
}

void check_rename(const bson::Field& operand, const UpdatePath& from, const UpdatePath& to) {
  const std::string shown = describe_element(operand.name, operand.value);
  if (operand.value.as_text().find('\0') != std::string::npos)
    throw CommandError(code::bad_value, "The 'to' field for $rename cannot contain an embedded null byte");
  if (from == to) throw CommandError(code::bad_value, "The source and target field for $rename must differ: " + shown);
  const std::size_t shorter = std::min(from.size(), to.size());
  if (std::equal(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(shorter), to.begin()))
    throw CommandError(code::bad_value,
                       "The source and target field for $rename must not be on the same path: " + shown);
  if (is_dynamic_path(from))
    throw CommandError(code::bad_value, "The source field for $rename may not be dynamic: " + operand.name);
  if (is_dynamic_path(to))
    throw CommandError(code::bad_value,
                       "The destination field for $rename may not be dynamic: " + operand.value.as_text());
}

void add_operand(TreeBuilder& tree, std::string_view name, const bson::Field& operand, const Context& context) {
  std::string dotted = operand.name;
  UpdatePath path = split_path(dotted);
  check_update_path(path, dotted);
  if (name == "$rename") {
    tree.add(path, dotted, nullptr);
    if (!operand.value.is_string())
      throw CommandError(code::bad_value, "The 'to' field for $rename must be a string: " +
                                              describe_element(operand.name, operand.value));
    const UpdatePath from = path;
    dotted = operand.value.as_text();
    path = split_path(dotted);
    check_update_path(path, dotted);
    check_rename(operand, from, path);
  }
  tree.add(path, dotted, make_modifier(name, operand, context));
}

}  // namespace

void parse_modifiers(const bson::Value& update, const Context& context, Update::Plan& plan) {
  TreeBuilder tree(plan);
  for (const bson::Field& modifier : update.fields()) {
    if (!is_modifier_name(modifier.name))
      throw CommandError(code::failed_to_parse,
                         "Unknown modifier: " + modifier.name +
                             ". Expected a valid update modifier or pipeline-style update specified as an array");
    if (!modifier.value.is_document())
      throw CommandError(code::failed_to_parse, "Modifiers operate on fields but we found type " +
                                                    std::string(bson::type_name(modifier.value.type())) +
                                                    " instead. For example: {$mod: {<field>: ...}} not {" +
                                                    describe_element(modifier.name, modifier.value) + "}");
    for (const bson::Field& operand : modifier.value.fields()) add_operand(tree, modifier.name, operand, context);
  }
  for (const auto& filter : plan.array_filters) {
    if (tree.used_identifiers().count(filter.first) == 0)
      throw CommandError(code::failed_to_parse, "The array filter for identifier '" + filter.first +
                                                    "' was not used in the update " + bson::to_shell(update));
  }
}

bool UpdateNameOrder::operator()(const std::string& left, const std::string& right) const {
  const auto is_number = [](const std::string& name) {
    return !name.empty() && (name[0] != '0' || name.size() == 1) &&
           std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  };
  const bool left_is_number = is_number(left), right_is_number = is_number(right);
  if (left_is_number != right_is_number) return left_is_number;
  if (left_is_number && left.size() != right.size()) return left.size() < right.size();
  return left < right;
}

}  // namespace premortem::query
