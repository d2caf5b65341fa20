// One history an anomaly, and the proof in words.

#include "sim/checks/isolation/isolation.hpp"

#include "tests/support/catch.hpp"

using namespace premortem::isolation;

namespace {

using Operations = std::vector<Operation>;
using Texts = std::vector<std::string>;

constexpr std::uint32_t x = 0, y = 1;
const std::vector<std::string> key_names{"x", "y"};

Operation append(std::uint32_t key, std::uint64_t value) { return {Operation::Kind::append, key, value, {}}; }
Operation sees(std::uint32_t key, std::vector<std::uint64_t> list) {
  return {Operation::Kind::read_list, key, 0, std::move(list)};
}
Operation write(std::uint32_t key, std::uint64_t value) { return {Operation::Kind::write, key, value, {}}; }
Operation reads(std::uint32_t key, std::uint64_t value) { return {Operation::Kind::read_value, key, value, {}}; }

struct Transactions {
  std::vector<ObservedTransaction> history;

  Transactions& add(Status status, Operations operations) {
    ObservedTransaction& added = history.emplace_back();
    added.status = status;
    added.operations = std::move(operations);
    return *this;
  }
  Transactions& commits(Operations operations) { return add(Status::committed, std::move(operations)); }
  Transactions& aborts(Operations operations) { return add(Status::aborted, std::move(operations)); }
  Transactions& unknown(Operations operations) { return add(Status::unknown, std::move(operations)); }

  Texts lists() const { return texts(check_list_append(history, key_names)); }
  Texts registers() const { return texts(check_registers(history, key_names)); }

  static Texts texts(const Findings& findings) {
    Texts made;
    for (const Finding& finding : findings) made.push_back(finding.explanation);
    return made;
  }
};

}  // namespace

TEST_CASE("transactions one after the other show no anomaly", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1), sees(x, {1}), append(x, 2)}).commits({sees(x, {1, 2}), append(y, 3)});
  lists.aborts({append(x, 4), sees(x, {1, 2, 4})}).commits({sees(y, {3}), append(x, 5), sees(x, {1, 2, 5})});
  lists.unknown({append(x, 6), sees(y, {})});  // It may have had no effect: nobody has seen it.
  CHECK(lists.lists() == Texts{});
  CHECK(Transactions{}.lists() == Texts{});

  Transactions registers;
  registers.commits({reads(x, 0), write(x, 1), reads(x, 1), write(x, 2)}).commits({reads(x, 2), write(y, 3)});
  registers.aborts({write(x, 4), reads(x, 4)}).commits({reads(y, 3), write(x, 5)}).commits({reads(x, 5)});
  CHECK(registers.registers() == Texts{});
  CHECK(Transactions{}.registers() == Texts{});
}

TEST_CASE("G0: two transactions append to two lists in opposite orders", "[isolation]") {
  Transactions t;
  t.commits({append(x, 1), append(y, 2)}).commits({append(x, 3), append(y, 4)}).commits({sees(x, {1, 3})});
  t.commits({sees(y, {4, 2})});
  CHECK(t.lists() == Texts{"dirty write (G0): T1 -> T2 -> T1: T2 appended 3 to x after T1's 1 [ww]; "
                           "T1 appended 2 to y after T2's 4 [ww]"});
}

TEST_CASE("G1a: a read of what was undone", "[isolation]") {
  Transactions lists;
  lists.aborts({append(x, 1)}).commits({sees(x, {1})}).commits({sees(x, {1})});
  CHECK(lists.lists() == Texts{"aborted read (G1a): T2 read T1's 1 in x, but T1 aborted"});
  Transactions registers;
  registers.aborts({write(x, 1)}).commits({reads(x, 1)});
  CHECK(registers.registers() == Texts{"aborted read (G1a): T2 read T1's 1 in x, but T1 aborted"});
}

TEST_CASE("G1b: a read of what its writer went on to replace", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1), append(x, 2)}).commits({sees(x, {1})}).commits({sees(x, {1, 2})});
  CHECK(lists.lists() == Texts{"intermediate read (G1b): T2 read T1's 1 in x, but T1 went on to 2 there",
                               "read skew (G-single): T1 -> T2 -> T1: T2 read x up to T1's 1 [wr]; "
                               "T2 read x up to 1, before T1 appended 2 [rw]"});
  Transactions registers;
  registers.commits({write(x, 1), write(x, 2)}).commits({reads(x, 1)});
  CHECK(registers.registers() == Texts{"intermediate read (G1b): T2 read T1's 1 in x, but T1 went on to 2 there",
                                       "read skew (G-single): T1 -> T2 -> T1: T2 read T1's x = 1 [wr]; "
                                       "T2 read x = 1, before T1 wrote 2 [rw]"});
}

