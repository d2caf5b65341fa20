// Stages about the order and the number of documents: $sort, $limit, $skip, $sample.
#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/query/filter_numbers.hpp"
#include "sim/models/query/pipeline_stage.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query::staging {

namespace {

struct SortStage final : Pipeline::Stage {
  explicit SortStage(Sort order) : sort(std::move(order)) {}
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  const Sort sort;
};

/// Documents that the sort cannot tell apart stay in the order in which they came.
class SortTaker final : public Taker {
 public:
  SortTaker(const Sort& sort, Run& run, Taker& next) : sort_(sort), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    run_.hold(document);
    std::string key = sort_.key(document);
    run_.hold_bytes(key.size());
    kept_.emplace_back(std::move(key), std::move(document));
    return true;
  }
  void finish() override {
    std::stable_sort(kept_.begin(), kept_.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (auto& each : kept_) {
      if (!next_.take(std::move(each.second))) break;
    }
    next_.finish();
  }

 private:
  const Sort& sort_;
  Run& run_;
  Taker& next_;
  std::vector<std::pair<std::string, Value>> kept_;
};

std::unique_ptr<Taker> SortStage::start(Run& run, Taker& next) const {
  return std::make_unique<SortTaker>(sort, run, next);
}

struct LimitStage final : Pipeline::Stage {
  LimitStage(std::uint64_t number, bool takes_away) : count(number), skips(takes_away) {}
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  std::optional<std::uint64_t> needs(std::optional<std::uint64_t> wanted) const override {
    if (!skips) return std::min(wanted.value_or(count), count);
    if (!wanted || *wanted > UINT64_MAX - count) return {};
    return *wanted + count;
  }
  const std::uint64_t count;
  const bool skips;
};

class LimitTaker final : public Taker {
 public:
  LimitTaker(const LimitStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    if (stage_.skips) return seen_++ < stage_.count || next_.take(std::move(document));
    if (seen_ >= stage_.count) return false;
    ++seen_;
    return next_.take(std::move(document)) && seen_ < stage_.count;
  }
  void finish() override { next_.finish(); }

 private:
  const LimitStage& stage_;
  Run& run_;
  Taker& next_;
  std::uint64_t seen_ = 0;
};

std::unique_ptr<Taker> LimitStage::start(Run& run, Taker& next) const {
  return std::make_unique<LimitTaker>(*this, run, next);
}

struct SampleStage final : Pipeline::Stage {
  SampleStage(std::uint64_t number, std::uint64_t own_luck) : count(number), luck(own_luck) {}
  std::unique_ptr<Taker> start(Run& run, Taker& next) const override;
  const std::uint64_t count, luck;
};

/// The first so many of a shuffled input.
class SampleTaker final : public Taker {
 public:
  SampleTaker(const SampleStage& stage, Run& run, Taker& next) : stage_(stage), run_(run), next_(next) {}
  bool take(Value document) override {
    run_.step();
    run_.hold(document);
    kept_.push_back(std::move(document));
    return true;
  }
  void finish() override {
    for (std::uint64_t at = 0; at < kept_.size() && at < stage_.count; ++at) {
      const std::uint64_t bits = random_bits(stage_.luck, 0, hash_name("$sample"), at);
      std::swap(kept_[at], kept_[at + uniform_below(bits, kept_.size() - at)]);
      if (!next_.take(std::move(kept_[at]))) break;
    }
    next_.finish();
  }

 private:
  const SampleStage& stage_;
  Run& run_;
  Taker& next_;
  std::vector<Value> kept_;
};

std::unique_ptr<Taker> SampleStage::start(Run& run, Taker& next) const {
  return std::make_unique<SampleTaker>(*this, run, next);
}

}  // namespace

void parse_sort(const std::string&, const Value& operand, const Surroundings&, std::vector<StagePointer>& stages) {
  if (!operand.is_document()) fail(15973, "the $sort key specification must be an object");
  if (operand.fields().empty()) fail(15976, "$sort stage must have at least one sort key");
  stages.push_back(std::make_shared<const SortStage>(Sort::parse(operand)));
}

void parse_limit(const std::string& name, const Value& operand, const Surroundings&,
                 std::vector<StagePointer>& stages) {
  std::int64_t count = 0;
  try {
    count = parse_non_negative_integer(name, operand);
  } catch (const CommandError& error) {
    fail(name == "$limit" ? 5107201 : 5107200, "invalid argument to " + name + " stage: " + error.what());
  }
  if (name == "$limit" && count == 0) fail(15958, "the limit must be positive");
  stages.push_back(std::make_shared<const LimitStage>(static_cast<std::uint64_t>(count), name == "$skip"));
}

void parse_sample(const std::string&, const Value& operand, const Surroundings& surroundings,
                  std::vector<StagePointer>& stages) {
  if (!operand.is_document()) fail(28745, "the $sample stage specification must be an object");
  std::optional<std::int64_t> size;
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "size") fail(28748, "unrecognized option to $sample: " + field.name);
    if (!field.value.is_number()) fail(28746, "size argument to $sample must be a number");
    const std::optional<WholeNumber> whole = truncated(field.value);
    if (!whole || whole->value <= 0) fail(28747, "size argument to $sample must be a positive integer");
    size = whole->value;
  }
  if (!size) fail(28749, "$sample stage must specify a size");
  stages.push_back(std::make_shared<const SampleStage>(static_cast<std::uint64_t>(*size), surroundings.context.luck));
}

}  // namespace premortem::query::staging
