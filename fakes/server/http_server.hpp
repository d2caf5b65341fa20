#pragma once
// A small HTTP/1.1 server on the caller's io_context. Handlers run there, one at a time, and answer at once or later.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fakes/server/http_message.hpp"
#include "fakes/server/listen_error.hpp"

namespace boost::asio {
class io_context;  // Its header takes a second to compile.
}

namespace premortem::fakes {

/// What it throws is answered with 500 and its words.
using HttpHandler = std::function<HttpResponse(const HttpRequest& request)>;

class HttpConnection;

/// The way back to whoever has sent one request. Copies mean the same request: its first answer counts. Does nothing
/// when the peer has hung up meanwhile, or the server is no more.
class HttpResponder {
 public:
  HttpResponder(std::weak_ptr<HttpConnection> connection, std::uint64_t number, std::uint64_t request)
      : connection_(std::move(connection)), number_(number), request_(request) {}

  void answer(const HttpResponse& response) const;
  /// Breaks the connection, without an answer.
  void cut() const;
  /// Whether somebody still waits for the answer.
  bool is_awaited() const;
  /// Which connection of its server it is, from 1.
  std::uint64_t connection() const { return number_; }

 private:
  std::weak_ptr<HttpConnection> connection_;
  std::uint64_t number_ = 0;   ///< Of the connection.
  std::uint64_t request_ = 0;  ///< Which of the connection's requests it is.
};

/// Answers by the responder, in this call or as late as it likes. What it throws is answered as above.
using LateHttpHandler = std::function<void(const HttpRequest& request, const HttpResponder& responder)>;

/// Answers itself, with http_error(): 400 to rubbish, 413 to a body over the limit, 431 to headers over 16 KiB, 503
/// when too many connections are open; and OPTIONS with the methods that there are. Connections are kept alive as HTTP
/// has it.
class HttpServer {
 public:
  struct Spec {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                   ///< 0: any free one.
    std::size_t body_max = 16 * 1024 * 1024;  ///< Bytes.
    std::size_t connections_max = 1'024;
    std::chrono::milliseconds request_max{30'000};  ///< From a request's first byte to its last, and to send an answer.
    std::chrono::milliseconds idle_max{120'000};    ///< Between two requests.
  };

  /// Listens at once: throws ListenError. `io` must outlive the server.
  HttpServer(boost::asio::io_context& io, Spec spec, HttpHandler handler);
  HttpServer(boost::asio::io_context& io, Spec spec, LateHttpHandler handler);
  /// Closes everything at once; allowed inside the handler.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// Whether no request is under way: neither being read nor being sent its answer. One that waits for a late answer
  /// does not count.
  bool idle() const;
  /// The same, also with what has come and is still unread, or lies unread at the peer; then `why` says so, for people.
  bool idle(std::string& why) const;
  std::size_t connection_count() const;
  /// When a request or an answer last came or went, or a connection came.
  std::chrono::steady_clock::time_point last_traffic() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace premortem::fakes
