// Documents through stages.
#include "sim/models/query/path.hpp"
#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

constexpr std::size_t held_bytes_max = PipelineInput::bytes_max;
constexpr std::uint64_t document_steps_max = 20'000'000;

class EachTaker final : public Taker {
 public:
  EachTaker(const EachStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    Value made = stage_.handle(std::move(document));
    return made.is_missing() || next_.take(std::move(made));
  }
  void finish() override { next_.finish(); }

 private:
  const EachStage& stage_;
  Run& run_;
  Taker& next_;
};

}  // namespace

void Run::hold_bytes(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > held_bytes_max)
    fail(code::memory_limit, "Exceeded memory limit of " + std::to_string(held_bytes_max) + " bytes for a pipeline");
}

void Run::work(std::uint64_t steps) {
  steps_ += steps;
  if (steps_ > document_steps_max) fail(code::max_time_expired, "operation exceeded time limit");
}

std::unique_ptr<Taker> EachStage::start(Run& run, Taker& next) const {
  return std::make_unique<EachTaker>(*this, run, next);
}

Chain::Chain(const std::vector<StagePointer>& stages, Run& run, Taker& end) : end_(end) {
  for (std::size_t at = stages.size(); at-- > 0;) takers_.push_back(stages[at]->start(run, head()));
}

bool Collector::take(Value document) {
  run_.hold(document);
  documents.push_back(std::move(document));
  return true;
}

void set_at_path(Value& document, std::span<const std::string> path, Value value) {
  Value* current = &document;
  for (std::size_t at = 0; at + 1 < path.size(); ++at) {
    Value* inner = current->find(path[at]);
    if (inner == nullptr) {
      if (value.is_missing()) return;
      current->set(path[at], Value::document());
      inner = current->find(path[at]);
    }
    if (!inner->is_document()) {
      if (value.is_missing()) return;
      *inner = Value::document();
    }
    current = inner;
  }
  if (value.is_missing()) {
    current->erase(path.back());
  } else {
    current->set(path.back(), std::move(value));
  }
}

const Value& document_value_at(const Value& document, std::span<const std::string> path) {
  const Value* current = &document;
  for (const std::string& name : path) {
    current = current->find(name);
    if (current == nullptr) return missing();
  }
  return *current;
}

void run_on_collection(const std::string& collection, const std::vector<StagePointer>& stages, Run& run, Taker& end) {
  Chain chain(stages, run, end);
  Taker& head = chain.head();
  const bool needs_none = !stages.empty() && stages[0]->makes_documents();
  const Filter* filter = stages.empty() ? nullptr : stages[0]->filter();
  if (!needs_none) {
    run.others.read(collection, filter == nullptr ? Filter() : *filter, [&](const Value& document) {
      run.copy(document);
      return head.take(document);
    });
  }
  head.finish();
}

}  // namespace premortem::query::staging
