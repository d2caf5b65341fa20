#include "cli/window_range.hpp"

#include <algorithm>
#include <iostream>

#include "cli/stop.hpp"
#include "sim/scenario/address.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

std::int64_t value_of(const std::string& text, Varied varied, const CompiledScenario& scenario, const char* option) {
  const std::string beginning = "premortem: " + std::string(option) + ": ";
  std::string error;
  if (varied == Varied::instant) {
    const auto time = parse_time(text, scenario.model->zone, Node::no_day, error);
    if (time && time->kind == TimeSpec::Kind::absolute && time->low == time->high) return time->low;
    throw UsageError(beginning + (error.empty() ? text + " is no instant" : error) + "; write \"2020-01-27 13:00\"\n");
  }
  if (varied == Varied::duration) {
    if (const auto duration = parse_duration(text)) return duration->count();
    throw UsageError(beginning + "\"" + text + "\" is no duration; write \"20 s\"\n");
  }
  if (!text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos)
    return std::stoll(text);
  throw UsageError(beginning + "\"" + text + "\" is no count; write \"4\"\n");
}

void narrow(WindowRange& range, const CompiledScenario& scenario, const std::string& from, const std::string& to) {
  if (!from.empty()) range.from = value_of(from, range.varied, scenario, "--from");
  if (!to.empty()) range.to = value_of(to, range.varied, scenario, "--to");
  if (range.to <= range.from) throw UsageError("premortem: --to is not behind --from\n");
}

}  // namespace

WindowRange range_of(const LoadedScenario& loaded, const Variant& variant, const CompiledScenario& scenario,
                     const std::string& address, const std::string& from, const std::string& to) {
  WindowRange range;
  range.address = address;
  Diagnostics diagnostics;
  Node root = effective_scenario(loaded.root, variant, diagnostics)->root;
  std::string error;
  const std::optional<Place> place = find_place(root, address, true, error);
  if (!place) throw UsageError("premortem: --vary: " + error + "\n");
  const Node* node = place->node();
  const std::string text = node == nullptr ? "" : node->is(Node::Kind::text) ? node->text : node->to_json();
  const bool both = !from.empty() && !to.empty();
  if (address.ends_with(".at")) {
    range.from = scenario.model->begins;
    range.to = scenario.model->ends - 1;
  } else if (parse_duration(text) || (both && parse_duration(from))) {
    range.varied = Varied::duration;
    range.to = std::max<std::int64_t>(60'000'000'000, parse_duration(text).value_or(Duration{0}).count() * 10);
  } else if ((node != nullptr && node->is(Node::Kind::integer)) || both) {
    range.varied = Varied::count;
    range.from = 1;
    range.to = node == nullptr ? 10 : std::max<std::int64_t>(10, node->integer * 2);
  } else {
    throw UsageError("premortem: --vary: at " + address +
                     " stands no instant, duration or count; name one, or say --from and --to\n");
  }
  narrow(range, scenario, from, to);
  for (const std::int64_t end : {range.from, range.to}) {  // What the language refuses is said here.
    Variant at_end = variant;
    at_end.set.emplace_back(address, window_value(range.varied, end));
    compile(loaded, at_end);
  }
  return range;
}

WindowRange instants_of(const CompiledScenario& scenario, const std::string& from, const std::string& to) {
  WindowRange range;
  range.from = scenario.model->begins;
  range.to = scenario.model->ends - 1;
  narrow(range, scenario, from, to);
  if (range.from < scenario.model->begins || range.to >= scenario.model->ends)
    throw UsageError("premortem: --from and --to must lie within the clock, from " +
                     said(Varied::instant, scenario, scenario.model->begins) + " to before " +
                     said(Varied::instant, scenario, scenario.model->ends) + "\n");
  return range;
}

std::string said(Varied varied, const CompiledScenario& scenario, std::int64_t value) {
  return varied == Varied::instant ? scenario.model->zone.format(time_from_nanoseconds(value))
                                   : window_value(varied, value);
}

void check_is_there(const CompiledScenario& scenario, const std::string& check) {
  std::vector<std::string> names;
  for (const CheckSpec& one : scenario.judge->checks) names.push_back(one.name);
  if (check.empty() || std::ranges::find(names, check) != names.end()) return;
  throw UsageError("premortem: --check: there is no check \"" + check + "\"" + did_you_mean(check, names) + "\n");
}

GoOn watched_runs(Progress& progress) {
  const std::atomic<bool>& stop = listen_for_stop();
  return [&stop, &progress](std::uint64_t runs) {
    progress.tell(std::to_string(runs) + " runs");
    return !stop;
  };
}

std::string stopped_line() {
  return std::string("incomplete: stopped by ") + stopped_by() + "; this is what the runs until then show\n";
}

}  // namespace premortem::cli
