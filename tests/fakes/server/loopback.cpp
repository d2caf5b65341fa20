#include "tests/fakes/server/loopback.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace premortem::test {

bool run_until(boost::asio::io_context& io, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(5));  // Short: what the test waits for may be at the peer's end.
  }
  return true;
}

Peer::Peer(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close();
    throw std::runtime_error("cannot connect");
  }
  ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
}

Peer::~Peer() { close(); }

std::size_t Peer::send(std::string_view bytes) {
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Peer::read(std::size_t size) {
  if (descriptor_ < 0) return;
  std::vector<char> buffer(size);
  const ssize_t got = ::recv(descriptor_, buffer.data(), size, 0);
  if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0) ended = true;
  if (got < 0 && errno == ECONNRESET) ended = was_reset = true;
}

void Peer::finish_sending() { ::shutdown(descriptor_, SHUT_WR); }

void Peer::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

char process_state(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '?' : text[name_end + 2];
}

std::size_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace premortem::test
