// What an upsert inserts when nothing matches. Source: MongoDB manual, "Upsert"; produce_document_for_upsert.cpp.
#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

constexpr int not_single_value = 54, not_exact_value = 111;

/// Paths to equal values, in the order of their names.
using UpsertEqualities = std::map<std::string, bson::Value>;

void refuse_second_value(const UpsertEqualities& equalities, const std::string& path) {
  static const std::string beginning = "cannot infer query fields to set, ";
  for (std::string prefix = path;;) {
    if (equalities.count(prefix) != 0 && prefix == path)
      throw CommandError(not_single_value, beginning + "path '" + path + "' is matched twice");
    if (equalities.count(prefix) != 0)
      throw CommandError(not_single_value, beginning + "both paths '" + path + "' and '" + prefix + "' are matched");
    const std::size_t dot = prefix.rfind('.');
    if (dot == std::string::npos) return;
    prefix.resize(dot);
  }
}

/// A replacement takes _id alone from the filter.
UpsertEqualities equalities_of(const Filter& filter, bool id_alone) {
  std::vector<bson::Field> found = filter.equalities();
  std::ranges::stable_sort(found, {}, &bson::Field::name);  // So that 'a' stands before 'a.b', which it excludes.
  UpsertEqualities equalities;
  for (const bson::Field& equality : found) {
    if (id_alone && equality.name.starts_with("_id."))
      throw CommandError(not_exact_value,
                         "field at '_id' must be exactly specified, field at sub-path '" + equality.name + "'found");
    if (id_alone && equality.name != "_id") continue;
    refuse_second_value(equalities, equality.name);
    equalities.emplace(equality.name, equality.value);
  }
  return equalities;
}

bson::Value document_of_equalities(const UpsertEqualities& equalities) {
  bson::Value document = bson::Value::document();
  std::size_t padding = 0;
  for (const auto& equality : equalities) {
    const UpdatePath path = split_path(equality.first);
    if (path.size() > static_cast<std::size_t>(bson::stored_depth_max))
      throw CommandError(code::overflow,
                         "Document exceeds maximum nesting depth of " + std::to_string(bson::stored_depth_max));
    create_path(follow_path(document, path), path, equality.second, padding);
  }
  return document;
}

}  // namespace

bson::Value Update::document_to_insert(const Filter& filter) const {
  const bool id_alone = is_replacement();
  bson::Value document = document_of_equalities(equalities_of(filter, id_alone));
  if (plan_ == nullptr) return document;
  switch (plan_->kind) {
    case Plan::Kind::modifiers:
      apply_modifiers(*plan_, document, {}, true);
      break;
    case Plan::Kind::replacement:
      document = replace_document(document, plan_->replacement);
      break;
    case Plan::Kind::pipeline:
      document = replace_document(document, run_update_pipeline(plan_->pipeline, document));
      break;
  }
  move_id_to_front(document);
  check_storable(document, true);
  return document;
}

}  // namespace premortem::query
