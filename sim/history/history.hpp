#pragma once
// Where records go: observers judge them as they come, a History keeps them.

#include <cstdint>
#include <vector>

#include "sim/history/record.hpp"

namespace premortem {

/// Reads a history while it is written. Sees every record once, in order; must not reach into the World.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void observe(const Record& record) = 0;
};

/// Keeps the whole history of one run. Not part of the World: a copy of a World has no past, only a digest of it.
class History final : public Observer {
 public:
  void observe(const Record& record) override { records_.push_back(record); }
  const std::vector<Record>& records() const { return records_; }
  void clear() { records_.clear(); }

 private:
  std::vector<Record> records_;
};

}  // namespace premortem
