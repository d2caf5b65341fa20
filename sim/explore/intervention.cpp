#include "sim/explore/intervention.hpp"

#include <algorithm>

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

constexpr std::string_view gap_between = "1 min";  // Long against what a step takes, short against a working day.

std::vector<std::string> words_of(std::string_view all) {
  std::vector<std::string> words;
  for (std::size_t end; !all.empty(); all.remove_prefix(std::min(end + 1, all.size()))) {
    end = std::min(all.find('|'), all.size());
    words.emplace_back(all.substr(0, end));
  }
  return words;
}

class Collector {
 public:
  explicit Collector(std::vector<Intervention>& found) : found_(found) {}

  void system(const std::string& name, const Node& node) {
    const Node* is = node.find("is");
    if (is == nullptr || is->text == "toggles" || is->text == "monitor") return;
    keys(name, node, find_form("system:" + is->text));
    if (const Node* on = node.find("on"); on != nullptr && on->is(Node::Kind::object)) {
      for (const Node::Member& handler : on->members) error_handler(name + ".on." + handler.first, handler.second);
    }
    if (const Node* does = node.find("does")) loops(name + ".does", *does);
  }

 private:
  void keys(const std::string& address, const Node& node, const Form* form) {
    if (form == nullptr) return;
    for (const KeyRule& rule : keys_of(*form)) key(address, node, rule);
  }

  void key(const std::string& address, const Node& node, const KeyRule& rule) {
    if (rule.name == "is" || rule.name == "on" || rule.name == "name" || rule.name == "source") return;
    const Node* value = node.find(rule.name);
    const std::string stands = value == nullptr              ? std::string(rule.standard)
                               : value->is(Node::Kind::text) ? value->text
                                                             : value->to_json();
    const std::string place = address + "." + std::string(rule.name);
    if (rule.type == ValueType::word) {
      for (const std::string& word : words_of(rule.detail)) {
        if (word != "outwards") add(place, stands, word);  // There is nobody further out than a system.
      }
    } else if (rule.type == ValueType::boolean) {
      add(place, stands, stands == "true" ? "false" : "true");
    } else if (rule.type == ValueType::count || rule.type == ValueType::count_range) {
      for (const char* count : {"1", "10"}) add(place, stands, count);
    }
  }

  /// Then, as one: many tries with longer and longer waits at random, the cure for most conflicts.
  void error_handler(const std::string& address, const Node& handler) {
    keys(address, handler, find_form("error"));
    Intervention patient;
    patient.kind = Intervention::Kind::policy;
    patient.id = address + ".tries";
    const Node* tries = handler.find("tries");
    patient.stands = tries == nullptr ? "1" : tries->to_json();
    patient.change = "20, waiting up to 1 min with jitter";
    for (const auto& [key, value] :
         {std::pair("tries", "20"), {"wait", "1 s"}, {"factor", "2"}, {"wait-max", "1 min"}, {"jitter", "full"}})
      patient.set.emplace_back(address + "." + key, value);
    found_.push_back(std::move(patient));
  }

  /// Loops that hand on everything in the same instant.
  void loops(const std::string& address, const Node& does) {
    if (!does.is(Node::Kind::array)) return;
    for (const Node& step : does.items) {
      const Node *id = step.find("id"), *gap = step.find("gap");
      if (id == nullptr) continue;
      const std::string place = address + "[" + id->text + "]";
      if (step.find("each") != nullptr && (gap == nullptr || gap->text == "0 s"))
        add(place + ".gap", "0 s", std::string(gap_between));
      if (const Node* inner = step.find("does")) loops(address, *inner);
    }
  }

  void add(const std::string& address, const std::string& stands, const std::string& value) {
    if (value == stands) return;
    Intervention change;
    change.kind = Intervention::Kind::policy;
    change.id = address;
    change.stands = stands;
    change.change = value;
    change.set = {{address, value}};
    found_.push_back(std::move(change));
  }

  std::vector<Intervention>& found_;
};

}  // namespace

std::vector<Intervention> interventions(const LoadedScenario& loaded, const Variant& variant,
                                        const CompiledScenario& compiled) {
  std::vector<Intervention> found;
  Diagnostics ignored;
  auto effective = effective_scenario(loaded.root, variant, ignored);
  if (!effective) return found;
  for (const TimelineSpec& entry : compiled.model->timeline) {
    Intervention left_out;
    left_out.id = "timeline[" + entry.id + "]";
    left_out.stands = entry.sentence.empty() ? "a fault" : entry.sentence;
    left_out.change = "left out";
    if (entry.when == TimelineSpec::When::at) left_out.at = entry.low;
    left_out.set = {{left_out.id + ".only-if", "\"false\""}};  // In quotes: an expression, not a switch.
    found.push_back(std::move(left_out));
  }
  if (const Node* systems = effective->root.find("systems")) {
    Collector collector(found);
    for (const Node::Member& member : systems->members) collector.system(member.first, member.second);
  }
  if (const Node* assumed = loaded.root.find("assumed")) {
    for (const Node::Member& member : assumed->members) {
      // Other arrivals would be another story: nothing is shown about this item.
      const bool of_arrivals = member.first.starts_with("arrivals.") || member.first.starts_with("items.") ||
                               member.first.starts_with("lists.") || member.first.starts_with("clock.");
      if (of_arrivals) continue;
      const Node* alternatives = member.second.find("or");
      if (alternatives == nullptr) continue;
      const auto other = [&](const std::string& value) {
        const bool given =
            std::ranges::any_of(variant.assume, [&](const auto& one) { return one.first == member.first; });
        if (given) return;
        found.push_back(
            {Intervention::Kind::assumed, member.first, "as written", value, INT64_MIN, {}, {{member.first, value}}});
      };
      for (const Node::Member& one : alternatives->members) other(one.first);
      for (const Node& value : alternatives->items) other(value.to_json());
    }
  }
  return found;
}

Variant changed(Variant variant, const std::vector<const Intervention*>& changes) {
  for (const Intervention* change : changes) {
    variant.set.insert(variant.set.end(), change->set.begin(), change->set.end());
    variant.assume.insert(variant.assume.end(), change->assume.begin(), change->assume.end());
  }
  return variant;
}

Intervention moved_together(const CompiledScenario& compiled, std::size_t entry, std::int64_t by) {
  const std::vector<TimelineSpec>& timeline = compiled.model->timeline;
  const Zone& zone = compiled.model->zone;
  Intervention moved;
  moved.id = "timeline[" + timeline[entry].id + "]";
  moved.stands = timeline[entry].sentence;
  moved.at = timeline[entry].low;
  moved.change = "at " + zone.format(time_from_nanoseconds(timeline[entry].low + by));
  std::vector<bool> along(timeline.size());
  along[entry] = true;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t n = 0; n < timeline.size(); ++n) {
      const std::uint32_t after = timeline[n].after_entry;
      if (along[n] || after == unset || !along[after]) continue;
      along[n] = more = true;
    }
  }
  for (std::size_t n = 0; n < timeline.size(); ++n) {
    const TimelineSpec& one = timeline[n];
    if (!along[n] || one.when != TimelineSpec::When::at || one.low != one.high) continue;
    moved.set.emplace_back("timeline[" + one.id + "].at", zone.format(time_from_nanoseconds(one.low + by)));
  }
  return moved;
}

}  // namespace premortem
