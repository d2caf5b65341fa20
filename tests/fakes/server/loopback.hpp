#pragma once
// The other end of the wire, for tests: a socket without Asio, and the server's loop turned until something holds.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace premortem::test {

/// Runs the loop until `holds`, at most 20 s of it; whether it holds.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& holds);

/// A client's end. Never blocks.
class Peer {
 public:
  explicit Peer(std::uint16_t port);
  ~Peer();
  Peer(Peer&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// How much the system took.
  std::size_t send(std::string_view bytes);
  /// Reads what there is, at most `size`, to the end of text.
  void read(std::size_t size = 1 << 20);
  void finish_sending();
  void close();
  void reset();

  std::string text;    ///< All that was read.
  bool ended = false;  ///< The server has closed.
  bool was_reset = false;

 private:
  int descriptor_;
};

/// As in /proc: 'R', 'S', 'Z', ...; '?': there is no such process.
char process_state(int process);
/// Resident memory of this process, bytes.
std::size_t resident_memory();

}  // namespace premortem::test
