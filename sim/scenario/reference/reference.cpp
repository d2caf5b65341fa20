// The reference page of the language: the table, form by form, between prose.

#include "sim/scenario/reference/prose.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

std::string_view notation(const KeyRule& rule) {
  switch (rule.type) {
    case ValueType::boolean:
      return "true or false";
    case ValueType::count:
      return "count";
    case ValueType::count_range:
      return "count, range or distribution";
    case ValueType::duration:
      return "duration";
    case ValueType::duration_range:
      return "duration, range, distribution or samples";
    case ValueType::rate:
      return "rate";
    case ValueType::share:
      return "share";
    case ValueType::time:
      return "time";
    case ValueType::times:
      return rule.detail == "2" ? "list of two times" : "time, or list of times";
    case ValueType::expression:
      return "expression";
    case ValueType::name:
      return "name";
    case ValueType::names:
      return "name, or list of names";
    case ValueType::numbers:
      if (rule.detail.empty()) return "list of counts";
      return rule.detail == "24" ? "list of 24 counts" : "list of 7 counts";
    case ValueType::texts:
      return rule.detail == "2" ? "list of two names" : "text, or list of texts";
    case ValueType::steps:
      return "list";
    case ValueType::errors:
      return "error -> what is done";
    case ValueType::object:
      return "object";
    case ValueType::map_of:
      return rule.detail == "text" || rule.detail == "any" ? "map" : "name -> object";
    case ValueType::assignments:
      return "field -> expression";
    case ValueType::addresses:
      return "address -> value";
    case ValueType::values:
      return "list of objects";
    case ValueType::each:
      return "expression or list";
    case ValueType::alternatives:
      return "list, range, or name -> overlay";
    case ValueType::bound:
      return "count, duration, share or rate";
    case ValueType::any:
      return "see there";
    default:
      return "text";
  }
}

/// "a|b" as `a`, `b`.
std::string words_of(std::string_view detail) {
  std::string words = "`" + std::string(detail) + "`";
  for (std::size_t at = words.find('|'); at != std::string::npos; at = words.find('|', at + 3))
    words.replace(at, 1, "`, `");
  return words;
}

void write_form(std::string& out, const Form& form, std::string_view title) {
  out += "### " + std::string(title) + "\n\n" + std::string(form.says);
  if (!form.facts.empty()) out += " Facts: " + std::string(form.facts) + ".";
  out += "\n\n";
  if (form.keys.empty()) return;
  out += "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const KeyRule& rule : form.keys) {
    std::string value(notation(rule));
    if (rule.type == ValueType::word && !rule.detail.empty()) value = words_of(rule.detail);
    if (rule.name == "is") value = "word";
    out += "| `" + std::string(rule.name) + "` | " + value + " | " +
           (rule.required ? "required" : std::string(rule.standard)) + " | " + std::string(rule.says) + " |\n";
  }
  out += "\n";
}

void write_kinds(std::string& out, std::string_view title, std::string_view kind) {
  if (!title.empty()) out += "## " + std::string(title) + "\n\n";
  if (const Form* common = find_form(kind)) write_form(out, *common, "All of them");
  for (const std::string& name : forms_of(std::string(kind) + ":")) {
    write_form(out, *find_form(std::string(kind) + ":" + name), "`" + name + "`");
  }
}

}  // namespace

std::string reference_markdown() {
  std::string out(reference::beginning);
  out += "## Sections\n\n";
  for (const std::string_view name : {"file", "clock", "item", "arrival", "window", "choices"}) {
    write_form(out, *find_form(name), name == "file" ? "The file" : "`" + std::string(name) + "`");
  }
  out += reference::notations;
  write_kinds(out, "Timeline", "entry");
  write_form(out, *find_form("fault"), "Faults");
  write_form(out, *find_form("rule"), "Fault rules");
  write_kinds(out, "Systems", "system");
  write_form(out, *find_form("collection"), "A collection of documents");
  write_form(out, *find_form("operation"), "An operation of a service");
  out += "## Steps\n\n";
  out += reference::handlers;
  write_kinds(out, "", "step");
  out += "## Errors: `on`\n\n";
  out += reference::errors;
  write_form(out, *find_form("error"), "Keys of an error");
  write_kinds(out, "Checks", "check");
  out += "## Strategies, remedies, comparisons, assumptions\n\n";
  for (const std::string_view name : {"overlay", "remedy", "compare", "assumption"})
    write_form(out, *find_form(name), "`" + std::string(name) + "`");
  out += reference::diagnostics;
  return out;
}

}  // namespace premortem
