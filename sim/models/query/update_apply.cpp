// Walks the tree of an update and lets its modifiers work on a document.
#include <algorithm>
#include <utility>

#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

using UpdateNodePointer = std::shared_ptr<UpdateNode>;

/// Branches for one place: `a.$` with `a.0`, or those of two array filters that match one element.
UpdateNodePointer merge_nodes(const UpdateNodePointer& left, const UpdateNodePointer& right, UpdatePath& path) {
  if (left == nullptr || right == nullptr) return left == nullptr ? right : left;
  if (left->kind != right->kind || left->kind == UpdateNode::Kind::leaf)
    throw CommandError(code::conflicting_update_operators, "Update created a conflict at '" + join_path(path) + "'");
  auto merged = std::make_shared<UpdateNode>(*left);
  const bool in_elements = left->kind == UpdateNode::Kind::elements;
  for (const auto& child : right->children) {
    UpdateNodePointer& place = merged->children[child.first];
    path.push_back(in_elements ? "$[" + child.first + "]" : child.first);
    place = merge_nodes(place, child.second, path);
    path.pop_back();
  }
  path.emplace_back("$");
  merged->positional = merge_nodes(left->positional, right->positional, path);
  path.pop_back();
  return merged;
}

class UpdateRun {
 public:
  UpdateRun(const Update::Plan& plan, bson::Value& document, const MatchDetails& match, bool inserting,
            std::vector<std::string>* touched)
      : plan_(plan), document_(document), inserting_(inserting), touched_(touched) {
    if (match.array_index >= 0) matched_ = std::to_string(match.array_index);
  }

  void apply(const UpdateNode& node) {
    switch (node.kind) {
      case UpdateNode::Kind::fields:
        return apply_to_fields(node);
      case UpdateNode::Kind::elements:
        return apply_to_elements(node);
      case UpdateNode::Kind::leaf:
        if (node.modifier != nullptr) apply_modifier(*node.modifier);
    }
  }

 private:
  void apply_child(const UpdateNode& child, const std::string& name) {
    path_.push_back(name);
    apply(child);
    path_.pop_back();
  }

  void apply_to_fields(const UpdateNode& node) {
    UpdateNodePointer positional = node.positional;
    if (positional != nullptr && matched_.empty())
      throw CommandError(code::bad_value, "The positional operator did not find the match needed from the query.");
    for (const auto& child : node.children) {
      if (positional != nullptr && child.first == matched_) {
        path_.push_back(matched_);
        const UpdateNodePointer merged = merge_nodes(positional, child.second, path_);
        path_.pop_back();
        positional = nullptr;
        apply_child(*merged, child.first);
        continue;
      }
      if (positional != nullptr && UpdateNameOrder()(matched_, child.first)) {
        apply_child(*positional, matched_);
        positional = nullptr;
      }
      apply_child(*child.second, child.first);
    }
    if (positional != nullptr) apply_child(*positional, matched_);
  }

  /// Which branches are for which element is found out before any changes one.
  void apply_to_elements(const UpdateNode& node) {
    const PathEnd end = follow_path(document_, path_);
    if (end.taken != path_.size())
      throw CommandError(code::bad_value, "The path '" + join_path(path_) +
                                              "' must exist in the document in order to apply array updates.");
    if (!end.value->is_array())
      throw CommandError(code::bad_value,
                         "Cannot apply array updates to non-array element " + describe_end(end, path_));
    std::vector<UpdateNodePointer> branches(end.value->elements().size());
    for (std::size_t at = 0; at < branches.size(); ++at) {
      path_.push_back(std::to_string(at));
      for (const auto& child : node.children) {
        const bool is_meant =
            child.first.empty() || plan_.array_filters.at(child.first).matches(end.value->elements()[at]);
        if (is_meant) branches[at] = merge_nodes(branches[at], child.second, path_);
      }
      path_.pop_back();
    }
    const auto meant = std::ranges::count_if(branches, [](const auto& branch) { return branch != nullptr; });
    if (touched_ != nullptr && meant > 1) return apply_to_several(branches);
    for (std::size_t at = 0; at < branches.size(); ++at) {
      if (branches[at] != nullptr) apply_child(*branches[at], std::to_string(at));
    }
  }

  /// Of several elements the server tells the array as a whole, or the only one that has changed, as a whole.
  /// Source: mongodb/mongo, src/mongo/db/update/update_array_node.cpp
  void apply_to_several(const std::vector<UpdateNodePointer>& branches) {
    const std::vector<bson::Value> before = find_path(document_, path_)->elements();
    std::vector<std::string>* const touched = std::exchange(touched_, nullptr);
    for (std::size_t at = 0; at < branches.size(); ++at) {
      if (branches[at] != nullptr) apply_child(*branches[at], std::to_string(at));
    }
    touched_ = touched;
    const std::vector<bson::Value>& after = find_path(document_, path_)->elements();
    std::vector<std::size_t> changed;
    for (std::size_t at = 0; at < before.size(); ++at) {
      if (!after[at].identical(before[at])) changed.push_back(at);
    }
    if (changed.size() > 1) touch(path_);
    if (changed.size() == 1) touch(path_, changed.front());
  }

