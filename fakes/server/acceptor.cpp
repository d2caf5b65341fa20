// Opening a listening socket, and saying in words why it could not be.

#include "fakes/server/acceptor.hpp"

#include <fcntl.h>

#include "fakes/server/listen_error.hpp"

namespace premortem::fakes {

namespace asio = boost::asio;

namespace {

[[noreturn]] void refuse(const std::string& host, std::uint16_t port, const boost::system::error_code& error) {
  std::string why = error.message();
  if (error == asio::error::address_in_use) why = "another process listens there already";
  if (error == asio::error::access_denied) why = "this user may not listen there";
  throw ListenError("cannot listen on port " + std::to_string(port) + " of " + host + ": " + why);
}

}  // namespace

void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

Acceptor open_acceptor(asio::io_context& io, const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) throw ListenError("cannot listen on port " + std::to_string(port) + ": \"" + host + "\" is no IP address");
  const asio::ip::tcp::endpoint endpoint(address, port);
  Acceptor acceptor(io.get_executor());
  acceptor.open(endpoint.protocol(), error);
  if (error) refuse(host, port, error);
  close_on_exec(acceptor.native_handle());
  // Without it the port stays taken for a minute after a run whose connections we closed first.
  acceptor.set_option(Acceptor::reuse_address(true), error);
  acceptor.bind(endpoint, error);
  if (error) refuse(host, port, error);
  acceptor.listen(Acceptor::max_listen_connections, error);
  if (error) refuse(host, port, error);
  return acceptor;
}

}  // namespace premortem::fakes
