// Accepting HTTP connections and keeping count of them.

#include "fakes/server/http_server.hpp"

#include <poll.h>

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <utility>

#include "fakes/server/http_connection.hpp"

namespace premortem::fakes {

namespace asio = boost::asio;
using boost::system::error_code;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

class HttpServer::State final : public HttpOwner, public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& io, Spec the_spec, LateHttpHandler the_handler)
      : acceptor(open_acceptor(io, the_spec.host, the_spec.port)),
        retry(io.get_executor()),
        spec_(std::move(the_spec)),
        handler_(std::move(the_handler)) {}

  const Spec& spec() const override { return spec_; }
  void handle(const HttpRequest& request, const HttpResponder& responder) override { handler_(request, responder); }
  void moved() override { last_traffic = std::chrono::steady_clock::now(); }
  void ended(std::uint64_t connection) override { connections.erase(connection); }

  void accept();
  void accepted(Socket socket);
  void stop();

  Acceptor acceptor;
  Timer retry;
  std::map<std::uint64_t, std::shared_ptr<HttpConnection>> connections;
  std::chrono::steady_clock::time_point last_traffic;

 private:
  Spec spec_;
  LateHttpHandler handler_;
  std::uint64_t last_connection_ = 0;
};

void HttpServer::State::accept() {
  acceptor.async_accept([self = shared_from_this()](const error_code& error, Socket socket) {
    if (!self->acceptor.is_open()) return;
    if (!error) {
      self->accepted(std::move(socket));
      return self->accept();
    }
    // Out of descriptors, say: trying again at once would be a busy loop.
    self->retry.expires_after(std::chrono::milliseconds(250));
    self->retry.async_wait([self](const error_code& cancelled) {
      if (!cancelled && self->acceptor.is_open()) self->accept();
    });
  });
}

void HttpServer::State::accepted(Socket socket) {
  close_on_exec(socket.native_handle());
  moved();
  const std::uint64_t number = ++last_connection_;
  const auto connection = std::make_shared<HttpConnection>(shared_from_this(), std::move(socket), number);
  std::optional<HttpResponse> refusal;
  if (connections.size() >= spec_.connections_max) {
    refusal = http_error(503, "too_many_connections", std::to_string(connections.size()) + " are open already");
  }
  connections.emplace(number, connection);
  connection->start(refusal);
}

void HttpServer::State::stop() {
  error_code ignored;
  acceptor.close(ignored);
  retry.cancel();
  for (const auto& entry : std::exchange(connections, {})) entry.second->close();
}

HttpServer::HttpServer(asio::io_context& io, Spec spec, HttpHandler handler)
    : HttpServer(io, std::move(spec),
                 LateHttpHandler([handler = std::move(handler)](const HttpRequest& request, const HttpResponder& back) {
                   back.answer(handler(request));
                 })) {}

HttpServer::HttpServer(asio::io_context& io, Spec spec, LateHttpHandler handler)
    : state_(std::make_shared<State>(io, std::move(spec), std::move(handler))) {
  state_->accept();
}

HttpServer::~HttpServer() { state_->stop(); }

std::uint16_t HttpServer::port() const {
  error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

bool HttpServer::idle() const {
  for (const auto& entry : state_->connections) {
    if (entry.second->works()) return false;
  }
  return true;
}

bool HttpServer::idle(std::string& why) const {
  for (const auto& entry : state_->connections) {
    if (!entry.second->is_busy()) continue;
    why = "HTTP connection " + std::to_string(entry.first) + " on port " + std::to_string(port()) +
          ": a request or an answer is under way";
    return false;
  }
  pollfd entry{state_->acceptor.native_handle(), POLLIN, 0};
  if (::poll(&entry, 1, 0) <= 0) return true;
  why = "a connection waits to be accepted on port " + std::to_string(port());
  return false;
}

std::size_t HttpServer::connection_count() const { return state_->connections.size(); }

std::chrono::steady_clock::time_point HttpServer::last_traffic() const { return state_->last_traffic; }

}  // namespace premortem::fakes
