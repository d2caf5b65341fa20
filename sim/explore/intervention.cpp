#include "sim/explore/intervention.hpp"

#include <algorithm>
#include <string_view>

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

using Kind = Intervention::Kind;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    words.emplace_back(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return words;
}

/// What stands there, or its default, as people write it.
std::string value_of(const Node& node, const KeyRule& rule) {
  const Node* written = node.find(rule.name);
  if (written == nullptr) return std::string(rule.standard);
  return written->is(Node::Kind::text) ? written->text : written->to_json();
}

class Collector {
 public:
  std::vector<Intervention> found;

  void add(Kind kind, const std::string& thing, std::string how, std::vector<std::pair<std::string, std::string>> set) {
    found.push_back({kind, thing, std::move(how), std::move(set), {}});
  }

  /// The words, truth values and counts of competition that a form knows.
  void keys(const Node& node, const std::string& form_name, const std::string& address) {
    const Form* form = find_form(form_name);
    if (form == nullptr) return;
    for (const KeyRule& rule : keys_of(*form)) {
      if (rule.name == "is" || rule.name == "on" || rule.name == "version") continue;
      if (rule.name == "external") continue;  // Of no effect where no program takes part.
      const std::string key = address + "." + std::string(rule.name), now = value_of(node, rule);
      if (rule.type == ValueType::word) {
        for (const std::string& word : words_of(rule.detail)) {
          if (word != now) add(Kind::setting, key, now + " -> " + word, {{key, word}});
        }
      } else if (rule.type == ValueType::boolean && (now == "true" || now == "false")) {
        const std::string other = now == "true" ? "false" : "true";
        add(Kind::setting, key, now + " -> " + other, {{key, other}});
      } else if ((rule.name == "workers" || rule.name == "prefetch" || rule.name == "instances") && now != "1") {
        add(Kind::competition, key, now + " -> 1", {{key, "1"}});
      }
    }
  }

  /// Each error that is named: tried again at once, tried again with growing waits, and every other end.
  void errors(const Node& owner, const std::string& address) {
    const Node* rules = owner.find("on");
    if (rules == nullptr || !rules->is(Node::Kind::object)) return;
    const Form* form = find_form("error");
    for (const Node::Member& member : rules->members) {
      const std::string rule = address + ".on." + member.first;
      const Node* tries = member.second.find("tries");
      const std::int64_t now = tries == nullptr ? 1 : tries->integer;
      const std::string from = std::to_string(now) + (now == 1 ? " try -> " : " tries -> ");
      if (now < 3) add(Kind::error_rule, rule, from + "3", {{rule + ".tries", "3"}});
      if (now < 12) {
        add(Kind::error_rule, rule, from + "12, waits growing from 1 s to 30 s",
            {{rule + ".tries", "12"},
             {rule + ".wait", "1 s"},
             {rule + ".factor", "2"},
             {rule + ".wait-max", "30 s"},
             {rule + ".jitter", "full"}});
      }
      const KeyRule* then = form == nullptr ? nullptr : find_key(*form, "then");
      if (then == nullptr) continue;
      const std::string end = value_of(member.second, *then);
      for (const std::string& word : words_of(then->detail)) {
        if (word != end) add(Kind::error_rule, rule, "then " + end + " -> " + word, {{rule + ".then", word}});
      }
    }
  }

  void steps(const Node& owner, const std::string& address) {
    const Node* does = owner.find("does");
    if (does == nullptr || !does->is(Node::Kind::array)) return;
    for (const Node& step : does->items) {
      if (const Node* id = step.find("id")) {
        const std::string here = address + ".does[" + id->text + "]";
        std::string error;
        keys(step, form_of_verb(step, "step:", error), here);
        errors(step, here);
        const Node* gap = step.find("gap");
        if (step.find("each") != nullptr && (gap == nullptr || gap->text == "0 s"))
          add(Kind::competition, here + ".gap", "0 s -> 1 min", {{here + ".gap", "1 min"}});
      }
      steps(step, address);  // An address names the step, however deep.
    }
  }
};

/// Whether another value there would ask another question.
bool changes_the_question(std::string_view address) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"arrivals", "items", "clock", "checks", "expect"},
                             [&](std::string_view section) { return address.starts_with(section); });
}

void add_assumed(const Node& base, const Variant& variant, std::vector<Intervention>& found) {
  const Node* assumed = base.find("assumed");
  if (assumed == nullptr) return;
  for (const Node::Member& member : assumed->members) {
    const std::string& name = member.first;
    const bool chosen = std::ranges::any_of(variant.assume, [&](const auto& one) { return one.first == name; });
    const Node* alternatives = member.second.find("or");
    if (chosen || alternatives == nullptr || changes_the_question(name)) continue;
    std::vector<std::string> values;
    for (const Node& value : alternatives->items)
      values.push_back(value.is(Node::Kind::text) ? value.text : value.to_json());
    if (alternatives->is(Node::Kind::object)) values = alternatives->keys();
    for (const std::string& value : values)
      found.push_back({Kind::assumed, name, "assumed to be " + value, {}, {{name, value}}});
  }
}

}  // namespace

std::vector<Intervention> interventions_of(const Node& base, const Node& effective, const Variant& variant) {
  Collector all;
  if (const Node* timeline = effective.find("timeline")) {
    for (const Node& entry : timeline->items) {
      const Node* id = entry.find("id");
      if (id == nullptr) continue;
      const std::string address = "timeline[" + id->text + "]";
      all.add(Kind::step, address, "left out", {{address + ".only-if", "\"false\""}});
    }
  }
  if (const Node* rules = effective.find("faults")) {
    for (const Node::Member& member : rules->members) {
      const std::string address = "faults." + member.first;
      all.add(Kind::step, address, "left out", {{address + ".share", "0 %"}});
    }
  }
  if (const Node* systems = effective.find("systems")) {
    for (const Node::Member& member : systems->members) {
      const auto& [name, system] = member;
      const Node* is = system.find("is");
      if (is == nullptr) continue;
      if (system.find("cron") != nullptr)
        all.add(Kind::schedule, name + ".cron", "the job is off", {{name + ".on", "false"}});
      all.keys(system, "system:" + is->text, name);
      all.errors(system, name);
      all.steps(system, name);
      const Node* offers = system.find("offers");
      if (offers == nullptr) continue;
      for (const Node::Member& operation : offers->members) {
        const std::string address = name + "." + operation.first;
        all.keys(operation.second, "operation", address);
        all.errors(operation.second, address);
        all.steps(operation.second, address);
      }
    }
  }
  add_assumed(base, variant, all.found);
  std::ranges::stable_sort(all.found, {}, &Intervention::kind);
  return std::move(all.found);
}

std::size_t entries_without_id(const Node& effective) {
  const Node* timeline = effective.find("timeline");
  if (timeline == nullptr) return 0;
  return static_cast<std::size_t>(
      std::ranges::count_if(timeline->items, [](const Node& entry) { return entry.find("id") == nullptr; }));
}

Variant with_intervention(Variant variant, const Intervention& intervention) {
  variant.set.insert(variant.set.end(), intervention.set.begin(), intervention.set.end());
  variant.assume.insert(variant.assume.end(), intervention.assume.begin(), intervention.assume.end());
  return variant;
}

}  // namespace premortem
