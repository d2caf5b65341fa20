#pragma once
// RabbitMQ's half of one AMQP 0-9-1 connection, without sockets: frames to requests, events to frames. What a request
// means is the broker model's; what the protocol itself forbids is refused here, with the texts of RabbitMQ 3.10.8.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "fakes/wire/amqp/codec.hpp"
#include "fakes/wire/amqp/frame_reader.hpp"
#include "fakes/wire/amqp/session_config.hpp"
#include "fakes/wire/broker_port.hpp"
#include "fakes/wire/wire_session.hpp"

namespace premortem::fakes {

class AmqpSession : public WireSession {
 public:
  /// `port` must outlive it. `output_grew`: called whenever there is more to send.
  AmqpSession(BrokerPort& port, AmqpConfig config, std::function<void()> output_grew);
  AmqpSession(const AmqpSession&) = delete;  // The port's owner points at it.
  AmqpSession& operator=(const AmqpSession&) = delete;

  void received(std::string_view bytes) override;
  void peer_gone() override;
  std::int64_t tick(std::int64_t now) override;
  void shut_down() override;
  std::string& output() override { return output_; }
  Fate fate() const override { return fate_; }
  bool reads() const override { return !blocked_ && output_.size() <= config_.limits.max_pending_output; }
  bool has_unread() const override { return !aside_.empty(); }
  bool is_busy(std::string& why) const override;

  /// What the broker tells this client. `properties` and `body` are of the event's payload: flags and properties as
  /// they came with the publish. After a connection_error the session asks nothing more of the port, not even
  /// disconnect; otherwise it sends exactly one disconnect for its connect.
  virtual void told(const ClientEvent& event, std::string_view properties = {}, std::string_view body = {});

  ClientId client() const { return client_; }
  /// For people: the client's own name for the connection, else its product and port. Known after start-ok.
  const std::string& name() const { return name_; }

 private:
  enum class State : std::uint8_t {
    protocol_header,  // Its eight bytes are awaited,
    start_ok,         // or this method,
    tune_ok,
    open,
    running,
    closing,  // We have sent connection.close: everything but its answer is ignored.
    over
  };
  // A message on its way in. Its texts are kept here since they arrive in frames of their own.
  struct Content {
    const amqp::Method* method = nullptr;  // None: nothing is on its way.
    bool has_header = false, mandatory = false, immediate = false;
    bool keeps = true;     // False: it will be refused, so its bytes are not kept.
    bool overrun = false;  // More body than announced. RabbitMQ then waits for ever, or for a frame that is no body.
    std::uint64_t size = 0, missing = 0;
    std::string exchange, key, properties, body;
  };
  struct Channel {
    enum class State : std::uint8_t { unopened, open, closing };
    State state = State::unopened;
    bool closed_by_model = false;         // Then the model waits for the answer, too.
    std::uint64_t confirmed_through = 0;  // Every tag up to it has been acked or nacked.
    Content content;
  };
  struct LastAck {  // The confirm that the output ends with.
    std::size_t end = 0;
    std::uint16_t channel = 0;
    std::uint64_t tag = 0;
  };

  // Who is culprit of an error: class and method, 0 if none.
  void connection_error(std::uint16_t code, std::string_view text, std::uint32_t culprit = 0);
  void channel_error(std::uint16_t number, std::uint16_t code, std::string_view text, std::uint32_t culprit);
  void send_close(std::uint16_t channel, std::uint16_t code, std::string_view text, std::uint32_t culprit);
  void disconnect(bool lost);
  void end(Fate fate);
  void grew();

  void handle(const amqp::Frame& frame);
  void handle_closing(const amqp::Frame& frame);
  void broken_frame(const amqp::Frame& frame, amqp::FrameReader::Outcome outcome);
  void listen_for_close_ok(std::string_view bytes);
  void connection_method(const amqp::Frame& frame);
  void running_method(const amqp::MethodCall& call);
  void check_protocol_header(std::string_view& bytes);
  void send_start();
  void start_ok(const amqp::MethodCall& call);
  void tune_ok(const amqp::MethodCall& call);
  void open_vhost(const amqp::MethodCall& call);

  Channel& channel(std::uint16_t number);
  void forget_channel(std::uint16_t number);
  void channel_frame(const amqp::Frame& frame);
  void channel_method(const amqp::Frame& frame);
  bool refuses_arguments(const amqp::MethodCall& call, std::string_view bytes);
  void carry_out(std::uint16_t number, Channel& channel, const amqp::MethodCall& call);
  void begin_content(Channel& channel, const amqp::MethodCall& call);
  void content_frame(const amqp::Frame& frame, Channel& channel);
  void content_header(const amqp::Frame& frame, Channel& channel);
  void content_body(const amqp::Frame& frame, Channel& channel);
  void complete(std::uint16_t number, Channel& channel, std::string_view body);
  void drop_content(Content& content);

  void wait_for_alarm();
  void send_content(const ClientEvent& event, std::string_view properties, std::string_view body);
  void send_confirm(Channel& channel, const ClientEvent& event);
  void told_on_channel(const ClientEvent& event, std::string_view properties, std::string_view body);

  BrokerPort& port_;
  AmqpConfig config_;
  std::function<void()> output_grew_;
  ClientId client_;
  std::string name_, user_;
  State state_ = State::protocol_header;
  Fate fate_ = Fate::goes_on;
  bool connected_ = false;  // The model knows us.
  bool understands_cancel_ = false, understands_blocked_ = false, understands_refusal_ = false;
  std::string alarm_;       // Why whoever publishes has to wait; empty: nobody has.
  bool blocked_ = false;    // We do, since we have published.
  std::string aside_;       // What arrived behind that.
  bool receiving_ = false;  // In received(): its end tells of all that is to be sent.
  std::string protocol_header_;
  bool cannot_read_on_ = false;  // Where frames begin is lost; only close-ok can still be made out.
  std::string last_heard_;
  amqp::FrameReader frames_;
  std::uint32_t frame_max_ = 4096;
  std::uint16_t channel_max_ = 0, heartbeat_ = 0;

  std::map<std::uint16_t, Channel> channels_;
  std::uint16_t last_number_ = 0;  // The channel used last, so that a stream of messages needs no search; 0: none.
  Channel* last_channel_ = nullptr;
  std::uint64_t unfinished_ = 0;  // Bytes of all contents.

  std::string output_;
  LastAck last_ack_;

  std::int64_t started_ = -1, closing_since_ = -1, last_received_ = 0, last_sent_ = 0;  // ns; -1: not yet ticked.
  bool received_since_tick_ = false, sent_since_tick_ = false;
};

}  // namespace premortem::fakes
