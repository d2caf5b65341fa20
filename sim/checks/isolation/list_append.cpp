// Lists: every read tells the whole order of versions that led to it.

#include <algorithm>

#include "sim/checks/isolation/ledger.hpp"

namespace premortem::isolation {

namespace {

using List = std::vector<std::uint64_t>;

struct ListRead {
  std::uint32_t key = 0, transaction = 0;
  const List* list = nullptr;
};

std::string in_words(const List& list) {
  std::string text = "[";
  for (const std::uint64_t value : list) text += (text.size() == 1 ? "" : " ") + std::to_string(value);
  return text + "]";
}

std::uint64_t version_of(const List& list) { return list.empty() ? 0 : list.back(); }

class ListAppend {
 public:
  ListAppend(std::span<const ObservedTransaction> history, std::span<const std::string> keys)
      : ledger_(history, keys) {}

  Findings check() {
    for (std::uint32_t n = 0; n < ledger_.transactions(); ++n) {
      if (ledger_.counts(n)) enter(n);
    }
    std::stable_sort(reads_.begin(), reads_.end(), [](const ListRead& a, const ListRead& b) { return a.key < b.key; });
    auto read = reads_.begin();
    const std::vector<Written>& written = ledger_.written();
    for (std::size_t at = 0; at < written.size() || read != reads_.end();) {
      const bool only_read = at == written.size() || (read != reads_.end() && read->key < written[at].key);
      const std::uint32_t key = only_read ? read->key : written[at].key;
      const auto first = read;
      while (read != reads_.end() && read->key == key) ++read;
      const std::size_t first_written = at;
      while (at < written.size() && written[at].key == key) ++at;
      judge_key(key, {first, read}, first_written, at);
    }
    return ledger_.finish(true);
  }

 private:
  /// What the transaction knows of one key.
  struct Known {
    bool whole = false;  ///< It has read, so that `list` is everything; otherwise only its own appends.
    bool appended = false;
    List list;
  };

  void enter(std::uint32_t transaction) {
    std::map<std::uint32_t, Known> keys;
    for (const Operation& operation : ledger_.history()[transaction].operations) {
      Known& known = keys[operation.key];
      if (operation.kind == Operation::Kind::append) {
        if (known.whole && !known.appended) {
          ledger_.updates(operation.key, version_of(known.list), transaction, operation.value);
        }
        known.appended = true;
        known.list.push_back(operation.value);
      } else if (operation.kind == Operation::Kind::read_list) {
        judge_internal(known, operation, transaction);
        reads_.push_back({operation.key, transaction, &operation.list});
        known.whole = true;
        known.list = operation.list;
      }
    }
  }

  void judge_internal(const Known& known, const Operation& read, std::uint32_t transaction) {
    const List& list = read.list;
    const bool ends_so =
        list.size() >= known.list.size() && std::equal(known.list.rbegin(), known.list.rend(), list.rbegin());
    if (ends_so && (!known.whole || list.size() == known.list.size())) return;
    ledger_.add(Anomaly::internal, {transaction},
                Ledger::name(transaction) + " read " + ledger_.key(read.key) + " as " + in_words(list) +
                    ", but what it did before makes it " + (known.whole ? "" : "end with ") + in_words(known.list));
  }

  void judge_key(std::uint32_t key, std::span<const ListRead> reads, std::size_t first, std::size_t last) {
    static const List empty;
    ListRead longest{key, 0, &empty};
    for (const ListRead& read : reads) {
      if (read.list->size() > longest.list->size()) longest = read;
    }
    judge_elements(longest);
    const List& order = *longest.list;
    std::vector<const Written*> next(order.size() + 1, nullptr);  // By length of a read: who appended next.
    order_versions(key, order, next);
    bool told = false;
    std::vector<const ListRead*> newest;
    for (const ListRead& read : reads) {
      const bool fits = std::equal(read.list->begin(), read.list->end(), order.begin());
      if (!fits) {
        judge_elements(read);
        if (!told) tell_incompatible(read, longest);
        told = true;
      }
      Written* end = read.list->empty() ? nullptr : ledger_.find(key, read.list->back());
      if (end != nullptr) {
        ledger_.judge_read(*end, read.transaction);
        if (ledger_.counts(end->transaction)) {
          ledger_.depends({end->transaction, read.transaction, Dependency::Kind::wr, false, false, key, end->value, 0});
        }
      }
      if (!fits) continue;
      const Written* after = next[read.list->size()];
      if (after == nullptr) {
        newest.push_back(&read);
      } else {
        ledger_.depends({read.transaction, after->transaction, Dependency::Kind::rw, false, false, key,
                         version_of(*read.list), after->value});
      }
    }
    order_unread(key, newest, order, first, last);
  }

