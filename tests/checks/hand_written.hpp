#pragma once
// A history written by hand, record by record, for the judge to look at. Times are ns; the clock runs from 0 to 1000.

#include <string>

#include "sim/checks/judge.hpp"

namespace premortem::testing {

class HandWritten {
 public:
  HandWritten() {
    spec.begins = 0, spec.ends = 1000;
    kind("order");
  }

  JudgedKind& kind(const std::string& name) {
    spec.kinds.emplace_back();
    spec.kinds.back().name = name;
    return spec.kinds.back();
  }
  JudgedKind& order() { return spec.kinds[0]; }
  /// A check on orders; the first has number 0.
  CheckSpec& check(CheckSpec::Form form) {
    spec.checks.emplace_back();
    spec.checks.back().name = "check";
    spec.checks.back().form = form;
    return spec.checks.back();
  }

  std::uint32_t arrives(std::int64_t at, std::uint32_t kind = 0) {
    return write(RecordKind::arrived, at, items_, kind), items_++;
  }
  void field(std::uint32_t item, std::uint16_t number, std::uint64_t value) {
    write(RecordKind::field, 0, item, value, number);
  }
  void member(std::uint32_t item, std::uint32_t check = 0) { write(RecordKind::member, 0, item, check); }
  void finishes(std::uint32_t item, std::int64_t at, std::uint64_t outcome = 1) {
    write(RecordKind::finished, at, item, outcome);
  }
  void remains(std::uint32_t item, Remains how) {
    write(RecordKind::remained, spec.ends, item, static_cast<std::uint64_t>(how));
  }
  void noticed(std::int64_t at) { write(RecordKind::noticed, at, 0, 0); }
  void step(std::int64_t at, std::uint32_t entry) { write(RecordKind::step_done, at, entry, 0); }
  void changed(std::int64_t at, std::uint64_t from, std::uint64_t to, std::uint16_t watch = 0) {
    write(RecordKind::changed, at, from << 32 | to, 0, watch);
  }
  void observed(std::int64_t at, bool value, std::uint64_t item = no_item, std::uint64_t check = 0) {
    write(RecordKind::observed, at, value ? 1 : 0, check << 32 | item);
  }

  /// The judge, at the end. Stays valid while this does.
  Judge judged() const {
    Judge judge(spec);
    for (const Record& record : records) judge.observe(record);
    judge.conclude();
    return judge;
  }
  CheckResult result(std::size_t number = 0) const { return judged().checks().at(number); }
  Fate fate(std::uint32_t item) const { return judged().items().at(item).fate; }

  JudgeSpec spec;
  std::vector<Record> records;

 private:
  void write(RecordKind kind, std::int64_t at, std::uint64_t a, std::uint64_t b, std::uint16_t who = 0) {
    records.push_back({at, 0, static_cast<std::uint16_t>(kind), who, a, b});
  }
  std::uint32_t items_ = 0;
};

}  // namespace premortem::testing
