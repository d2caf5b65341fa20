#pragma once
// What a command of the document store fails with: MongoDB's own codes.
// Source: mongodb/mongo, src/mongo/base/error_codes.yml.

#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/models/bson/value.hpp"

namespace premortem::query {

namespace code {
inline constexpr int bad_value = 2, failed_to_parse = 9, unauthorized = 13, type_mismatch = 14, overflow = 15,
                     invalid_length = 16, illegal_operation = 20, lock_timeout = 24, namespace_not_found = 26,
                     index_not_found = 27, path_not_viable = 28, conflicting_update_operators = 40,
                     cursor_not_found = 43, no_matching_document = 47, namespace_exists = 48, max_time_expired = 50,
                     dollar_prefixed_field = 52, empty_field_name = 56, command_not_found = 59,
                     write_concern_timeout = 64, immutable_field = 66, cannot_create_index = 67, invalid_options = 72,
                     invalid_namespace = 73, unknown_repl_write_concern = 79, index_options_conflict = 85,
                     index_key_specs_conflict = 86, unsatisfiable_write_concern = 100, write_conflict = 112,
                     conflicting_operation_in_progress = 117, command_not_supported = 115,
                     document_validation_failure = 121, invalid_pipeline_operator = 168, no_such_session = 206,
                     query_feature_not_allowed = 224, transaction_too_old = 225, cursor_killed = 237,
                     snapshot_too_old = 239, snapshot_unavailable = 246, no_such_transaction = 251,
                     transaction_committed = 256, transaction_too_large = 257,
                     operation_not_supported_in_transaction = 263, invalid_resume_token = 260,
                     change_stream_fatal = 280, change_stream_history_lost = 286, transaction_exceeded_lifetime = 290,
                     memory_limit = 292, api_version_error = 322, api_strict_error = 323, too_large_for_cache = 388,
                     not_writable_primary = 10107, bson_too_large = 10334, duplicate_key = 11000, interrupted = 11601,
                     interrupted_repl_state = 11602, invalid_bson = 22;
}  // namespace code

/// "WriteConflict" for 112; "Location40324" for a number that has no name.
std::string code_name(int code);

/// Thrown by parsers and evaluators of the query language; whoever carries out the command makes its reply of it.
class CommandError : public std::runtime_error {
 public:
  CommandError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }
  /// Further fields of the reply: keyPattern and keyValue of a duplicate key.
  bson::Value info;

 private:
  int code_;
};

}  // namespace premortem::query
