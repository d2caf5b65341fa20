#include "cli/stop.hpp"

#include <csignal>

namespace premortem::cli {

namespace {

std::atomic<bool> stopped{false};
volatile std::sig_atomic_t stopping_signal = 0;

void on_stop(int signal) {
  stopping_signal = signal;
  stopped = true;
}

}  // namespace

const std::atomic<bool>& listen_for_stop() {
  struct sigaction action = {};
  action.sa_handler = on_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return stopped;
}

const char* stopped_by() { return stopping_signal == SIGTERM ? "SIGTERM" : "SIGINT"; }
int stopped_exit_code() { return 128 + (stopping_signal == SIGTERM ? SIGTERM : SIGINT); }

}  // namespace premortem::cli
