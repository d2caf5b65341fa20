#pragma once
// From the numbers in a history to the names that its scenario gives them: what a reader of records needs beside them.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/record.hpp"

namespace premortem {

/// What a number in a record stands for.
enum class Operand : std::uint8_t {
  nothing,      ///< Always 0, or not worth telling.
  number,       ///< A count, an offset, a run: the number itself.
  item,         ///< A work item, or no_item.
  item_kind,    ///< A kind of item.
  text,         ///< A text: an outcome, a mark, a notice.
  step,         ///< A timeline entry.
  error,        ///< An error of the models or of the scenario.
  given_up,     ///< error << 8 | what was done instead.
  operation,    ///< An operation of a service.
  system,       ///< A system.
  setting,      ///< An address that can be set.
  fault,        ///< A fault of the timeline.
  check,        ///< A check.
  observation,  ///< check << 32 | item, or no_item.
  expression,   ///< An expression of the scenario.
  instant,      ///< Nanoseconds since 1970.
  request       ///< client << 32 | channel << 16 | request of a real client.
};

/// What `a` and `b` of a kind of record stand for.
struct RecordForm {
  Operand a = Operand::nothing, b = Operand::nothing;
  bool who_is_system = true;  ///< `who` names a system; else it is a number of its own.
};
RecordForm form_of(RecordKind kind);

/// The names, by number. Plain data; complete for the scenario that it was made for.
struct HistoryNames {
  struct Kind {
    std::string name;
    std::int64_t first_id = 1;
    std::int64_t due = -1;  ///< ns from arrival; -1: none.
  };
  /// Where a step of the timeline comes from.
  struct Origin {
    std::string provenance;  ///< "from source", "modelled", "assumed"
    std::string source;      ///< Where it is written, or why it is assumed; empty: nothing says.
    std::string believing;   ///< What people believed then; empty: nothing says.
    bool by_person = false;
  };
  /// From `at` on, local time is UTC + `offset`; both in ns.
  struct ZoneOffset {
    std::int64_t at = 0, offset = 0;
  };
  static constexpr std::uint32_t no_system = UINT32_MAX;
  std::vector<Kind> kinds;
  std::vector<std::string> step_sentences;  ///< What each step does, in words; empty: nothing to tell.
  std::vector<std::uint32_t> error_codes;   ///< Of errors with a number of their own: WriteConflict's 112; else 0.
  std::vector<std::string> systems, texts, errors, steps, operations, settings, faults, checks, expressions;
  std::vector<std::string> requests;          ///< What real clients may ask: "publish".
  std::vector<std::string> system_kinds;      ///< "queue", "log", "arrivals", ...: by system.
  std::vector<std::uint32_t> system_sources;  ///< The queue or log that a consumer or stream takes from, or no_system.
  std::vector<Origin> step_origins;
  std::string zone;                      ///< Name of the clock's zone.
  std::vector<ZoneOffset> zone_offsets;  ///< Within the clock's span; the first holds at its beginning.
  std::int64_t begins = 0, ends = 0;     ///< The clock's span, ns since 1970.
};

}  // namespace premortem
