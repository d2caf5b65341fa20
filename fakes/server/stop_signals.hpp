#pragma once
// Ctrl-C and kill, as a call on the io_context instead of an end of the process.

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;  // Its header takes a second to compile.
}

namespace premortem::fakes {

/// While it lives, SIGINT and SIGTERM call `stop` with their number, each time; afterwards they end the process again.
class StopSignals {
 public:
  StopSignals(boost::asio::io_context& io, std::function<void(int number)> stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace premortem::fakes
