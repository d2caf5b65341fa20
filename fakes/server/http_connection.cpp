// Reading requests and writing answers with Boost.Beast.

#include "fakes/server/http_connection.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

namespace premortem::fakes {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t header_max = 16 * 1024;
constexpr std::size_t first_read = 4 * 1024;
constexpr auto http_lingering_max = std::chrono::seconds(2);
constexpr std::string_view methods = "GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS";
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string text(beast::string_view view) { return {view.data(), view.size()}; }
beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<HttpOwner> owner, Socket socket, std::uint64_t number)
    : owner_(std::move(owner)), stream_(std::move(socket)), number_(number) {
  Error ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

template <class Next>
auto HttpConnection::then(Next next) {
  return [self = shared_from_this(), next](const Error& error, std::size_t size = 0) {
    if (!self->closed_) next(*self, error, size);
  };
}

void HttpConnection::start(const std::optional<HttpResponse>& refusal) {
  if (refusal) return send(*refusal, false);
  await_request();
}

void HttpConnection::await_request() {
  works_ = false;
  if (buffer_.size() > 0) return read_header();  // Sent together with the request before.
  stream_.expires_after(owner_->spec().idle_max);
  stream_.async_read_some(buffer_.prepare(first_read),
                          then([](HttpConnection& self, const Error& error, std::size_t size) {
                            if (error) return self.close();
                            self.buffer_.commit(size);
                            self.read_header();
                          }));
}

void HttpConnection::read_header() {
  works_ = true;
  head_ = false;
  parser_.emplace();
  parser_->header_limit(header_max);
  parser_->body_limit(owner_->spec().body_max);
  stream_.expires_after(owner_->spec().request_max);
  http::async_read_header(stream_, buffer_, *parser_,
                          then([](HttpConnection& self, const Error& error, std::size_t) { self.on_header(error); }));
}

void HttpConnection::on_header(const Error& error) {
  if (error) return refuse(error);
  if (parser_->is_done() || !beast::iequals(parser_->get()[http::field::expect], "100-continue")) return read_body();
  // The client waits for leave to send a large body.
  asio::async_write(stream_, asio::buffer(go_on), then([](HttpConnection& self, const Error& failed, std::size_t) {
                      if (failed) return self.close();
                      self.read_body();
                    }));
}

void HttpConnection::read_body() {
  http::async_read(stream_, buffer_, *parser_,
                   then([](HttpConnection& self, const Error& error, std::size_t) { self.on_request(error); }));
}

void HttpConnection::on_request(const Error& error) {
  if (error) return refuse(error);
  owner_->moved();
  keep_alive_ = parser_->get().keep_alive();
  waits_for_ = ++requests_;
  HttpRequest request;
  if (!take_apart(request)) return;
  const std::uint64_t number = waits_for_;
  try {
    owner_->handle(request, HttpResponder(weak_from_this(), number_, number));
  } catch (const std::exception& failed) {
    if (awaits(number)) answer(http_error(500, "internal_error", failed.what()));
  }
  if (!awaits(number)) return;
  works_ = false;
  stream_.expires_never();
  watch_for_hang_up();
}

/// Without reading: what the peer sends behind its request stays where it is, and ends the look-out.
void HttpConnection::watch_for_hang_up() {
  if (watches_) return;
  watches_ = true;
  stream_.socket().async_wait(Socket::wait_read, then([](HttpConnection& self, const Error& error, std::size_t) {
                                self.watches_ = false;
                                if (error) return self.close();
                                if (self.waits_for_ == 0) return;
                                char byte = 0;
                                const int descriptor = self.stream_.socket().native_handle();
                                const auto seen = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
                                if (seen > 0) return;
                                if (seen == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return self.close();
                                // It was the request itself that was seen, since the one before was looked out for.
                                self.watch_for_hang_up();
                              }));
}

void HttpConnection::answer(const HttpResponse& response) {
  waits_for_ = 0;
  send(response, keep_alive_);
}

void HttpConnection::refuse(const Error& error) {
  if (error == http::error::body_limit) {
    return send(
        http_error(413, "payload_too_large", "a body may have " + std::to_string(owner_->spec().body_max) + " bytes"),
        false);
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return send(http_error(431, "headers_too_large", "the header may have " + std::to_string(header_max) + " bytes"),
                false);
  }
  const bool rubbish = error.category() == http::make_error_code(http::error::bad_method).category() &&
                       error != http::error::end_of_stream && error != http::error::partial_message;
  if (!rubbish) return close();  // The peer has gone, or takes too long.
  send(http_error(400, "bad_request", "this is not HTTP: " + error.message()), false);
}

bool HttpConnection::take_apart(HttpRequest& request) {
  auto& message = parser_->get();
  head_ = message.method() == http::verb::head;
  request.method = head_ ? "GET" : text(message.method_string());
  if (message.method() == http::verb::options) {
    HttpResponse response{.status = 204, .body = {}, .content_type = {}, .headers = {}};
    response.headers.emplace_back("Allow", methods);
    answer(response);
    return false;
  }
  if (!parse_target({message.target().data(), message.target().size()}, request)) {
    answer(http_error(400, "bad_request", "the target cannot be decoded"));
    return false;
  }
  for (const auto& field : message) request.headers.emplace_back(text(field.name_string()), text(field.value()));
  request.body = std::move(message.body());
  return true;
}

void HttpConnection::send(const HttpResponse& response, bool keep_alive) {
  works_ = true;
  message_ = Message();
  message_.result(static_cast<unsigned>(response.status));
  if (parser_ && parser_->is_header_done()) message_.version(parser_->get().version());
  message_.set(http::field::server, "premortem");
  for (const auto& [name, value] : response.headers) message_.insert(view(name), view(value));
  const bool may_have_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (may_have_body) {
    if (!response.content_type.empty()) message_.set(http::field::content_type, view(response.content_type));
    message_.content_length(response.body.size());
    if (!head_) message_.body() = response.body;
  }
  message_.keep_alive(keep_alive);
  stream_.expires_after(owner_->spec().request_max);
  http::async_write(stream_, message_, then([keep_alive](HttpConnection& self, const Error& error, std::size_t) {
                      if (error) return self.close();
                      self.unacknowledged_ = true;
                      self.owner_->moved();
                      if (keep_alive) return self.await_request();
                      self.works_ = false;
                      Error ignored;
                      self.stream_.socket().shutdown(Socket::shutdown_send, ignored);
                      self.stream_.expires_after(http_lingering_max);
                      self.linger();
                    }));
}

bool HttpConnection::is_busy() {
  if (works_) return true;
  const int descriptor = stream_.socket().native_handle();
  int held = 0;
  if (unacknowledged_ && ::ioctl(descriptor, SIOCOUTQ, &held) == 0 && held > 0) return true;
  unacknowledged_ = false;
  if (waits_for_ != 0) return false;  // What comes behind a request is read when that has its answer.
  pollfd here{descriptor, POLLIN, 0};
  return ::poll(&here, 1, 0) > 0;
}

/// Closing with unread bytes would reset the connection and could take the answer from the peer: reads to its end.
void HttpConnection::linger() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(first_read), then([](HttpConnection& self, const Error& error, std::size_t) {
                            if (error) return self.close();
                            self.linger();
                          }));
}

void HttpConnection::close() {
  if (closed_) return;
  closed_ = true;
  works_ = false;
  const std::shared_ptr<HttpConnection> self = shared_from_this();
  stream_.close();
  owner_->ended(number_);
}

void HttpResponder::answer(const HttpResponse& response) const {
  const std::shared_ptr<HttpConnection> connection = connection_.lock();
  if (connection && connection->awaits(request_)) connection->answer(response);
}

void HttpResponder::cut() const {
  const std::shared_ptr<HttpConnection> connection = connection_.lock();
  if (connection && connection->awaits(request_)) connection->close();
}

bool HttpResponder::is_awaited() const {
  const std::shared_ptr<HttpConnection> connection = connection_.lock();
  return connection && connection->awaits(request_);
}

}  // namespace premortem::fakes
