// hello in its spellings, and who somebody is.

#include <algorithm>

#include "fakes/wire/mongo/mongo_session.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem::fakes {

using bson::Value;

namespace {

constexpr std::int64_t ms = 1'000'000;

/// A process id that is the same in every run: drivers only compare it.
Value process_id() { return Value::object_id(std::string("premortem\0\0\1", 12)); }

std::optional<mongo::Compressor> compressor_named(std::string_view name) {
  if (name == "snappy") return mongo::Compressor::snappy;
  if (name == "zlib") return mongo::Compressor::zlib;
  if (name == "zstd") return mongo::Compressor::zstd;
  return std::nullopt;
}

/// Printable, and another one for every conversation.
std::string nonce_for(std::uint32_t client, std::int32_t conversation) {
  std::string nonce;
  std::uint64_t word = combine(0x6E6F6E6365, combine(client, static_cast<std::uint64_t>(conversation)));
  for (int letter = 0; letter < 24; ++letter) {
    if (letter % 8 == 0) word = mix64(word + 1);
    nonce += "abcdefghijklmnopqrstuvwxyzABCDEF"[word >> 5 * (letter % 8) & 31];
  }
  return nonce;
}

}  // namespace

/// Whether the command was one of the session's own.
bool MongoSession::handshake(const Value& command, const mongo::Command& message, const Asked& asked) {
  const std::string& name = command.fields().front().name;
  const bool greets = name == "hello" || name == "isMaster" || name == "ismaster";
  if (greets) {
    if (const Value& client = command["client"]; client.is_document()) {
      if (introduced_) {
        answer(asked,
               bson::doc({{"ok", Value::number(0)},
                          {"errmsg", Value::string("The client metadata document may only be sent in the first hello")},
                          {"code", Value::int32(186)},
                          {"codeName", Value::string("ClientMetadataCannotBeMutated")}}));
        return true;
      }
      introduced_ = true;
      const Value& application = client["application"]["name"];
      port_.introduce(client_, application.is_string() ? std::string_view(application.as_text()) : std::string_view());
    }
    if (port_.strikes_handshake(name) && !asked.by_query) return false;
    if (const Value& offered = command["compression"]; offered.is_array()) {
      compressors_.clear();
      for (const Value& one : offered.elements()) {
        const auto known = one.is_string() ? compressor_named(one.as_text()) : std::nullopt;
        if (known) compressors_.push_back(*known);
      }
    }
    const Value& seen = command["topologyVersion"];
    const auto wait = command["maxAwaitTimeMS"].integral();
    const bool same = seen.is_document() && seen["processId"].identical(process_id()) &&
                      seen["counter"].integral() == static_cast<std::int64_t>(port_.topology().changes);
    if (same && wait && *wait > 0) {
      greeting_ =
          Greeting{asked, command, message.allows_exhaust, std::min<std::int64_t>(*wait, 3'600'000) * ms, wall_};
      greeting_->until = wall_ + greeting_->wait;
      output_grew_();
      return true;
    }
    // A client that allows exhaust is told so by the flag from its first waiting hello on.
    if (message.wants_reply) answer(asked, hello(command));
    return true;
  }
  if (name != "saslStart" && name != "saslContinue" && name != "logout") return false;
  Value reply = Value::document();
  if (name == "saslStart") start_sasl(command, reply);
  if (name == "saslContinue") continue_sasl(command, reply);
  if (name == "logout") authenticated_ = config_.users.empty();
  if (!reply.has("ok")) reply.append("ok", Value::number(1));
  if (message.wants_reply) answer(asked, reply);
  return true;
}

