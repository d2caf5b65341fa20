#include "sim/models/query/pipeline.hpp"

#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query {

struct Pipeline::Plan {
  std::vector<staging::StagePointer> stages;
  std::optional<OutputStage> output;
  bool for_update = false;
};

void PipelineInput::add(bson::Value document) {
  bytes_ += expressing::weigh(document);
  if (bytes_ > bytes_max)
    throw CommandError(code::memory_limit,
                       "Exceeded memory limit of " + std::to_string(bytes_max) + " bytes for the input of a pipeline");
  documents.push_back(std::move(document));
}

Pipeline::Pipeline() = default;
Pipeline::~Pipeline() = default;

Pipeline Pipeline::parse(const bson::Value& stages, const Context& context, bool for_update) {
  auto plan = std::make_shared<Plan>();
  OutputStage output;
  plan->for_update = for_update;
  plan->stages = staging::parse_stages(stages, {context, for_update}, &output);
  if (!output.collection.empty()) plan->output = std::move(output);
  Pipeline pipeline;
  pipeline.plan_ = std::move(plan);
  return pipeline;
}

Filter Pipeline::first_match() const {
  if (plan_ == nullptr || plan_->stages.empty() || plan_->stages[0]->filter() == nullptr) return {};
  return *plan_->stages[0]->filter();
}

std::optional<std::uint64_t> Pipeline::input_limit() const {
  std::optional<std::uint64_t> wanted;
  if (plan_ == nullptr) return wanted;
  // The first $match drops only what the reader has dropped before.
  const std::size_t begin = !plan_->stages.empty() && plan_->stages[0]->filter() != nullptr ? 1 : 0;
  for (std::size_t at = plan_->stages.size(); at-- > begin;) wanted = plan_->stages[at]->needs(wanted);
  return wanted;
}

const std::optional<OutputStage>& Pipeline::output() const {
  static const std::optional<OutputStage> none;
  return plan_ == nullptr ? none : plan_->output;
}

bool Pipeline::begins_with_documents() const {
  return plan_ != nullptr && !plan_->stages.empty() && plan_->stages[0]->makes_documents();
}

std::vector<bson::Value> Pipeline::run(std::vector<bson::Value> input, CollectionReader& others) const {
  if (plan_ == nullptr || plan_->stages.empty()) return input;
  staging::Run run(others);
  staging::Collector collector(run);
  staging::Chain chain(plan_->stages, run, collector);
  try {
    for (bson::Value& document : input) {
      if (!chain.head().take(std::move(document))) break;
    }
    chain.head().finish();
  } catch (const CommandError& error) {
    if (plan_->for_update) throw;
    CommandError told(error.code(),
                      std::string("PlanExecutor error during aggregation :: caused by :: ") + error.what());
    told.info = error.info;
    throw told;
  }
  return std::move(collector.documents);
}

}  // namespace premortem::query
