#include "sim/models/query/update.hpp"

#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

/// An update's pipeline has no stage that reads another collection: its parser refuses them.
class NoOtherCollections : public CollectionReader {
 public:
  void read(const std::string& collection, const Filter&, const std::function<bool(const bson::Value&)>&) override {
    throw CommandError(code::invalid_options, "an update can not read the collection " + collection);
  }
};

void read_array_filters(const std::vector<bson::Value>& array_filters, const Context& context, Update::Plan& plan) {
  for (const bson::Value& filter : array_filters) {
    std::string name;
    ElementFilter parsed = ElementFilter::parse_array_filter(filter, name, context);
    if (!plan.array_filters.emplace(name, std::move(parsed)).second)
      throw CommandError(code::failed_to_parse,
                         "Found multiple array filters with the same top-level field name " + name);
  }
}

/// Outermost zero timestamps of a replacement mean "now", as in an insert; not as _id.
bson::Value with_timestamps(bson::Value replacement, const Context& context) {
  for (bson::Field& field : replacement.fields()) {
    const bool is_zero = field.value.is(bson::Type::timestamp) && field.value.timestamp_seconds() == 0 &&
                         field.value.timestamp_increment() == 0;
    if (is_zero && field.name != "_id")
      field.value = bson::Value::timestamp(static_cast<std::uint32_t>(context.cluster_time >> 32),
                                           static_cast<std::uint32_t>(context.cluster_time));
  }
  return replacement;
}

}  // namespace

Update::Update() = default;
Update::~Update() = default;

Update Update::parse(const bson::Value& update, const std::vector<bson::Value>& array_filters, bool multi,
                     const Context& context) {
  auto plan = std::make_shared<Plan>();
  read_array_filters(array_filters, context, *plan);
  if (update.is_array()) {
    if (!array_filters.empty())
      throw CommandError(code::failed_to_parse, "arrayFilters may not be specified for pipeline-style updates");
    plan->kind = Plan::Kind::pipeline;
    plan->pipeline = Pipeline::parse(update, context, true);
  } else if (!update.is_document()) {
    throw CommandError(code::failed_to_parse, "Update argument must be either an object or an array");
  } else if (!update.fields().empty() && update.fields()[0].name.starts_with('$')) {
    parse_modifiers(update, context, *plan);
  } else {
    if (multi) throw CommandError(code::failed_to_parse, "multi update is not supported for replacement-style update");
    if (!array_filters.empty())
      throw CommandError(code::failed_to_parse, "arrayFilters may not be specified for replacement-style updates");
    plan->kind = Plan::Kind::replacement;
    plan->replacement = with_timestamps(update, context);
  }
  Update parsed;
  parsed.plan_ = std::move(plan);
  return parsed;
}

bool Update::is_replacement() const { return plan_ != nullptr && plan_->kind == Plan::Kind::replacement; }

bson::Value run_update_pipeline(const Pipeline& pipeline, const bson::Value& document) {
  NoOtherCollections none;
  std::vector<bson::Value> results = pipeline.run({document}, none);
  if (results.size() != 1 || !results[0].is_document())
    throw CommandError(code::illegal_operation, "an update's pipeline gives one document");
  return std::move(results[0]);
}

bson::Value Update::apply(const bson::Value& document, const MatchDetails& match,
                          std::vector<std::string>* touched) const {
  if (plan_ == nullptr) return document;
  bson::Value changed;
  switch (plan_->kind) {
    case Plan::Kind::modifiers:
      changed = document;
      apply_modifiers(*plan_, changed, match, false, touched);
      break;
    case Plan::Kind::replacement:
      changed = replace_document(document, plan_->replacement);
      for (std::size_t at = 0; at < changed.fields().size(); ++at) {
        if (changed.fields()[at].name.starts_with('$')) check_dollar_name(changed, at);
      }
      break;
    case Plan::Kind::pipeline:
      changed = replace_document(document, run_update_pipeline(plan_->pipeline, document));
      break;
  }
  if (changed.identical(document)) return document;  // MONGO-007: no version is made of it.
  move_id_to_front(changed);
  check_storable(changed, false);
  return changed;
}

}  // namespace premortem::query
