/* libmongoc, the driver of C programs and of many languages' wrappers. PREMORTEM_MONGODB_URL says which store.
   Exit code 0 if the store did all that is expected, otherwise 1 after a line that says what it did not. */
#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mongoc_client_t* client;
static char database[64];

static void fail(const char* what, const char* got) {
  printf("FAILED: %s; the store said: %s\n", what, got);
  exit(1);
}

static void check(bool holds, const char* what, const bson_error_t* error) {
  if (!holds) fail(what, error != NULL ? error->message : "something else");
}

static bson_t* json(const char* text) {
  bson_error_t error;
  bson_t* document = bson_new_from_json((const uint8_t*)text, -1, &error);
  check(document != NULL, text, &error);
  return document;
}

/* Whether a document, or its field, is written so in relaxed extended JSON. */
static void expect(const bson_t* document, const char* wanted, const char* what) {
  char* got = bson_as_relaxed_extended_json(document, NULL);
  if (strcmp(got, wanted) != 0) fail(what, got);
  bson_free(got);
}

static int64_t number(const bson_t* document, const char* path) {
  bson_iter_t iterator, found;
  if (!bson_iter_init(&iterator, document) || !bson_iter_find_descendant(&iterator, path, &found)) fail(path, "no such field");
  return bson_iter_as_int64(&found);
}

/* All documents of a find, one after the other. */
static void expect_found(mongoc_collection_t* of, const char* filter, const char* options, const char* const* wanted, const char* what) {
  bson_t *wanted_filter = json(filter), *opts = json(options);
  mongoc_cursor_t* cursor = mongoc_collection_find_with_opts(of, wanted_filter, opts, NULL);
  const bson_t* document;
  bson_error_t error;
  while (mongoc_cursor_next(cursor, &document)) {
    if (*wanted == NULL) fail(what, "too many documents");
    expect(document, *wanted++, what);
  }
  check(!mongoc_cursor_error(cursor, &error), what, &error);
  if (*wanted != NULL) fail(what, "too few documents");
  mongoc_cursor_destroy(cursor);
  bson_destroy(wanted_filter);
  bson_destroy(opts);
}

static void insert(mongoc_collection_t* into, const char* text, const bson_t* options) {
  bson_t* document = json(text);
  bson_error_t error;
  check(mongoc_collection_insert_one(into, document, options, NULL, &error), text, &error);
  bson_destroy(document);
}

static bool increment(mongoc_collection_t* of, mongoc_client_session_t* session, bson_t* reply, bson_error_t* error) {
  bson_t *filter = json("{\"_id\": \"APP\"}"), *update = json("{\"$inc\": {\"last\": 1}}"), options = BSON_INITIALIZER;
  if (session != NULL) check(mongoc_client_session_append(session, &options, error), "a session is named", error);
  const bool done = mongoc_collection_update_one(of, filter, update, &options, reply, error);
  bson_destroy(filter);
  bson_destroy(update);
  bson_destroy(&options);
  return done;
}

static void reads_and_writes(mongoc_collection_t* people) {
  bson_error_t error;
  bson_t reply, *filter, *update;
  insert(people, "{\"_id\": 1, \"name\": \"Ann\", \"age\": 30}", NULL);
  insert(people, "{\"_id\": 2, \"name\": \"Ben\", \"age\": 25}", NULL);
  expect_found(people, "{\"age\": {\"$gt\": 20}}", "{\"sort\": {\"age\": 1}, \"projection\": {\"name\": 1}}",
               (const char* const[]){"{ \"_id\" : 2, \"name\" : \"Ben\" }", "{ \"_id\" : 1, \"name\" : \"Ann\" }", NULL}, "found and sorted");
  filter = json("{\"_id\": 9}"), update = json("{\"$set\": {\"age\": 1}}");
  bson_t* upsert = json("{\"upsert\": true}");
  check(mongoc_collection_update_one(people, filter, update, upsert, &reply, &error), "upsert", &error);
  if (number(&reply, "matchedCount") != 0 || number(&reply, "modifiedCount") != 0 || number(&reply, "upsertedCount") != 1 ||
      number(&reply, "upsertedId") != 9)
    fail("upsert's answer", bson_as_json(&reply, NULL));
  bson_destroy(&reply);
  check(mongoc_collection_delete_many(people, filter, NULL, &reply, &error), "delete", &error);
  if (number(&reply, "deletedCount") != 1) fail("delete's answer", bson_as_json(&reply, NULL));
  bson_destroy(&reply);
  bson_destroy(filter);
  bson_destroy(update);
  bson_destroy(upsert);
  bson_t* again = json("{\"_id\": 1}");
  check(!mongoc_collection_insert_one(people, again, NULL, NULL, &error) && error.code == 11000, "a duplicate key is 11000", &error);
  bson_destroy(again);
}

