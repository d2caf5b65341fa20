// Requests as bytes over real loopback sockets, and how targets and credentials are taken apart.

#include "fakes/server/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "tests/fakes/server/loopback.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using premortem::fakes::HttpRequest;
using premortem::fakes::HttpResponse;
using premortem::fakes::HttpServer;
using premortem::test::Peer;

namespace {

/// Answers with what it has understood: "GET api,queues,/ page=2 [body]".
HttpResponse describe(const HttpRequest& request) {
  if (request.path == std::vector<std::string>{"broken"}) throw std::runtime_error("the handler failed");
  std::string text = request.method + " ";
  for (const auto& part : request.path) text += part + ",";
  for (const auto& [name, value] : request.query) text += " " + name + "=" + value;
  return {.status = 200, .body = text + " [" + request.body + "]", .content_type = "text/plain", .headers = {}};
}

struct Web {
  explicit Web(HttpServer::Spec spec = {}) : server(io, std::move(spec), describe), peer(server.port()) {}

  bool until_text(const std::string& end) {
    return test::run_until(io, [&] {
      peer.read();
      return peer.text.ends_with(end);
    });
  }
  bool until_end() {
    return test::run_until(io, [&] {
      peer.read();
      return peer.ended;
    });
  }

  boost::asio::io_context io;
  HttpServer server;
  Peer peer;
};

HttpRequest parsed(std::string_view target) {
  HttpRequest request;
  REQUIRE(fakes::parse_target(target, request));
  return request;
}

}  // namespace

