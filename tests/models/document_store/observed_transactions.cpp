#include "tests/models/document_store/observed_transactions.hpp"

#include "sim/kernel/check.hpp"

namespace premortem {

namespace {

using isolation::Operation;
using isolation::Status;

DocumentStoreSpec keys_and_words(bool first_updater_wins) {
  DocumentStoreSpec spec;
  spec.collections.push_back({2, {}, {0}, {}});
  spec.keeps_changes = false;
  spec.first_updater_wins = first_updater_wins;
  return spec;
}

bool writes(const Operation& operation) {
  return operation.kind == Operation::Kind::append || operation.kind == Operation::Kind::write;
}

}  // namespace

ObservedRun::ObservedRun(Workload workload, std::uint64_t seed, bool first_updater_wins)
    : workload_(workload), seed_(seed), store_(keys_and_words(first_updater_wins)) {
  const std::uint64_t processes = 2 + pick(7);
  keys_ = static_cast<std::uint32_t>(2 + pick(4));
  for (std::uint32_t key = 0; key < keys_; ++key) {
    const Word words[] = {key, 0};
    store_.insert(0, words, 0);
  }
  run(processes, 10 + pick(11));
  read_everything();
}

void ObservedRun::run(std::uint64_t many, std::uint64_t transactions) {
  std::vector<Process> processes(many);
  for (std::uint64_t over = 0; over < transactions || store_.open_transactions() != 0; ++now_) {
    const std::uint64_t number = pick(many);
    Process& process = processes[number];
    if (process.waits_for != 0 && store_.open(process.waits_for)) continue;
    if (!process.busy) {
      if (over == transactions) continue;
      ++over;
      begin(process, static_cast<std::uint32_t>(number));
    } else if (process.left != 0) {
      operate(process);
    } else if (process.aborts) {
      store_.abort(process.transaction);
      end(process, Status::aborted);
    } else {
      const bool committed = process.plain || store_.commit(process.transaction);
      end(process, committed ? Status::committed : Status::aborted);
    }
  }
  for (Process& process : processes) {  // Nothing holds what a plain write has waited for any more.
    if (process.busy && process.left != 0) operate(process);
    if (process.busy) end(process, Status::committed);
  }
}

void ObservedRun::begin(Process& process, std::uint32_t number) {
  process = Process{};
  process.busy = true;
  process.plain = pick(5) == 0;
  process.aborts = !process.plain && pick(10) == 0;
  process.left = process.plain ? 1 : 1 + pick(6);
  process.observed = history_.size();
  if (!process.plain) process.transaction = store_.begin(now_, INT64_MAX - now_);
  isolation::ObservedTransaction& observed = history_.emplace_back();
  observed.process = number;
  observed.begin = time_from_nanoseconds(now_);
  choose(process);
}

void ObservedRun::choose(Process& process) {
  const bool lists = workload_ == Workload::lists;
  Operation& next = process.pending = Operation{};
  next.key = static_cast<std::uint32_t>(pick(keys_));
  if (pick(2) == 0) {
    next.kind = lists ? Operation::Kind::read_list : Operation::Kind::read_value;
  } else {
    next.kind = lists ? Operation::Kind::append : Operation::Kind::write;
    next.value = ++last_value_;
  }
}

void ObservedRun::operate(Process& process) {
  Operation& operation = process.pending;
  process.waits_for = 0;
  if (writes(operation)) {
    const WriteResult result = write(operation, process.transaction);
    if (result.outcome == WriteOutcome::must_wait) {
      ++waits_;
      process.waits_for = result.blocker;
      return;
    }
    if (result.outcome == WriteOutcome::write_conflict) {
      ++conflicts_;
      return end(process, Status::aborted);
    }
    PREMORTEM_CHECK(result.outcome == WriteOutcome::ok, "a document that is never removed is found");
  } else {
    see(operation, process.transaction);
  }
  history_[process.observed].operations.push_back(operation);
  if (--process.left != 0) choose(process);
}

void ObservedRun::end(Process& process, Status status) {
  history_[process.observed].status = status;
  history_[process.observed].end = time_from_nanoseconds(now_);
  process.busy = false;
}

/// By the document's place or through the index: they must agree.
Word ObservedRun::read(std::uint32_t key, TransactionId transaction) {
  if (pick(2) == 0) return store_.read(0, key, transaction)[1];
  Word word = 0;
  std::uint64_t found = 0;
  store_.scan_equal(0, 0, key, transaction, [&](DocumentId, const Word* words) {
    word = words[1];
    ++found;
    return true;
  });
  PREMORTEM_CHECK(found == 1, "there is one document of a key");
  return word;
}

/// An append is one atomic update: it reads what its transaction sees, or the newest list outside of one.
WriteResult ObservedRun::write(const Operation& operation, TransactionId transaction) {
  Word word = operation.value;
  if (workload_ == Workload::lists) {
    std::vector<std::uint64_t> longer = lists_[read(operation.key, transaction)];
    longer.push_back(operation.value);
    word = lists_.size();
    lists_.push_back(std::move(longer));
  }
  const Word words[] = {operation.key, word};
  return store_.replace(0, operation.key, words, transaction);
}

void ObservedRun::see(Operation& operation, TransactionId transaction) {
  const Word word = read(operation.key, transaction);
  if (workload_ == Workload::lists) {
    operation.list = lists_[word];
  } else {
    operation.value = word;
  }
}

void ObservedRun::read_everything() {
  isolation::ObservedTransaction& observed = history_.emplace_back();
  observed.begin = observed.end = time_from_nanoseconds(now_);
  for (std::uint32_t key = 0; key < keys_; ++key) {
    Operation& operation = observed.operations.emplace_back();
    operation.kind = workload_ == Workload::lists ? Operation::Kind::read_list : Operation::Kind::read_value;
    operation.key = key;
    see(operation, 0);
  }
}

}  // namespace premortem
