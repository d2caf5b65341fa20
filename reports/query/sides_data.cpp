#include "reports/query/sides_data.hpp"

#include "reports/query/diff_tables.hpp"
#include "reports/query/item_states.hpp"
#include "reports/query/record_sentence.hpp"

namespace premortem {

namespace {

std::string said(const std::optional<ToldRecord>& told, const TimeFormat& format) {
  return told ? format(time_from_nanoseconds(told->at)) + "  " + record_sentence(*told, format) : "";
}

std::optional<std::int64_t> instant(const std::optional<std::int64_t>& ns) {
  return ns ? std::optional(microseconds(*ns)) : std::nullopt;
}

}  // namespace

SidesData sides_data(const RunDiff& diff, std::uint64_t a, std::uint64_t b, const std::string& command,
                     const TimeFormat& format) {
  SidesData sides;
  sides.a = a;
  sides.b = b;
  sides.command = command;
  sides.same = diff.same;
  if (diff.first) {
    const Divergence& first = *diff.first;
    const std::optional<ToldRecord>& parted = first.cause ? first.cause : first.a ? first.a : first.b;
    if (parted) sides.parted = microseconds(parted->at);
    sides.cause = said(first.cause, format);
    sides.first_a = said(first.a, format);
    sides.first_b = said(first.b, format);
  }
  for (const ItemGroup& group : diff.items) {
    sides.items.push_back({group.kind, end_in_words(group.a, group.b), end_in_words(group.b, group.a), group.ids});
  }
  for (const ChangedCheck& check : diff.checks) {
    CheckData data;
    data.name = check.name;
    data.verdict = check.b;
    data.expected = check.a;
    data.broken = check.b.starts_with("broken");
    data.as_expected = false;
    sides.checks.push_back(std::move(data));
  }
  for (const Moved& moved : diff.moved) sides.moved.push_back({moved.name, instant(moved.a), instant(moved.b)});
  return sides;
}

}  // namespace premortem
