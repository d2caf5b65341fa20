// From the protocol header to connection.open-ok, and the methods of the connection as a whole. Who does not keep to
// the order before that is hung up on without a word, as RabbitMQ does (which waits three seconds first).
#include <algorithm>

#include "fakes/wire/amqp/amqp_session.hpp"
#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/field_tables.hpp"

namespace premortem::fakes {

using namespace amqp;

namespace {

constexpr std::string_view our_header("AMQP\0\0\x09\x01", 8);

std::string server_properties(const AmqpConfig& config) {
  std::string capabilities;
  for (const std::string_view name : {"publisher_confirms", "exchange_exchange_bindings", "basic.nack",
                                      "consumer_cancel_notify", "connection.blocked", "consumer_priorities",
                                      "authentication_failure_close", "per_consumer_qos", "direct_reply_to"}) {
    put_field_bool(capabilities, name, true);
  }
  std::string out;
  put_field_table(out, "capabilities", capabilities);
  put_field_text(out, "cluster_name", config.cluster_name);
  put_field_text(out, "copyright", "RabbitMQ is a trademark of Broadcom; this is not RabbitMQ.");
  put_field_text(out, "information", "premortem: a simulated broker");
  put_field_text(out, "platform", "premortem");
  put_field_text(out, "product", "RabbitMQ");
  put_field_text(out, "version", version_text(config.version));
  return out;
}

struct Credentials {
  std::string_view user, password;
};

// NUL user NUL password.
std::optional<Credentials> plain(std::string_view response) {
  if (response.empty() || response.front() != '\0') return std::nullopt;
  response.remove_prefix(1);
  const std::size_t at = response.find('\0');
  if (at == std::string_view::npos) return std::nullopt;
  return Credentials{response.substr(0, at), response.substr(at + 1)};
}

// A field table without its length.
std::optional<Credentials> amqplain(std::string_view response) {
  const std::optional<Field> user = find_field(response, "LOGIN"), password = find_field(response, "PASSWORD");
  if (!user || user->type != 'S' || !password || password->type != 'S') return std::nullopt;
  return Credentials{user->value, password->value};
}

std::string_view text_field(std::string_view table, std::string_view name) {
  const std::optional<Field> field = find_field(table, name);
  return field && field->type == 'S' ? field->value : std::string_view();
}

bool true_field(std::string_view table, std::string_view name) {
  const std::optional<Field> field = find_field(table, name);
  return field && field->type == 't' && field->value.front() != '\0';
}

}  // namespace

std::string_view version_text(int version) {
  if (version >= 4300) return "4.3.0";
  if (version >= 4200) return "4.2.0";
  if (version >= 4000) return "4.0.9";
  return version >= 3013 ? "3.13.7" : "3.10.8";
}

// Takes the header's bytes off `bytes`. Anything else is told which header we wanted: A.1.
void AmqpSession::check_protocol_header(std::string_view& bytes) {
  const std::size_t more = std::min(our_header.size() - protocol_header_.size(), bytes.size());
  protocol_header_.append(bytes.substr(0, more));
  bytes.remove_prefix(more);
  if (protocol_header_.size() < our_header.size()) return;
  if (protocol_header_ == our_header) {
    state_ = State::start_ok;
    send_start();
  } else {
    output_.append(our_header);
    end(Fate::closes);
  }
}

void AmqpSession::send_start() {
  const std::string properties = server_properties(config_);
  put_method(output_, 0, id::start,
             {Value(0), Value(9), Value(properties), std::string_view("PLAIN AMQPLAIN"), std::string_view("en_US")});
}

void AmqpSession::connection_method(const Frame& frame) {
  Reader reader{frame.payload};
  const auto id = static_cast<std::uint32_t>(reader.number(4));
  const Method* method = find_method(id);
  if (method == nullptr) {
    return connection_error(540, "unknown method " + std::to_string(id >> 16) + "." + std::to_string(id & 0xffff), id);
  }
  MethodCall call;
  if (!decode_arguments(*method, reader.rest, call)) return connection_error(541, "INTERNAL_ERROR");
  if (state_ == State::start_ok && id == id::start_ok) return start_ok(call);
  if (state_ == State::tune_ok && id == id::tune_ok) return tune_ok(call);
  if (state_ == State::open && id == id::open) return open_vhost(call);
  if (state_ == State::running && id == id::close) {
    put_method(output_, 0, id::close_ok);
    end(Fate::closes);
    return disconnect(false);
  }
  if (state_ == State::running && id == id::update_secret) return put_method(output_, 0, id::update_secret_ok);
  const std::string state = state_ == State::running ? "running" : "opening";
  connection_error(504, "unexpected method in connection state " + state, id);
}

void AmqpSession::start_ok(const MethodCall& call) {
  const std::string_view properties = call.text(0), mechanism = call.text(1), response = call.text(2);
  if (!is_table(properties)) return end(Fate::closes);
  const std::optional<Field> field = find_field(properties, "capabilities");
  const std::string_view capabilities = field && field->type == 'F' ? field->value : std::string_view();
  understands_refusal_ = true_field(capabilities, "authentication_failure_close");
  understands_blocked_ = true_field(capabilities, "connection.blocked");
  understands_cancel_ = true_field(capabilities, "consumer_cancel_notify");
  name_ = text_field(properties, "connection_name");
  if (name_.empty()) {
    name_ = text_field(properties, "product");
    if (name_.empty()) name_ = "client";
    if (config_.peer_port != 0) name_ += "/" + std::to_string(config_.peer_port);
  }

  std::optional<Credentials> credentials;
  if (mechanism == "PLAIN") credentials = plain(response);
  if (mechanism == "AMQPLAIN") credentials = amqplain(response);
  if (!credentials) return end(Fate::closes);  // Also for a mechanism that we did not offer.
  if (!port_.accepts(credentials->user, credentials->password)) {
    if (!understands_refusal_) return end(Fate::closes);
    send_close(0, 403,
               "ACCESS_REFUSED - Login was refused using authentication mechanism " + std::string(mechanism) +
                   ". For details see the broker logfile.",
               0);
    state_ = State::closing;
    return;
  }
  user_ = credentials->user;
  state_ = State::tune_ok;
  const AmqpLimits& limits = config_.limits;
  put_method(output_, 0, id::tune, {Value(limits.channel_max), Value(limits.max_frame), Value(limits.heartbeat)});
}

// Only less than what was offered, and 0 (no limit) only if that was offered.
void AmqpSession::tune_ok(const MethodCall& call) {
  const std::uint64_t channels = call.number(0), frame = call.number(1);
  const AmqpLimits& limits = config_.limits;
  const auto fits = [](std::uint64_t wanted, std::uint64_t offered) {
    return offered == 0 || (wanted != 0 && wanted <= offered);
  };
  constexpr std::uint32_t frame_min = 4096;
  if (!fits(channels, limits.channel_max) || !fits(frame, limits.max_frame) || frame < frame_min) {
    return end(Fate::closes);
  }
  channel_max_ = static_cast<std::uint16_t>(channels);
  frame_max_ = static_cast<std::uint32_t>(frame);
  heartbeat_ = static_cast<std::uint16_t>(call.number(2));  // The client decides; 0: none.
  frames_.set_frame_max(frame_max_);
  state_ = State::open;
}

void AmqpSession::open_vhost(const MethodCall& call) {
  const std::string_view vhost = call.text(0);
  if (!port_.has_vhost(vhost)) {
    return connection_error(530, "NOT_ALLOWED - vhost " + std::string(vhost) + " not found", id::open);
  }
  state_ = State::running;
  connected_ = true;
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::connect;
  request.client = client_;
  request.vhost = vhost;
  request.name = user_;
  request.text = name_;
  request.number = (understands_cancel_ ? 1u : 0u) | (understands_blocked_ ? 2u : 0u);
  const std::size_t before = output_.size();
  port_.request(request);
  if (state_ != State::running) return;  // It was turned away.
  const std::string unasked = output_.substr(before);
  output_.resize(before);
  put_method(output_, 0, id::open_ok);
  output_ += unasked;
}

}  // namespace premortem::fakes
