#pragma once
// Between the sessions of MongoDB's protocol and a simulated document store: commands one way, answers the other.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fakes/pacing/pacer.hpp"
#include "fakes/wire/mongo/mongo_session.hpp"

namespace premortem::fakes {

/// Of one store of the scenario.
class MongoGateway final : public StorePort {
 public:
  /// `pacer` must outlive it.
  MongoGateway(Pacer& pacer, std::uint16_t store) : pacer_(pacer), store_(store) {}

  /// Hears what every connection says and is told, a line a message.
  void set_transcript(std::function<void(const std::string& line)> transcript) { transcript_ = std::move(transcript); }
  /// A session for a new connection, which tells the gateway when it ends.
  std::unique_ptr<WireSession> new_session(MongoConfig config, std::function<void()> output_grew);

  std::uint32_t new_client() override;
  Topology topology() const override;
  bool strikes_handshake(std::uint32_t client, std::string_view command) override;
  bool is_stalled(std::uint32_t client) const override;
  void introduced(std::uint32_t client, std::string_view application, std::string_view metadata) override;
  void topology_told(std::uint32_t client, std::uint64_t changes) override;
  void command(std::uint32_t client, std::int32_t request, bool wants_reply, std::string_view bytes) override;
  void gone(std::uint32_t client) override;

  /// What the store says; client 0: every connection.
  void answered(const StoreEvent& event);
  /// Lets sessions that wait for a change of the topology know of one.
  void watch_topology();
  /// Whether the topology is another than watch_topology() has seen.
  bool has_news() const;
  /// Whether there is a primary of which no client has heard: drivers that look for one do so twice a second of wall
  /// time, which would be hours of a simulation that does not wait. Those that listen hear of it at once.
  bool has_untold_primary() const;
  /// Whether a command is under way that only time, or another program, brings to its end.
  bool waits() const;

 private:
  class Joined;
  class Transcribed;

  Pacer& pacer_;
  std::uint16_t store_;
  std::function<void(const std::string& line)> transcript_;
  /// The number by which the simulation knows a connection: given when it first asks for something, so that those which
  /// only watch the server, and come when they like, count for nothing.
  std::uint32_t number_of(std::uint32_t connection);

  struct Connection {
    Joined* session = nullptr;
    std::uint32_t number = 0;  ///< 0: none yet.
    std::string application;
  };
  std::vector<Connection> connections_ = {{}};  ///< By the number that new_client() gave.
  std::vector<std::uint32_t> by_number_ = {0};  ///< From the simulation's numbers to those.
  std::uint64_t seen_changes_ = 0, told_changes_ = 0;
  std::int64_t changed_at_ = 0;  ///< Wall time.
};

}  // namespace premortem::fakes
