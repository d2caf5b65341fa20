#include "sim/scenario/overlay.hpp"

#include <algorithm>
#include <set>

#include "sim/scenario/address.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

/// What is right stays the same: otherwise two strategies could not be compared. What items carry, and when somebody
/// comes to them by himself, may change with the machinery. An assumption may also say what is not known: when an item
/// is due.
bool moves_goal_posts(std::string_view address, bool strategic) {
  const auto within = [address](std::string_view section) {
    return address.starts_with(section) &&
           (address.size() == section.size() || address[section.size()] == '.' || address[section.size()] == '[');
  };
  if (within("checks") || within("expect")) return true;
  if (!within("items")) return false;
  const std::size_t kind = address.find('.'), key = kind == std::string_view::npos ? kind : address.find('.', kind + 1);
  if (key == std::string_view::npos) return true;
  const std::string_view what = address.substr(key + 1);
  if (!strategic) return what.starts_with("done");
  return !what.starts_with("fields") && what != "held-while";
}

/// Applies one overlay to the file.
class Overlay {
 public:
  /// `strategic`: it is something that could have been done, not something that is not known.
  Overlay(Node& root, std::string where, Diagnostics& diagnostics, bool strategic = false)
      : root_(root), where_(std::move(where)), diagnostics_(diagnostics), strategic_(strategic) {}

  void apply(const Node& overlay) {
    if (const Node* removed = overlay.find("remove")) {
      for (const Node& address : removed->items) remove(address);
    }
    if (const Node* added = overlay.find("add")) {
      for (const Node::Member& member : added->members) add(member);
    }
    if (const Node* changed = overlay.find("change")) {
      for (const Node::Member& member : changed->members)
        change(member.first, member.second, member.second.key_at, "/change");
    }
  }

  void change(const std::string& address, const Node& value, Position at, const std::string& part) {
    if (!claim(address, at, part)) return;
    std::string error;
    const std::optional<Place> place = find_place(root_, address, true, error);
    if (!place) return diagnostics_.error(at, where_ + part, error);
    Node replacement = value;
    if (place->key.empty()) {
      const Node& old = place->container->items[place->index];
      replacement.day = old.day;
      if (replacement.is(Node::Kind::object) && replacement.find("id") == nullptr && old.find("id") != nullptr) {
        replacement.members.insert(replacement.members.begin(), {"id", *old.find("id")});
      }
      place->container->items[place->index] = replacement;
      return;
    }
    replacement.key_at = at;
    place->container->set(place->key, replacement);
  }

 private:
  bool claim(const std::string& address, Position at, const std::string& part) {
    if (moves_goal_posts(address, strategic_)) {
      diagnostics_.error(at, where_ + part, "a strategy may not move the goal posts (\"" + address + "\")");
      return false;
    }
    if (!touched_.insert(address).second) {
      diagnostics_.error(at, where_ + part, "\"" + address + "\" is touched twice; say it once");
      return false;
    }
    return true;
  }

  void remove(const Node& address) {
    if (!claim(address.text, address.at, "/remove")) return;
    std::string error;
    const std::optional<Place> place = find_place(root_, address.text, false, error);
    if (!place) return diagnostics_.error(address.at, where_ + "/remove", error);
    if (place->key.empty()) {
      place->container->items.erase(place->container->items.begin() + static_cast<std::ptrdiff_t>(place->index));
    } else {
      place->container->erase(place->key);
    }
  }

