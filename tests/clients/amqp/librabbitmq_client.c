/* librabbitmq, the client of C programs and of many languages' wrappers. PREMORTEM_AMQP_URL says which broker.
   Exit code 0 if the broker did all that is expected, otherwise 1 after a line that says what it did not. */
#define _POSIX_C_SOURCE 200809L
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { channel = 1, mebibyte = 1 << 20 };

static char queue[64], dead[64], locked[64], nobody[64];
static char large[mebibyte];

static void fail(const char* what, const char* got) {
  printf("FAILED: %s; the broker said: %s\n", what, got);
  exit(1);
}

static void check(int holds, const char* what) {
  if (!holds) fail(what, "something else");
}

static amqp_bytes_t bytes(const char* text) { return amqp_cstring_bytes(text); }
static int same(amqp_bytes_t left, const char* right) {
  return left.len == strlen(right) && memcmp(left.bytes, right, left.len) == 0;
}

/* What a reply says, as "404 NOT_FOUND - ...", or "ok". */
static const char* said(amqp_rpc_reply_t reply) {
  static char text[512];
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return "ok";
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) return amqp_error_string2(reply.library_error);
  unsigned code = 0;
  amqp_bytes_t words = amqp_empty_bytes;
  if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
    const amqp_channel_close_t* close = reply.reply.decoded;
    code = close->reply_code, words = close->reply_text;
  } else if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const amqp_connection_close_t* close = reply.reply.decoded;
    code = close->reply_code, words = close->reply_text;
  }
  snprintf(text, sizeof text, "%u %.*s", code, (int)words.len, (const char*)words.bytes);
  return text;
}

static void expect(amqp_rpc_reply_t reply, const char* beginning, const char* what) {
  if (strncmp(said(reply), beginning, strlen(beginning)) != 0) fail(what, said(reply));
}

/* Logs in with a password and a vhost in place of the address's own, where given. */
static amqp_rpc_reply_t log_in(amqp_connection_state_t* connection, const char* password, const char* vhost) {
  static char address[512];
  struct amqp_connection_info to;
  snprintf(address, sizeof address, "%s", getenv("PREMORTEM_AMQP_URL"));
  check(amqp_parse_url(address, &to) == AMQP_STATUS_OK, "PREMORTEM_AMQP_URL is an address");
  *connection = amqp_new_connection();
  amqp_socket_t* socket = amqp_tcp_socket_new(*connection);
  check(amqp_socket_open(socket, to.host, to.port) == AMQP_STATUS_OK, "the broker can be reached");
  /* Of itself the library does not announce that it understands the broker's cancel. */
  amqp_table_entry_t notify = {bytes("consumer_cancel_notify"), {AMQP_FIELD_KIND_BOOLEAN, {.boolean = 1}}};
  amqp_table_entry_t capabilities = {bytes("capabilities"), {AMQP_FIELD_KIND_TABLE, {.table = {1, &notify}}}};
  amqp_table_t properties = {1, &capabilities};
  /* Here amqp://host/ names the vhost without a name. */
  return amqp_login_with_properties(*connection,
                                    vhost         ? vhost
                                    : to.vhost[0] ? to.vhost
                                                  : "/",
                                    0, 131072, 0, &properties, AMQP_SASL_METHOD_PLAIN, to.user,
                                    password ? password : to.password);
}

static void open_channel(amqp_connection_state_t connection) {
  amqp_channel_open(connection, channel);
  expect(amqp_get_rpc_reply(connection), "ok", "a channel is opened");
}

static amqp_connection_state_t connect_and_open(void) {
  amqp_connection_state_t connection;
  expect(log_in(&connection, NULL, NULL), "ok", "logged in");
  open_channel(connection);
  return connection;
}

static void declare(amqp_connection_state_t connection, const char* name, amqp_table_t arguments) {
  amqp_queue_declare(connection, channel, bytes(name), 0, 1, 0, 0, arguments);
  expect(amqp_get_rpc_reply(connection), "ok", "a queue is declared");
}

static void publish(amqp_connection_state_t connection, const char* name, amqp_bytes_t body, amqp_boolean_t mandatory) {
  amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
  check(amqp_basic_publish(connection, channel, amqp_empty_bytes, bytes(name), mandatory, 0, &properties, body) == 0,
        "published");
}

