#include "sim/explore/minimise.hpp"

#include <algorithm>
#include <set>

#include "sim/explore/found_choices.hpp"
#include "sim/explore/reduction.hpp"
#include "sim/kernel/random.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario_text.hpp"

namespace premortem {

namespace {

/// Told to people or to comparisons; no run depends on it.
constexpr const char* prose[] = {"$schema", "expect", "strategies", "assumed", "remedies", "compare"};

/// So many other lists of choices are tried for a smaller scenario that does not fail under its own.
constexpr std::uint64_t other_choices = 32;

/// A time without a date means the day of the entry before it, which may go.
void write_dates(Node& root, const Zone& zone) {
  Node* timeline = root.find("timeline");
  if (timeline == nullptr) return;
  for (Node& entry : timeline->items) {
    Node* at = entry.find("at");
    std::string error;
    const auto time = at == nullptr ? std::nullopt : parse_time(at->text, zone, at->day, error);
    if (!time || time->kind != TimeSpec::Kind::absolute) continue;
    at->text = zone.format(time_from_nanoseconds(time->low));
    if (time->high != time->low) at->text += " .. " + zone.format(time_from_nanoseconds(time->high));
  }
}

class Minimiser {
 public:
  Minimiser(const MinimiseOptions& options, Minimised& best) : options_(options), best_(best) {}

  /// The case itself: `root` becomes the best so far if it fails at all.
  bool start(Node root) {
    const auto failure = failure_as_file(root, UINT64_MAX);
    if (!failure) return false;
    best_.root = std::move(root);
    best_.failure = *failure;
    best_.only_by_choice = compiled_->choices && !breaks_anyway();
    keep_what_was_asked();
    best_.lines_before = lines(scenario_text(best_.root));
    events_max_ = failure->events * 2 + 1000;
    if (options_.improved) options_.improved(best_);
    return true;
  }

  void run() {
    do {
      changed_ = false;
      shorten_clock();
      take_away();
      simplify_arrivals();
      simplify_values();
      simplify_choices();
    } while (changed_ && !stopped_);
    best_.minimal = !stopped_;
  }

 private:
  static std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  /// As somebody finds it who is given the file.
  std::optional<Failure> failure_as_file(const Node& root, std::uint64_t events_max) {
    compiled_ = compile_as_file(root);
    if (!compiled_) return std::nullopt;
    zone_ = compiled_->model->zone;
    return failure_of(*compiled_, options_.seed, options_.check, events_max);
  }

  static std::shared_ptr<const CompiledScenario> compile_as_file(const Node& root) {
    Diagnostics diagnostics;
    std::optional<Node> read = read_scenario_text(scenario_text(root), diagnostics);
    const auto loaded = read ? load_scenario("", std::move(*read), diagnostics) : std::nullopt;
    return loaded ? compile_variant(*loaded, {}, diagnostics) : nullptr;
  }

  bool may_go_on() {
    stopped_ = stopped_ || (options_.go_on && !options_.go_on());
    return !stopped_;
  }

  /// How `compiled_` failed. Without the contrasts, the smallest way to lose an item would be to have nothing that
  /// could do it, and the smallest story about an order one in which the order does not matter.
  bool fails_so(const std::optional<Failure>& failure) const {
    return failure && failure->cause == best_.failure.cause &&
           (failure->others_fare_well || !best_.failure.others_fare_well) && !(best_.only_by_choice && breaks_anyway());
  }

  /// `compiled_` breaks the check without its choices, too.
  bool breaks_anyway() const {
    CompiledScenario plain = *compiled_;
    plain.choices.reset();
    return failure_of(plain, options_.seed, options_.check, events_max_).has_value();
  }

  /// Keeps the candidate if it fails the same way. What was tried once is not tried again.
  bool accept(Node candidate) {
    if (stopped_) return false;
    if (!tried_.insert(hash_name(candidate.to_json())).second) return false;
    if (!may_go_on()) return false;
    ++best_.trials;
    auto failure = failure_as_file(candidate, events_max_);
    if (!fails_so(failure) && !fails_under_others(candidate, failure)) return false;
    best_.root = std::move(candidate);
    best_.failure = *failure;
    keep_what_was_asked();
    changed_ = true;
    if (options_.improved) options_.improved(best_);
    return true;
  }

  static Node without_choices(Node root) {
    root.erase("choices");
    return root;
  }

