#pragma once
// One HTTP connection: requests one after the other, each answered before the next is read. Internal to HttpServer.

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "fakes/server/acceptor.hpp"
#include "fakes/server/http_server.hpp"

namespace premortem::fakes {

/// What a connection needs of its server.
class HttpOwner {
 public:
  virtual ~HttpOwner() = default;
  virtual const HttpServer::Spec& spec() const = 0;
  /// Sees to an answer, now or later.
  virtual void handle(const HttpRequest& request, const HttpResponder& responder) = 0;
  virtual void ended(std::uint64_t connection) = 0;
  virtual void moved() = 0;  ///< Bytes have come or gone.
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<HttpOwner> owner, Socket socket, std::uint64_t number);
  /// Reads the first request, or answers with that error and closes.
  void start(const std::optional<HttpResponse>& refusal);
  void close();
  /// Between a request's first byte and its answer's last, but for the time in which it waits for a late answer.
  bool works() const { return works_; }
  /// The same, or something has not been read yet, by us or by the peer.
  bool is_busy();
  /// Whether that request of the connection waits for its answer.
  bool awaits(std::uint64_t request) const { return !closed_ && waits_for_ == request; }
  /// REQUIRES: awaits(request).
  void answer(const HttpResponse& response);

 private:
  using Error = boost::system::error_code;
  using Message = boost::beast::http::response<boost::beast::http::string_body>;

  /// A handler that keeps the connection alive and does nothing once it is closed.
  template <class Next>
  auto then(Next next);
  void await_request();
  void read_header();
  void on_header(const Error& error);
  void read_body();
  void on_request(const Error& error);
  void refuse(const Error& error);
  /// False: it is answered already.
  bool take_apart(HttpRequest& request);
  void watch_for_hang_up();
  void send(const HttpResponse& response, bool keep_alive);
  void linger();

  std::shared_ptr<HttpOwner> owner_;
  boost::beast::basic_stream<boost::asio::ip::tcp, Executor> stream_;
  std::uint64_t number_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  Message message_;    // The answer while it is sent.
  bool head_ = false;  // The request's method is HEAD.
  bool works_ = false;
  bool closed_ = false;
  bool keep_alive_ = false;      // As the request that is answered wants it.
  bool watches_ = false;         // A look-out for the peer's hanging up is under way.
  bool unacknowledged_ = false;  // The peer may not have taken the last answer yet.
  std::uint64_t requests_ = 0;   // So many have come.
  std::uint64_t waits_for_ = 0;  // Number of the request that has no answer yet; 0: none.
};

}  // namespace premortem::fakes
