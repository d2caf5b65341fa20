// The life of a connection: bytes in, commands out, replies back. hello is in hello.cpp, authentication in
// authentication.cpp.
#include "fakes/wire/mongo/mongo_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fakes/wire/mongo/compression.hpp"
#include "fakes/wire/mongo/replies.hpp"
#include "fakes/wire/mongo/wire_numbers.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::fakes {

using namespace mongo;

namespace {

constexpr std::string_view legacy_advice =
    " The client driver may require an upgrade. For more details see "
    "https://dochub.mongodb.org/core/legacy-opcode-removal";

constexpr std::string_view answer_to_http =
    "HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 85\r\n\r\n"
    "It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n";

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 3> hello_names = {"hello", "isMaster", "ismaster"};
constexpr std::array<std::string_view, 6> sasl_and_hello = {"hello",     "isMaster",     "ismaster",
                                                            "saslStart", "saslContinue", "logout"};
constexpr std::array<std::string_view, 9> as_a_query = {
    "hello", "isMaster", "ismaster", "_isSelf", "authenticate", "buildinfo", "buildInfo", "saslStart", "saslContinue"};
// What the server does for anybody.
constexpr std::array<std::string_view, 15> for_anybody = {
    "hello",       "isMaster",         "ismaster", "saslStart",  "saslContinue",
    "logout",      "authenticate",     "getnonce", "buildInfo",  "buildinfo",
    "endSessions", "connectionStatus", "ping",     "whatsmyuri", "listCommands"};

}  // namespace

MongoSession::MongoSession(StorePort& port, MongoConfig config, std::function<void()> output_grew)
    : port_(port),
      config_(std::move(config)),
      output_grew_(std::move(output_grew)),
      client_(port.new_client()),
      name_("port " + std::to_string(config_.peer_port)) {
  config_.process_id.resize(12);
}

void MongoSession::received(std::string_view bytes) {
  if (!goes_on()) return;
  input_ += bytes;
  if (std::exchange(handling_, true)) return;
  const std::size_t before = output_.size();
  handle_all();
  handling_ = false;
  if (output_.size() != before || !goes_on()) grew();
}

void MongoSession::handle_all() {
  std::size_t at = 0;
  while (may_handle()) {
    const std::string_view rest = std::string_view(input_).substr(at);
    if (rest.size() < header_size) break;
    const std::int32_t length = read_header(rest).length;
    if (rest.substr(0, 4) == "GET ") {
      output_ += answer_to_http;
      end(Fate::closes);
      break;
    }
    if (length < static_cast<std::int32_t>(header_size) || static_cast<std::size_t>(length) > config_.max_message) {
      end(Fate::closes);  // Where the next message begins is lost: the server hangs up without a word.
      break;
    }
    const std::size_t size = static_cast<std::size_t>(length);
    if (rest.size() < size) break;
    handle(rest.substr(0, size));
    at += size;
  }
  if (goes_on()) {
    input_.erase(0, at);
  } else {
    input_.clear();
  }
}

bool MongoSession::may_handle() const {
  return goes_on() && !open_ && !waiting_ && output_.size() <= config_.max_pending_output && !port_.is_stalled(client_);
}

bool MongoSession::has_whole_message() const {
  if (input_.size() < header_size) return false;
  const std::int32_t length = int32_at(input_, 0);
  return length < static_cast<std::int32_t>(header_size) || static_cast<std::size_t>(length) > config_.max_message ||
         input_.size() >= static_cast<std::size_t>(length);
}

bool MongoSession::has_unread() const { return may_handle() && has_whole_message(); }

bool MongoSession::reads() const {
  if (!goes_on() || output_.size() > config_.max_pending_output || port_.is_stalled(client_)) return false;
  return (!open_ && !waiting_) || input_.size() <= config_.max_unread;
}

void MongoSession::handle(std::string_view whole) {
  Request request;
  std::string plain;
  std::uint8_t compressor = 0;
  try {
    if (read_header(whole).op_code == op::compressed) {
      plain = decompress_message(whole, config_.max_message, compressor);
      whole = plain;
    }
    request.compressor = compressor;
    const std::int32_t op_code = read_header(whole).op_code;
    if (op_code != op::msg && op_code != op::query) return unsupported(read_header(whole), compressor);
    read_request(whole, request);
    handle_request(request);
  } catch (const MessageError& error) {
    if (error.is_fatal()) return end(Fate::closes);
    fail(request, error.code(), error.what());
  }
}

void MongoSession::unsupported(const Header& header, std::uint8_t compressor) {
  if (header.op_code != op::get_more) return end(Fate::closes);  // Writes of old: nobody waits for an answer.
  Request request;
  request.header = header;
  request.compressor = compressor;
  bson::Value failure = bson::Value::document();
  failure.append("$err", bson::Value::string("OP_GET_MORE is no longer supported." + std::string(legacy_advice)));
  failure.append("code", bson::Value::int32(5739101)).append("ok", bson::Value::number(0));
  put_query_failure(output_, request, next_id(), bson::encode(failure));
}

