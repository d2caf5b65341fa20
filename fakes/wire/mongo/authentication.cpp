// saslStart, saslContinue, logout, and their short cut in hello.
#include <optional>
#include <utility>

#include "fakes/wire/mongo/mongo_session.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::fakes {

using namespace mongo;

namespace {

constexpr std::string_view scram_sha_256 = "SCRAM-SHA-256";

[[noreturn]] void missing_field(const std::string& command, const std::string& field) {
  throw MessageError(40414, "BSON field '" + command + "." + field + "' is missing but a required field");
}

// A payload is bytes, or base64 of them.
std::string payload_bytes(const bson::Value& payload, const std::string& command) {
  if (payload.is_missing()) missing_field(command, "payload");
  if (payload.is(bson::Type::binary)) return payload.as_text();
  const std::optional<std::string> decoded = payload.is_string() ? base64_bytes(payload.as_text()) : std::nullopt;
  if (!decoded) throw MessageError(14, "BSON field '" + command + ".payload' is the wrong type, expected binData");
  return *decoded;
}

[[noreturn]] void refuse_authentication() { throw MessageError(18, "Authentication failed."); }

}  // namespace

bson::Value MongoSession::sasl_reply(std::string_view said, bool as_text) {
  const bool is_done = conversation_->is_done() || (conversation_->is_proved() && skips_empty_exchange_);
  if (is_done) {
    is_authenticated_ = true;
    conversation_.reset();
  }
  bson::Value reply = bson::Value::document();
  reply.append("conversationId", bson::Value::int32(1)).append("done", bson::Value::boolean(is_done));
  return reply.append("payload",
                      as_text ? bson::Value::string(base64_of(said)) : bson::Value::binary(0, std::string(said)));
}

// Nothing: the client has failed to authenticate.
std::optional<bson::Value> MongoSession::start_conversation(const bson::Value& command, std::string_view database) {
  conversation_.reset();
  const bson::Value& mechanism = command["mechanism"];
  if (!mechanism.is_string()) missing_field("saslStart", "mechanism");
  if (mechanism.as_text() != scram_sha_256) {
    throw MessageError(334, "Received authentication for mechanism " + mechanism.as_text() + " which is not enabled");
  }
  const bson::Value& payload = command["payload"];
  const std::string bytes = payload_bytes(payload, "saslStart");
  skips_empty_exchange_ = command["options"]["skipEmptyExchange"].truthy();
  conversation_.emplace(config_.users.get(), std::string(database), repeatable_nonce(client_, ++conversations_));
  const std::optional<std::string> said = conversation_->step(bytes);
  if (said) return sasl_reply(*said, payload.is_string());
  conversation_.reset();
  return std::nullopt;
}

void MongoSession::sasl_start(const Open& open) {
  const bson::Value command = bson::decode(open.document);
  std::optional<bson::Value> reply = start_conversation(command, command["$db"].as_text());
  if (!reply) refuse_authentication();
  answer(open.request, reply->append("ok", bson::Value::number(1)));
}

void MongoSession::sasl_continue(const Open& open) {
  const bson::Value command = bson::decode(open.document);
  if (!conversation_) throw MessageError(17, "No SASL session state found");
  const auto give_up = [&](const std::string& why) {
    conversation_.reset();  // Whatever is wrong, the client has to begin again.
    throw MessageError(17, why);
  };
  if (command["$db"].as_text() != conversation_->database()) {
    give_up("Attempt to switch database target during SASL authentication.");
  }
  if (command["conversationId"].is_missing()) missing_field("saslContinue", "conversationId");
  if (!command["conversationId"].is_number() || command["conversationId"].integral() != 1) {
    give_up("sasl: Mismatched conversation id");
  }
  const bson::Value& payload = command["payload"];
  const std::optional<std::string> said = conversation_->step(payload_bytes(payload, "saslContinue"));
  if (!said) {
    conversation_.reset();
    refuse_authentication();
  }
  bson::Value reply = sasl_reply(*said, payload.is_string());
  answer(open.request, reply.append("ok", bson::Value::number(1)));
}

void MongoSession::logout(const Open& open) {
  is_authenticated_ = false;
  conversation_.reset();
  bson::Value reply = bson::Value::document();
  answer(open.request, reply.append("ok", bson::Value::number(1)));
}

// A failure is as if nobody had tried: the client then authenticates step by step and hears why it cannot.
void MongoSession::speculate(const bson::Value& command, bson::Value& reply) {
  const bson::Value& asked = command["saslSupportedMechs"];
  if (asked.is_string() && config_.users != nullptr) {
    const std::string& full = asked.as_text();
    const std::size_t dot = full.find('.');
    if (dot != std::string::npos && config_.users->find(full.substr(0, dot), full.substr(dot + 1)) != nullptr) {
      reply.append("saslSupportedMechs", bson::arr({bson::Value::string(std::string(scram_sha_256))}));
    }
  }
  const bson::Value& attempt = command["speculativeAuthenticate"];
  if (!attempt.is_document() || !attempt.has("saslStart") || !attempt["db"].is_string()) return;
  try {
    if (std::optional<bson::Value> said = start_conversation(attempt, attempt["db"].as_text())) {
      reply.append("speculativeAuthenticate", *std::move(said));
    }
  } catch (const MessageError&) {
  }
}

}  // namespace premortem::fakes
