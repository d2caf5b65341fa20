#include "sim/models/document_server/partial_filter.hpp"

// Source: MongoDB manual, "Partial Indexes"; mongodb/mongo, src/mongo/db/catalog/index_catalog_impl.cpp.

#include "sim/models/bson/compare.hpp"

namespace premortem {

using bson::Value;

namespace {

/// The tree below a negation, four spaces deeper.
std::string negated(const std::string& tree) { return "$not\n    " + tree; }

std::string pattern_text(const std::string& path, const std::string& pattern, const std::string& options) {
  return path + " regex /" + pattern + "/" + options + "\n";
}

std::string list_text(const Value& values) {
  std::string text = "[ ";
  for (const Value& one : values.elements()) text += bson::to_shell(one) + " ";
  return text + "]";
}

std::string unsupported_operator(const std::string& path, const Value& all, const bson::Field& one) {
  const Value& operand = one.value;
  if (one.name == "$ne") return negated(path + " $eq " + bson::to_shell(operand) + "\n");
  if (one.name == "$nin") return negated(path + " $in " + list_text(operand) + "\n");
  if (one.name == "$exists") return operand.truthy() ? "" : negated(path + " exists\n");
  if (one.name == "$not") return negated(path + " " + bson::to_shell(operand) + "\n");
  if (one.name == "$regex") {
    const std::string options = all["$options"].is_string() ? all["$options"].as_text() : std::string();
    return operand.is(bson::Type::regex) ? pattern_text(path, operand.as_text(), operand.regex_options() + options)
                                         : pattern_text(path, operand.as_text(), options);
  }
  if (one.name == "$size") return path + " $size : " + bson::to_shell(operand) + "\n";
  if (one.name == "$mod" && operand.is_array() && operand.elements().size() >= 2)
    return path + " mod " + bson::to_shell(operand.elements()[0]) + " % x == " + bson::to_shell(operand.elements()[1]) +
           "\n";
  static constexpr std::string_view supported = " $eq $gt $gte $lt $lte $in $type $all $options $comment ";
  return supported.find(" " + one.name + " ") != std::string_view::npos
             ? ""
             : path + " " + one.name + " " + bson::to_shell(operand) + "\n";
}

}  // namespace

std::string unsupported_in_partial_index(const Value& filter) {
  for (const bson::Field& part : filter.fields()) {
    if (part.name == "$and" || part.name == "$or") {
      for (const Value& each : part.value.elements()) {
        if (std::string found = unsupported_in_partial_index(each); !found.empty()) return found;
      }
    } else if (part.name.starts_with('$')) {
      if (part.name != "$comment") return part.name + "\n";
    } else if (part.value.is(bson::Type::regex)) {
      return pattern_text(part.name, part.value.as_text(), part.value.regex_options());
    } else if (part.value.is_document() && !part.value.fields().empty() &&
               part.value.fields().front().name.starts_with('$')) {
      for (const bson::Field& one : part.value.fields()) {
        if (std::string found = unsupported_operator(part.name, part.value, one); !found.empty()) return found;
      }
    }
  }
  return {};
}

}  // namespace premortem
