#include "sim/models/document_server/change_stream_options.hpp"

// Source: MongoDB manual, "$changeStream"; mongo, document_source_change_stream.cpp, and its IDL parser's texts.

#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

using Words = std::array<std::string_view, 4>;

struct KnownOption {
  std::string_view name;
  bson::Type type;
  Words words;  ///< Of a string: which; none: any.
};

constexpr std::array<KnownOption, 7> known_options = {{
    {"fullDocument", bson::Type::string, {"default", "updateLookup", "whenAvailable", "required"}},
    {"fullDocumentBeforeChange", bson::Type::string, {"off", "whenAvailable", "required", ""}},
    {"resumeAfter", bson::Type::document, {}},
    {"startAfter", bson::Type::document, {}},
    {"startAtOperationTime", bson::Type::timestamp, {}},
    {"allChangesForCluster", bson::Type::boolean, {}},
    {"showExpandedEvents", bson::Type::boolean, {}},
}};

void check_option(const bson::Field& one) {
  const std::string name = "$changeStream." + one.name;
  const auto known = std::ranges::find(known_options, std::string_view(one.name), &KnownOption::name);
  if (known == known_options.end()) throw query::CommandError(40415, "BSON field '" + name + "' is an unknown field.");
  if (one.value.is(bson::Type::null) || one.value.is(bson::Type::undefined)) return;
  if (!one.value.is(known->type))
    throw query::CommandError(code::type_mismatch, "BSON field '" + name + "' is the wrong type '" +
                                                       std::string(bson::type_name(one.value.type())) +
                                                       "', expected type '" +
                                                       std::string(bson::type_name(known->type)) + "'");
  if (known->type != bson::Type::string) return;
  const std::string& word = one.value.as_text();
  if (word.empty() || std::ranges::find(known->words, std::string_view(word)) == known->words.end())
    throw query::CommandError(code::bad_value,
                              "Enumeration value '" + word + "' for field '" + name + "' is not a valid value.");
}

}  // namespace

Value change_stream_options(const Value& given, const std::string& database, const std::string& collection) {
  if (!given.is_document()) throw query::CommandError(50808, "$changeStream stage expects a document as argument");
  Value options = bson::doc({});
  for (const bson::Field& one : given.fields()) {
    if (!one.value.is(bson::Type::null) && !one.value.is(bson::Type::undefined)) options.append(one.name, one.value);
    check_option(one);
  }
  if (options["showExpandedEvents"].truthy())
    throw query::CommandError(238, "$changeStream with 'showExpandedEvents' is not modelled");
  const bool whole_cluster = options["allChangesForCluster"].truthy(), of_one = !collection.empty();
  if (whole_cluster && (database != "admin" || of_one))
    throw query::CommandError(code::invalid_options,
                              "A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' "
                              "database, and with no collection name; found " +
                                  database + "." + (of_one ? collection : "$cmd.aggregate"));
  if (database == "local" || database == "config" || (database == "admin" && !whole_cluster))
    throw query::CommandError(code::invalid_namespace,
                              "$changeStream may not be opened on the internal " + database + " database");
  if (collection.starts_with("system."))
    throw query::CommandError(code::invalid_namespace, "$changeStream may not be opened on the internal " + database +
                                                           "." + collection + " collection");
  if (options.has("startAfter") && options.has("resumeAfter"))
    throw query::CommandError(50865, "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
  const Value& token = options.has("startAfter") ? options["startAfter"] : options["resumeAfter"];
  if (token.is_missing()) return options;
  if (!token["_data"].is_string())
    throw query::CommandError(
        40647, "Bad resume token: _data of missing or of wrong type. Expected string, got " + bson::to_shell(token));
  if (options.has("startAtOperationTime"))
    throw query::CommandError(40674, "Only one type of resume option is allowed, but multiple were found");
  return options;
}

}  // namespace premortem