Value MongoSession::hello(const Value& command) {
  const StorePort::Topology now = port_.topology();
  const std::string address = config_.host + ":" + std::to_string(config_.port);
  const std::string& name = command.fields().front().name;
  Value reply = Value::document();
  if (command["helloOk"].truthy()) reply.append("helloOk", Value::boolean(true));
  reply.append("topologyVersion", bson::doc({{"processId", process_id()},
                                             {"counter", Value::int64(static_cast<std::int64_t>(now.changes))}}));
  reply.append("hosts", Value::array({Value::string(address)}));
  reply.append("setName", Value::string(now.set_name));
  reply.append("setVersion", Value::int32(1));
  reply.append(name == "hello" ? "isWritablePrimary" : "ismaster", Value::boolean(now.writable));
  reply.append("secondary", Value::boolean(!now.writable));
  if (now.writable) {
    reply.append("primary", Value::string(address));
    reply.append("electionId", Value::object_id(std::string("\x7F\xFF\xFF\xFF\0\0\0\0\0\0\0", 11) +
                                                static_cast<char>(1 + now.changes / 2)));
  }
  reply.append("me", Value::string(address));
  reply.append(
      "lastWrite",
      bson::doc({{"opTime", bson::doc({{"ts", Value::timestamp(static_cast<std::uint32_t>(now.now_ms / 1000), 1)},
                                       {"t", Value::int64(1)}})},
                 {"lastWriteDate", Value::date(now.now_ms)}}));
  reply.append("maxBsonObjectSize", Value::int32(static_cast<std::int32_t>(bson::document_bytes_max)));
  reply.append("maxMessageSizeBytes", Value::int32(static_cast<std::int32_t>(mongo::message_size_max)));
  reply.append("maxWriteBatchSize", Value::int32(100'000));
  reply.append("localTime", Value::date(now.now_ms));
  reply.append("logicalSessionTimeoutMinutes", Value::int32(30));
  reply.append("connectionId", Value::int32(static_cast<std::int32_t>(client_)));
  reply.append("minWireVersion", Value::int32(0));
  reply.append("maxWireVersion", Value::int32(now.max_wire_version));
  reply.append("readOnly", Value::boolean(false));
  if (command["compression"].is_array() && !compressors_.empty()) {
    Value chosen = Value::array();
    for (const mongo::Compressor one : compressors_)
      chosen.push_back(Value::string(one == mongo::Compressor::snappy ? "snappy"
                                     : one == mongo::Compressor::zlib ? "zlib"
                                                                      : "zstd"));
    reply.append("compression", chosen);
  }
  if (const Value& user = command["saslSupportedMechs"]; user.is_string()) {
    const std::string& whole = user.as_text();
    const std::string own = whole.substr(whole.find('.') + 1);
    const bool known =
        std::any_of(config_.users.begin(), config_.users.end(), [&](const auto& one) { return one.first == own; });
    if (known) reply.append("saslSupportedMechs", Value::array({Value::string("SCRAM-SHA-256")}));
  }
  if (const Value& start = command["speculativeAuthenticate"]; start.is_document() && start.has("saslStart")) {
    Value begun = Value::document();
    start_sasl(start, begun);
    if (!begun.has("code")) reply.append("speculativeAuthenticate", begun);
  }
  reply.append("ok", Value::number(1));
  return reply;
}

/// Streams go on from here: the reply says that more is to come.
void MongoSession::greet(const Asked& asked, const Value& command, std::uint32_t flags) {
  answer(asked, hello(command), flags);
  output_grew_();
}

void MongoSession::topology_changed() {
  if (!greeting_) return;
  Greeting waiting = *greeting_;
  greeting_.reset();
  greet(waiting.asked, waiting.command, waiting.streams ? mongo::more_to_come : 0);
  if (!waiting.streams) return;
  waiting.asked.request = last_reply_;
  waiting.until = wall_ + waiting.wait;
  greeting_ = waiting;
}

std::int64_t MongoSession::tick(std::int64_t now) {
  if (greeting_ && wall_ == 0) greeting_->until = now + greeting_->wait;  // It came before the first tick.
  wall_ = now;
  if (!greeting_) return INT64_MAX;
  if (greeting_->until <= now) topology_changed();
  return greeting_ ? greeting_->until : INT64_MAX;
}

void MongoSession::start_sasl(const Value& command, Value& reply) {
  const auto refuse = [&](int code, const std::string& text) {
    reply = bson::doc({{"ok", Value::number(0)},
                       {"errmsg", Value::string(text)},
                       {"code", Value::int32(code)},
                       {"codeName", Value::string(query::code_name(code))}});
  };
  const Value& mechanism = command["mechanism"];
  if (!mechanism.is_string() || mechanism.as_text() != "SCRAM-SHA-256")
    return refuse(334, "Received authentication for mechanism " +
                           (mechanism.is_string() ? mechanism.as_text() : std::string("of no name")) +
                           " which is not enabled");
  ++conversation_;
  std::string salt;
  for (int byte = 0; byte < 28; ++byte)
    salt += static_cast<char>(mix64(hash_name("salt") + static_cast<std::uint64_t>(byte)) & 0xFF);
  scram_.emplace(config_.users, nonce_for(client_, conversation_), salt);
  const auto first =
      command["payload"].is(bson::Type::binary) ? scram_->answer(command["payload"].as_text()) : std::nullopt;
  if (!first) {
    scram_.reset();
    return refuse(18, "Authentication failed.");
  }
  reply.append("conversationId", Value::int32(conversation_));
  reply.append("done", Value::boolean(false));
  reply.append("payload", Value::binary(0, *first));
}

void MongoSession::continue_sasl(const Value& command, Value& reply) {
  const auto refuse = [&](int code, const std::string& text) {
    reply = bson::doc({{"ok", Value::number(0)},
                       {"errmsg", Value::string(text)},
                       {"code", Value::int32(code)},
                       {"codeName", Value::string(query::code_name(code))}});
  };
  if (!scram_ || command["conversationId"].integral() != conversation_)
    return refuse(17, "No SASL session state found");
  const Value& payload = command["payload"];
  if (scram_->is_done() && payload.as_text().empty()) {  // The empty exchange that ends it, where it was not skipped.
    scram_.reset();
    reply.append("conversationId", Value::int32(conversation_));
    reply.append("done", Value::boolean(true));
    reply.append("payload", Value::binary(0, ""));
    return;
  }
  const auto last = payload.is(bson::Type::binary) ? scram_->answer(payload.as_text()) : std::nullopt;
  if (!last) {
    scram_.reset();
    return refuse(18, "Authentication failed.");
  }
  authenticated_ = true;
  reply.append("conversationId", Value::int32(conversation_));
  reply.append("done", Value::boolean(true));
  reply.append("payload", Value::binary(0, *last));
}

}  // namespace premortem::fakes
