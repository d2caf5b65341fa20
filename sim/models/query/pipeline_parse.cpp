// From an array of stages to what runs; which stages there are.
#include <algorithm>
#include <array>

#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

namespace {

constexpr std::size_t stages_max = 1000;
constexpr int pipelines_within_max = 20;  // MongoDB's limit of nesting, with a code of its own.
constexpr int too_deep_pipeline = 232;

struct KnownStage {
  std::string_view name;
  StageParser parse;
  bool in_update = false;
};

constexpr std::array<KnownStage, 24> known_stages{{
    {"$match", parse_match},
    {"$project", parse_project, true},
    {"$addFields", parse_project, true},
    {"$set", parse_project, true},
    {"$unset", parse_unset, true},
    {"$replaceRoot", parse_replace_root, true},
    {"$replaceWith", parse_replace_root, true},
    {"$group", parse_group},
    {"$sort", parse_sort},
    {"$limit", parse_limit},
    {"$skip", parse_limit},
    {"$sample", parse_sample},
    {"$unwind", parse_unwind},
    {"$count", parse_count},
    {"$sortByCount", parse_sort_by_count},
    {"$bucket", parse_bucket},
    {"$bucketAuto", parse_bucket_auto},
    {"$lookup", parse_lookup},
    {"$graphLookup", parse_graph_lookup},
    {"$unionWith", parse_union_with},
    {"$facet", parse_facet},
    {"$documents", parse_documents},
    {"$redact", parse_redact},
}};

bool is_output(const std::string& name) { return name == "$out" || name == "$merge"; }

/// Stages that the server has, and this store has not.
[[noreturn]] void refuse_stage(const std::string& name) {
  constexpr std::array<std::string_view, 3> searches{"$search", "$searchMeta", "$vectorSearch"};
  constexpr std::array<std::string_view, 12> others{
      "$setWindowFields",   "$geoNear",    "$densify",        "$fill",
      "$changeStream",      "$indexStats", "$collStats",      "$listSessions",
      "$listLocalSessions", "$currentOp",  "$planCacheStats", "$changeStreamSplitLargeEvent"};
  if (std::find(searches.begin(), searches.end(), name) != searches.end())
    fail(31082,
         "Using $search and $vectorSearch aggregation stages requires additional configuration. Please connect "
         "to Atlas or an AtlasCLI local deployment to enable. For more information on how to connect, see "
         "https://dochub.mongodb.org/core/atlas-cli-deploy-local-reqs.");
  if (std::find(others.begin(), others.end(), name) != others.end())
    fail(code::command_not_supported, name + " is not supported here");
  fail(40324, "Unrecognized pipeline stage name: '" + name + "'");
}

const KnownStage* find_known_stage(std::string_view name) {
  const auto found = std::find_if(known_stages.begin(), known_stages.end(),
                                  [name](const KnownStage& each) { return each.name == name; });
  return found == known_stages.end() || found->parse == nullptr ? nullptr : &*found;
}

void parse_one(const bson::Field& stage, bool is_last, const Surroundings& surroundings,
               std::vector<StagePointer>& stages, OutputStage* output) {
  const std::string& name = stage.name;
  if (is_output(name)) {
    if (surroundings.for_update) fail(code::invalid_options, name + " is not allowed to be used within an update");
    if (surroundings.in_facet) fail(40600, name + " is not allowed to be used within a $facet stage");
    if (output == nullptr) fail(51047, name + " is not allowed within a $lookup's sub-pipeline");
    *output = parse_output(name, stage.value, surroundings.context);
    if (!is_last) fail(40601, name + " can only be the final stage in the pipeline");
    return;
  }
  const KnownStage* known = find_known_stage(name);
  if (known == nullptr) refuse_stage(name);
  if (surroundings.for_update && !known->in_update)
    fail(code::invalid_options, name + " is not allowed to be used within an update");
  known->parse(name, stage.value, surroundings, stages);
}

}  // namespace

StageParser find_stage(std::string_view name) {
  const KnownStage* known = find_known_stage(name);
  return known == nullptr ? nullptr : known->parse;
}

std::vector<StagePointer> parse_stages(const Value& stages, const Surroundings& surroundings, OutputStage* output) {
  if (!stages.is_array()) fail(code::type_mismatch, "A pipeline must be an array of objects");
  if (surroundings.depth > pipelines_within_max)
    fail(too_deep_pipeline, "Maximum number of nested sub-pipelines exceeded. Limit is 20");
  const std::vector<Value>& elements = stages.elements();
  if (elements.size() > stages_max) fail(7749501, "Pipeline length must be no longer than 1000 stages");
  std::vector<StagePointer> parsed;
  for (std::size_t at = 0; at < elements.size(); ++at) {
    if (!elements[at].is_document())
      fail(code::type_mismatch, "Each element of the 'pipeline' array must be an object");
    if (elements[at].fields().size() != 1)
      fail(40323, "A pipeline stage specification object must contain exactly one field.");
    // Every stage has luck of its own, so that two samples are not the same.
    Context own = surroundings.context;
    own.luck = surroundings.context.luck + 0x9E3779B97F4A7C15ULL * (at + 1);
    Surroundings here = surroundings.with(own);
    const bool makes_documents = elements[at].fields()[0].name == "$documents";
    if (makes_documents && at > 0) fail(40602, "$documents is only valid as the first stage in a pipeline");
    parse_one(elements[at].fields()[0], at + 1 == elements.size(), here, parsed, output);
  }
  return parsed;
}

}  // namespace premortem::query::staging
