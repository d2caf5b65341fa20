#include "sim/explore/why.hpp"

#include <algorithm>

#include "sim/models/livelock.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

/// To the minute, the second or the millisecond: what a person would say of it.
std::string roughly(std::int64_t ns) {
  const std::int64_t unit = ns >= 24 * ns_per_hour ? ns_per_hour
                            : ns >= ns_per_hour    ? ns_per_minute
                            : ns >= ns_per_minute  ? ns_per_second
                                                   : ns_per_second / 1000;
  return format_duration(Duration(ns / unit * unit));
}

std::string faring_text(const JudgedItem& item) {
  std::string text(name_of(item.fate));
  if (item.finished != 0) text += " after " + roughly(item.finished_at - item.arrived);
  return text;
}

std::optional<Faring> faring_of(const Trial& trial, const Subjects& subject) {
  Faring faring;
  if (!subject.check.empty()) {
    const CheckResult* check = trial.check(subject.check);
    if (check == nullptr) return std::nullopt;
    faring.well = check->verdict != CheckVerdict::broken;
    faring.text = std::string(name_of(check->verdict));
    if (!faring.well && check->broken_for) faring.text += " for " + std::to_string(*check->broken_for);
    return faring;
  }
  const JudgedItem* item = trial.item(subject.kind, subject.id);
  if (item == nullptr) return std::nullopt;
  faring.well = item->fate == Fate::done;
  faring.text = faring_text(*item);
  faring.fate = item->fate;
  faring.arrived = item->arrived;
  if (item->finished != 0) faring.finished_at = item->finished_at;
  if (item->released_at >= 0) faring.released_at = item->released_at;
  return faring;
}

class Inquiry {
 public:
  Inquiry(const LoadedScenario& loaded, const Variant& variant, const Subjects& subject, const WhyOptions& options)
      : loaded_(loaded), variant_(variant), subject_(subject), options_(options) {}

  std::size_t tried = 0;

  /// How the subject fares with these changes; nothing when they make no sense, or it does not occur any more.
  std::optional<Faring> with(const std::vector<const Intervention*>& changes) {
    if (options_.go_on && !options_.go_on()) return std::nullopt;
    Diagnostics ignored;
    const auto compiled = compile_variant(loaded_, changed(variant_, changes), ignored);
    if (!compiled) return std::nullopt;
    ++tried;
    try {
      return faring_of(run_trial(*compiled, options_.seed), subject_);
    } catch (const Livelock&) {
      return std::nullopt;
    }
  }

 private:
  const LoadedScenario& loaded_;
  const Variant& variant_;
  const Subjects& subject_;
  const WhyOptions& options_;
};

Proof proof(const std::vector<const Intervention*>& changes, Faring then) {
  Proof made;
  for (const Intervention* change : changes) made.changes.push_back(*change);
  made.then = std::move(then);
  return made;
}

/// One proof an address: of several values that all help, the first.
bool is_new(const std::vector<Proof>& proofs, const Intervention& change) {
  return std::ranges::none_of(proofs, [&](const Proof& one) { return one.changes[0].id == change.id; });
}

/// Two steps at a time, in the order of the timeline.
void look_at_pairs(Inquiry& inquiry, const std::vector<Intervention>& all, std::size_t runs_max, Explanation& told) {
  for (std::size_t one = 0; one < all.size(); ++one) {
    if (all[one].kind != Intervention::Kind::step) continue;
    for (std::size_t other = one + 1; other < all.size() && inquiry.tried < runs_max; ++other) {
      if (all[other].kind != Intervention::Kind::step) continue;
      const std::vector<const Intervention*> both = {&all[one], &all[other]};
      const auto then = inquiry.with(both);
      if (then && then->well && then->arrived == told.happened.arrived) told.pairs.push_back(proof(both, *then));
    }
  }
}

