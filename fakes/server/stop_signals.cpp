// Signals through Asio, which does nothing in the handler itself but write to a pipe.

#include "fakes/server/stop_signals.hpp"

#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <utility>

namespace premortem::fakes {

class StopSignals::State : public std::enable_shared_from_this<State> {
 public:
  State(boost::asio::io_context& io, std::function<void(int)> the_stop)
      : signals(io, SIGINT, SIGTERM), stop(std::move(the_stop)) {}

  void wait() {
    signals.async_wait([self = shared_from_this()](const boost::system::error_code& error, int number) {
      if (error || self->stopped) return;
      self->wait();  // First: `stop` may destroy us.
      self->stop(number);
    });
  }

  boost::asio::signal_set signals;
  std::function<void(int)> stop;
  bool stopped = false;
};

StopSignals::StopSignals(boost::asio::io_context& io, std::function<void(int)> stop)
    : state_(std::make_shared<State>(io, std::move(stop))) {
  state_->wait();
}

StopSignals::~StopSignals() {
  boost::system::error_code ignored;
  state_->stopped = true;
  state_->signals.cancel(ignored);
  state_->signals.clear(ignored);
}

}  // namespace premortem::fakes
