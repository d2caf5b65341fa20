#include "tests/fakes/wire/amqp/scripted_port.hpp"

namespace premortem::testing {

using Kind = BrokerRequest::Kind;

void ScriptedPort::request(const BrokerRequest& request) {
  const auto text = [](std::string_view part) { return std::string(part); };
  std::string line;
  switch (request.kind) {
    case Kind::connect:
      line = "connect " + text(request.name) + " to " + text(request.vhost) + " as " + text(request.text) + " " +
             std::to_string(request.number);
      break;
    case Kind::disconnect:
      line = request.requeue ? "lost" : "disconnect";
      break;
    case Kind::open_channel:
      line = "open " + std::to_string(request.channel);
      break;
    case Kind::close_channel:
      line = "close " + std::to_string(request.channel);
      break;
    case Kind::publish:
      line = "publish " + text(request.exchange) + "/" + text(request.key) +
             (request.mandatory ? " mandatory '" : " '") + text(request.body) + "'";
      break;
    case Kind::ack:
      line = "ack " + std::to_string(request.tag) + (request.multiple ? " multiple" : "");
      break;
    case Kind::declare_queue:
      line = "declare " + text(request.name) + (request.durable ? " durable" : "");
      break;
    default:
      line = "kind " + std::to_string(static_cast<int>(request.kind));
  }
  requests.push_back(line);
  if (answer) answer(request);
}

Client::Client(fakes::AmqpConfig config) : session(port, std::move(config), [this] { ++times_grown; }) {
  port.answer = [this](const BrokerRequest& request) {
    const auto channel = [&](ClientEvent& event) { event.channel = request.channel; };
    if (request.kind == Kind::open_channel) tell(ClientEvent::Kind::channel_opened, channel);
    if (request.kind == Kind::close_channel) tell(ClientEvent::Kind::channel_closed, channel);
  };
}

std::string Client::take() {
  std::string out;
  out.swap(session.output());
  return out;
}

std::string Client::send(std::string_view sent) {
  session.received(sent);
  return take();
}

void Client::open(int heartbeat, int frame_max, int channel_max) {
  send(protocol_header + start_ok() + tune_ok(heartbeat, frame_max, channel_max) + open_vhost());
}

void Client::open_channel(int number) { send(method(number, 20, 10, short_text(""))); }

void Client::tell(ClientEvent::Kind kind, const std::function<void(ClientEvent&)>& fill, std::string_view properties,
                  std::string_view body) {
  ClientEvent event;
  event.kind = kind;
  event.client = session.client();
  event.channel = 1;
  if (fill) fill(event);
  session.told(event, properties, body);
}

std::string start_ok(std::string_view response, std::string_view mechanism, bool with_capabilities) {
  const std::string all = short_text("authentication_failure_close") + "t\x01" + short_text("connection.blocked") +
                          "t\x01" + short_text("consumer_cancel_notify") + "t\x01";
  std::string properties = short_text("product") + "S" + long_text("orders");
  if (with_capabilities) properties += short_text("capabilities") + "F" + long_text(all);
  return method(0, 10, 11, long_text(properties) + short_text(mechanism) + long_text(response) + short_text("en_US"));
}

std::string tune_ok(int heartbeat, int frame_max, int channel_max) {
  return method(0, 10, 31,
                big_endian(static_cast<std::uint64_t>(channel_max), 2) +
                    big_endian(static_cast<std::uint64_t>(frame_max), 4) +
                    big_endian(static_cast<std::uint64_t>(heartbeat), 2));
}

std::string open_vhost(std::string_view vhost) {
  return method(0, 10, 40, short_text(vhost) + short_text("") + bytes("\0"));
}

std::string close(int channel, int code, std::string_view text, int class_id, int method_id) {
  return method(channel, channel == 0 ? 10 : 20, channel == 0 ? 50 : 40,
                big_endian(static_cast<std::uint64_t>(code), 2) + short_text(text) +
                    big_endian(static_cast<std::uint64_t>(class_id), 2) +
                    big_endian(static_cast<std::uint64_t>(method_id), 2));
}

}  // namespace premortem::testing
