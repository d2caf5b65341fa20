#pragma once
// Aggregation pipelines. Source: MongoDB manual, "Aggregation Stages".

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/models/query/filter.hpp"

namespace premortem::query {

/// Other collections of the same database, as $lookup, $unionWith and $graphLookup read them.
class CollectionReader {
 public:
  virtual ~CollectionReader() = default;
  /// Every document of the collection that `filter` matches, in its natural order, until `visit` says false. A
  /// collection that does not exist is empty.
  virtual void read(const std::string& collection, const Filter& filter,
                    const std::function<bool(const bson::Value&)>& visit) = 0;
};

/// $out or $merge, which whoever runs the pipeline carries out: always the last stage.
struct OutputStage {
  enum class Kind : std::uint8_t { out, merge } kind = Kind::out;
  std::string database;  ///< Empty: the command's.
  std::string collection;
  std::vector<std::string> on = {"_id"};
  enum class WhenMatched : std::uint8_t {
    replace,
    keep_existing,
    merge,
    fail,
    pipeline
  } when_matched = WhenMatched::merge;
  enum class WhenNotMatched : std::uint8_t { insert, discard, fail } when_not_matched = WhenNotMatched::insert;
  bson::Value pipeline;  ///< For WhenMatched::pipeline: an array of stages.
  bson::Value let;       ///< Their variables: expressions about the new document; {new: '$$ROOT'} if none is given.
};

/// What a pipeline is given, as it is gathered.
class PipelineInput {
 public:
  /// Of what a pipeline is given, and again of what it keeps. The server would write to disk instead, and go on; a
  /// pipeline of this size is none for a simulated store.
  static constexpr std::size_t bytes_max = 512 * 1024 * 1024;
  /// Throws CommandError 292 when it all takes too much memory.
  void add(bson::Value document);
  std::vector<bson::Value> documents;

 private:
  std::size_t bytes_ = 0;
};

/// A parsed pipeline. Immutable. $changeStream, $indexStats, $collStats, $listSessions, $currentOp are not its
/// business: whoever carries out the command looks for them first.
class Pipeline {
 public:
  /// `stages`: an array. Throws CommandError: 40324 "Unrecognized pipeline stage name: '$foo'", 168, ...
  /// `for_update`: only what an update takes ($set, $addFields, $unset, $project, $replaceRoot, $replaceWith).
  static Pipeline parse(const bson::Value& stages, const Context& context, bool for_update = false);
  Pipeline();
  Pipeline(const Pipeline&) = default;
  Pipeline& operator=(const Pipeline&) = default;
  ~Pipeline();

  /// A first $match, which the reader of the collection can use; the pipeline applies it all the same.
  Filter first_match() const;
  /// Most documents that it can use of its input, by $limit before anything that drops or reorders; nothing: all.
  /// With a first_match() they are those that it matches.
  std::optional<std::uint64_t> input_limit() const;
  const std::optional<OutputStage>& output() const;
  /// Whether it needs no input ($documents first, or $collStats-like: no).
  bool begins_with_documents() const;

  /// Everything that comes out for this input. Throws CommandError; what a document makes it fail with begins with
  /// "PlanExecutor error during aggregation :: caused by :: ", as the server's does, unless it is for an update.
  std::vector<bson::Value> run(std::vector<bson::Value> input, CollectionReader& others) const;

  struct Stage;  ///< Private to pipeline.cpp and its neighbours.
  struct Plan;

 private:
  std::shared_ptr<const Plan> plan_;
};

}  // namespace premortem::query