static void bulk(mongoc_collection_t* many) {
  bson_error_t error;
  bson_t reply, *unordered = json("{\"ordered\": false}");
  mongoc_bulk_operation_t* operation = mongoc_collection_create_bulk_operation_with_opts(many, unordered);
  for (int n = 0; n < 250; ++n) {
    bson_t* document = BCON_NEW("_id", BCON_INT32(n % 245));
    mongoc_bulk_operation_insert(operation, document);
    bson_destroy(document);
  }
  check(mongoc_bulk_operation_execute(operation, &reply, &error) == 0 && error.code == 11000, "five of 250 are there already", &error);
  if (number(&reply, "nInserted") != 245 || number(&reply, "writeErrors.4.index") != 249) fail("245 are inserted", bson_as_json(&reply, NULL));
  bson_destroy(&reply);
  mongoc_bulk_operation_destroy(operation);
  bson_destroy(unordered);

  bson_t everything = BSON_INITIALIZER, *batches = json("{\"batchSize\": 100, \"sort\": {\"_id\": 1}}");
  mongoc_cursor_t* cursor = mongoc_collection_find_with_opts(many, &everything, batches, NULL);
  const bson_t* document;
  int64_t next = 0;
  while (mongoc_cursor_next(cursor, &document)) check(number(document, "_id") == next++, "batches are in order", NULL);
  check(next == 245 && !mongoc_cursor_error(cursor, &error), "three batches", &error);
  mongoc_cursor_destroy(cursor);
  bson_destroy(batches);
}

static void conflict(mongoc_collection_t* counters) {
  bson_error_t error;
  bson_t reply;
  insert(counters, "{\"_id\": \"APP\", \"last\": 0}", NULL);
  mongoc_client_session_t *first = mongoc_client_start_session(client, NULL, &error), *second = mongoc_client_start_session(client, NULL, &error);
  check(first != NULL && second != NULL, "sessions", &error);
  check(mongoc_client_session_start_transaction(first, NULL, &error) && mongoc_client_session_start_transaction(second, NULL, &error),
        "transactions begin", &error);
  check(increment(counters, first, NULL, &error), "the first to write", &error);
  check(!increment(counters, second, &reply, &error) && error.code == 112, "the second gets WriteConflict", &error);
  check(mongoc_error_has_label(&reply, "TransientTransactionError"), "112 is called transient", NULL);
  bson_destroy(&reply);
  check(mongoc_client_session_abort_transaction(second, &error), "aborted", &error);
  check(mongoc_client_session_commit_transaction(first, NULL, &error), "committed", &error);
  mongoc_client_session_destroy(first);
  mongoc_client_session_destroy(second);
  expect_found(counters, "{}", "{}", (const char* const[]){"{ \"_id\" : \"APP\", \"last\" : 1 }", NULL}, "one increment");
}

struct attempts {
  mongoc_collection_t* counters;
  mongoc_client_session_t* holder;
  int count;
};

static bool attempt(mongoc_client_session_t* session, void* context, bson_t** reply, bson_error_t* error) {
  struct attempts* attempts = context;
  bson_error_t commit;
  // At the second try nobody is in the way any more.
  if (++attempts->count == 2) check(mongoc_client_session_commit_transaction(attempts->holder, NULL, &commit), "the holder commits", &commit);
  bson_t answer;
  const bool done = increment(attempts->counters, session, &answer, error);
  *reply = bson_copy(&answer);
  bson_destroy(&answer);
  return done;
}

static void with_transaction(mongoc_collection_t* counters) {
  bson_error_t error;
  bson_t reply;
  mongoc_client_session_t *holder = mongoc_client_start_session(client, NULL, &error), *session = mongoc_client_start_session(client, NULL, &error);
  check(mongoc_client_session_start_transaction(holder, NULL, &error) && increment(counters, holder, NULL, &error), "held", &error);
  struct attempts attempts = {counters, holder, 0};
  check(mongoc_client_session_with_transaction(session, attempt, NULL, &attempts, &reply, &error), "with_transaction", &error);
  check(attempts.count == 2, "with_transaction tries again once", NULL);
  bson_destroy(&reply);
  mongoc_client_session_destroy(holder);
  mongoc_client_session_destroy(session);
  expect_found(counters, "{}", "{}", (const char* const[]){"{ \"_id\" : \"APP\", \"last\" : 3 }", NULL}, "both increments");
}

