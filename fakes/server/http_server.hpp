#pragma once
// A small HTTP/1.1 server on the caller's io_context. Handlers run there, one at a time, and answer at once.

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
    std::chrono::milliseconds request_max{30'000};  ///< From a request's first byte to its last, and for its answer.
    std::chrono::milliseconds idle_max{120'000};    ///< Between two requests.
  };

  /// Listens at once: throws ListenError. `io` must outlive the server.
  HttpServer(boost::asio::io_context& io, Spec spec, HttpHandler handler);
  /// Closes everything at once; allowed inside the handler.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// Whether no request is under way: neither being read nor being answered.
  bool idle() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace premortem::fakes
