#pragma once
// Which isolation anomalies a history of transactions shows, each explained by the cycle that proves it.
// After: Kingsbury & Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020; the names
// are those of Adya, "Weak Consistency", MIT 1999.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/time.hpp"

namespace premortem::isolation {

/// Keys are numbers. Values are not 0, and nobody writes one value twice to a key: so a read names its writer.
struct Operation {
  enum class Kind : std::uint8_t {
    append,     ///< `value` to the end of the list; a list is empty in the beginning.
    write,      ///< `value` into the register.
    read_list,  ///< Saw `list`.
    read_value  ///< Saw `value`; 0: what was there in the beginning.
  };
  Kind kind = Kind::append;
  std::uint32_t key = 0;
  std::uint64_t value = 0;
  std::vector<std::uint64_t> list;
};

enum class Status : std::uint8_t {
  committed,
  aborted,
  unknown  ///< Counts as committed as soon as somebody who counts has read a write of it.
};

/// What a client saw of one transaction; a write outside transactions is one of a single operation. `process`, `begin`
/// and `end` say where to look for it: no verdict rests on them, since snapshot isolation promises no real-time order.
struct ObservedTransaction {
  std::uint32_t process = 0;
  Time begin{}, end{};
  Status status = Status::committed;
  std::vector<Operation> operations;  ///< In order.
};

enum class Anomaly : std::uint8_t {
  impossible_read,     ///< Of a value that nobody wrote, or twice of one element.
  internal,            ///< A read that contradicts what its own transaction did before.
  incompatible_order,  ///< Two reads of a list of which neither continues the other.
  aborted_read,        ///< G1a.
  intermediate_read,   ///< G1b: of a value that its writer went on to replace.
  dirty_update,        ///< A committed write upon one that was undone.
  dirty_write,         ///< G0: a cycle of ww.
  circular_flow,       ///< G1c: a cycle of ww and at least one wr.
  lost_update,  ///< Two read the same version of a key and both wrote it, or G-single about one key that ends with ww.
  read_skew,    ///< G-single: exactly one rw. Also a read that is not repeatable.
  long_fork,    ///< G-nonadjacent: several rw, no two of them in a row.
  write_skew    ///< G2-item: two rw in a row.
};

std::string_view name_of(Anomaly anomaly);
/// The only one that snapshot isolation allows: Fekete et al., "Making Snapshot Isolation Serializable", TODS 2005.
constexpr bool allowed_under_snapshot_isolation(Anomaly anomaly) { return anomaly == Anomaly::write_skew; }

/// One proof. Transactions are named by place in the history, in words as T1 for place 0.
struct Finding {
  Anomaly anomaly = Anomaly::internal;
  std::vector<std::uint32_t> transactions;  ///< Of a cycle: in its order, from the lowest on.
  std::string explanation;                  ///< "read skew (G-single), T1 -> T2 -> T1: T1 read ... [rw]; ..."
};

/// Fewest transactions first. Of each kind of cycle the shortest in every strongly connected component: it shows that
/// there is one, and does not count them.
using Findings = std::vector<Finding>;

/// Lists: `append` and `read_list`. The longest read of a key gives the order of its versions; committed appends that
/// nobody read come after it, in no order among themselves: a list that loses appends shows other cycles, too. `keys`
/// are names to say; a key without one is "key 7". Linear in the history, its edges and their components, and for each
/// component with an anomaly at most its edges squared.
Findings check_list_append(std::span<const ObservedTransaction> history, std::span<const std::string> keys = {});

/// Registers: `write` and `read_value`. The order of versions is known only as far as this: the beginning is before
/// every write, and what a transaction read or wrote last is before what it writes next. Not decidable, and so not
/// found: any cycle that rests on the order of two writes of which neither transaction had seen the other's value,
/// above all dirty writes among blind writes. What is found is there.
Findings check_registers(std::span<const ObservedTransaction> history, std::span<const std::string> keys = {});

}  // namespace premortem::isolation
