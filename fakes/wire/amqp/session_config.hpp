#pragma once
// What can be set about AMQP connections. The defaults are RabbitMQ's.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes {

/// What one connection may cost. Times are of the wall clock, ns.
struct AmqpLimits {
  std::uint32_t max_frame = 131072;  ///< Offered in connection.tune; at least 4096.
  std::uint16_t channel_max = 2047;  ///< As RabbitMQ counts: channels open at once, not the highest number.
  std::uint16_t heartbeat = 60;      ///< Seconds, offered; the client decides.
  std::int64_t handshake_timeout = 10'000'000'000;
  std::int64_t close_timeout = 3'000'000'000;         ///< How long connection.close-ok is waited for.
  std::size_t max_pending_output = 64 * 1024 * 1024;  ///< Bytes unsent; beyond them nothing more is read.
  std::uint64_t max_message_size = 134'217'728;       ///< Of a body. 4.x: 16 MiB.
  std::uint64_t max_unfinished = 512 * 1024 * 1024;   ///< Bytes of all messages that are still on their way in.
};

struct AmqpConfig {
  int version = 3013;  ///< 3010, 3013, 4000, 4200, 4300: as in BrokerSpec.
  std::string cluster_name = "premortem@localhost";
  AmqpLimits limits;
  std::uint16_t peer_port = 0;  ///< For people, where a client does not name itself.
  /// Confirms that stand next to each other in the output become one with multiple=true. RabbitMQ does so by chance.
  bool join_confirms = false;
};

/// "3.13.7" of 3013: clients branch on it.
std::string_view version_text(int version);

}  // namespace premortem::fakes
