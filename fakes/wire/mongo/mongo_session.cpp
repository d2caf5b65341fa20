#include "fakes/wire/mongo/mongo_session.hpp"

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem::fakes {

using bson::Value;

namespace {

/// What may be asked by somebody who has not said who they are.
constexpr std::string_view free_commands =
    " hello isMaster ismaster saslStart saslContinue logout ping buildInfo buildinfo getnonce connectionStatus "
    "whatsmyuri listCommands endSessions ";

Value error_of(int code, const std::string& text) {
  return bson::doc({{"ok", Value::number(0)},
                    {"errmsg", Value::string(text)},
                    {"code", Value::int32(code)},
                    {"codeName", Value::string(query::code_name(code))}});
}

}  // namespace

MongoSession::MongoSession(StorePort& port, MongoConfig config, std::function<void()> output_grew)
    : port_(port),
      config_(std::move(config)),
      output_grew_(std::move(output_grew)),
      client_(port.new_client()),
      authenticated_(config_.users.empty()) {}

void MongoSession::peer_gone() { port_.gone(client_); }

void MongoSession::shut_down() { fate_ = Fate::closes; }

void MongoSession::told_cut() {
  fate_ = Fate::aborts;
  output_.clear();
  output_grew_();
}

void MongoSession::break_off(const std::string& why) {
  if (transcript_) transcript_("- " + why + ": the connection is closed");
  fate_ = Fate::closes;
}

bool MongoSession::has_whole_message() const {
  if (input_.size() < mongo::header_size) return false;
  return input_.size() >= static_cast<std::size_t>(std::max(mongo::read_header(input_).length, 0));
}

void MongoSession::received(std::string_view bytes) {
  input_ += bytes;
  std::size_t at = 0;
  while (fate_ == Fate::goes_on && reads() && input_.size() - at >= mongo::header_size) {
    const mongo::Header header = mongo::read_header(std::string_view(input_).substr(at));
    if (header.length < static_cast<std::int32_t>(mongo::header_size) ||
        header.length > static_cast<std::int32_t>(mongo::message_size_max)) {
      break_off("a message of " + std::to_string(header.length) + " bytes");
      break;
    }
    const auto length = static_cast<std::size_t>(header.length);
    if (input_.size() - at < length) break;
    const std::string message = input_.substr(at, length);  // What it brings about may add to the input.
    at += length;
    const std::string_view all = message;
    take_message(all.substr(0, mongo::header_size), all.substr(mongo::header_size), mongo::Compressor::none);
  }
  input_.erase(0, at);
}

void MongoSession::take_message(std::string_view head, std::string_view body, mongo::Compressor compressor) {
  const mongo::Header header = mongo::read_header(head);
  std::string why;
  Asked asked;
  asked.request = header.request;
  asked.compressor = compressor;
  switch (static_cast<mongo::Opcode>(header.opcode)) {
    case mongo::Opcode::message: {
      const auto command = mongo::read_message(head, body, why);
      if (!command) return break_off(why);
      asked.has_checksum = command->has_checksum;
      return take_command(*command, asked);
    }
    case mongo::Opcode::query: {
      const auto command = mongo::read_query(body, why);
      if (!command) return break_off(why);
      asked.by_query = true;
      return take_command(*command, asked);
    }
    case mongo::Opcode::compressed: {
      mongo::Compressor used = mongo::Compressor::none;
      const auto inner =
          compressor == mongo::Compressor::none ? mongo::decompress(header, body, used, why) : std::nullopt;
      if (!inner) return break_off(why.empty() ? "an OP_COMPRESSED in another" : why);
      if (std::find(compressors_.begin(), compressors_.end(), used) == compressors_.end() &&
          used != mongo::Compressor::none)
        return break_off("a compressor that was not agreed on");
      const std::string_view all = *inner;
      return take_message(all.substr(0, mongo::header_size), all.substr(mongo::header_size), used);
    }
    default:
      return break_off("opcode " + std::to_string(header.opcode));
  }
}

void MongoSession::tell(char side, std::string_view document) {
  if (!transcript_) return;
  std::string text = bson::to_shell(bson::decode(document));
  constexpr std::size_t longest = 2000;
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  transcript_(std::string(1, side) + " " + text);
}

void MongoSession::take_command(const mongo::Command& message, const Asked& asked) {
  tell('C', message.document);
  const Value command = bson::decode(message.document);
  if (command.fields().empty()) return break_off("a command without a name");
  const std::string& name = command.fields().front().name;
  if (greeting_) greeting_.reset();  // Whoever asks something new waits no longer for the old.
  if (handshake(command, message, asked)) return;
  if (asked.by_query) {
    answer(asked,
           error_of(352, "Unsupported OP_QUERY command: " + name + ". The client driver may require an upgrade."));
    return;
  }
  if (!authenticated_ && free_commands.find(" " + name + " ") == std::string_view::npos) {
    if (message.wants_reply)
      answer(asked, error_of(query::code::unauthorized, "Command " + name + " requires authentication"));
    return;
  }
  if (message.wants_reply) asked_.push_back(asked);
  port_.command(client_, asked.request, message.wants_reply, message.document);
}

void MongoSession::told(std::int32_t request, std::string_view reply) {
  const auto at = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& one) { return one.request == request; });
  if (at == asked_.end() || fate_ != Fate::goes_on) return;
  const Asked asked = *at;
  asked_.erase(at);
  write(asked, reply, 0);
  output_grew_();
}

void MongoSession::answer(const Asked& asked, const Value& reply, std::uint32_t flags) {
  write(asked, bson::encode(reply), flags);
}

void MongoSession::write(const Asked& asked, std::string_view reply, std::uint32_t flags) {
  tell('S', reply);
  ++last_reply_;
  if (asked.by_query) {
    output_ += mongo::write_reply(last_reply_, asked.request, reply);
    return;
  }
  const std::string message = mongo::write_message(last_reply_, asked.request, flags, reply, asked.has_checksum);
  output_ += asked.compressor == mongo::Compressor::none ? message : mongo::compress(message, asked.compressor);
}

bool MongoSession::is_busy(std::string& why) const {
  // What waits for its answer is the store's debt, and no client's.
  if (!has_whole_message() || !reads()) return false;
  why = "store client " + std::to_string(client_) + ": a command that has not been read";
  return true;
}

}  // namespace premortem::fakes