  /// What is asked has changed with the scenario, so that the old answers may mean something else: whether it fails so
  /// under other ones, which it then gets. Not if only the choices have changed, or they would grow again.
  bool fails_under_others(Node& candidate, std::optional<Failure>& failure) {
    if (!compiled_ || !compiled_->choices) return false;
    if (without_choices(candidate).to_json() == without_choices(best_.root).to_json()) return false;
    const std::shared_ptr<const CompiledScenario> compiled = compiled_;
    for (std::uint64_t number = 1; number <= other_choices && may_go_on(); ++number) {
      ++best_.trials;
      RandomChooser random(combine(options_.seed, number));
      const FixedChoices answers = answers_of(*compiled, random);
      if (!fails_so(last_)) continue;
      Node other = candidate;
      other.set("choices", choices_section(answers));
      failure = failure_as_file(other, events_max_);
      if (!fails_so(failure)) continue;
      candidate = std::move(other);
      return true;
    }
    return false;
  }

  /// Runs `scenario` under `chooser`, as its `choices` would be asked for; `last_` is how it failed.
  FixedChoices answers_of(const CompiledScenario& scenario, Chooser& chooser) {
    RecordingChooser recording(chooser);
    FaultBudget faults;
    SelectedChooser selected(recording, scenario.choices->kinds, scenario.model->begins + 1, faults);
    last_ = failure_of(scenario, options_.seed, options_.check, events_max_, &selected);
    return {scenario.choices->kinds, recording.choices()};
  }

  /// The best so far holds the answers that were taken, and no others: the run is the same.
  void keep_what_was_asked() {
    if (best_.root.find("choices") == nullptr) return;
    ReplayChooser replay(compiled_->choices->take);
    const Node section = choices_section(answers_of(*compiled_, replay));
    if (section.to_json() == best_.root.find("choices")->to_json()) return;
    Node kept = best_.root;
    kept.set("choices", section);
    if (fails_so(failure_as_file(kept, events_max_))) best_.root = std::move(kept);
  }

  /// First alternatives, from the end on.
  void simplify_choices() {
    const auto answers = [](Node& root) -> std::vector<Node>* {
      Node* choices = root.find("choices");
      return choices == nullptr ? nullptr : &choices->find("take")->items;
    };
    const std::vector<Node>* all = answers(best_.root);
    for (std::size_t place = all == nullptr ? 0 : all->size(); place-- > 0;) {
      for (const std::int64_t simpler : {0, 1}) {
        all = answers(best_.root);
        if (stopped_ || all == nullptr) return;
        if (place >= all->size() || (*all)[place].integer <= simpler) break;
        Node candidate = best_.root;
        (*answers(candidate))[place].integer = simpler;
        if (accept(std::move(candidate))) break;
      }
    }
  }

  /// Level by level from the root: half of the children, a quarter, ..., each one by itself.
  void take_away() {
    for (std::size_t depth = 0;; ++depth) {
      std::vector<NodePath> paths = paths_of_depth(best_.root, depth);
      if (paths.empty()) return;
      std::reverse(paths.begin(), paths.end());  // A removal moves only what stands behind it.
      for (const NodePath& path : paths) take_away_from(path);
    }
  }

  void take_away_from(const NodePath& path) {
    for (std::size_t chunk = children_of(node_at(best_.root, path)); chunk > 0; chunk /= 2) {
      std::size_t end = children_of(node_at(best_.root, path));
      while (end > 0) {
        const std::size_t first = end > chunk ? end - chunk : 0;
        Node candidate = best_.root;
        erase_children(node_at(candidate, path), first, end - first);
        accept(std::move(candidate));
        if (stopped_) return;
        end = first;
      }
    }
  }

  /// The story ends soon after the failure and begins soon before the item that shows it.
  void shorten_clock() {
    const auto try_clock = [&](const char* end, std::int64_t instant) {
      Node candidate = best_.root;
      Node* clock = candidate.find("clock");
      if (clock == nullptr || clock->find(end) == nullptr) return false;
      std::string ignored;
      const auto now = parse_time(clock->find(end)->text, zone_, Node::no_day, ignored);
      const bool shorter = now && (std::string_view(end) == "from" ? instant > now->low : instant < now->low);
      if (!shorter) return true;  // As good as it gets; and a span that only shrinks comes to an end.
      const std::string text = zone_.format(time_from_nanoseconds(instant));
      clock->set(end, Node::of_text(text, {}));
      return accept(std::move(candidate));
    };
    const std::int64_t units[] = {60 * ns_per_second, ns_per_hour, 24 * ns_per_hour};
    // A check on what becomes of items is broken at the clock's end, wherever that is: the arrival is the better guess.
    const std::int64_t violated = best_.failure.first_at.value_or(INT64_MIN);
    for (const std::int64_t last :
         {best_.failure.arrived.value_or(violated), std::max(violated, best_.failure.finished_at.value_or(violated))}) {
      if (last == INT64_MIN) break;
      if (std::ranges::any_of(units,
                              [&](std::int64_t unit) { return try_clock("until", floor_local(last, unit) + unit); }))
        break;
    }
    if (best_.failure.arrived) {
      const std::int64_t arrived = *best_.failure.arrived;
      for (const std::int64_t unit : {units[1], units[2]}) {
        if (try_clock("from", floor_local(arrived, unit))) break;
      }
    }
  }