/* Waits for the next method on the connection: a confirm, a cancel, a close. */
static amqp_method_t next_method(amqp_connection_state_t connection) {
  amqp_frame_t frame;
  struct timeval patience = {.tv_sec = 10};
  int status = amqp_simple_wait_frame_noblock(connection, &frame, &patience);
  if (status != AMQP_STATUS_OK) fail("a method comes", amqp_error_string2(status));
  check(frame.frame_type == AMQP_FRAME_METHOD, "it is a method");
  return frame.payload.method;
}

static void expect_confirm(amqp_connection_state_t connection, uint64_t tag) {
  amqp_method_t method = next_method(connection);
  check(method.id == AMQP_BASIC_ACK_METHOD, "published messages are confirmed");
  check(((const amqp_basic_ack_t*)method.decoded)->delivery_tag == tag, "confirms count from 1");
}

static void consume(amqp_connection_state_t connection, const char* name) {
  amqp_basic_consume(connection, channel, bytes(name), bytes("tag"), 0, 0, 0, amqp_empty_table);
  expect(amqp_get_rpc_reply(connection), "ok", "a consumer starts");
}

static amqp_envelope_t take(amqp_connection_state_t connection) {
  amqp_envelope_t envelope;
  struct timeval patience = {.tv_sec = 10};
  expect(amqp_consume_message(connection, &envelope, &patience, 0), "ok", "a message is delivered");
  return envelope;
}

static void expect_message(amqp_connection_state_t connection, const char* body, int redelivered, uint64_t tag) {
  amqp_envelope_t envelope = take(connection);
  check(same(envelope.message.body, body), "messages come in order");
  check(envelope.redelivered == redelivered, "redelivered says whether it was delivered before");
  check(envelope.delivery_tag == tag, "delivery tags count from 1");
  amqp_destroy_envelope(&envelope);
}

static const amqp_field_value_t* field(const amqp_table_t* table, const char* key) {
  for (int n = 0; n < table->num_entries; ++n)
    if (same(table->entries[n].key, key)) return &table->entries[n].value;
  fail("a table has the field", key);
  return NULL;
}

/* Confirms; a mandatory message that nobody takes is returned first. */
static void test_publishing(amqp_connection_state_t connection) {
  amqp_confirm_select(connection, channel);
  expect(amqp_get_rpc_reply(connection), "ok", "confirms are switched on");
  publish(connection, queue, bytes("A"), 0);
  expect_confirm(connection, 1);
  publish(connection, queue, bytes("B"), 0);
  expect_confirm(connection, 2);
  publish(connection, nobody, bytes("x"), 1);
  amqp_method_t method = next_method(connection);
  check(method.id == AMQP_BASIC_RETURN_METHOD, "what nobody takes is returned");
  check(((const amqp_basic_return_t*)method.decoded)->reply_code == 312, "returned with 312");
  amqp_message_t message;
  expect(amqp_read_message(connection, channel, &message, 0), "ok", "the returned message is read");
  check(same(message.body, "x"), "the message itself is returned");
  amqp_destroy_message(&message);
  expect_confirm(connection, 3);
}

/* Prefetch 1: what is put back comes again before the next (RABBIT-020), and the next only after an ack. */
static void test_consuming(amqp_connection_state_t connection) {
  amqp_basic_qos(connection, channel, 0, 1, 0);
  consume(connection, queue);
  expect_message(connection, "A", 0, 1);
  check(amqp_basic_nack(connection, channel, 1, 0, 1) == 0, "put back");
  expect_message(connection, "A", 1, 2);
  check(amqp_basic_ack(connection, channel, 2, 0) == 0, "acknowledged");
  expect_message(connection, "B", 0, 3);
  check(amqp_basic_reject(connection, channel, 3, 0) == 0, "rejected");
  amqp_basic_cancel(connection, channel, bytes("tag"));
  expect(amqp_get_rpc_reply(connection), "ok", "the consumer is cancelled");
}

