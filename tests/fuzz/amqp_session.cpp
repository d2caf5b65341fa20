// Any bytes as a client's, against a broker that answers whatever it is asked.
#include "fakes/wire/amqp/amqp_session.hpp"

#include <cstdlib>

#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

namespace {

using Request = BrokerRequest::Kind;
using Event = ClientEvent::Kind;

class ObligingPort final : public fakes::BrokerPort {
 public:
  ClientId new_client() override { return 1; }
  bool has_vhost(std::string_view vhost) const override { return vhost != "nope"; }
  bool accepts(std::string_view user, std::string_view) const override { return user != "nobody"; }
  void request(const BrokerRequest& request) override;

  fakes::AmqpSession* session = nullptr;
  std::size_t asked = 0;
};

// What a request is answered with, where that is one event with the request's own texts.
Event answer_to(Request kind) {
  switch (kind) {
    case Request::open_channel:
      return Event::channel_opened;
    case Request::close_channel:
      return Event::channel_closed;
    case Request::declare_queue:
      return Event::queue_declared;
    case Request::consume:
      return Event::consuming;
    case Request::cancel:
      return Event::cancelled;
    case Request::publish:
      return Event::delivered;
    case Request::get:
      return Event::got;
    case Request::ack:
      return Event::acked;
    case Request::nack:
      return Event::nacked;
    case Request::reject:
      return Event::returned;
    case Request::delete_queue:
      return Event::channel_error;
    case Request::delete_exchange:
      return Event::connection_error;
    case Request::purge_queue:
      return Event::blocked;
    case Request::qos:
      return Event::unblocked;
    default:
      return Event::recovered;
  }
}

void ObligingPort::request(const BrokerRequest& request) {
  ++asked;
  if (request.kind == Request::connect || request.kind == Request::disconnect) return;
  ClientEvent event;
  event.kind = answer_to(request.kind);
  event.client = 1;
  event.channel = request.channel;
  event.code = 404;
  event.request = request.kind;
  event.tag = request.tag;
  event.text = request.text.empty() ? request.name : request.text;
  event.exchange = request.exchange;
  event.key = request.key;
  event.delivery_count = request.mandatory ? 2 : 0;
  session->told(event, request.properties, request.body);
}

struct Ending {
  std::string output;
  std::size_t asked = 0;
  fakes::WireSession::Fate fate = fakes::WireSession::Fate::goes_on;
  bool operator==(const Ending&) const = default;
};

Ending run(std::string_view bytes, std::size_t cut) {
  ObligingPort port;
  fakes::AmqpConfig config;
  config.limits.max_message_size = 1 << 16;
  config.limits.max_unfinished = 1 << 17;
  config.join_confirms = true;
  fakes::AmqpSession session(port, config, {});
  port.session = &session;
  session.tick(0);
  for (std::size_t at = 0; at < bytes.size(); at += cut) session.received(bytes.substr(at, cut));
  std::string why;
  session.is_busy(why);
  session.tick(1'000'000'000);
  Ending ending{session.output(), port.asked, session.fate()};
  session.peer_gone();
  return ending;
}

}  // namespace

void fuzz_amqp_session(std::string_view bytes) {
  if (bytes.empty()) return;
  // Most inputs would not get past the handshake: half of them begin behind it.
  static const std::string handshake = [] {
    const auto number = [](std::size_t value, int width) {
      std::string out;
      for (int at = width - 1; at >= 0; --at) out.push_back(static_cast<char>(value >> (8 * at) & 0xff));
      return out;
    };
    const auto frame = [&](std::string_view payload) {
      return std::string("\x01\0\0", 3) + number(payload.size(), 4) + std::string(payload) + "\xCE";
    };
    return std::string("AMQP\0\0\x09\x01", 8) +
           frame(std::string("\0\x0a\0\x0b\0\0\0\0\x05PLAIN\0\0\0\x04\0a\0b\x05"
                             "en_US",
                             28)) +
           frame(std::string("\0\x0a\0\x1f\0\x0a\0\0\x10\0\0\0", 12)) + frame(std::string("\0\x0a\0\x28\1/\0\0", 8)) +
           std::string("\x01\0\x01\0\0\0\x05\0\x14\0\x0a\0\xCE", 13);
  }();
  const std::string input = ((bytes.front() & 1) != 0 ? handshake : "") + std::string(bytes.substr(1));
  if (run(input, input.size() + 1) != run(input, 1)) std::abort();
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_amqp_session({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