void MongoSession::handle_request(const Request& request) {
  const std::string_view name = request.name();
  if (request.header.op_code == op::query) {
    if (!request.collection.ends_with(".$cmd")) {
      bson::Value failure = bson::Value::document();
      failure.append("$err", bson::Value::string("OP_QUERY is no longer supported." + std::string(legacy_advice)));
      failure.append("code", bson::Value::int32(5739101)).append("ok", bson::Value::number(0));
      return put_query_failure(output_, request, next_id(), bson::encode(failure));
    }
    if (!is_one_of(as_a_query, name)) {
      return fail(request, 352,
                  "Unsupported OP_QUERY command: " + std::string(name) + "." + std::string(legacy_advice));
    }
  }
  if (name.empty()) return fail(request, 59, "no such command: ''");
  if (needs_authentication(name)) {
    return fail(request, 13, "Command " + std::string(name) + " requires authentication");
  }
  const bool is_stranger = config_.users != nullptr && !config_.users->empty() && !is_authenticated_;
  if (is_stranger || is_one_of(sasl_and_hello, name)) check_handshake_size(request.document);
  Open open;
  open.name = name;
  open.request.header = request.header;
  open.request.flags = request.flags;
  open.request.compressor = request.compressor;
  if (is_one_of(sasl_and_hello, name)) {
    open.document = request.document;
    if (!port_.strikes_handshake(client_, name)) return carry_out(open);
  }
  open_ = std::move(open);
  port_.command(client_, request.header.request_id, !request.has(flag::more_to_come), request.document);
}

bool MongoSession::needs_authentication(std::string_view name) const {
  return config_.users != nullptr && !config_.users->empty() && !is_authenticated_ && !is_one_of(for_anybody, name);
}

void MongoSession::carry_out(const Open& open) {
  try {
    if (is_one_of(hello_names, open.name)) return hello(open);
    if (open.name == "saslStart") return sasl_start(open);
    if (open.name == "saslContinue") return sasl_continue(open);
    logout(open);
  } catch (const MessageError& error) {
    fail(open.request, error.code(), error.what());
  }
}

void MongoSession::answer(const Request& request, const bson::Value& document, bool more_to_come) {
  if (request.has(flag::more_to_come)) return;  // The client waits for nothing, not even an error.
  put_answer(output_, request, next_id(), bson::encode(document), more_to_come);
}

void MongoSession::fail(const Request& request, int code, const std::string& why) {
  answer(request, error_reply(code, why));
}

void MongoSession::told(std::int32_t request, std::string_view reply) {
  if (!goes_on() || !open_ || open_->request.header.request_id != request) return;
  const Open open = std::move(*open_);
  open_.reset();
  if (!open.request.has(flag::more_to_come)) put_answer(output_, open.request, next_id(), reply);
  grew();
}

void MongoSession::told_pass(std::int32_t request) {
  if (!goes_on() || !open_ || open_->request.header.request_id != request || open_->document.empty()) return;
  const Open open = std::move(*open_);
  open_.reset();
  carry_out(open);
  grew();
}

void MongoSession::told_cut() {
  if (!goes_on()) return;
  is_gone_ = true;  // It is the store that hangs up: it need not be told.
  end(Fate::closes);
  grew();
}

void MongoSession::grew() {
  if (!handling_ && output_grew_) output_grew_();
}

void MongoSession::end(Fate fate) {
  if (!goes_on()) return;
  fate_ = fate;
  open_.reset();
  waiting_.reset();
  if (!std::exchange(is_gone_, true)) port_.gone(client_);
}

void MongoSession::peer_gone() { end(Fate::closes); }

void MongoSession::shut_down() {
  end(Fate::closes);
  grew();
}

bool MongoSession::is_busy(std::string& why) const {
  const auto says = [&](std::string_view what) {
    why = "client " + std::to_string(client_) + ": ";
    why += what;
    return true;
  };
  if (fate_ == Fate::aborts) return false;
  if (!output_.empty()) return says("what it is to be told has not been sent");
  if (!goes_on() || open_ || waiting_) return false;  // It waits for us.
  if (has_unread()) return says("what it has said has not been read");
  return !input_.empty() && !has_whole_message() && says("half a message has arrived");
}

std::int64_t MongoSession::tick(std::int64_t now) {
  if (!goes_on()) return INT64_MAX;
  // A hello may begin to wait between two calls, and lasts from the last one before it: drivers give an answer that
  // comes late little grace, and mind none that comes early.
  const std::int64_t next = now + 100'000'000;
  ticked_ = now;
  if (!waiting_ || port_.is_stalled(client_)) return next;
  const auto count_from_now = [&] { waiting_->until = now + waiting_->milliseconds * 1'000'000; };
  if (waiting_->until < 0) count_from_now();
  if (now >= waiting_->until || port_.topology().changes != waiting_->changes) {
    end_waiting();
    if (waiting_) count_from_now();
  }
  return waiting_ ? std::min(next, std::max(waiting_->until, now + 1'000'000)) : next;
}

}  // namespace premortem::fakes
