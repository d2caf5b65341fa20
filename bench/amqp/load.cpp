// A client's load on an AMQP broker, the same for every broker: amqp_load HOST PORT MESSAGES [DURABLE].
//
// Prints one line of JSON: messages a second published with confirms, and consumed with acks, through one connection
// with bodies of 1 KiB, up to 256 in flight; and microseconds from publish to delivery, and from publish to confirm,
// one message at a time.

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int window = 256;
constexpr int single = 2'000;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "amqp_load: %s\n", what.c_str());
  std::exit(1);
}

void check(amqp_rpc_reply_t reply, const char* what) {
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail(std::string("the broker refused ") + what);
}

class Load {
 public:
  Load(const char* host, int port, bool durable) : durable_(durable) {
    connection_ = amqp_new_connection();
    amqp_socket_t* const socket = amqp_tcp_socket_new(connection_);
    if (amqp_socket_open(socket, host, port) != 0) fail("no connection");
    const int on = 1;
    setsockopt(amqp_get_sockfd(connection_), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    check(amqp_login(connection_, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "the login");
    amqp_channel_open(connection_, 1);
    check(amqp_get_rpc_reply(connection_), "the channel");
    amqp_queue_declare(connection_, 1, queue_, 0, durable ? 1 : 0, 0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(connection_), "the queue");
    amqp_queue_purge(connection_, 1, queue_);
    check(amqp_get_rpc_reply(connection_), "the purge");
    amqp_confirm_select(connection_, 1);
    check(amqp_get_rpc_reply(connection_), "confirms");
    body_.assign(1024, 'x');
  }

  ~Load() {
    amqp_queue_delete(connection_, 1, queue_, 0, 0);
    amqp_channel_close(connection_, 1, AMQP_REPLY_SUCCESS);
    amqp_connection_close(connection_, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(connection_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Messages a second.
  double publish_with_confirms(int messages) {
    const auto begin = Clock::now();
    std::uint64_t confirmed = published_;
    for (int n = 0; n < messages; ++n) {
      publish();
      while (published_ - confirmed >= window) confirmed = await_confirm();
    }
    while (confirmed < published_) confirmed = await_confirm();
    return rate(messages, begin);
  }

  double consume_with_acks(int messages) {
    amqp_basic_qos(connection_, 1, 0, window, 0);
    check(amqp_get_rpc_reply(connection_), "the prefetch");
    const auto begin = Clock::now();
    amqp_basic_consume(connection_, 1, queue_, tag_, 0, 0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(connection_), "the consumer");
    for (int n = 0; n < messages; ++n) {
      const std::uint64_t tag = await_delivery();
      if (amqp_basic_ack(connection_, 1, tag, 0) != AMQP_STATUS_OK) fail("an ack could not be sent");
    }
    return rate(messages, begin);
  }

  /// While consuming: from publish to confirm and to delivery, in microseconds, sorted.
  void one_at_a_time(std::vector<double>& confirms, std::vector<double>& deliveries) {
    for (int n = 0; n < single; ++n) {
      const auto begin = Clock::now();
      publish();
      bool confirmed = false, delivered = false;
      while (!confirmed || !delivered) {
        amqp_frame_t frame;
        next_frame(frame);
        if (frame.frame_type != AMQP_FRAME_METHOD) continue;
        if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
          confirms.push_back(since(begin));
          confirmed = true;
        } else if (frame.payload.method.id == AMQP_BASIC_DELIVER_METHOD) {
          const std::uint64_t tag = static_cast<amqp_basic_deliver_t*>(frame.payload.method.decoded)->delivery_tag;
          take_content();
          deliveries.push_back(since(begin));
          delivered = true;
          amqp_basic_ack(connection_, 1, tag, 0);
        }
      }
      amqp_maybe_release_buffers(connection_);
    }
    std::sort(confirms.begin(), confirms.end());
    std::sort(deliveries.begin(), deliveries.end());
  }

 private:
  static double since(Clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
  }
  static double rate(int messages, Clock::time_point begin) { return messages / (since(begin) / 1e6); }

  void publish() {
    amqp_basic_properties_t properties;
    properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.delivery_mode = durable_ ? 2 : 1;
    const amqp_bytes_t body{body_.size(), body_.data()};
    if (amqp_basic_publish(connection_, 1, amqp_empty_bytes, queue_, 0, 0, &properties, body) != AMQP_STATUS_OK)
      fail("a message could not be sent");
    ++published_;
  }

  void next_frame(amqp_frame_t& frame) {
    if (amqp_simple_wait_frame(connection_, &frame) != AMQP_STATUS_OK) fail("the connection is gone");
  }

  std::uint64_t await_confirm() {
    for (;;) {
      amqp_frame_t frame;
      amqp_maybe_release_buffers(connection_);
      next_frame(frame);
      if (frame.frame_type != AMQP_FRAME_METHOD) continue;
      if (frame.payload.method.id != AMQP_BASIC_ACK_METHOD) fail("a message was not confirmed");
      const auto* const ack = static_cast<amqp_basic_ack_t*>(frame.payload.method.decoded);
      // Confirms may come out of order; whoever counts singles needs them all, whoever gets `multiple` has them.
      if (ack->multiple != 0) return confirmed_ = std::max(confirmed_, ack->delivery_tag);
      return ++confirmed_;
    }
  }

  std::uint64_t await_delivery() {
    for (;;) {
      amqp_frame_t frame;
      amqp_maybe_release_buffers(connection_);
      next_frame(frame);
      if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_DELIVER_METHOD) continue;
      const std::uint64_t tag = static_cast<amqp_basic_deliver_t*>(frame.payload.method.decoded)->delivery_tag;
      take_content();
      return tag;
    }
  }

  void take_content() {
    amqp_frame_t frame;
    next_frame(frame);
    for (std::uint64_t missing = frame.payload.properties.body_size; missing > 0;) {
      next_frame(frame);
      missing -= frame.payload.body_fragment.len;
    }
  }

  amqp_connection_state_t connection_ = nullptr;
  bool durable_;
  std::string body_;
  std::uint64_t published_ = 0, confirmed_ = 0;
  amqp_bytes_t queue_ = amqp_cstring_bytes("premortem.load"), tag_ = amqp_cstring_bytes("load");
};

double at(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc < 4) fail("usage: amqp_load HOST PORT MESSAGES [DURABLE]");
  const int messages = std::atoi(argv[3]);
  std::vector<double> confirms, deliveries;
  Load load(argv[1], std::atoi(argv[2]), argc > 4);
  const double published = load.publish_with_confirms(messages);
  const double consumed = load.consume_with_acks(messages);
  const double processor = processor_seconds();
  load.one_at_a_time(confirms, deliveries);
  std::printf(
      "{\"published\":%.0f,\"consumed\":%.0f,\"client-us-per-message\":%.2f,\"deliver-p50-us\":%.1f,\"deliver-p99-us\":"
      "%.1f,"
      "\"confirm-p50-us\":%.1f,\"confirm-p99-us\":%.1f}\n",
      published, consumed, processor * 1e6 / messages, at(deliveries, 0.5), at(deliveries, 0.99), at(confirms, 0.5),
      at(confirms, 0.99));
}
