#pragma once
// Faults of a scenario as specifications: data of the Model. What they do is decided in sim/faults.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/item_spec.hpp"

namespace premortem {

struct FaultSpec {
  enum class Kind : std::uint8_t { fail, slow, lose, duplicate, cut, skew } kind = Kind::fail;
  std::string id;
  std::vector<std::uint32_t> operations;  ///< That it can strike.
  std::uint32_t error = 0;
  bool applied = false;
  std::uint32_t by = unset;                  ///< Setting of kind distribution: ns.
  std::int64_t lasts = -1;                   ///< ns from its start; -1: to the end.
  std::int64_t until = -1;                   ///< Instant; -1: none.
  std::uint32_t where = unset;               ///< Expression over what the operation is about.
  std::int64_t first = -1, nth = -1;         ///< Strikes only the first so many, or only that one.
  std::int64_t share = -1;                   ///< In 2^-32; -1: all.
  std::uint32_t one = unset, other = unset;  ///< Components, for cut and skew.
  std::uint64_t purpose = 0;
};

}  // namespace premortem
