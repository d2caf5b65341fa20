#include "sim/models/query/projection.hpp"

#include "sim/models/query/projection_plan.hpp"

namespace premortem::query {

namespace {
constexpr int empty_specification = 51272;
}  // namespace

Projection::Projection() = default;
Projection::~Projection() = default;

Projection Projection::parse(const bson::Value& projection, const Context& context, const Filter* filter,
                             const bson::Value&) {
  Projection parsed;
  if (projection.is_missing() || (projection.is_document() && projection.fields().empty())) return parsed;
  if (!projection.is_document())
    throw CommandError(code::type_mismatch, "BSON field 'projection' is the wrong type '" +
                                                std::string(bson::type_name(projection.type())) +
                                                "', expected type 'object'");
  parsed.plan_ = parse_projection(projection, context, Rules::find, filter);
  return parsed;
}

Projection Projection::parse_stage(const bson::Value& specification, const Context& context, Rules rules) {
  if (specification.fields().empty())
    throw CommandError(empty_specification, "projection specification must have at least one field");
  Projection parsed;
  parsed.plan_ = parse_projection(specification, context, rules, nullptr);
  return parsed;
}

bool Projection::is_identity() const { return plan_ == nullptr; }

bool Projection::is_inclusion() const { return plan_ != nullptr && plan_->type == Plan::Type::inclusion; }

bson::Value Projection::apply(const bson::Value& document) const {
  return plan_ == nullptr ? document : apply_projection(*plan_, document);
}

}  // namespace premortem::query
