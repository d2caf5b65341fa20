#include <algorithm>

#include "sim/scenario/diagnostic.hpp"
#include "sim/scenario/expression/checker.hpp"
#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

namespace {

std::string dotted(const std::vector<std::string>& names, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ".") + names[i];
  return text;
}

/// EXPORTED, TO_EXPORT: somebody's text without its quotes.
bool looks_like_text(std::string_view name) {
  const bool has_letter = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return has_letter && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// "a, b, c", sorted.
std::string listed(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void Checker::check_name(Node& node) {
  if (node.names[0] == "now" || node.names[0] == "today") {
    node.type = node.names[0] == "now" ? types::time : types::date;
    if (node.names.size() > 1)
      raise(node.offset, node.names[0] + " is " + article_name_of(node.type) + "; it has no fields");
    return;
  }
  if (const auto objection = scope_->objection(node.names)) raise(node.offset, *objection);
  if (const auto path = scope_->path(node.names); path && path->consumed > 0 && path->consumed <= node.names.size()) {
    node.symbol = path->symbol;
    return check_fields(node, path->symbol.type, path->consumed);
  }
  if (const auto symbol = scope_->name(node.names[0])) {
    node.symbol = *symbol;
    return check_fields(node, symbol->type, 1);
  }
  unknown_name(node);
}

void Checker::check_fields(Node& node, Type type, std::size_t from) {
  for (std::size_t i = from; i < node.names.size(); ++i) {
    const FieldSymbol field = find_field(node, dotted(node.names, i), type, node.names[i]);
    node.fields.push_back(field);
    type = field.type;
  }
  node.type = type;
}

void Checker::check_member(Node& node) {
  const Node& owner = *node.parts[0];
  node.fields.push_back(find_field(node, written(owner), owner.type, node.names[0]));
  node.type = node.fields[0].type;
  node.constant = false;
}

FieldSymbol Checker::find_field(const Node& node, std::string_view owner, Type type, std::string_view name) const {
  const std::string whole = std::string(owner) + "." + std::string(name);
  if (type.base == BaseType::list) {
    raise(node.offset, std::string(owner) + " is " + article_name_of(type) + "; of one element write " +
                           std::string(owner) + "[0]." + std::string(name));
  }
  if (type.base != BaseType::object) {
    raise(node.offset, std::string(owner) + " is " + article_name_of(type) + "; it has no fields");
  }
  if (const auto field = scope_->field(type.shape, name)) return *field;
  const FieldNames fields = scope_->fields_of(type.shape);
  if (fields.names.empty()) raise(node.offset, "unknown name " + whole);
  raise(node.offset, "unknown name " + whole + "; the fields of " +
                         (fields.of.empty() ? std::string(owner) : fields.of) + " are " + listed(fields.names));
}

void Checker::unknown_name(const Node& node) const {
  const std::string name = dotted(node.names, node.names.size());
  if (node.names.size() == 1) {
    if (looks_like_text(name)) {
      raise(node.offset, "unknown name " + name + "; for text write \"'" + name + "'\"");
    }
    const FieldNames fields = scope_->element_fields();
    if (!fields.names.empty()) {
      raise(node.offset, "unknown name " + name + "; the fields of " + fields.of + " are " + listed(fields.names));
    }
  }
  raise(node.offset, "unknown name " + name + did_you_mean(name, scope_->candidates()));
}

}  // namespace premortem::expression_syntax