TEST_CASE("G1c: two transactions read each other's writes", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1), sees(y, {2})}).commits({append(y, 2), sees(x, {1})});
  CHECK(lists.lists() == Texts{"circular information flow (G1c): T1 -> T2 -> T1: T2 read x up to T1's 1 [wr]; "
                               "T1 read y up to T2's 2 [wr]"});
  Transactions registers;
  registers.commits({write(x, 1), reads(y, 2)}).commits({write(y, 2), reads(x, 1)});
  CHECK(registers.registers() == Texts{"circular information flow (G1c): T1 -> T2 -> T1: T2 read T1's x = 1 [wr]; "
                                       "T1 read T2's y = 2 [wr]"});
}

TEST_CASE("dirty update: a committed write upon one that was undone", "[isolation]") {
  Transactions lists;
  lists.aborts({append(x, 1)}).commits({append(x, 2)}).commits({sees(x, {1, 2})});
  CHECK(lists.lists() == Texts{"aborted read (G1a): T3 read T1's 1 in x, but T1 aborted",
                               "dirty update: T2 wrote 2 to x upon T1's 1, but T1 aborted"});
  Transactions registers;
  registers.aborts({write(x, 1)}).commits({reads(x, 1), write(x, 2)});
  CHECK(registers.registers() == Texts{"aborted read (G1a): T2 read T1's 1 in x, but T1 aborted",
                                       "dirty update: T2 wrote 2 to x upon T1's 1, but T1 aborted"});
}

TEST_CASE("lost update: two read one version and both write", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1)}).commits({sees(x, {1}), append(x, 2)}).commits({sees(x, {1}), append(x, 3)});
  lists.commits({sees(x, {1, 3, 2})});
  CHECK(lists.lists() == Texts{"lost update: T2 -> T3 -> T2: T2 read x up to 1, before T3 appended 3 [rw]; "
                               "T2 appended 2 to x after T3's 3 [ww]"});
  Transactions unseen;  // Nobody read a list after them: which one lost is open, that one did is not.
  unseen.commits({sees(x, {}), append(x, 2)}).commits({sees(x, {}), append(x, 3)});
  CHECK(unseen.lists() == Texts{"lost update: all of them read x as empty and then T1 wrote 2, T2 wrote 3"});
  Transactions registers;
  registers.commits({reads(x, 0), write(x, 1)});
  registers.commits({reads(x, 1), write(x, 2)}).commits({reads(x, 1), write(x, 3)});
  CHECK(registers.registers() == Texts{"lost update: all of them read x = 1 and then T2 wrote 2, T3 wrote 3"});
}

TEST_CASE("lost update: a list is read, appended to by somebody else, and then by the reader", "[isolation]") {
  Transactions t;
  t.commits({sees(x, {}), append(x, 1)}).commits({append(x, 2)}).commits({sees(x, {2, 1})});
  CHECK(t.lists() == Texts{"lost update: T1 -> T2 -> T1: T1 read x as empty, before T2 appended 2 [rw]; "
                           "T1 appended 1 to x after T2's 2 [ww]"});
}

TEST_CASE("G-single: half of another transaction is seen", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1), append(y, 2)}).commits({sees(x, {}), sees(y, {2})}).commits({sees(x, {1})});
  CHECK(lists.lists() == Texts{"read skew (G-single): T1 -> T2 -> T1: T2 read y up to T1's 2 [wr]; "
                               "T2 read x as empty, before T1 appended 1 [rw]"});
  Transactions registers;
  registers.commits({write(x, 1), write(y, 2)}).commits({reads(x, 0), reads(y, 2)});
  CHECK(registers.registers() == Texts{"read skew (G-single): T1 -> T2 -> T1: T2 read T1's y = 2 [wr]; "
                                       "T2 read x as it was in the beginning, before T1 wrote 1 [rw]"});
}

TEST_CASE("G-nonadjacent: two readers see two writes in opposite orders, which no snapshot does", "[isolation]") {
  Transactions t;
  t.commits({append(x, 1)}).commits({append(y, 2)}).commits({sees(x, {1}), sees(y, {})});
  t.commits({sees(x, {}), sees(y, {2})});
  CHECK(t.lists() == Texts{"long fork (G-nonadjacent): T1 -> T3 -> T2 -> T4 -> T1: T3 read x up to T1's 1 [wr]; "
                           "T3 read y as empty, before T2 appended 2 [rw]; T4 read y up to T2's 2 [wr]; "
                           "T4 read x as empty, before T1 appended 1 [rw]"});
}

