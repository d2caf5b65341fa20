// From a document to what a projection leaves of it.
#include <algorithm>
#include <map>
#include <string_view>

#include "sim/models/query/projection_plan.hpp"
#include "sim/models/query/update_path.hpp"

namespace premortem::query {

namespace {

using ProjectionKind = ProjectionNode::Kind;

constexpr int no_matching_element = 51246, element_mismatch = 51247;

class ProjectionRun {
 public:
  ProjectionRun(const Projection::Plan& plan, const bson::Value& document)
      : plan_(plan), document_(document), includes_(plan.type == Projection::Plan::Type::inclusion) {}

  bson::Value run() {
    bson::Value result = keep(plan_.root, document_);
    if (plan_.root.computes) compute(plan_.root, result);
    for (const ProjectionStep& step : plan_.steps) {
      if (step.node.kind == ProjectionKind::slice) {
        slice(step, 0, result);
      } else {
        take_matching_element(step, result);
      }
    }
    return result;
  }

 private:
  /// The fields that stay, in the document's order. Of a value without fields: whether it stays.
  bson::Value keep(const ProjectionNode& node, const bson::Value& value) {
    if (value.is_array()) {
      bson::Value kept = bson::Value::array();
      for (const bson::Value& element : value.elements()) {
        bson::Value part = keep(node, element);
        // An element that is dropped leaves no gap, unless a document with computed fields comes into its place.
        if (!part.is_missing() || node.computes) kept.push_back(std::move(part));
      }
      return kept;
    }
    if (!value.is_document()) return includes_ ? bson::Value() : value;
    bson::Value kept = bson::Value::document();
    for (const bson::Field& field : value.fields()) {
      bson::Value part = keep_field(node.find(field.name), field.value);
      if (!part.is_missing()) kept.append(field.name, std::move(part));
    }
    return kept;
  }

  bson::Value keep_field(const ProjectionNode* node, const bson::Value& value) {
    if (node == nullptr) return includes_ ? bson::Value() : value;
    switch (node->kind) {
      case ProjectionKind::inner:
        return keep(*node, value);
      case ProjectionKind::excluded:
        return {};
      case ProjectionKind::included:
      case ProjectionKind::slice:
      case ProjectionKind::positional:
        return value;
      case ProjectionKind::elem_match:
      case ProjectionKind::expression:
        return includes_ ? bson::Value() : value;
    }
    return {};
  }

  /// REQUIRES: a document.
  void compute(const ProjectionNode& node, bson::Value& output) {
    std::map<std::string_view, std::size_t> places;  // Of a name that is there twice the first.
    std::vector<bson::Field>& fields = output.fields();
    for (std::size_t at = 0; at < fields.size(); ++at) places.emplace(fields[at].name, at);
    std::vector<bson::Field> added;
    std::size_t gone = 0;
    for (const ProjectionNode& child : node.children) {
      if (!child.computes) continue;
      const auto place = places.find(child.name);
      bson::Value* there = place == places.end() ? nullptr : &fields[place->second].value;
      bson::Value value = child.kind == ProjectionKind::inner
                              ? with_computed(child, there == nullptr ? bson::Value() : *there)
                          : child.kind == ProjectionKind::elem_match ? first_match(child)
                                                                     : child.expression.evaluate(document_);
      if (there != nullptr) {
        if (value.is_missing()) ++gone;
        *there = std::move(value);
      } else if (!value.is_missing()) {
        added.push_back({child.name, std::move(value)});
      }
    }
    if (gone > 0) std::erase_if(fields, [](const bson::Field& field) { return field.value.is_missing(); });
    std::move(added.begin(), added.end(), std::back_inserter(fields));
  }

  /// A number or text gives way to a document of the computed fields; each element of an array as well.
  bson::Value with_computed(const ProjectionNode& node, const bson::Value& value) {
    if (value.is_array()) {
      bson::Value changed = bson::Value::array();
      for (const bson::Value& element : value.elements()) changed.push_back(with_computed(node, element));
      return changed;
    }
    bson::Value changed = value.is_document() ? value : bson::Value::document();
    compute(node, changed);
    return changed;
  }

  bson::Value first_match(const ProjectionNode& node) {
    MatchDetails details;
    if (!node.filter.matches(document_, &details) || details.array_index < 0) return {};
    const bson::Value& array = document_[node.name];
    if (!array.is_array()) return {};
    return bson::arr({array.elements().at(static_cast<std::size_t>(details.array_index))});
  }

  static void slice(const ProjectionStep& step, std::size_t depth, bson::Value& value) {
    bson::Value* next = value.find(step.path[depth]);
    if (next == nullptr) return;
    const bool is_last = depth + 1 == step.path.size();
    if (next->is_array() && is_last) {
      slice_array(step.node, next->elements());
    } else if (next->is_array()) {
      for (bson::Value& element : next->elements()) {
        if (element.is_document()) slice(step, depth + 1, element);
      }
    } else if (next->is_document() && !is_last) {
      slice(step, depth + 1, *next);
    }
  }

  /// Both numbers fit into 32 bits.
  static void slice_array(const ProjectionNode& node, std::vector<bson::Value>& elements) {
    const auto length = static_cast<std::int64_t>(elements.size());
    const std::int64_t skip = node.skip ? *node.skip : std::min<std::int64_t>(node.limit, 0);
    const std::int64_t begin = skip < 0 ? std::max<std::int64_t>(0, length + skip) : std::min(skip, length);
    const std::int64_t limit = node.skip || node.limit >= 0 ? node.limit : length;
    const std::int64_t end = begin + std::min(limit, length - begin);
    elements.erase(elements.begin() + end, elements.end());
    elements.erase(elements.begin(), elements.begin() + begin);
  }

  /// `a.$`: the first array on the path becomes the one element by which the query has matched.
  void take_matching_element(const ProjectionStep& step, bson::Value& result) {
    MatchDetails details;
    plan_.filter.matches(document_, &details);
    bson::Value* value = &result;
    for (const std::string& part : step.path) {
      value = value->find(part);
      if (value == nullptr) return;
      if (!value->is_array()) continue;
      if (details.array_index < 0)
        throw CommandError(no_matching_element,
                           "positional operator '.$' couldn't find a matching element in the array");
      const auto index = static_cast<std::size_t>(details.array_index);
      if (index >= value->elements().size())
        throw CommandError(element_mismatch, "positional operator '.$' element mismatch");
      *value = bson::arr({bson::Value(value->elements()[index])});
      return;
    }
  }

  const Projection::Plan& plan_;
  const bson::Value& document_;
  const bool includes_;
};

}  // namespace

bson::Value apply_projection(const Projection::Plan& plan, const bson::Value& document) {
  return ProjectionRun(plan, document).run();
}

}  // namespace premortem::query
