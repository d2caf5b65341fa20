// What arrives on channels: methods to requests, and messages put together from their frames.
#include <algorithm>

#include "fakes/wire/amqp/amqp_session.hpp"
#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/error_texts.hpp"
#include "fakes/wire/amqp/field_tables.hpp"
#include "fakes/wire/amqp/requests.hpp"

namespace premortem::fakes {

using namespace amqp;

namespace {
constexpr std::string_view not_opened = "CHANNEL_ERROR - expected 'channel.open'";
constexpr std::string_view unimplemented = "COMMAND_INVALID - unimplemented method";
}  // namespace

AmqpSession::Channel& AmqpSession::channel(std::uint16_t number) {
  if (number != last_number_) {
    last_channel_ = &channels_[number];
    last_number_ = number;
  }
  return *last_channel_;
}

void AmqpSession::forget_channel(std::uint16_t number) {
  const auto found = channels_.find(number);
  if (found == channels_.end()) return;
  drop_content(found->second.content);
  channels_.erase(found);
  if (last_number_ == number) last_number_ = 0;
}

void AmqpSession::channel_frame(const Frame& frame) {
  Channel& at = channel(frame.channel);
  if (at.content.method != nullptr) return content_frame(frame, at);
  if (frame.type == Frame::method) return channel_method(frame);
  if (at.state == Channel::State::closing) return;
  connection_error(505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead");
}

void AmqpSession::channel_method(const Frame& frame) {
  Reader reader{frame.payload};
  const auto id = static_cast<std::uint32_t>(reader.number(4));
  const Method* method = find_method(id);
  if (method == nullptr) {  // RabbitMQ breaks the connection off; a text helps whoever wrote the client.
    return connection_error(540, "unknown method " + std::to_string(id >> 16) + "." + std::to_string(id & 0xffff), id);
  }
  MethodCall call;
  if (!decode_arguments(*method, reader.rest, call)) {
    return connection_error(501, "FRAME_ERROR - cannot decode " + erlang_binary(reader.rest.substr(0, 255)), id);
  }
  for (std::size_t at = 0; at < method->count; ++at) {
    if (method->arguments[at].type == Type::table && !is_table(call.text(at))) {
      return connection_error(502, "malformed table '" + std::string(method->arguments[at].name) + "'", id);
    }
  }
  Channel& at = channel(frame.channel);
  if (at.state == Channel::State::closing) {
    // Until the client has answered our channel.close, only that answer counts, or its own close on the way.
    if (id == id::channel_close_ok) {
      const bool model_waits = at.closed_by_model;
      forget_channel(frame.channel);
      if (!model_waits) return;
      BrokerRequest answered;
      answered.kind = BrokerRequest::Kind::close_channel;
      answered.client = client_;
      answered.channel = frame.channel;
      return port_.request(answered);
    }
    if (id == id::channel_close) return put_method(output_, frame.channel, id::channel_close_ok);
    if (id == id::channel_open) return connection_error(504, "CHANNEL_ERROR - second 'channel.open' seen", id);
    return;
  }
  if (method->has_content) return begin_content(at, call);
  carry_out(frame.channel, at, call);
}

// A method without content. What is wrong with it on a channel that is not open is the model's to say.
void AmqpSession::carry_out(std::uint16_t number, Channel& at, const MethodCall& call) {
  const std::uint32_t id = id_of(*call.method);
  const bool is_open = at.state == Channel::State::open;
  BrokerRequest request;
  const bool is_request = to_request(call, request);
  if (!is_open && !is_request) return connection_error(504, not_opened, id);
  if (id == id::access_request) return put_method(output_, number, id::access_request_ok, {Value(1)});
  if (!is_request) return connection_error(503, unimplemented, id);
  if (is_open && id == id::qos && call.number(0) != 0) {
    return connection_error(540, "prefetch_size!=0 (" + std::to_string(call.number(0)) + ")", id);
  }
  if (id == id::channel_open && !is_open && channel_max_ != 0) {
    const auto open = std::ranges::count_if(
        channels_, [](const auto& each) { return each.second.state != Channel::State::unopened; });
    if (open >= channel_max_) {
      const std::string max = std::to_string(channel_max_);
      return connection_error(
          530, "number of channels opened (" + max + ") has reached the negotiated channel_max (" + max + ")");
    }
  }
  request.client = client_;
  request.channel = number;
  port_.request(request);
}

void AmqpSession::begin_content(Channel& at, const MethodCall& call) {
  Content& content = at.content;
  content.method = call.method;
  content.has_header = content.overrun = false;
  content.body.clear();
  content.keeps = id_of(*call.method) == id::publish && at.state == Channel::State::open;
  if (!content.keeps) return;
  content.exchange = call.text(1);
  content.key = call.text(2);
  content.mandatory = call.bit(3);
  content.immediate = call.bit(4);
}

void AmqpSession::content_frame(const Frame& frame, Channel& at) {
  const std::uint32_t culprit = id_of(*at.content.method);
  if (!at.content.has_header) {
    ContentHeader header;
    const auto refuse = [&](const std::string& what) {
      connection_error(505,
                       "UNEXPECTED_FRAME - expected content header for class " + std::to_string(culprit >> 16) +
                           ", got " + what + " instead",
                       culprit);
    };
    if (frame.type != Frame::header || !decode_header(frame.payload, header) || header.weight != 0) {
      return refuse("non content header frame");
    }
    if (header.class_id != culprit >> 16) return refuse("one for class " + std::to_string(header.class_id));
    return content_header(frame, at);
  }
  if (frame.type != Frame::body) {
    return connection_error(505, "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
                            culprit);
  }
  content_body(frame, at);
}

void AmqpSession::content_header(const Frame& frame, Channel& at) {
  Content& content = at.content;
  ContentHeader header;
  Properties properties;
  decode_header(frame.payload, header);
  if (!decode_properties(header.properties, properties)) return connection_error(541, "INTERNAL_ERROR");
  content.has_header = true;
  wait_for_alarm();
  content.size = content.missing = header.body_size;
  if (header.body_size > config_.limits.max_message_size) content.keeps = false;
  if (content.keeps) content.properties = header.properties;
  if (content.missing == 0) complete(frame.channel, at, {});
}

void AmqpSession::content_body(const Frame& frame, Channel& at) {
  Content& content = at.content;
  const std::string_view chunk = frame.payload;
  if (content.overrun || chunk.size() > content.missing) {
    content.overrun = true;
    return;
  }
  content.missing -= chunk.size();
  if (content.missing == 0 && content.body.empty()) return complete(frame.channel, at, chunk);  // All in one frame.
  if (content.keeps) {
    unfinished_ += chunk.size();
    if (unfinished_ > config_.limits.max_unfinished) {
      return connection_error(506, "RESOURCE_ERROR - too many bytes of messages that are not complete",
                              id_of(*content.method));
    }
    content.body.append(chunk);
  }
  if (content.missing == 0) complete(frame.channel, at, content.body);
}

void AmqpSession::complete(std::uint16_t number, Channel& at, std::string_view body) {
  Content& content = at.content;
  const std::uint32_t id = id_of(*content.method);
  content.method = nullptr;
  unfinished_ -= content.body.size();
  const bool is_open = at.state == Channel::State::open;
  if (at.state == Channel::State::closing) return;
  if (id != id::publish) return connection_error(is_open ? 503 : 504, is_open ? unimplemented : not_opened, id);
  if (is_open && content.immediate) return connection_error(540, "immediate=true", id);
  if (is_open && !content.keeps) {
    return channel_error(number, 406,
                         "message size " + std::to_string(content.size) + " is larger than configured max size " +
                             std::to_string(config_.limits.max_message_size),
                         id);
  }
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::publish;
  request.client = client_;
  request.channel = number;
  if (is_open) {
    request.exchange = content.exchange;
    request.key = content.key;
    request.mandatory = content.mandatory;
    request.properties = content.properties;
    request.body = body;
  }
  port_.request(request);
  constexpr std::size_t worth_keeping = 1 << 20;  // Room for the next message of its kind, but not of a rare big one.
  if (content.body.capacity() > worth_keeping) content.body = std::string();
}

void AmqpSession::drop_content(Content& content) {
  if (content.method != nullptr) unfinished_ -= content.body.size();
  content.method = nullptr;
}

}  // namespace premortem::fakes
