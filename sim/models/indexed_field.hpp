#pragma once
// Which equalities of a condition an index can look up. Asked when indexes are chosen, and again when they are used.

#include <cstdint>
#include <optional>

#include "sim/models/expression/expression.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

/// The word of a document that the hint is about; none: nothing that an index could choose by.
inline std::optional<std::uint16_t> indexed_field(const EqualityHint& hint) {
  if (!hint.indexable) return std::nullopt;
  if (hint.source == Source::element_field) return hint.field;
  if (static_cast<Property>(hint.field) == Property::id) return std::uint16_t{0};  // The id stands first.
  return std::nullopt;
}

}  // namespace premortem
