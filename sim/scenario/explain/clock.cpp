#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem::explain {

namespace {

std::string offset(std::int64_t ns) {
  const std::int64_t minutes = (ns < 0 ? -ns : ns) / ns_per_minute;
  const auto two = [](std::int64_t n) { return std::to_string(100 + n).substr(1); };
  return std::string("UTC") + (ns < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60);
}

}  // namespace

ExplainedPart clock(const Node&, const ClockSpec& spec) {
  ExplainedPart passage{"Clock", {}};
  const auto say = [&](std::string text) { passage.sentences.push_back({0, sentence(std::move(text))}); };
  say("the story begins at " + spec.zone.format(spec.from) + " and stops before " + spec.zone.format(spec.until) +
      ", on the clocks of " + spec.zone.name() + ", which begin at " + offset(spec.zone.offset_at(spec.from)));
  std::int64_t before = spec.zone.offset_at(spec.from);
  bool changes = false;
  for (const ZoneTransition& change : spec.zone.transitions()) {
    const Time at = time_from_nanoseconds(change.at);
    if (at < spec.from || at >= spec.until || change.offset == before) continue;
    changes = true;
    say("at " + Zone().format(at) + " UTC they change from " + offset(before) + " to " + offset(change.offset) +
        (change.offset > before ? ", and an hour is missing" : ", and an hour comes twice"));
    before = change.offset;
  }
  if (!changes) say("they do not change in this time");
  return passage;
}

}  // namespace premortem::explain
