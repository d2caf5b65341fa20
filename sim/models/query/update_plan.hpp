#pragma once
// What an update is inside: a tree of paths whose leaves are modifiers. Private to update.cpp and its neighbours.
// Source: mongodb/mongo, src/mongo/db/update (the idea of the tree and of merging its branches; errors).

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/models/query/filter.hpp"
#include "sim/models/query/pipeline.hpp"
#include "sim/models/query/update.hpp"
#include "sim/models/query/update_path.hpp"

namespace premortem::query {

/// Where a modifier is at work; for its errors.
struct ModifierPlace {
  const bson::Value& document;
  const UpdatePath& path;
};

/// One operator with its operand for one path: {$inc: {'a.b': 3}}. Immutable.
class Modifier {
 public:
  virtual ~Modifier() = default;
  /// Changes the value that is there. A missing value afterwards: it is removed (an element of an array: null).
  virtual void change(bson::Value& value, const ModifierPlace& place) const = 0;
  /// What a path that leads to nothing gets; nothing: the modifier leaves it alone.
  virtual std::optional<bson::Value> create(const ModifierPlace& place) const;
  /// Whether a path that leads through a number or a text is an error even if nothing is created.
  virtual bool needs_viable_path() const { return true; }
  virtual bool is_for_inserts_only() const { return false; }
  /// Whether it puts its values behind those of that array, and does nothing else to it.
  virtual bool appends_to(const bson::Value&) const { return false; }
  /// $rename: where the value comes from; empty for all others.
  virtual const UpdatePath& source() const;
};
using ModifierPointer = std::shared_ptr<const Modifier>;

/// Names in the order in which an update adds fields: numbers by value, before names, which go byte by byte.
struct UpdateNameOrder {
  bool operator()(const std::string& left, const std::string& right) const;
};

/// A part of the tree. `elements`: children are identifiers of array filters, the empty one `$[]`.
struct UpdateNode {
  enum class Kind : std::uint8_t { fields, elements, leaf } kind = Kind::fields;
  std::map<std::string, std::shared_ptr<UpdateNode>, UpdateNameOrder> children;
  std::shared_ptr<UpdateNode> positional;  ///< The child `$`.
  ModifierPointer modifier;                ///< Of a leaf; null: only a source of $rename, here for conflicts.
};

struct Update::Plan {
  enum class Kind : std::uint8_t { modifiers, replacement, pipeline } kind = Kind::modifiers;
  UpdateNode root;
  std::map<std::string, ElementFilter> array_filters;
  bson::Value replacement;
  Pipeline pipeline;
};

/// Null for an operator that does not exist.
ModifierPointer make_modifier(std::string_view name, const bson::Field& operand, const Context& context);
ModifierPointer make_field_modifier(std::string_view name, const bson::Field& operand, const Context& context);
ModifierPointer make_number_modifier(std::string_view name, const bson::Field& operand);
ModifierPointer make_array_modifier(std::string_view name, const bson::Field& operand, const Context& context);
ModifierPointer make_push(const bson::Field& operand);
bool is_modifier_name(std::string_view name);
/// An operand that must be a whole number; throws 9 with MongoDB's words.
std::int64_t whole_operand(std::string_view name, const bson::Value& value);

/// Operators, paths and array filters to a tree. Throws CommandError.
void parse_modifiers(const bson::Value& update, const Context& context, Update::Plan& plan);

/// `inserting`: the document is one that an upsert makes: $setOnInsert is for it, and rules of storage come later.
void apply_modifiers(const Update::Plan& plan, bson::Value& document, const MatchDetails& match, bool inserting,
                     std::vector<std::string>* touched = nullptr);
/// Of a replacement or a pipeline's result: keeps _id if `next` has none. Throws 66 if it is another.
bson::Value replace_document(const bson::Value& document, const bson::Value& next);
bson::Value run_update_pipeline(const Pipeline& pipeline, const bson::Value& document);

/// Of `document`'s own field `at`, whose name begins with $: throws 52 or 55 unless it is part of a DBRef.
void check_dollar_name(const bson::Value& document, std::size_t at);
/// _id's type and names (53, 52), depth (15), size (17419 of an update, 17420 of what an upsert inserts).
void check_storable(const bson::Value& document, bool inserting);
void move_id_to_front(bson::Value& document);

}  // namespace premortem::query
