#pragma once
// The one fate that every work item has at the end of a run.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace premortem {

/// What became of a work item. Exactly one applies; the first that fits, in the order of the enumerators.
enum class Fate : std::uint8_t {
  duplicated,     ///< Finished more than once, and its kind may not repeat.
  misrouted,      ///< Finished with an outcome that is not among its kind's `done`.
  late,           ///< Finished after `due`.
  done,           ///< Finished otherwise.
  dead_lettered,  ///< Unfinished, in a dead-letter queue or parked: kept, but nothing will move it by itself.
  in_flight,      ///< Unfinished and held, `due` not over.
  stuck,          ///< Unfinished and held, `due` over, or nothing will ever move it.
  lost            ///< Unfinished, and nobody holds it.
};

inline constexpr std::size_t fate_count = 8;

/// The order in which tables show fates: good first, worst last.
inline constexpr std::array<Fate, fate_count> fates_in_order = {Fate::done,      Fate::late,          Fate::duplicated,
                                                                Fate::misrouted, Fate::dead_lettered, Fate::stuck,
                                                                Fate::lost,      Fate::in_flight};

/// "done", "late", ..., "dead-lettered", "in-flight": the spelling of scenario files and reports.
constexpr std::string_view name_of(Fate fate) {
  constexpr std::array<std::string_view, fate_count> names = {"duplicated",    "misrouted", "late",  "done",
                                                              "dead-lettered", "in-flight", "stuck", "lost"};
  return names[static_cast<std::size_t>(fate)];
}

/// How many items of one kind met each fate. The counts add up to `arrived` in every run.
struct FateCounts {
  std::string item;                            ///< Kind of item, as in the scenario's `items`.
  std::uint64_t arrived = 0;                   ///< Items that came into being before the clock's end.
  std::array<std::uint64_t, fate_count> of{};  ///< Indexed by Fate.

  std::uint64_t operator[](Fate fate) const { return of[static_cast<std::size_t>(fate)]; }
  bool operator==(const FateCounts&) const = default;
};

}  // namespace premortem