  void touch(const UpdatePath& path) {
    if (touched_ != nullptr) touched_->push_back(join_path(path));
  }
  void touch(const UpdatePath& path, std::size_t element) {
    if (touched_ != nullptr) touched_->push_back(join_path(path) + "." + std::to_string(element));
  }

  void apply_modifier(const Modifier& modifier) {
    if (modifier.is_for_inserts_only() && !inserting_) return;
    if (!modifier.source().empty()) return rename(modifier.source());
    const PathEnd end = follow_path(document_, path_);
    if (end.taken < path_.size()) {
      if (std::optional<bson::Value> created = modifier.create({document_, path_})) {
        create(end, std::move(*created));
      } else if (modifier.needs_viable_path() && !is_viable(end)) {
        throw_not_viable(end, path_);
      }
      return;
    }
    const bool appends = touched_ != nullptr && end.value->is_array() && modifier.appends_to(*end.value);
    const std::size_t size = appends ? end.value->elements().size() : 0;
    const bool is_id = path_[0] == "_id", is_watched = is_id || path_[0][0] == '$';
    const bson::Value before = is_watched ? *end.value : bson::Value();
    modifier.change(*end.value, {document_, path_});
    const bool is_changed = is_watched && !before.identical(*end.value);
    if (is_id && is_changed) throw_immutable(path_);
    if (!appends) touch(path_);
    for (std::size_t at = size; appends && at < end.value->elements().size(); ++at) touch(path_, at);
    if (end.value->is_missing()) {
      remove(path_);
    } else if (is_changed && path_.size() == 1) {
      check_name();
    }
  }

  bool is_viable(const PathEnd& end) const {
    return end.value->is_document() || (end.value->is_array() && array_index(path_[end.taken]));
  }

  void create(const PathEnd& end, bson::Value value) {
    touch(path_);
    create_path(end, path_, std::move(value), padding_);
    if (end.taken == 0) return check_name();
    if (path_[0] == "_id")
      throw CommandError(code::immutable_field,
                         "Updating the path '" + join_path({path_.begin(), path_.begin() + to_offset(end.taken)}) +
                             "' to " + describe_end(end, path_) + " would modify the immutable field '_id'");
  }

  static std::ptrdiff_t to_offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

  /// Of an outermost field that was made or changed as a whole. What an upsert makes is looked at when it is done.
  void check_name() {
    if (inserting_ || path_[0][0] != '$') return;
    std::size_t at = 0;
    while (document_.fields()[at].name != path_[0]) ++at;
    check_dollar_name(document_, at);
  }

  [[noreturn]] static void throw_immutable(const UpdatePath& path) {
    throw CommandError(code::immutable_field, "Performing an update on the path '" + join_path(path) +
                                                  "' would modify the immutable field '_id'");
  }

  void remove(const UpdatePath& path) {
    const UpdatePath outer(path.begin(), path.end() - 1);
    bson::Value& parent = *find_path(document_, outer);
    if (parent.is_array()) {
      parent.elements()[*array_index(path.back())] = bson::Value::null();
    } else {
      parent.erase(path.back());
    }
  }

  void rename(const UpdatePath& source) {
    const PathEnd from = follow_path(document_, source);
    if (from.taken < source.size()) {
      if (from.value->is_document() || (from.value->is_array() && array_index(source[from.taken]))) return;
      throw CommandError(code::path_not_viable, "cannot use the part (" + source[from.taken - 1] + " of " +
                                                    join_path(source) + ") to traverse the element ({" +
                                                    describe_end(from, source) + "})");
    }
    refuse_arrays(source, "source");
    refuse_arrays(path_, "destination");
    bson::Value moved = *from.value;
    const PathEnd to = follow_path(document_, path_);
    if (to.taken < path_.size()) {
      create(to, std::move(moved));
    } else {
      if (path_[0] == "_id") throw_immutable(path_);
      touch(path_);
      *to.value = std::move(moved);
      if (path_.size() == 1) check_name();
    }
    if (source[0] == "_id") throw_immutable(source);
    touch(source);
    remove(source);
  }

  void refuse_arrays(const UpdatePath& path, const std::string& side) {
    bson::Value* value = &document_;
    for (std::size_t at = 0; at + 1 < path.size(); ++at) {
      value = value->find(path[at]);
      if (value == nullptr || !(value->is_document() || value->is_array())) return;
      if (value->is_array())
        throw CommandError(code::bad_value, "The " + side + " field cannot be an array element, '" + join_path(path) +
                                                "' in doc with " + describe_id(document_) +
                                                " has an array field called '" + path[at] + "'");
    }
  }

  const Update::Plan& plan_;
  bson::Value& document_;
  const bool inserting_;
  std::vector<std::string>* touched_;  ///< Null: nobody asks.
  std::string matched_;                ///< What `$` stands for; empty: nothing.
  UpdatePath path_;
  std::size_t padding_ = 0;
};

}  // namespace

void apply_modifiers(const Update::Plan& plan, bson::Value& document, const MatchDetails& match, bool inserting,
                     std::vector<std::string>* touched) {
  UpdateRun(plan, document, match, inserting, touched).apply(plan.root);
}

}  // namespace premortem::query
