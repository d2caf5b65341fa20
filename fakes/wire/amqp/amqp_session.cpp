// The life of a connection: bytes in, errors, heartbeats, the end. The handshake is in handshake.cpp, what channels
// receive in channels.cpp, what is sent to clients in answers.cpp.
#include "fakes/wire/amqp/amqp_session.hpp"

#include <algorithm>
#include <utility>

#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/error_texts.hpp"

namespace premortem::fakes {

using namespace amqp;

AmqpSession::AmqpSession(BrokerPort& port, AmqpConfig config, std::function<void()> output_grew)
    : port_(port),
      config_(std::move(config)),
      output_grew_(std::move(output_grew)),
      client_(port.new_client()),
      frames_(4096) {}

void AmqpSession::received(std::string_view bytes) {
  if (state_ == State::over) return;
  received_since_tick_ = true;
  std::string read_later;
  if (blocked_ || !aside_.empty()) {
    aside_ += bytes;
    if (blocked_) return;
    read_later.swap(aside_);
    bytes = read_later;
  }
  if (cannot_read_on_) return listen_for_close_ok(bytes);
  receiving_ = true;
  const std::size_t before = output_.size();
  if (state_ == State::protocol_header) check_protocol_header(bytes);
  if (state_ != State::protocol_header) frames_.feed(bytes);
  Frame frame;
  while (state_ != State::over && state_ != State::protocol_header) {
    const FrameReader::Outcome outcome = frames_.next(frame);
    if (outcome == FrameReader::Outcome::incomplete) break;
    if (outcome == FrameReader::Outcome::frame) {
      handle(frame);
      if (!blocked_) continue;
      aside_ = frames_.unread();
      frames_.feed({});
      break;
    } else {
      broken_frame(frame, outcome);
      break;
    }
  }
  receiving_ = false;
  if (output_.size() != before) grew();
}

// The stream cannot be read on from here. Hanging up at once could cost the client the text of our close.
void AmqpSession::broken_frame(const Frame& frame, FrameReader::Outcome outcome) {
  if (state_ != State::running) return end(Fate::closes);
  if (outcome == FrameReader::Outcome::too_large) {
    connection_error(501, frame_text(frame) + ": {frame_too_large," + std::to_string(frame.size) + "," +
                              std::to_string(frame_max_ - frame_overhead) + "}");
  } else {
    connection_error(501,
                     frame_text(frame) + ": {invalid_frame_end_marker," + std::to_string(frames_.end_marker()) + "}");
  }
  cannot_read_on_ = true;
  listen_for_close_ok(frames_.unread());
}

void AmqpSession::listen_for_close_ok(std::string_view bytes) {
  constexpr std::string_view close_ok("\x01\0\0\0\0\0\x04\0\x0a\0\x33\xCE", 12);
  for (const char byte : bytes) {
    if (last_heard_.size() == close_ok.size()) last_heard_.erase(0, 1);
    last_heard_.push_back(byte);
    if (last_heard_ == close_ok) return end(Fate::closes);
  }
}

void AmqpSession::handle(const Frame& frame) {
  if (state_ == State::closing) return handle_closing(frame);
  const bool is_known = frame.type == Frame::method      ? frame.payload.size() >= 4
                        : frame.type == Frame::header    ? frame.payload.size() >= 12
                        : frame.type == Frame::heartbeat ? frame.payload.empty()
                                                         : frame.type == Frame::body;
  if (!is_known) return connection_error(501, frame_text(frame) + ": unknown_frame");
  if (frame.type == Frame::heartbeat) {
    if (frame.channel != 0) connection_error(505, frame_text(frame));
  } else if (frame.channel == 0) {
    if (frame.type != Frame::method) return connection_error(505, frame_text(frame));
    connection_method(frame);
  } else if (state_ == State::running) {
    channel_frame(frame);
  } else {
    end(Fate::closes);  // A channel's frame before the connection is open: RabbitMQ hangs up without a word.
  }
}

void AmqpSession::handle_closing(const Frame& frame) {
  if (frame.type != Frame::method || frame.channel != 0 || frame.payload.size() < 4) return;
  Reader reader{frame.payload};
  const std::uint64_t method = reader.number(4);
  if (method == id::close) put_method(output_, 0, id::close_ok);  // Both closed at the same time.
  if (method == id::close || method == id::close_ok) end(Fate::closes);
}

void AmqpSession::connection_error(std::uint16_t code, std::string_view text, std::uint32_t culprit) {
  // Before tune-ok nobody has agreed on anything: RabbitMQ hangs up without a word.
  if (state_ != State::running && state_ != State::open) return end(Fate::closes);
  send_close(0, code, text, culprit);
  state_ = State::closing;
  disconnect(true);
}

void AmqpSession::channel_error(std::uint16_t number, std::uint16_t code, std::string_view text,
                                std::uint32_t culprit) {
  send_close(number, code, text, culprit);
  channel(number).state = Channel::State::closing;  // What the model says of this channel is no longer sent.
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::close_channel;
  request.client = client_;
  request.channel = number;
  port_.request(request);
}

void AmqpSession::send_close(std::uint16_t number, std::uint16_t code, std::string_view text, std::uint32_t culprit) {
  put_method(output_, number, number == 0 ? id::close : id::channel_close,
             {Value(code), Value(reply_text(code, text)), Value(culprit >> 16), Value(culprit & 0xffff)});
  sent_since_tick_ = true;
}

void AmqpSession::disconnect(bool lost) {
  if (!connected_) return;
  connected_ = false;
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::disconnect;
  request.client = client_;
  request.requeue = lost;
  port_.request(request);
}

void AmqpSession::end(Fate fate) {
  state_ = State::over;
  if (fate_ != Fate::aborts) fate_ = fate;
  blocked_ = false;
  aside_.clear();
  channels_.clear();
  last_number_ = 0;
  last_channel_ = nullptr;
}

void AmqpSession::grew() {
  sent_since_tick_ = true;
  if (!receiving_ && output_grew_) output_grew_();
}

void AmqpSession::peer_gone() {
  end(Fate::closes);
  disconnect(true);
}

void AmqpSession::shut_down() {
  if (state_ == State::over) return;
  if (state_ == State::running) {
    send_close(0, 320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0);
  }
  end(Fate::closes);
  disconnect(true);
  grew();
}

bool AmqpSession::is_busy(std::string& why) const {
  const auto says = [&](std::string_view what) {
    why = "client " + std::to_string(client_) + ": ";
    why += what;
    return true;
  };
  if (fate_ == Fate::aborts) return false;
  if (!output_.empty()) return says("what it is to be told has not been sent");
  if (state_ == State::over) return false;
  if (!blocked_ && !aside_.empty()) return says("what it has said has not been read");
  if (frames_.has_half_a_frame()) return says("half a frame has arrived");
  if (blocked_) return false;  // The rest of its message stands in our own hand.
  const bool half = std::ranges::any_of(channels_, [](const auto& each) { return each.second.content.method; });
  return half && says("half a message has arrived");
}

std::int64_t AmqpSession::tick(std::int64_t now) {
  if (state_ == State::over) return INT64_MAX;
  if (started_ < 0) started_ = last_received_ = last_sent_ = now;
  // Who is not read cannot be heard.
  if (std::exchange(received_since_tick_, false) || !reads()) last_received_ = now;
  if (std::exchange(sent_since_tick_, false)) last_sent_ = now;
  // What begins between two calls (an interval agreed on, a close) must not wait for long.
  std::int64_t next = now + 1'000'000'000;

  if (state_ == State::closing) {
    if (closing_since_ < 0) closing_since_ = now;
    const std::int64_t until = closing_since_ + config_.limits.close_timeout;
    if (now >= until) end(Fate::closes);
    next = std::min(next, until);
  } else if (state_ != State::running) {
    const std::int64_t until = started_ + config_.limits.handshake_timeout;
    if (now >= until) end(Fate::aborts);
    next = std::min(next, until);
  } else if (heartbeat_ != 0) {
    const std::int64_t interval = heartbeat_ * std::int64_t{1'000'000'000};
    if (now - last_received_ >= 2 * interval) {
      end(Fate::aborts);  // RABBIT-024: without a word, since nobody is there to hear it.
      disconnect(true);
    } else if (now - last_sent_ >= interval / 2) {
      last_sent_ = now;
      if (output_.empty() && !port_.is_stalled(client_)) {  // Else there is enough to hear already.
        output_.append("\x08\0\0\0\0\0\0\xCE", 8);
        if (output_grew_) output_grew_();
      }
    }
    next = std::min({next, last_received_ + 2 * interval, last_sent_ + interval / 2});
  }
  return state_ == State::over ? INT64_MAX : next;
}

}  // namespace premortem::fakes
