#pragma once
// A broker that remembers what it was asked, as text, and answers what the test has told it to.

#include <functional>
#include <string>
#include <vector>

#include "fakes/wire/amqp/amqp_session.hpp"
#include "tests/fakes/wire/amqp/wire_bytes.hpp"

namespace premortem::testing {

class ScriptedPort final : public fakes::BrokerPort {
 public:
  ClientId new_client() override { return ++clients; }
  bool has_vhost(std::string_view vhost) const override { return vhost == "/"; }
  bool accepts(std::string_view user, std::string_view password) const override {
    return user == "guest" && password == "guest";
  }
  void request(const BrokerRequest& request) override;

  ClientId clients = 0;
  std::vector<std::string> requests;  ///< "publish x/k 'body'"; of what is not spelt out only the kind's number.
  std::function<void(const BrokerRequest&)> answer;
};

/// A session and its port. The port opens channels and closes them; everything else is the test's.
struct Client {
  explicit Client(fakes::AmqpConfig config = {});
  /// Sends these bytes, and returns what came back.
  std::string send(std::string_view bytes);
  std::string take();
  /// Up to connection.open-ok, which is not returned.
  void open(int heartbeat = 0, int frame_max = 131072, int channel_max = 2047);
  void open_channel(int number = 1);
  void tell(ClientEvent::Kind kind, const std::function<void(ClientEvent&)>& fill = {},
            std::string_view properties = {}, std::string_view body = {});

  ScriptedPort port;
  int times_grown = 0;
  fakes::AmqpSession session;
};

inline const std::string protocol_header = bytes("AMQP\0\0\x09\x01");
std::string start_ok(std::string_view response = std::string_view("\0guest\0guest", 12),
                     std::string_view mechanism = "PLAIN", bool with_capabilities = true);
std::string tune_ok(int heartbeat = 0, int frame_max = 131072, int channel_max = 2047);
std::string open_vhost(std::string_view vhost = "/");
/// connection.close or channel.close as the server sends it.
std::string close(int channel, int code, std::string_view text, int class_id, int method_id);

}  // namespace premortem::testing
