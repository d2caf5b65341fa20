#pragma once
// What libFuzzer feeds with bytes. Each aborts, or is stopped by a sanitizer, when it finds something; the regression
// tests run all that was ever found through them.

#include <string_view>

namespace premortem::testing {

void fuzz_amqp_frames(std::string_view bytes);
/// Bytes of a client, received at once and byte by byte: both must be answered alike.
void fuzz_amqp_session(std::string_view bytes);
/// BSON {document, filter, update, arrayFilters, projection}.
void fuzz_mongo_update(std::string_view bytes);
/// BSON {filter, documents, sort}.
void fuzz_mongo_filter(std::string_view bytes);
/// BSON {documents, pipeline}.
void fuzz_mongo_pipeline(std::string_view bytes);
/// Bytes as a document: each that is taken must be written again as what was read, and sort as its key strings do.
void fuzz_bson_document(std::string_view bytes);

}  // namespace premortem::testing
