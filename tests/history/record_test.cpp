// Kinds of records: every one has a name of its own and says what its numbers stand for.

#include "sim/history/record.hpp"

#include <cstring>
#include <set>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr auto kinds = static_cast<std::uint16_t>(RecordKind::count_of_kinds);

}  // namespace

TEST_CASE("every kind of record has a name, and no two the same", "[history]") {
  std::set<std::string> names;
  for (std::uint16_t n = 0; n < kinds; ++n) {
    const std::string name(name_of(static_cast<RecordKind>(n)));
    INFO("kind " << n << ": " << name);
    REQUIRE(!name.empty());
    REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    REQUIRE(names.insert(name).second);
  }
}

TEST_CASE("names stand in the order of the kinds", "[history]") {
  // One of each group, the first and the last: a name left out anywhere would shift one of these.
  REQUIRE(name_of(RecordKind::began) == "began");
  REQUIRE(name_of(RecordKind::arrived) == "arrived");
  REQUIRE(name_of(RecordKind::remained) == "remained");
  REQUIRE(name_of(RecordKind::step_skipped) == "step-skipped");
  REQUIRE(name_of(RecordKind::published) == "published");
  REQUIRE(name_of(RecordKind::committed_offset) == "committed-offset");
  REQUIRE(name_of(RecordKind::given_up) == "given-up");
  REQUIRE(name_of(RecordKind::transaction_ended) == "transaction-ended");
  REQUIRE(name_of(RecordKind::run_skipped) == "run-skipped");
  REQUIRE(name_of(RecordKind::restarted) == "restarted");
  REQUIRE(name_of(RecordKind::fault_applied) == "fault-applied");
  REQUIRE(name_of(RecordKind::ended) == "ended");
}

TEST_CASE("every kind says what its numbers stand for, but those that say nothing beyond who did it", "[history]") {
  const std::set<RecordKind> silent = {RecordKind::stopped,     RecordKind::started, RecordKind::paused,
                                       RecordKind::resumed,     RecordKind::crashed, RecordKind::restarted,
                                       RecordKind::stepped_down};
  for (std::uint16_t n = 0; n < kinds; ++n) {
    const auto kind = static_cast<RecordKind>(n);
    INFO(std::string(name_of(kind)));
    const RecordForm form = form_of(kind);
    REQUIRE((form.a == Operand::nothing) == silent.contains(kind));
    if (form.a == Operand::nothing) REQUIRE(form.b == Operand::nothing);
  }
}

TEST_CASE("who names a system, but where it says otherwise", "[history]") {
  for (const RecordKind kind :
       {RecordKind::began, RecordKind::field, RecordKind::changed, RecordKind::observed, RecordKind::ended}) {
    REQUIRE(!form_of(kind).who_is_system);
  }
  for (const RecordKind kind : {RecordKind::arrived, RecordKind::failed, RecordKind::crashed, RecordKind::updated}) {
    REQUIRE(form_of(kind).who_is_system);
  }
}

TEST_CASE("a record has no padding: its bytes are its values", "[history]") {
  Record one, two;
  std::memset(&one, 0x00, sizeof one);
  std::memset(&two, 0xFF, sizeof two);
  for (Record* record : {&one, &two}) {
    record->at = 1, record->cause = 2, record->kind = 3, record->who = 4, record->a = 5, record->b = 6;
  }
  REQUIRE(std::memcmp(&one, &two, sizeof one) == 0);
  REQUIRE(sizeof(Record) == 8 + 4 + 2 + 2 + 8 + 8);
}

TEST_CASE("a history keeps what it observes, in order", "[history]") {
  History history;
  Observer& observer = history;
  for (std::uint64_t n = 0; n < 3; ++n) observer.observe({0, 0, 0, 0, n, 0});
  REQUIRE(history.records().size() == 3);
  REQUIRE(history.records()[2].a == 2);
  history.clear();
  REQUIRE(history.records().empty());
}