TEST_CASE("several requests on one connection, also sent together, are answered in order", "[http_server]") {
  Web web;
  web.peer.send("GET /api/queues/%2F?page=2 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(web.until_text("GET api,queues,/, page=2 []"));
  CHECK(web.peer.text ==
        "HTTP/1.1 200 OK\r\nServer: premortem\r\nContent-Type: text/plain\r\nContent-Length: 27\r\n\r\n"
        "GET api,queues,/, page=2 []");
  web.peer.send(
      "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
      "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  REQUIRE(web.until_end());
  CHECK(web.peer.text.find("PUT a, [body]") != std::string::npos);
  CHECK(web.peer.text.ends_with("POST b, [abc]"));
  CHECK(web.server.idle());
}

TEST_CASE("HTTP/1.0 closes after its answer", "[http_server]") {
  Web web;
  web.peer.send("GET / HTTP/1.0\r\n\r\n");
  REQUIRE(web.until_end());
  CHECK(web.peer.text.find("HTTP/1.0 200 OK\r\n") == 0);
  CHECK(web.peer.text.ends_with("GET  []"));
}

TEST_CASE("HEAD has the length without the body; OPTIONS names the methods", "[http_server]") {
  Web web;
  web.peer.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nOPTIONS /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  REQUIRE(web.until_end());
  CHECK(web.peer.text ==
        "HTTP/1.1 200 OK\r\nServer: premortem\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"
        "HTTP/1.1 204 No Content\r\nServer: premortem\r\nAllow: GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS\r\n"
        "Connection: close\r\n\r\n");
}

TEST_CASE("a client that waits for leave to send its body gets it", "[http_server]") {
  Web web;
  web.peer.send("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  REQUIRE(web.until_text("HTTP/1.1 100 Continue\r\n\r\n"));
  CHECK_FALSE(web.server.idle());
  web.peer.send("body");
  REQUIRE(web.until_text("PUT a, [body]"));
}

TEST_CASE("what is no request is refused with a reason, and the connection closed", "[http_server]") {
  Web web({.host = "127.0.0.1", .port = 0, .body_max = 10});
  std::string status;
  std::string body;
  SECTION("rubbish") {
    web.peer.send("\x01\x02 rubbish\r\n\r\n");
    status = "HTTP/1.1 400 Bad Request\r\n";
    body = "{\"error\":\"bad_request\",\"reason\":\"this is not HTTP: bad method\"}";
  }
  SECTION("a body over the limit") {
    web.peer.send("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world");
    status = "HTTP/1.1 413 Payload Too Large\r\n";
    body = "{\"error\":\"payload_too_large\",\"reason\":\"a body may have 10 bytes\"}";
  }
  SECTION("headers over the limit") {
    web.peer.send("GET /a HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
    status = "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    body = "{\"error\":\"headers_too_large\",\"reason\":\"the header may have 16384 bytes\"}";
  }
  REQUIRE(web.until_text(body));
  CHECK(web.peer.text.find(status) == 0);
  CHECK(web.peer.text.find("Connection: close\r\n") != std::string::npos);
  REQUIRE(web.until_end());
  CHECK_FALSE(web.peer.was_reset);
}

TEST_CASE("what a handler throws, and a target that cannot be decoded, are answered; the connection goes on",
          "[http_server]") {
  Web web;
  web.peer.send("GET /broken HTTP/1.1\r\nHost: x\r\n\r\nGET /%4 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(web.until_text("{\"error\":\"bad_request\",\"reason\":\"the target cannot be decoded\"}"));
  CHECK(web.peer.text.find("HTTP/1.1 500 Internal Server Error\r\n") == 0);
  CHECK(web.peer.text.find("{\"error\":\"internal_error\",\"reason\":\"the handler failed\"}") != std::string::npos);
  web.peer.send("GET /fine HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(web.until_text("GET fine, []"));
}

TEST_CASE("a client that takes too long with its header is closed; so is one that sends nothing", "[http_server]") {
  HttpServer::Spec spec;
  SECTION("slow") { spec.request_max = std::chrono::milliseconds(50); }
  SECTION("silent") { spec.idle_max = std::chrono::milliseconds(50); }
  const bool slow = spec.request_max == std::chrono::milliseconds(50);
  Web web(spec);
  if (slow) web.peer.send("GET /a HTT");
  REQUIRE(web.until_end());
  CHECK(web.peer.text.empty());
  CHECK(test::run_until(web.io, [&] { return web.server.idle(); }));
}

TEST_CASE("a web server whose port is taken says so", "[http_server]") {
  Web web;
  HttpServer::Spec spec;
  spec.port = web.server.port();
  CHECK_THROWS_AS(HttpServer(web.io, spec, describe), fakes::ListenError);
}

TEST_CASE("connections beyond the limit get 503", "[http_server]") {
  Web web({.host = "127.0.0.1", .port = 0, .body_max = 10, .connections_max = 1});
  web.peer.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(web.until_text("GET a, []"));
  Peer second(web.server.port());
  REQUIRE(test::run_until(web.io, [&] {
    second.read();
    return second.ended;
  }));
  CHECK(second.text.find("HTTP/1.1 503 Service Unavailable\r\n") == 0);
}

TEST_CASE("a late answer comes when it comes, and what was sent behind the request waits", "[http_server]") {
  boost::asio::io_context io;
  std::vector<std::pair<std::string, fakes::HttpResponder>> asked;
  HttpServer::Spec spec;
  spec.request_max = std::chrono::milliseconds(50);  // Means the reading and the sending, not the waiting.
  HttpServer server(io, spec, [&](const HttpRequest& request, const fakes::HttpResponder& responder) {
    asked.emplace_back(request.path.at(0), responder);
  });
  Peer peer(server.port());
  peer.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(test::run_until(io, [&] { return asked.size() == 1; }));
  CHECK(server.idle());
  const auto before = std::chrono::steady_clock::now();
  CHECK(
      test::run_until(io, [&] { return std::chrono::steady_clock::now() > before + std::chrono::milliseconds(100); }));
  CHECK(asked.size() == 1);
  CHECK(asked[0].second.is_awaited());
  asked[0].second.answer({.status = 200, .body = "first", .content_type = "text/plain", .headers = {}});
  asked[0].second.answer({.status = 200, .body = "again", .content_type = "text/plain", .headers = {}});
  REQUIRE(test::run_until(io, [&] { return asked.size() == 2; }));
  CHECK_FALSE(asked[0].second.is_awaited());
  CHECK(asked[1].first == "b");
  asked[0].second.cut();  // It has had its answer.
  asked[1].second.answer({.status = 200, .body = "second", .content_type = "text/plain", .headers = {}});
  REQUIRE(test::run_until(io, [&] {
    peer.read();
    return peer.text.ends_with("second");
  }));
  CHECK(peer.text.find("first") < peer.text.find("second"));
  CHECK(peer.text.find("again") == std::string::npos);
}

TEST_CASE("who waits for a late answer and hangs up is noticed, also when it has been answered before",
          "[http_server]") {
  boost::asio::io_context io;
  std::vector<fakes::HttpResponder> asked;
  HttpServer server(io, {},
                    [&](const HttpRequest&, const fakes::HttpResponder& responder) { asked.push_back(responder); });
  Peer peer(server.port());
  for (const std::size_t answered : {1U, 2U}) {
    peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(test::run_until(io, [&] { return asked.size() == answered; }));
    if (answered == 2) break;
    asked.back().answer({.status = 200, .body = "done", .content_type = "text/plain", .headers = {}});
    REQUIRE(test::run_until(io, [&] {
      peer.read();
      return peer.text.ends_with("done");
    }));
  }
  SECTION("in good order") { peer.close(); }
  SECTION("by a reset") { peer.reset(); }
  REQUIRE(test::run_until(io, [&] { return server.connection_count() == 0; }));
  CHECK_FALSE(asked.back().is_awaited());
  asked.back().answer({.status = 200, .body = "to nobody", .content_type = "text/plain", .headers = {}});
}

TEST_CASE("a handler that answers later may break the connection, or throw", "[http_server]") {
  boost::asio::io_context io;
  HttpServer server(io, {}, [&](const HttpRequest& request, const fakes::HttpResponder& responder) {
    if (request.path.empty()) throw std::runtime_error("the handler failed");
    responder.cut();
  });
  Peer peer(server.port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(test::run_until(io, [&] {
    peer.read();
    return peer.text.ends_with("{\"error\":\"internal_error\",\"reason\":\"the handler failed\"}");
  }));
  peer.send("GET /cut HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(test::run_until(io, [&] {
    peer.read();
    return peer.ended;
  }));
}

TEST_CASE("targets are decoded part by part", "[http_server]") {
  CHECK(parsed("/").path.empty());
  CHECK(parsed("/api/").path == std::vector<std::string>{"api"});
  CHECK(parsed("/a%2Fb//%c3%a4+c?x=1+2&y&z=%26#end").path == std::vector<std::string>{"a/b", "", "\xc3\xa4+c"});
  const HttpRequest request = parsed("/?x=1+2&y&z=%26&x=3");
  CHECK(request.parameter("x") == "1 2");
  CHECK(request.parameter("y") == "");
  CHECK(request.parameter("z") == "&");
  CHECK_FALSE(request.parameter("q").has_value());
  HttpRequest ignored;
  CHECK_FALSE(fakes::parse_target("api", ignored));
  CHECK_FALSE(fakes::parse_target("/%zz", ignored));
  CHECK_FALSE(fakes::parse_target("/?a=%1", ignored));
}

TEST_CASE("basic credentials: a password may hold colons, rubbish is none", "[http_server]") {
  HttpRequest request;
  CHECK_FALSE(fakes::basic_credentials(request).has_value());
  const auto with = [&](const std::string& value) {
    request.headers = {{"authorization", value}};
    return fakes::basic_credentials(request);
  };
  const auto guest = with("Basic Z3Vlc3Q6Z3Vlc3Q=");
  REQUIRE(guest.has_value());
  CHECK(guest->user == "guest");
  CHECK(guest->password == "guest");
  const auto colons = with("basic  YTpiOmM=");
  REQUIRE(colons.has_value());
  CHECK(colons->user == "a");
  CHECK(colons->password == "b:c");
  CHECK_FALSE(with("Bearer Z3Vlc3Q6Z3Vlc3Q=").has_value());
  CHECK_FALSE(with("Basic ????").has_value());
  CHECK_FALSE(with("Basic Z3Vlc3Q=").has_value());
}