/* B was rejected: it is in the dead-letter queue, and x-death says why (RABBIT-053). */
static void test_dead_letter(amqp_connection_state_t connection) {
  amqp_rpc_reply_t reply = amqp_basic_get(connection, channel, bytes(dead), 1);
  expect(reply, "ok", "the dead-letter queue is asked");
  check(reply.reply.id == AMQP_BASIC_GET_OK_METHOD, "the rejected message was dead-lettered");
  amqp_message_t message;
  expect(amqp_read_message(connection, channel, &message, 0), "ok", "the dead letter is read");
  const amqp_field_value_t* deaths = field(&message.properties.headers, "x-death");
  check(deaths->kind == AMQP_FIELD_KIND_ARRAY && deaths->value.array.num_entries == 1, "x-death has one entry");
  const amqp_table_t* death = &deaths->value.array.entries[0].value.table;
  check(same(field(death, "reason")->value.bytes, "rejected"), "x-death's reason");
  check(same(field(death, "queue")->value.bytes, queue), "x-death's queue");
  check(field(death, "count")->kind == AMQP_FIELD_KIND_I64 && field(death, "count")->value.i64 == 1, "x-death's count");
  check(field(death, "time")->kind == AMQP_FIELD_KIND_TIMESTAMP, "x-death's time");
  amqp_destroy_message(&message);
}

static void test_large_body(amqp_connection_state_t connection) {
  memset(large, 'a', sizeof large);
  publish(connection, queue, (amqp_bytes_t){sizeof large, large}, 0);
  expect_confirm(connection, 4);
  expect(amqp_basic_get(connection, channel, bytes(queue), 1), "ok", "a large message is fetched");
  amqp_message_t message;
  expect(amqp_read_message(connection, channel, &message, 0), "ok", "a large message is read");
  check(message.body.len == sizeof large && memcmp(message.body.bytes, large, sizeof large) == 0, "it is unharmed");
  amqp_destroy_message(&message);
}

