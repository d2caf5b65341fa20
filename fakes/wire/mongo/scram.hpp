#pragma once
// The server's half of SCRAM-SHA-256 (RFC 5802 and 7677), as MongoDB speaks it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace premortem::fakes::mongo {

struct ScramUser {
  std::string name, password;
  std::string database = "admin";  ///< Where it has been made: the driver's authSource.
};

/// What a server keeps of a password.
struct ScramSecret {
  std::string salt, stored_key, server_key;  ///< Bytes, not base64.
  int iterations = 0;
};
ScramSecret make_scram_secret(std::string_view password, std::string_view salt, int iterations);

/// Salts come from the names, so that every run has the same. Made once for all connections: it takes milliseconds.
class ScramUsers {
 public:
  explicit ScramUsers(const std::vector<ScramUser>& users, int iterations = 15000);
  /// With a secret that is there already.
  void add(std::string_view database, std::string_view name, ScramSecret secret);
  /// Null: there is no such user.
  const ScramSecret* find(std::string_view database, std::string_view name) const;
  bool empty() const { return secrets_.empty(); }

 private:
  std::map<std::pair<std::string, std::string>, ScramSecret> secrets_;
};

/// One attempt of a client to prove who it is. Each step gives the answer; nothing: it has failed, and is over.
class ScramConversation {
 public:
  /// `users` may be null, and must outlive it. `nonce`: the server's part.
  ScramConversation(const ScramUsers* users, std::string database, std::string nonce)
      : users_(users), database_(std::move(database)), nonce_(std::move(nonce)) {}

  std::optional<std::string> step(std::string_view payload);
  /// Whether the client has proved it, though it may still have to say so with an empty message.
  bool is_proved() const { return step_ >= 2; }
  /// ... and has said so.
  bool is_done() const { return step_ >= 3; }
  const std::string& user() const { return user_; }
  const std::string& database() const { return database_; }

 private:
  std::optional<std::string> first_step(std::string_view payload);
  std::optional<std::string> second_step(std::string_view payload);

  const ScramUsers* users_;
  std::string database_, nonce_, user_;
  const ScramSecret* secret_ = nullptr;
  std::string said_;  ///< What both sides sign.
  int step_ = 0;
};

/// A nonce that depends on nothing but these numbers.
std::string repeatable_nonce(std::uint32_t client, std::uint64_t attempt);

std::string base64_of(std::string_view bytes);
/// Nothing: it is none.
std::optional<std::string> base64_bytes(std::string_view text);

}  // namespace premortem::fakes::mongo