  void add(const Node::Member& member) {
    const std::string& address = member.first;
    const Position at = member.second.key_at;
    if (!claim(address, at, "/add")) return;
    std::string error;
    if (address.find("[before ") != std::string::npos || address.find("[after ") != std::string::npos) {
      const std::optional<Insertion> insertion = find_insertion(root_, address, error);
      if (!insertion) return diagnostics_.error(at, where_ + "/add", error);
      std::vector<Node> steps =
          member.second.is(Node::Kind::array) ? member.second.items : std::vector<Node>{member.second};
      insertion->steps->items.insert(insertion->steps->items.begin() + static_cast<std::ptrdiff_t>(insertion->index),
                                     steps.begin(), steps.end());
      return;
    }
    const std::optional<Place> there = find_place(root_, address, false, error);
    if (there) {
      return diagnostics_.error(at, where_ + "/add",
                                "\"" + address + "\" exists already; use \"change\", or another name");
    }
    Node thing = member.second;
    if (address.starts_with("timeline[")) {
      thing.members.insert(thing.members.begin(), {"id", Node::of_text(address.substr(9, address.size() - 10), at)});
      Node* timeline = root_.find("timeline");
      if (timeline == nullptr) timeline = &root_.set("timeline", Node::of_array(at));
      timeline->items.push_back(thing);
      return;
    }
    for (const std::string_view section : {"arrivals", "items", "lists", "faults"}) {
      if (!address.starts_with(std::string(section) + ".")) continue;
      Node* things = root_.find(section);
      if (things == nullptr) things = &root_.set(section, Node::of_object(at));
      things->set(address.substr(section.size() + 1), thing);
      return;
    }
    const std::size_t dot = address.find('.');
    Node* systems = root_.find("systems");
    if (dot == std::string::npos) {
      systems->set(address, thing);
      return;
    }
    Node* system = systems->find(address.substr(0, dot));
    if (system != nullptr) {
      for (const std::string_view holder : {"offers", "collections"}) {
        if (Node* inner = system->find(holder)) {
          inner->set(address.substr(dot + 1), thing);
          return;
        }
      }
    }
    diagnostics_.error(
        at, where_ + "/add",
        "\"" + address + "\" is no place for a new thing; name a system, timeline[id], or does[before id]");
  }

  Node& root_;
  std::string where_;
  Diagnostics& diagnostics_;
  bool strategic_;
  std::set<std::string> touched_;
};

/// A value from the command line: JSON where it is some, else a text.
Node value_from_text(const std::string& text) {
  Diagnostics ignored;
  const std::optional<Node> wrapped = read_scenario_text("{\"v\": " + text + "}", ignored);
  Node node = wrapped && wrapped->members.size() == 1 ? wrapped->members[0].second : Node::of_text(text, {});
  node.at = node.key_at = {};
  return node;
}

/// An entry of the timeline that nobody has done, done at that time.
void add_remedy(Node& root, const std::string& name, const std::string& at, Diagnostics& diagnostics) {
  const Node* remedies = root.find("remedies");
  const Node* remedy = remedies == nullptr ? nullptr : remedies->find(name);
  if (remedy == nullptr) {
    const bool none = remedies == nullptr || remedies->members.empty();
    return diagnostics.error(
        {}, "--remedy",
        "there is no remedy \"" + name + "\"" +
            (none ? "; the file declares none, write some under \"remedies\"" : did_you_mean(name, remedies->keys())));
  }
  Node entry = *remedy;
  entry.set("id", Node::of_text(remedy_id(name), remedy->at));
  if (!at.empty()) entry.set("at", Node::of_text(at, {}));
  Node* timeline = root.find("timeline");
  if (timeline == nullptr) timeline = &root.set("timeline", Node::of_array(remedy->at));
  timeline->items.push_back(std::move(entry));
}

/// "strategy one-more-batch, assuming reading=flagged-since-batch": all that was done to the file.
std::string changes_of(const EffectiveScenario& effective) {
  std::string text = effective.strategy == "as-happened" ? "" : "strategy " + effective.strategy;
  for (const std::string& assumption : effective.assumptions)
    text += (text.empty() ? "" : ", ") + ("assuming " + assumption);
  for (const std::string& set : effective.sets) text += (text.empty() ? "" : ", ") + set;
  return text;
}

}  // namespace

std::string remedy_id(std::string_view name) { return "remedy-" + std::string(name); }

std::vector<std::string> strategy_names(const Node& base) {
  std::vector<std::string> names = {"as-happened"};
  if (const Node* strategies = base.find("strategies")) {
    for (const Node::Member& member : strategies->members) names.push_back(member.first);
  }
  return names;
}

std::vector<std::string> alternatives_of(const Node& base, std::string_view name) {
  const Node* assumed = base.find("assumed");
  const Node* one = assumed == nullptr ? nullptr : assumed->find(name);
  const Node* alternatives = one == nullptr ? nullptr : one->find("or");
  return alternatives == nullptr || !alternatives->is(Node::Kind::object) ? std::vector<std::string>()
                                                                          : alternatives->keys();
}

