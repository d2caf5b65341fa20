// The turn of a circle is found in the records that it leaves, however other records lie between.

#include "sim/history/repetition.hpp"

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// Writes records one second apart, each caused by the one before unless said otherwise.
class Tape {
 public:
  explicit Tape(std::uint32_t first = 0) : first_(first) {}
  Tape& then(RecordKind kind, std::uint16_t who, std::uint64_t a, std::uint64_t b = 0) {
    const auto number = first_ + static_cast<std::uint32_t>(records.size());
    records.push_back({std::int64_t{number} * 1'000'000'000, number == 0 ? 0 : number - 1,
                       static_cast<std::uint16_t>(kind), who, a, b});
    return *this;
  }
  std::vector<Record> records;

 private:
  std::uint32_t first_;
};

std::vector<RecordKind> kinds(const Repetition& found) {
  std::vector<RecordKind> all;
  for (const Record& record : found.turn) all.push_back(static_cast<RecordKind>(record.kind));
  return all;
}

}  // namespace

TEST_CASE("a message that is taken, fails and goes back: one turn of three steps", "[repetition]") {
  Tape tape;
  tape.then(RecordKind::arrived, 0, 5);
  for (std::uint64_t n = 0; n < 4; ++n) {  // The number of deliveries grows, and the turn is the same.
    tape.then(RecordKind::delivered, 1, 5, n).then(RecordKind::failed, 1, 5, 0).then(RecordKind::requeued, 2, 5);
  }
  const auto found = find_repetition(tape.records, 0);
  REQUIRE(found);
  CHECK(kinds(*found) == std::vector<RecordKind>{RecordKind::delivered, RecordKind::failed, RecordKind::requeued});
  CHECK(found->turns == 4);
  CHECK(found->lasts == 3'000'000'000);
  CHECK_FALSE(found->of_one_item);
}

TEST_CASE("the turn begins where something is handed over, wherever the history was cut off", "[repetition]") {
  Tape tape(100);
  tape.then(RecordKind::requeued, 2, 5);
  for (std::uint64_t n = 0; n < 3; ++n)
    tape.then(RecordKind::delivered, 1, 5, n).then(RecordKind::failed, 1, 5, 0).then(RecordKind::requeued, 2, 5);
  tape.then(RecordKind::delivered, 1, 5);
  const auto found = find_repetition(tape.records, 100);
  REQUIRE(found);
  CHECK(kinds(*found).front() == RecordKind::delivered);
}

TEST_CASE("two turns are no circle yet, and another error is another step", "[repetition]") {
  Tape twice;
  for (std::uint64_t n = 0; n < 2; ++n) twice.then(RecordKind::delivered, 1, 5, n).then(RecordKind::requeued, 2, 5);
  CHECK_FALSE(find_repetition(twice.records, 0));
  Tape errors;
  for (std::uint64_t n = 0; n < 6; ++n) errors.then(RecordKind::delivered, 1, 5, n).then(RecordKind::failed, 1, 5, n);
  CHECK_FALSE(find_repetition(errors.records, 0));
}

TEST_CASE("where items go round in no order, the turn of one is found, with what it brings about", "[repetition]") {
  Tape tape;
  const auto turn = [&](std::uint64_t item) {
    tape.then(RecordKind::delivered, 1, item)
        .then(RecordKind::transaction_began, 1, tape.records.size())
        .then(RecordKind::requeued, 2, item);
  };
  for (const int item : {1, 2, 2, 1, 2, 1, 1, 1, 2, 2, 1, 2}) turn(static_cast<std::uint64_t>(item));
  const auto found = find_repetition(tape.records, 0);
  REQUIRE(found);
  CHECK(found->of_one_item);
  CHECK(kinds(*found) ==
        std::vector<RecordKind>{RecordKind::delivered, RecordKind::transaction_began, RecordKind::requeued});
  CHECK(found->turn.front().a == 2);
  CHECK(found->turns == 6);
}