static void retried_write(mongoc_collection_t* counters) {
  bson_error_t error;
  bson_t *strike = json("{\"configureFailPoint\": \"failCommand\", \"mode\": {\"times\": 1}, \"data\": "
                        "{\"failCommands\": [\"update\"], \"closeConnection\": true}}");
  check(mongoc_client_command_simple(client, "admin", strike, NULL, NULL, &error), "a fail point is set", &error);
  check(increment(counters, NULL, NULL, &error), "an update whose connection is cut is sent again", &error);
  expect_found(counters, "{}", "{}", (const char* const[]){"{ \"_id\" : \"APP\", \"last\" : 4 }", NULL}, "once");
  bson_destroy(strike);
}

static void change_stream(mongoc_collection_t* watched) {
  bson_error_t error;
  bson_t pipeline = BSON_INITIALIZER, *options = json("{\"maxAwaitTimeMS\": 50}"), token;
  const bson_t *event, *failed;
  insert(watched, "{\"_id\": 0}", NULL);
  mongoc_change_stream_t* stream = mongoc_collection_watch(watched, &pipeline, options);
  check(!mongoc_change_stream_next(stream, &event) && !mongoc_change_stream_error_document(stream, &error, &failed), "nothing yet", &error);
  insert(watched, "{\"_id\": 1}", NULL);
  insert(watched, "{\"_id\": 2}", NULL);
  check(mongoc_change_stream_next(stream, &event) && number(event, "documentKey._id") == 1, "the first insert", NULL);
  bson_copy_to(mongoc_change_stream_get_resume_token(stream), &token);
  mongoc_change_stream_destroy(stream);
  BSON_APPEND_DOCUMENT(options, "resumeAfter", &token);
  stream = mongoc_collection_watch(watched, &pipeline, options);
  check(mongoc_change_stream_next(stream, &event) && number(event, "documentKey._id") == 2, "resumed behind it", NULL);
  mongoc_change_stream_destroy(stream);
  bson_destroy(&token);
  bson_destroy(options);
}

static void aggregation(mongoc_collection_t* people) {
  bson_t* pipeline = json("{\"pipeline\": [{\"$group\": {\"_id\": null, \"sum\": {\"$sum\": \"$age\"}}}]}");
  mongoc_cursor_t* cursor = mongoc_collection_aggregate(people, MONGOC_QUERY_NONE, pipeline, NULL, NULL);
  const bson_t* document;
  check(mongoc_cursor_next(cursor, &document), "a group", NULL);
  expect(document, "{ \"_id\" : null, \"sum\" : 55 }", "a sum");
  mongoc_cursor_destroy(cursor);
  bson_destroy(pipeline);
}

int main(void) {
  mongoc_init();
  bson_error_t error;
  const char* address = getenv("PREMORTEM_MONGODB_URL");
  mongoc_uri_t* uri = address == NULL ? NULL : mongoc_uri_new_with_error(address, &error);
  if (uri == NULL) fail("PREMORTEM_MONGODB_URL says which store is to be tested", "it does not");
  // After a cut connection it looks for the server for more than an instant, as drivers with threads do.
  mongoc_uri_set_option_as_bool(uri, MONGOC_URI_SERVERSELECTIONTRYONCE, false);
  client = mongoc_client_new_from_uri(uri);
  mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
  bson_oid_t unique;
  char id[25];
  bson_oid_init(&unique, NULL);
  bson_oid_to_string(&unique, id);
  snprintf(database, sizeof database, "clients_%s", id);
  mongoc_collection_t *people = mongoc_client_get_collection(client, database, "people"),
                      *many = mongoc_client_get_collection(client, database, "many"),
                      *counters = mongoc_client_get_collection(client, database, "counters"),
                      *watched = mongoc_client_get_collection(client, database, "watched");
  reads_and_writes(people);
  aggregation(people);
  bulk(many);
  conflict(counters);
  with_transaction(counters);
  retried_write(counters);
  change_stream(watched);
  mongoc_database_t* all = mongoc_client_get_database(client, database);
  check(mongoc_database_drop(all, &error), "dropped", &error);
  mongoc_database_destroy(all);
  mongoc_collection_destroy(people);
  mongoc_collection_destroy(many);
  mongoc_collection_destroy(counters);
  mongoc_collection_destroy(watched);
  mongoc_client_destroy(client);
  mongoc_uri_destroy(uri);
  mongoc_cleanup();
  puts("libmongoc: all as expected");
  return 0;
}
