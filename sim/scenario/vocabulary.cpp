#include "sim/scenario/vocabulary.hpp"

#include "sim/scenario/vocabulary/forms.hpp"

namespace premortem {

namespace {

std::vector<Form> joined_forms() {
  std::vector<Form> all;
  for (const auto& part : {section_forms(), system_forms(), entry_forms(), step_forms(), check_forms()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

const std::vector<Form>& table() {
  static const std::vector<Form> all = joined_forms();
  return all;
}

bool is_fault(std::string_view verb) {
  for (const std::string_view fault : {"fail", "slow", "lose", "duplicate", "cut", "skew"}) {
    if (verb == fault) return true;
  }
  return false;
}

/// Whether a key of all faults is one of this entry's: a clock is off for everything, a cut asks for no item.
bool strikes_operations(const Form& form, std::string_view key) {
  if (!form.name.starts_with("entry:") || !is_fault(form.name.substr(6))) return false;
  if (form.name == "entry:skew") return key == "for" || key == "until";
  return form.name != "entry:cut" || key != "where";
}

}  // namespace

const std::vector<Form>& vocabulary() { return table(); }

const Form* find_form(std::string_view name) {
  for (const Form& form : table()) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

std::vector<std::string> forms_of(std::string_view prefix) {
  std::vector<std::string> names;
  for (const Form& form : table()) {
    if (form.name.starts_with(prefix)) names.emplace_back(form.name.substr(prefix.size()));
  }
  return names;
}

const Form* common_form(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? nullptr : find_form(name.substr(0, colon));
}

const KeyRule* find_key(const Form& form, std::string_view key) {
  const auto among = [key](const Form* place) -> const KeyRule* {
    if (place == nullptr) return nullptr;
    for (const KeyRule& rule : place->keys) {
      if (rule.name == key) return &rule;
    }
    return nullptr;
  };
  if (const KeyRule* rule = among(&form)) return rule;
  if (const KeyRule* rule = among(common_form(form.name))) return rule;
  return strikes_operations(form, key) ? among(find_form("fault")) : nullptr;
}

std::vector<KeyRule> keys_of(const Form& form) {
  std::vector<KeyRule> all = form.keys;
  if (const Form* common = common_form(form.name)) all.insert(all.end(), common->keys.begin(), common->keys.end());
  for (const KeyRule& rule : find_form("fault")->keys) {
    if (strikes_operations(form, rule.name)) all.push_back(rule);
  }
  return all;
}

std::int64_t count_max(std::string_view key) {
  for (const std::string_view kept : {"workers", "partitions", "instances", "at-once", "prefetch"}) {
    if (key == kept) return 100'000;
  }
  return INT64_MAX / 4;
}

std::string_view advice_for(std::string_view form, std::string_view key) {
  struct Advice {
    std::string_view form, key, says;
  };
  static constexpr Advice all[] = {
      {"system:stream", "group", "each stream is a group of its own; for its real name write \"name\""},
      {"system:log", "compacted", "compaction is not modelled; say with \"keeps\" when events go"},
      {"system:consumer", "confirms", "say it at the step that publishes"},
      {"system:consumer", "of", "what it carries is said at the queue that it reads"},
      {"system:stream", "of", "what it carries is said at the log that it reads"},
      {"system:documents", "of", "say it at the collection"},
      {"entry:cut", "where", "a cut concerns all that the two ask of each other; use first, nth or share"}};
  for (const Advice& advice : all) {
    if (advice.form == form && advice.key == key) return advice.says;
  }
  return {};
}

std::string form_of_verb(const Node& node, std::string_view prefix, std::string& error) {
  std::vector<std::string> found;
  for (const std::string& verb : forms_of(prefix)) {
    if (node.find(verb) != nullptr) found.push_back(verb);
  }
  // `does` beside `transaction` holds its steps; `always` beside `every` is its condition.
  if (found.size() == 2) {
    if (prefix == "step:" && found[1] == "does" && found[0] == "transaction") found.pop_back();
    if (prefix == "check:" && found[0] == "every" && found[1] == "always") found.pop_back();
  }
  if (found.size() == 1) return std::string(prefix) + found.front();
  if (found.empty()) {
    error = prefix == "check:" ? "none of the forms of a check; write \"every\", \"no\", \"at\" with \"that\", ..."
                               : "no verb; write one of ";
    if (prefix != "check:") {
      for (const std::string& verb : forms_of(prefix)) error += (error.ends_with(" ") ? "" : ", ") + verb;
    }
    return {};
  }
  error = "two verbs, \"" + found[1] + "\" and \"" + found[0] + "\"; write two " +
          (prefix == "entry:"  ? "entries with the same \"at\""
           : prefix == "step:" ? "steps"
                               : "checks");
  // In the order of the file, the way a reader meets them.
  std::string first, second;
  for (const Node::Member& member : node.members) {
    if (member.first != found[0] && member.first != found[1]) continue;
    (first.empty() ? first : second) = member.first;
  }
  if (prefix == "entry:")
    error = "two verbs, \"" + first + "\" and \"" + second + "\"; write two entries with the same \"at\"";
  return {};
}

}  // namespace premortem