  /// Values that nobody appended, elements that are there twice, and what was undone.
  void judge_elements(const ListRead& read) {
    List sorted = *read.list;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    const std::string who = Ledger::name(read.transaction) + " read ";
    if (twice != sorted.end()) {
      ledger_.add(Anomaly::impossible_read, {read.transaction},
                  who + std::to_string(*twice) + " twice in " + ledger_.key(read.key));
    }
    for (const std::uint64_t value : *read.list) {
      Written* seen = ledger_.find(read.key, value);
      if (seen == nullptr) {
        ledger_.add(Anomaly::impossible_read, {read.transaction},
                    who + std::to_string(value) + " in " + ledger_.key(read.key) + ", which nobody wrote");
        continue;
      }
      seen->read = true;
      if (ledger_.history()[seen->transaction].status == Status::aborted) ledger_.aborted_read(*seen, read.transaction);
    }
  }

  void tell_incompatible(const ListRead& read, const ListRead& longest) {
    ledger_.add(Anomaly::incompatible_order, {read.transaction, longest.transaction},
                Ledger::name(read.transaction) + " read " + ledger_.key(read.key) + " as " + in_words(*read.list) +
                    ", " + Ledger::name(longest.transaction) + " as " + in_words(*longest.list));
  }

  void order_versions(std::uint32_t key, const List& order, std::vector<const Written*>& next) {
    const Written* before = nullptr;
    const Written* undone = nullptr;
    for (std::size_t place = 0; place < order.size(); ++place) {
      const Written* here = ledger_.find(key, order[place]);
      if (here == nullptr) continue;
      if (!ledger_.counts(here->transaction)) {
        undone = here;
        continue;
      }
      if (undone != nullptr) ledger_.dirty_update(*undone, *here);
      undone = nullptr;
      if (before != nullptr) {
        ledger_.depends({before->transaction, here->transaction, Dependency::Kind::ww, false, false, key, before->value,
                         here->value});
      }
      before = here;
      next[place] = here;
    }
    for (std::size_t place = order.size(); place-- > 0;) {
      if (next[place] == nullptr) next[place] = next[place + 1];
    }
  }

  /// Committed appends that nobody has seen stand behind the longest read.
  void order_unread(std::uint32_t key, const std::vector<const ListRead*>& newest, const List& order, std::size_t first,
                    std::size_t last) {
    const Written* before = nullptr;
    for (std::size_t place = order.size(); place-- > 0 && before == nullptr;) {
      const Written* here = ledger_.find(key, order[place]);
      if (here != nullptr && ledger_.counts(here->transaction)) before = here;
    }
    for (std::size_t n = first; n < last; ++n) {
      const Written& unread = ledger_.written()[n];
      if (unread.read || !ledger_.counts(unread.transaction)) continue;
      if (before != nullptr) {
        ledger_.depends({before->transaction, unread.transaction, Dependency::Kind::ww, true, false, key, before->value,
                         unread.value});
      }
      for (const ListRead* read : newest) {
        ledger_.depends({read->transaction, unread.transaction, Dependency::Kind::rw, true, false, key,
                         version_of(*read->list), unread.value});
      }
    }
  }

  Ledger ledger_;
  std::vector<ListRead> reads_;
};

}  // namespace

Findings check_list_append(std::span<const ObservedTransaction> history, std::span<const std::string> keys) {
  return ListAppend(history, keys).check();
}

}  // namespace premortem::isolation
