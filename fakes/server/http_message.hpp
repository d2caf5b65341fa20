#pragma once
// HTTP as a handler sees it: a request taken apart, an answer to be sent. No sockets, no library.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace premortem::fakes {

struct HttpRequest {
  std::string method;             ///< "GET", "PUT", ...; HEAD is handed on as GET, and its answer sent without a body.
  std::vector<std::string> path;  ///< Percent-decoded: "/api/queues/%2F/jobs" is {"api", "queues", "/", "jobs"}.
  std::vector<std::pair<std::string, std::string>> query;    ///< Decoded, in order; "+" is a space.
  std::vector<std::pair<std::string, std::string>> headers;  ///< As sent, in order.
  std::string body;

  /// The first header of that name, whatever its case; empty: there is none.
  std::string_view header(std::string_view name) const;
  /// The first value of that query parameter; nullopt: it is not given.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  ///< Further ones.
};

/// {"error": error, "reason": reason}, as RabbitMQ's management API words its refusals.
HttpResponse http_error(int status, std::string_view error, std::string_view reason);

/// Decodes %XX; nullopt: a % without two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

/// Fills path and query; false: `target` is not one that a server can understand.
bool parse_target(std::string_view target, HttpRequest& request);

struct Credentials {
  std::string user;
  std::string password;
};

/// From the header Authorization: "Basic dXNlcjpwYXNz". nullopt: absent, another scheme, or rubbish.
std::optional<Credentials> basic_credentials(const HttpRequest& request);

}  // namespace premortem::fakes
