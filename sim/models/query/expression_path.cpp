// Paths and variables: '$a.b', '$$ROOT.c', '$$x'.
#include <algorithm>
#include <array>

#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/path.hpp"

namespace premortem::query::expressing {

namespace {

constexpr std::size_t expression_path_parts_max = 200;

struct ConstantNode final : AggregateExpression::Node {
  explicit ConstantNode(Value constant) : value(std::move(constant)) {}
  Value evaluate(Variables& variables) const override {
    spend_on_copy(variables, value);
    return value;
  }
  bool is_constant() const override { return true; }
  const Value value;
};

enum class Start : std::uint8_t { root, current, named, constant };

struct FieldPathNode final : AggregateExpression::Node {
  const Value& base(const Variables& variables) const {
    switch (start) {
      case Start::root:
        return variables.root == nullptr ? missing() : *variables.root;
      case Start::current:
        return variables.current == nullptr ? missing() : *variables.current;
      case Start::named:
        return variables.find(name);
      case Start::constant:
        return constant;
    }
    return missing();
  }
  Value evaluate(Variables& variables) const override {
    // Variables are looked for one by one.
    variables.spend(1 + (start == Start::named ? variables.named.size() / 32 : 0));
    const Value& whole = base(variables);
    if (!path.empty()) variables.spend(whole.fields().size() / 32);  // So are fields.
    Value found = value_at(whole, path);
    spend_on_copy(variables, found);
    return found;
  }
  bool is_constant() const override { return start == Start::constant; }
  Start start = Start::current;
  std::string name;
  Value constant;
  std::vector<std::string> path;
};

Value elements_at(const Value& array, std::span<const std::string> path) {
  Value found = Value::array();
  for (const Value& element : array.elements()) {
    if (!element.is_document()) continue;
    Value value = value_at(element, path);
    if (!value.is_missing()) found.push_back(std::move(value));
  }
  return found;
}

void resolve_variable(Parser& parser, FieldPathNode& node, const std::string& name) {
  const Context& context = parser.context();
  node.name = name;
  if (parser.knows(name)) {
    node.start = Start::named;
    return;
  }
  node.start = Start::constant;
  if (name == "ROOT") {
    node.start = Start::root;
    parser.see_document();
  } else if (name == "CURRENT") {
    node.start = Start::current;
    parser.see_document();
  } else if (name == "NOW") {
    node.constant = Value::date(context.now);
  } else if (name == "CLUSTER_TIME") {
    node.constant = Value::timestamp(static_cast<std::uint32_t>(context.cluster_time >> 32),
                                     static_cast<std::uint32_t>(context.cluster_time));
  } else if (name == "KEEP" || name == "PRUNE" || name == "DESCEND") {
    node.constant = Value::string(name == "KEEP" ? "keep" : name == "PRUNE" ? "prune" : "descend");
  } else if (const Value* value = context.let.find(name)) {
    if (!value->is(Type::undefined)) node.constant = *value;
  } else if (name == "SEARCH_META" || name == "USER_ROLES") {
    fail(code::command_not_supported, "Builtin variable '$$" + name + "' is not available");
  } else if (name != "REMOVE") {
    fail(17276, "Use of undefined variable: " + name);
  }
}

bool is_letter_or_beyond(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || static_cast<unsigned char>(byte) >= 0x80;
}

void check_variable_characters(const std::string& name, bool first_is_right, std::string_view purpose) {
  if (!first_is_right)
    fail(code::failed_to_parse,
         "'" + name + "' starts with an invalid character for a " + std::string(purpose) + "variable name");
  for (const char byte : name) {
    if (is_letter_or_beyond(byte) || (byte >= '0' && byte <= '9') || byte == '_') continue;
    fail(code::failed_to_parse, "'" + name + "' contains an invalid character for a variable name: '" + byte + "'");
  }
}

void check_path_part(const std::string& part) {
  if (part.empty()) fail(15998, "FieldPath field names may not be empty strings.");
  if (part.starts_with('$'))
    fail(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
  if (part.find('\0') != std::string::npos) fail(16411, "FieldPath field names may not contain '\\0'.");
}

}  // namespace

NodePointer make_constant(Value value) { return std::make_shared<const ConstantNode>(std::move(value)); }

Value value_at(const Value& base, std::span<const std::string> path) {
  const Value* current = &base;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (current->is_array()) return elements_at(*current, path.subspan(at));
    current = current->find(path[at]);
    if (current == nullptr) return {};
  }
  return *current;
}

std::vector<std::string> split_field_path(const std::string& path) {
  if (path.empty()) fail(40352, "FieldPath cannot be constructed with empty string");
  if (path.back() == '.') fail(40353, "FieldPath must not end with a '.'.");
  std::vector<std::string> parts = Path(path).parts();
  if (parts.size() > expression_path_parts_max) fail(code::overflow, "FieldPath is too long");
  for (const std::string& part : parts) check_path_part(part);
  return parts;
}

void check_field_name(const std::string& name) {
  check_path_part(name);
  if (name.find('.') != std::string::npos)
    fail(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField.");
}

void check_variable_name(const std::string& name) {
  if (name.empty()) fail(code::failed_to_parse, "empty variable names are not allowed");
  if (name == "CURRENT") return;
  const bool small = (name[0] >= 'a' && name[0] <= 'z') || static_cast<unsigned char>(name[0]) >= 0x80;
  check_variable_characters(name, small, "user ");
}

NodePointer make_field_path(Parser& parser, const std::string& text) {
  auto node = std::make_shared<FieldPathNode>();
  if (text.size() == 1) fail(16872, "'$' by itself is not a valid FieldPath");
  if (text[1] != '$') {
    node->path = split_field_path(text.substr(1));
    resolve_variable(parser, *node, "CURRENT");
    return node;
  }
  const std::string rest = text.substr(2);
  const std::string name = rest.substr(0, rest.find('.'));
  if (name.empty()) fail(code::failed_to_parse, "empty variable names are not allowed");
  check_variable_characters(name, is_letter_or_beyond(name[0]), "");
  if (name.size() < rest.size()) {
    const std::vector<std::string> parts = split_field_path(rest);
    node->path.assign(parts.begin() + 1, parts.end());
  }
  resolve_variable(parser, *node, name);
  return node;
}

}  // namespace premortem::query::expressing