TEST_CASE("G2-item: two read what the other writes; snapshot isolation allows only that", "[isolation]") {
  Transactions lists;
  lists.commits({sees(x, {}), append(y, 1)}).commits({sees(y, {}), append(x, 2)});
  CHECK(lists.lists() ==
        Texts{"write skew (G2-item): T1 -> T2 -> T1: T1 read x as empty, before T2 appended 2, which nobody read [rw]; "
              "T2 read y as empty, before T1 appended 1, which nobody read [rw]"});
  Transactions registers;
  registers.commits({reads(x, 0), write(y, 1)}).commits({reads(y, 0), write(x, 2)});
  CHECK(registers.registers() ==
        Texts{"write skew (G2-item): T1 -> T2 -> T1: T1 read x as it was in the beginning, before T2 wrote 2 [rw]; "
              "T2 read y as it was in the beginning, before T1 wrote 1 [rw]"});
  const Findings found = check_registers(registers.history, key_names);
  REQUIRE(found.size() == 1);
  CHECK(found[0].transactions == std::vector<std::uint32_t>{0, 1});
  CHECK(allowed_under_snapshot_isolation(found[0].anomaly));
  CHECK(!allowed_under_snapshot_isolation(Anomaly::read_skew));
  CHECK(!allowed_under_snapshot_isolation(Anomaly::long_fork));
}

TEST_CASE("a transaction must see its own writes, and what it has read before", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1), sees(x, {})}).commits({sees(y, {}), sees(y, {2})}).commits({append(y, 2)});
  CHECK(lists.lists() == Texts{"internal contradiction: T1 read x as [], but what it did before makes it end with [1]",
                               "internal contradiction: T2 read y as [2], but what it did before makes it []",
                               "read skew (G-single): T2 -> T3 -> T2: T2 read y as empty, before T3 appended 2 [rw]; "
                               "T2 read y up to T3's 2 [wr]"});
  Transactions registers;
  registers.commits({write(x, 1), reads(x, 0)});
  CHECK(registers.registers() == Texts{"internal contradiction: T1 read x = 0, but what it did before makes it 1"});
}

TEST_CASE("a read of what nobody wrote, of one element twice, and of a list beside another", "[isolation]") {
  Transactions lists;
  lists.commits({append(x, 1)}).commits({sees(x, {9})}).commits({sees(x, {1, 1})});
  CHECK(lists.lists() == Texts{"impossible read: T2 read 9 in x, which nobody wrote",
                               "impossible read: T3 read 1 twice in x",
                               "incompatible order: T2 read x as [9], T3 as [1 1]"});
  Transactions registers;
  registers.commits({reads(x, 9)});
  CHECK(registers.registers() == Texts{"impossible read: T1 read 9 in x, which nobody wrote"});
}

TEST_CASE("a transaction with an unknown end counts from the moment that somebody has read it", "[isolation]") {
  Transactions t;
  t.unknown({sees(x, {}), append(y, 1)}).commits({append(x, 2), sees(y, {})});
  CHECK(t.lists() == Texts{});
  t.commits({sees(y, {1})});
  CHECK(t.lists() ==
        Texts{"write skew (G2-item): T1 -> T2 -> T1: T1 read x as empty, before T2 appended 2, which nobody read [rw]; "
              "T2 read y as empty, before T1 appended 1 [rw]"});
}

TEST_CASE("registers: the order of blind writes is not known, so that nothing is said of it", "[isolation]") {
  Transactions t;
  t.commits({write(x, 1), write(y, 2)}).commits({write(x, 3), write(y, 4)}).commits({reads(x, 1), reads(y, 4)});
  CHECK(t.registers() == Texts{});
}

TEST_CASE("of several cycles the shortest comes first, and one of each kind in a component", "[isolation]") {
  Transactions t;
  t.commits({append(0, 1), sees(1, {})}).commits({append(1, 2), sees(2, {})}).commits({append(2, 3), sees(0, {})});
  t.commits({append(3, 4), sees(4, {5})}).commits({append(4, 5), sees(3, {4})});
  const Findings found = check_list_append(t.history);
  REQUIRE(found.size() == 2);
  CHECK(found[0].transactions == std::vector<std::uint32_t>{3, 4});
  CHECK(found[0].anomaly == Anomaly::circular_flow);
  CHECK(found[1].transactions == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(found[1].explanation ==
        "write skew (G2-item): T1 -> T2 -> T3 -> T1: T1 read key 1 as empty, before T2 appended 2, which nobody read "
        "[rw]; T2 read key 2 as empty, before T3 appended 3, which nobody read [rw]; "
        "T3 read key 0 as empty, before T1 appended 1, which nobody read [rw]");
}