  std::int64_t floor_local(std::int64_t instant, std::int64_t unit) const {
    const std::int64_t offset = zone_.offset_at(time_from_nanoseconds(instant));
    const std::int64_t local = instant + offset;
    return local - (local % unit + unit) % unit - offset;
  }

  /// One item at one time instead of a stream, or one that fails and one that does not.
  void simplify_arrivals() {
    const Node* arrivals = best_.root.find("arrivals");
    if (arrivals == nullptr || !best_.failure.arrived) return;
    for (const std::string& name : arrivals->keys()) {
      Node candidate = best_.root;
      Node* stream = candidate.find("arrivals")->find(name);
      if (stream->find("at") != nullptr) continue;
      for (const char* key : {"rate", "by-hour", "by-weekday", "from", "until", "count", "between", "exactly"}) {
        stream->erase(key);
      }
      std::vector<std::int64_t> instants = {*best_.failure.arrived};
      if (!try_instants(candidate, *stream, instants) && best_.failure.other_arrived) {
        instants.insert(*best_.failure.other_arrived < instants[0] ? instants.begin() : instants.end(),
                        *best_.failure.other_arrived);
        try_instants(candidate, *stream, instants);
      }
    }
  }

  /// `stream` is part of `candidate`.
  bool try_instants(const Node& candidate, Node& stream, const std::vector<std::int64_t>& instants) {
    for (const std::int64_t unit : {ns_per_hour, 60 * ns_per_second, ns_per_second}) {
      Node at = Node::of_array({});
      for (const std::int64_t instant : instants) {
        at.items.push_back(Node::of_text(zone_.format(time_from_nanoseconds(floor_local(instant, unit))), {}));
      }
      stream.set("at", instants.size() == 1 ? at.items[0] : at);
      if (accept(candidate)) return true;
    }
    return false;
  }

  void simplify_values() {
    for (std::size_t depth = 1;; ++depth) {
      const std::vector<NodePath> paths = paths_of_depth(best_.root, depth);
      if (paths.empty()) return;
      for (const NodePath& path : paths) {
        for (const Node& simpler : simpler_values(node_at(best_.root, path))) {
          Node candidate = best_.root;
          node_at(candidate, path) = simpler;
          if (accept(std::move(candidate))) break;
        }
        if (stopped_) return;
      }
    }
  }

  const MinimiseOptions& options_;
  Minimised& best_;
  Zone zone_;
  std::shared_ptr<const CompiledScenario> compiled_;  ///< Of what was tried last; null: it made no sense.
  std::optional<Failure> last_;
  std::set<std::uint64_t> tried_;
  std::uint64_t events_max_ = UINT64_MAX;
  bool changed_ = false, stopped_ = false;
};

}  // namespace

std::optional<Minimised> minimise(const LoadedScenario& loaded, const Variant& variant, const MinimiseOptions& options,
                                  std::string& error) {
  Diagnostics diagnostics;
  auto effective = effective_scenario(loaded.root, variant, diagnostics);
  const auto compiled = effective ? compile_scenario(*effective, diagnostics) : nullptr;
  if (!compiled) {
    error = diagnostics.format(loaded.path);
    return std::nullopt;
  }
  if (!failure_of(*compiled, options.seed, options.check)) {
    error = "the check \"" + options.check + "\" is not broken under seed " + std::to_string(options.seed) +
            "; there is nothing to minimise";
    return std::nullopt;
  }
  Minimised best;
  best.check = options.check;
  best.seed = options.seed;
  for (const char* section : prose) effective->root.erase(section);
  write_dates(effective->root, compiled->model->zone);
  Minimiser minimiser(options, best);
  if (!minimiser.start(std::move(effective->root))) {
    error = "written out as a file of its own, the case does not fail any more";
    return std::nullopt;
  }
  minimiser.run();
  return best;
}

}  // namespace premortem
