#pragma once
// Kinds of work items, the streams in which they arrive, and the shapes in which they travel.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/arrival_process.hpp"
#include "sim/models/expression/type.hpp"

namespace premortem {

/// An index or setting that is not given.
inline constexpr std::uint32_t unset = 0xFFFFFFFF;

struct FieldSpec {
  std::string name;
  Type type;
};

/// One kind of work item, an entry of `items`.
struct ItemKind {
  std::string name;
  std::uint32_t text = 0;  ///< Its name as an interned text, for `it.kind`.
  std::int64_t first_id = 1;
  std::vector<FieldSpec> fields;
  std::vector<std::uint32_t> done;   ///< Outcomes that count as done; empty: any.
  std::int64_t due = -1;             ///< ns after arrival; -1: none.
  std::uint32_t held_while = unset;  ///< Expression over the item.
  bool held_while_reads_clock = false;
  bool held_while_reads_documents = false;
  bool may_repeat = false;
};

/// The layout of what a queue, log, collection or operation carries.
struct Shape {
  std::string name;
  std::vector<FieldSpec> fields;
  bool plain = true;  ///< No field is a list or an object, which would be counted.
};

/// Where one field of a new payload or document comes from.
struct FieldSource {
  enum class From : std::uint8_t { nothing, expression, carried, item };
  From from = From::nothing;
  std::uint16_t index = 0;  ///< Expression, field of what is in hand, or field of the item.
};

/// How a payload of one shape is made from what is in hand.
struct BuildSpec {
  std::uint16_t shape = 0;
  std::vector<FieldSource> fields;
};

/// `with` of an update: document field -> expression over the document and what is in hand.
struct Assignments {
  std::vector<std::uint16_t> fields;
  std::vector<std::uint16_t> expressions;
};

/// Where an item or message is handed over.
struct Target {
  enum class Kind : std::uint8_t { queue, exchange, log, service };
  Kind kind = Kind::queue;
  std::uint32_t number = 0;
  std::uint32_t build = 0;       ///< How its payload is made.
  std::uint32_t operation = 0;   ///< Which operation faults strike: queue.publish, log.append.
  std::uint8_t strike_slot = 0;  ///< Locals for what a fault slows down: what struck it,
  std::uint8_t late_slot = 0;    ///< ... and what is on its way. 0: no fault names the operation.
};

/// A value drawn or computed for a field of an arriving item.
struct FieldDraw {
  enum class Kind : std::uint8_t { constant, distribution, weighted, duration_from_arrival };
  Kind kind = Kind::constant;
  std::uint16_t field = 0;
  Word value = 0;                  ///< For constant.
  std::uint32_t distribution = 0;  ///< Setting that names it.
  std::vector<Word> choices;       ///< For weighted, by index of the draw.
  bool to_date = false;            ///< The instant is cut to a date in the clock's zone.
  std::uint64_t purpose = 0;
};

/// A window in which exactly so many arrive, at uniform times.
struct ArrivalWindow {
  std::int64_t from = 0, until = 0;
  std::uint32_t count = 0;  ///< Setting that names its distribution.
  std::uint64_t purpose = 0;
};

/// One stream of arrivals (one per element where `one-per` is used).
struct ArrivalSpec {
  std::string name;  ///< "usual", "usual[MER]".
  std::uint32_t kind = 0;
  std::uint64_t entity = 0;  ///< Hash of its name: keys its draws.
  std::vector<FieldDraw> fields;
  Target target;
  std::uint32_t key = unset;  ///< Expression over the new item: partition or routing key.
  RateProfile profile;        ///< Empty when no `rate`.
  std::vector<ArrivalWindow> windows;
  std::vector<std::int64_t> at;  ///< Fixed instants.
  std::uint32_t program = 0;
  std::uint32_t late_program = unset;  ///< Hands over what a fault slows down; none: no fault names the target.
  std::uint16_t component = 0;
};

}  // namespace premortem
