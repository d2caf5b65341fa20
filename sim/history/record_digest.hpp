#pragma once
// How a record enters the digest of its run.

#include "sim/history/record.hpp"
#include "sim/kernel/digest.hpp"

namespace premortem {

inline void add_record(Digest& digest, const Record& record) {
  digest.add(static_cast<std::uint64_t>(record.at));
  digest.add(std::uint64_t{record.cause} << 32 | std::uint64_t{record.kind} << 16 | record.who);
  digest.add(record.a);
  digest.add(record.b);
}

}  // namespace premortem
