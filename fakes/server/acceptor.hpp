#pragma once
// A listening socket, for our servers' own sources: includes Asio, which takes seconds to compile.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

namespace premortem::fakes {

// Bound to io_context's own executor: the default one, any_io_executor, costs an indirect call and memory a handler.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

/// Listens on `host`, an address or "localhost"; port 0 picks a free one. Throws ListenError.
Acceptor open_acceptor(boost::asio::io_context& io, const std::string& host, std::uint16_t port);

/// Children that we start shall not inherit it: they would keep the connection open. Asio does not see to that.
void close_on_exec(int descriptor);

}  // namespace premortem::fakes
