#pragma once
// What goes wrong when a server wants a port.

#include <stdexcept>
#include <string>
#include <utility>

namespace premortem::fakes {

/// A port cannot be listened on: it is taken, not permitted, or the host is no address of this machine. what() is one
/// sentence for people that names host and port. The command ends with exit code 2.
class ListenError : public std::runtime_error {
 public:
  explicit ListenError(const std::string& text, std::string protocol = {})
      : std::runtime_error(text), protocol_(std::move(protocol)) {}
  /// Who wanted to listen: "amqp", as Harness::Address::protocol; empty: nobody has said.
  const std::string& protocol() const { return protocol_; }

 private:
  std::string protocol_;
};

}  // namespace premortem::fakes