/* A cut connection: its messages go to another, marked as redelivered (RABBIT-022, RABBIT-023). */
static void test_cut_connection(amqp_connection_state_t connection) {
  publish(connection, queue, bytes("C"), 0);
  expect_confirm(connection, 5);
  amqp_connection_state_t cut = connect_and_open();
  consume(cut, queue);
  expect_message(cut, "C", 0, 1);
  shutdown(amqp_get_sockfd(cut), SHUT_RDWR);
  amqp_destroy_connection(cut);
  amqp_connection_state_t other = connect_and_open();
  consume(other, queue);
  expect_message(other, "C", 1, 1);
  check(amqp_basic_ack(other, channel, 1, 0) == 0, "acknowledged");
  amqp_connection_close(other, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(other);
}

static void test_transaction(amqp_connection_state_t connection) {
  open_channel(connection);
  amqp_tx_select(connection, channel);
  expect(amqp_get_rpc_reply(connection), "ok", "a transaction begins");
  publish(connection, queue, bytes("rolled back"), 0);
  amqp_tx_rollback(connection, channel);
  expect(amqp_get_rpc_reply(connection), "ok", "rolled back");
  publish(connection, queue, bytes("committed"), 0);
  check(amqp_basic_get(connection, channel, bytes(queue), 1).reply.id == AMQP_BASIC_GET_EMPTY_METHOD,
        "nothing is published before the commit");
  amqp_tx_commit(connection, channel);
  expect(amqp_get_rpc_reply(connection), "ok", "committed");
  expect(amqp_basic_get(connection, channel, bytes(queue), 1), "ok", "the committed message is there");
  amqp_message_t message;
  expect(amqp_read_message(connection, channel, &message, 0), "ok", "the committed message is read");
  check(same(message.body, "committed"), "only what was committed is there");
  amqp_destroy_message(&message);
}

static void refused(amqp_connection_state_t connection, const char* expected, const char* what) {
  expect(amqp_get_rpc_reply(connection), expected, what);
  amqp_channel_close_ok_t answer = {0}; /* The library leaves the answer to its users. */
  check(amqp_send_method(connection, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer) == 0, "the close is answered");
  open_channel(connection);
}

static void test_refusals(amqp_connection_state_t connection) {
  char expected[256];
  snprintf(expected, sizeof expected, "404 NOT_FOUND - no queue '%s' in vhost '/'", nobody);
  amqp_queue_declare(connection, channel, bytes(nobody), 1, 0, 0, 0, amqp_empty_table);
  refused(connection, expected, "a queue that is not there");

  snprintf(expected, sizeof expected,
           "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue '%s' in vhost '/': received 'false' but "
           "current is 'true'",
           dead);
  amqp_queue_declare(connection, channel, bytes(dead), 0, 0, 0, 0, amqp_empty_table);
  refused(connection, expected, "a queue declared again with another durable");

  amqp_connection_state_t owner = connect_and_open();
  amqp_queue_declare(owner, channel, bytes(locked), 0, 0, 1, 0, amqp_empty_table);
  expect(amqp_get_rpc_reply(owner), "ok", "an exclusive queue is declared");
  snprintf(expected, sizeof expected,
           "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '%s' in vhost '/'.", locked);
  amqp_queue_declare(connection, channel, bytes(locked), 1, 0, 0, 0, amqp_empty_table);
  refused(connection, expected, "another connection's exclusive queue");
  amqp_connection_close(owner, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(owner);
}

static void test_cancel_notification(amqp_connection_state_t connection) {
  consume(connection, queue);
  amqp_connection_state_t other = connect_and_open();
  amqp_queue_delete(other, channel, bytes(queue), 0, 0);
  expect(amqp_get_rpc_reply(other), "ok", "a queue is deleted");
  amqp_method_t method = next_method(connection);
  check(method.id == AMQP_BASIC_CANCEL_METHOD, "its consumer is told");
  check(same(((const amqp_basic_cancel_t*)method.decoded)->consumer_tag, "tag"), "it is told which");
  amqp_connection_close(other, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(other);
}

static void test_log_in(void) {
  amqp_connection_state_t connection;
  expect(log_in(&connection, "wrong", NULL), "403 ACCESS_REFUSED - Login was refused using authentication mechanism",
         "a wrong password");
  amqp_destroy_connection(connection);
  expect(log_in(&connection, NULL, "nope"), "530 NOT_ALLOWED - vhost nope not found", "a vhost that is not there");
  amqp_destroy_connection(connection);
}

static void clean_up(void) {
  amqp_connection_state_t connection;
  if (log_in(&connection, NULL, NULL).reply_type != AMQP_RESPONSE_NORMAL) return;
  if (amqp_channel_open(connection, channel) != NULL) {
    amqp_queue_delete(connection, channel, bytes(queue), 0, 0);
    amqp_queue_delete(connection, channel, bytes(dead), 0, 0);
  }
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
}

int main(void) {
  if (getenv("PREMORTEM_AMQP_URL") == NULL) {
    puts("PREMORTEM_AMQP_URL is not set: say which broker is to be tested");
    return 2;
  }
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const char* names[] = {"q", "dead", "locked", "nobody"};
  char* all[] = {queue, dead, locked, nobody};
  for (int n = 0; n < 4; ++n)
    snprintf(all[n], sizeof queue, "clients.%d.%lx.librabbitmq.%s", (int)getpid(), now.tv_nsec, names[n]);

  test_log_in();
  atexit(clean_up);
  amqp_connection_state_t connection = connect_and_open();
  declare(connection, dead, amqp_empty_table);
  amqp_table_entry_t arguments[] = {
      {bytes("x-dead-letter-exchange"), {AMQP_FIELD_KIND_UTF8, {.bytes = bytes("")}}},
      {bytes("x-dead-letter-routing-key"), {AMQP_FIELD_KIND_UTF8, {.bytes = bytes(dead)}}}};
  declare(connection, queue, (amqp_table_t){2, arguments});
  test_publishing(connection);
  test_consuming(connection);
  test_dead_letter(connection);
  test_large_body(connection);
  test_cut_connection(connection);
  expect(amqp_channel_close(connection, channel, AMQP_REPLY_SUCCESS), "ok", "the channel is closed");
  test_transaction(connection);
  test_refusals(connection);
  test_cancel_notification(connection);
  expect(amqp_connection_close(connection, AMQP_REPLY_SUCCESS), "ok", "the connection is closed");
  amqp_destroy_connection(connection);
  return 0;
}
