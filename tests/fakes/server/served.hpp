#pragma once
// A small scenario that is served without sockets: a test asks its management API and its control endpoint while it
// runs, on a clock that stands still until the test puts it forward.

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fakes/server/amqp/management.hpp"
#include "fakes/server/control.hpp"
#include "sim/scenario/load.hpp"

namespace premortem::test {

class Served {
 public:
  /// A queue "jobs" with an exchange "events" that leads to it for "job.#", from 2021-01-04 00:00 to 24:00 UTC.
  Served();

  /// Runs it; `story` has its turn at the beginning, after which it is stopped. The digest.
  std::string during(const std::function<void()>& story);
  /// The session that during() kept, once more: its digest.
  std::string replayed() const;

  /// As the user guest, unless the request brings credentials of its own.
  fakes::HttpResponse manage(const std::string& method, const std::string& target, const std::string& body = "",
                             std::vector<std::pair<std::string, std::string>> headers = {});
  fakes::HttpResponse control(const std::string& method, const std::string& target, const std::string& body = "");
  /// A client without a session.
  void ask(BrokerRequest::Kind kind, const std::function<void(BrokerRequest&)>& fill = {});

  boost::asio::io_context io;
  std::shared_ptr<const CompiledScenario> scenario;
  std::unique_ptr<fakes::Outside> outside;
  fakes::Pacer pacer;
  fakes::AmqpGateway gateway{pacer, {{"guest", "guest"}}};
  fakes::Management management;
  fakes::Control controls{pacer};
  std::string session;
};

}  // namespace premortem::test
