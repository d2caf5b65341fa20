#pragma once
// SCRAM-SHA-256, the server's half of a conversation. Sources: RFC 5802, RFC 7677; MongoDB specifications, auth.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace premortem::fakes::mongo {

/// Name and password.
using Users = std::vector<std::pair<std::string, std::string>>;

/// One conversation. Texts are those of the RFC, without the BSON around them.
class Scram {
 public:
  static constexpr int iterations = 15'000;

  /// `nonce`: the server's part, printable, without commas; `salt`: bytes of its own for each user.
  Scram(const Users& users, std::string nonce, std::string salt)
      : users_(users), nonce_(std::move(nonce)), salt_(std::move(salt)) {}

  /// The answer to the client's first or final message; nothing: authentication has failed.
  std::optional<std::string> answer(std::string_view message);
  bool is_done() const { return step_ == 2; }
  const std::string& user() const { return user_; }

 private:
  std::optional<std::string> first(std::string_view message);
  std::optional<std::string> final(std::string_view message);

  const Users& users_;
  std::string nonce_, salt_, user_, password_;
  std::string client_first_bare_, server_first_, whole_nonce_;
  int step_ = 0;
};

}  // namespace premortem::fakes::mongo