/// The step whose time decides how late the item is: moved, with what follows it, to soon after the item was let go.
void look_at_delay(Inquiry& inquiry, const CompiledScenario& compiled, Explanation& told) {
  const Faring& happened = told.happened;
  if (happened.fate != Fate::late || !happened.released_at || !happened.finished_at) return;
  const std::int64_t let_go = *happened.released_at, delay = *happened.finished_at - let_go;
  const std::vector<TimelineSpec>& timeline = compiled.model->timeline;
  for (std::size_t entry = 0; entry < timeline.size(); ++entry) {
    const TimelineSpec& step = timeline[entry];
    if (step.when != TimelineSpec::When::at || step.low != step.high) continue;
    if (step.low <= let_go || step.low >= *happened.finished_at) continue;
    for (const std::int64_t after : {ns_per_hour, 25 * ns_per_hour, 49 * ns_per_hour, delay / 4}) {
      const std::int64_t when = (let_go + after) / ns_per_minute * ns_per_minute;
      if (when >= step.low) continue;
      const Intervention moved = moved_together(compiled, entry, when - step.low);
      const auto then = inquiry.with({&moved});
      if (!then || !then->finished_at || *then->finished_at - let_go > delay / 2) continue;
      const bool better = !told.delay || *then->finished_at < *told.delay->then.finished_at;
      if (better) told.delay = proof({&moved}, *then);
      break;
    }
  }
}

}  // namespace

std::optional<Subjects> subject_named(const CompiledScenario& scenario, const std::string& name, std::string& error) {
  Subjects subject;
  subject.name = name;
  std::string checks;
  for (const CheckSpec& check : scenario.judge->checks) {
    checks += (checks.empty() ? "" : ", ") + check.name;
    if (check.name != name) continue;
    subject.check = name;
    return subject;
  }
  const std::size_t space = name.find_last_of(" :");
  const std::string kind = name.substr(0, space), id = space == std::string::npos ? "" : name.substr(space + 1);
  std::string kinds;
  for (std::size_t number = 0; number < scenario.judge->kinds.size(); ++number) {
    const std::string& known = scenario.judge->kinds[number].name;
    kinds += (kinds.empty() ? "" : ", ") + known;
    const bool digits =
        !id.empty() && id.size() < 19 && std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
    if (known != kind || !digits) continue;
    subject.kind = static_cast<std::uint32_t>(number);
    subject.id = std::stoll(id);
    subject.name = kind + " " + id;
    return subject;
  }
  error = "\"" + name + "\" is neither a check (" + checks + ") nor an item; write \"KIND ID\" with one of the kinds " +
          kinds;
  return std::nullopt;
}

std::optional<Explanation> explain_why(const LoadedScenario& loaded, const Variant& variant, const Subjects& subject,
                                       const WhyOptions& options, std::string& error) {
  Diagnostics diagnostics;
  const auto compiled = compile_variant(loaded, variant, diagnostics);
  if (!compiled) {
    error = diagnostics.format(loaded.path);
    return std::nullopt;
  }
  Explanation told;
  told.subject = subject;
  const auto happened = faring_of(run_trial(*compiled, options.seed), subject);
  if (!happened) {
    error = "no " + subject.name + " arrives under seed " + std::to_string(options.seed);
    return std::nullopt;
  }
  told.happened = *happened;
  if (happened->well) return told;
  const std::vector<Intervention> all = interventions(loaded, variant, *compiled);
  Inquiry inquiry(loaded, variant, subject, options);
  for (const Intervention& change : all) {
    std::vector<Proof>& into = change.kind == Intervention::Kind::step ? told.steps : told.others;
    if (!is_new(into, change)) continue;
    const auto then = inquiry.with({&change});
    const bool same_item = then && then->arrived == happened->arrived;
    if (same_item && then->well) into.push_back(proof({&change}, *then));
  }
  std::ranges::stable_sort(told.steps, {}, [](const Proof& one) { return one.changes[0].at; });
  if (told.steps.empty()) look_at_pairs(inquiry, all, options.runs_max, told);
  look_at_delay(inquiry, *compiled, told);
  told.tried = inquiry.tried;
  return told;
}

}  // namespace premortem
