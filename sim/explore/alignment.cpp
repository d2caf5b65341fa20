#include "sim/explore/alignment.hpp"

#include <algorithm>

#include "sim/explore/record_identity.hpp"

namespace premortem {

namespace {

/// Which records have a difference among themselves and their causes.
std::vector<bool> tainted(const std::vector<Record>& records, const std::vector<bool>& differs) {
  std::vector<bool> result(differs);
  for (std::size_t n = 0; n < records.size(); ++n) {
    if (records[n].cause < n && result[records[n].cause]) result[n] = true;
  }
  return result;
}

bool cause_is_tainted(const std::vector<Record>& records, const std::vector<bool>& taint, std::uint32_t number) {
  return number != no_record && records[number].cause < number && taint[records[number].cause];
}

}  // namespace

Alignment align(const RecordedRun& a, const RecordedRun& b) {
  const std::vector<RecordIdentity> of_a = record_identities(a), of_b = record_identities(b);
  Alignment alignment;
  alignment.in_b.assign(of_a.size(), no_record);
  alignment.in_a.assign(of_b.size(), no_record);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  keys.reserve(of_b.size());
  for (std::uint32_t n = 0; n < of_b.size(); ++n) keys.emplace_back(of_b[n].key, n);
  std::sort(keys.begin(), keys.end());
  std::vector<bool>&differs_a = alignment.differs_a, &differs_b = alignment.differs_b;
  differs_a.assign(of_a.size(), true);
  differs_b.assign(of_b.size(), true);
  for (std::uint32_t n = 0; n < of_a.size(); ++n) {
    const auto found = std::lower_bound(keys.begin(), keys.end(), std::pair(of_a[n].key, std::uint32_t{0}));
    if (found == keys.end() || found->first != of_a[n].key) continue;
    const std::uint32_t partner = found->second;
    alignment.in_b[n] = partner;
    alignment.in_a[partner] = n;
    if (a.records[n].at != b.records[partner].at || of_a[n].says != of_b[partner].says) continue;
    differs_a[n] = differs_b[partner] = false;
    ++alignment.equal;
  }
  const std::vector<bool> taint_a = tainted(a.records, differs_a), taint_b = tainted(b.records, differs_b);
  for (std::uint32_t n = 0; n < of_a.size(); ++n) {
    const std::uint32_t partner = alignment.in_b[n];
    if (differs_a[n] && !cause_is_tainted(a.records, taint_a, n) && !cause_is_tainted(b.records, taint_b, partner))
      alignment.first.push_back({n, partner});
  }
  for (std::uint32_t n = 0; n < of_b.size(); ++n) {
    if (alignment.in_a[n] == no_record && !cause_is_tainted(b.records, taint_b, n))
      alignment.first.push_back({no_record, n});
  }
  const auto when = [&](const RecordPair& pair) {
    const std::int64_t at_a = pair.a == no_record ? INT64_MAX : a.records[pair.a].at;
    const std::int64_t at_b = pair.b == no_record ? INT64_MAX : b.records[pair.b].at;
    return std::pair(std::min(at_a, at_b), std::min(pair.a, pair.b));
  };
  std::stable_sort(alignment.first.begin(), alignment.first.end(),
                   [&](const RecordPair& x, const RecordPair& y) { return when(x) < when(y); });
  return alignment;
}

}  // namespace premortem
