#pragma once
// Updates: {$set: ...}, whole replacements, pipelines. Source: MongoDB manual, "Update Operators"; CRUD specification.

#include <memory>
#include <vector>

#include "sim/models/query/filter.hpp"

namespace premortem::query {

/// A parsed update. Immutable.
class Update {
 public:
  /// `update`: a document of operators, a replacement (no name begins with $), or an array of stages. Throws
  /// CommandError with MongoDB's code and text. `multi` with a replacement is refused.
  static Update parse(const bson::Value& update, const std::vector<bson::Value>& array_filters, bool multi,
                      const Context& context);
  Update();
  Update(const Update&) = default;
  ~Update();

  bool is_replacement() const;
  /// The document afterwards; identical to `document` if nothing changes (then no version is made: MONGO-007). Throws
  /// CommandError: 66 when _id would change, 2 for a positional operator without a match, 14 for $inc of a string, ...
  /// `touched`: paths that operators have worked on are put behind it, dotted, whether or not they changed something:
  /// what change streams tell. An array to which values were appended is there as its new elements; one of which
  /// several elements were changed through an array filter, as a whole. Replacements and pipelines put nothing there.
  bson::Value apply(const bson::Value& document, const MatchDetails& match,
                    std::vector<std::string>* touched = nullptr) const;
  /// The document that an upsert inserts: the filter's equalities, in the order of their paths, then the update with
  /// $setOnInsert; _id first. Without _id when neither gives one: whoever inserts makes it. A filter with $expr is for
  /// whoever carries out the command to refuse. Throws CommandError: 54 when equalities exclude each other, 111, 53,
  /// ...
  bson::Value document_to_insert(const Filter& filter) const;

  struct Plan;  ///< Private to update.cpp and its neighbours.

 private:
  std::shared_ptr<const Plan> plan_;
};

}  // namespace premortem::query
