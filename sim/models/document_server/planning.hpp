#pragma once
// Walking a collection as a plan says: in order of insertion, or through ranges of an index.

#include <algorithm>
#include <set>
#include <string>

#include "sim/models/document_server/command_run.hpp"

namespace premortem {

/// The least string behind everything that begins with `prefix`; empty: there is none.
inline std::string behind_prefix(std::string prefix) {
  while (!prefix.empty()) {
    if (static_cast<unsigned char>(prefix.back()) != 0xFF) {
      prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
      return prefix;
    }
    prefix.pop_back();
  }
  return prefix;
}

/// visit(row, body) for every document that the command sees there, until it returns false. It must not write.
template <class Visit>
void CommandRun::scan(const Namespace& space, const AccessPlan& plan, Visit&& visit) {
  const DocumentTable& table = store_.table(space.collection);
  if (plan.index < 0) {
    if (!plan.descending) {
      for (DocumentId row = table.row_after(DocumentTable::nil); row != DocumentTable::nil;
           row = table.row_after(row)) {
        const std::string_view body = body_of(space, row);
        if (!body.empty() && !visit(row, body)) return;
      }
      return;
    }
    std::vector<DocumentId> rows;
    for (DocumentId row = table.row_after(DocumentTable::nil); row != DocumentTable::nil; row = table.row_after(row))
      rows.push_back(row);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      const std::string_view body = body_of(space, *row);
      if (!body.empty() && !visit(*row, body)) return;
    }
    return;
  }
  const KeyIndex& index = table.key_indexes()[static_cast<std::size_t>(plan.index)];
  std::set<DocumentId> seen;
  bool goes_on = true;
  const auto look = [&](std::string_view key, DocumentId row) {
    const std::string_view body = body_of(space, row);
    if (body.empty() || !index.has_key(body, key)) return true;  // The entry is another version's.
    if (index.is_multikey() && !seen.insert(row).second) return true;
    goes_on = visit(row, body);
    return goes_on;
  };
  static const std::vector<std::pair<std::string, std::string>> everything = {{"", ""}};
  const auto& ranges = plan.ranges.empty() ? everything : plan.ranges;
  for (std::size_t number = 0; number < ranges.size() && goes_on; ++number) {
    const auto& range = ranges[plan.descending ? ranges.size() - 1 - number : number];
    const std::string& low = range.first;
    const std::string end = range.second.empty() ? std::string() : behind_prefix(range.second);
    if (!plan.descending) {
      index.ascend(low, false, [&](std::string_view key, DocumentId row) {
        if (!end.empty() && key >= end) return false;
        return look(key, row);
      });
    } else {
      index.descend(end, true, [&](std::string_view key, DocumentId row) {
        if (key < low) return false;
        return look(key, row);
      });
    }
  }
}

}  // namespace premortem