void fix_days(Node& root, const Zone& zone, Diagnostics& diagnostics) {
  Node* timeline = root.find("timeline");
  const Node* clock = root.find("clock");
  if (timeline == nullptr || clock == nullptr || clock->find("from") == nullptr) return;
  std::string ignored;
  const auto from = parse_time(clock->find("from")->text, zone, Node::no_day, ignored);
  std::int64_t day = from ? from->date : Node::no_day;
  for (Node& entry : timeline->items) {
    entry.day = day;
    Node* at = entry.find("at");
    if (at == nullptr) continue;
    at->day = day;  // "next day" counts from here, not from the entry's own day.
    std::string error;
    const auto time = parse_time(at->text, zone, day, error);
    if (!time) {
      const Node* id = entry.find("id");
      diagnostics.error(at->at, "/timeline" + (id != nullptr ? "[" + id->text + "]" : "") + "/at", error);
    } else if (time->kind == TimeSpec::Kind::absolute) {
      entry.day = day = time->date;
    }
  }
}

std::optional<EffectiveScenario> effective_scenario(const Node& base, const Variant& variant,
                                                    Diagnostics& diagnostics) {
  EffectiveScenario effective;
  effective.root = base;
  effective.root.erase("$schema");  // For editors: where the file stands is no part of what runs.
  effective.strategy = variant.strategy;
  effective.serving = variant.serving;
  const Node* assumed = base.find("assumed");
  const Node* expect = nullptr;
  for (const auto& [name, value] : variant.assume) {
    const Node* one = assumed == nullptr ? nullptr : assumed->find(name);
    if (one == nullptr) {
      diagnostics.error({}, "--assume " + name,
                        "the scenario assumes no \"" + name + "\"" +
                            did_you_mean(name, assumed == nullptr ? std::vector<std::string>() : assumed->keys()));
      continue;
    }
    effective.assumptions.push_back(name + "=" + value);
    const Node* alternatives = one->find("or");
    if (alternatives != nullptr && alternatives->is(Node::Kind::object)) {
      if (value == "as-written") continue;
      const Node* alternative = alternatives->find(value);
      if (alternative == nullptr) {
        diagnostics.error({}, "--assume " + name,
                          "there is no alternative \"" + value + "\"" + did_you_mean(value, alternatives->keys()));
        continue;
      }
      Overlay(effective.root, "/assumed/" + name + "/" + value, diagnostics).apply(*alternative);
      if (const Node* own = alternative->find("expect")) expect = own, effective.strategic = true;
    } else {
      Overlay(effective.root, "--assume " + name, diagnostics).change(name, value_from_text(value), {}, "");
    }
  }
  if (variant.strategy != "as-happened") {
    effective.strategic = true;
    expect = nullptr;
    const Node* strategies = base.find("strategies");
    std::string_view rest = variant.strategy;
    while (!rest.empty()) {
      const std::size_t plus = std::min(rest.find('+'), rest.size());
      const std::string name(rest.substr(0, plus));
      rest.remove_prefix(std::min(plus + 1, rest.size()));
      const Node* strategy = strategies == nullptr ? nullptr : strategies->find(name);
      if (strategy == nullptr) {
        diagnostics.error({}, "--strategy",
                          "there is no strategy \"" + name + "\"" + did_you_mean(name, strategy_names(base)));
        return std::nullopt;
      }
      std::string under = "/strategies/" + name;
      for (const std::string& assumption : effective.assumptions) under += " (under " + assumption + ")";
      Overlay(effective.root, under, diagnostics, true).apply(*strategy);
      if (const Node* own = strategy->find("expect")) expect = own;
    }
  }
  for (const auto& [address, value] : variant.set) {
    effective.sets.push_back(address + "=" + value);
    Overlay(effective.root, "--set " + address, diagnostics).change(address, value_from_text(value), {}, "");
  }
  for (const auto& [name, at] : variant.remedies) {
    effective.sets.push_back("remedy " + name + (at.empty() ? "" : "=" + at));
    add_remedy(effective.root, name, at, diagnostics);
  }
  if (effective.strategic) {
    Node wanted = expect != nullptr ? *expect : Node::of_object({});
    effective.root.set("expect", wanted);
  }
  effective.provenance = provenance_of_steps(base, effective.root, changes_of(effective));
  for (const std::string_view section : {"strategies", "remedies", "assumed", "compare"}) effective.root.erase(section);
  if (!diagnostics.ok()) return std::nullopt;
  return effective;
}

}  // namespace premortem
