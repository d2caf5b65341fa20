#pragma once
// A session that sends back what it gets, and what a test can make it do besides.

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakes/server/tcp_server.hpp"

namespace premortem::test {

/// What happened to a session; outlives it.
struct EchoLog {
  std::string received;
  int gone = 0;
  int ticks = 0;
  int shut_downs = 0;
  bool destroyed = false;
};

/// "quit" closes, "abort" aborts, "flood" answers with eight million bytes instead; everything else comes back.
class EchoSession : public fakes::WireSession {
 public:
  EchoSession(std::shared_ptr<EchoLog> log, std::function<void()> grew)
      : grew_(std::move(grew)), log_(std::move(log)) {}
  ~EchoSession() override { log_->destroyed = true; }

  void received(std::string_view bytes) override {
    log_->received += bytes;
    if (on_received) on_received(bytes);
    if (bytes == "flood") {
      output_.append(8'000'000, 'x');
    } else {
      output_ += bytes;
    }
    if (bytes == "quit") fate_ = Fate::closes;
    if (bytes == "abort") fate_ = Fate::aborts;
  }
  void peer_gone() override { ++log_->gone; }
  std::int64_t tick(std::int64_t) override {
    ++log_->ticks;
    return std::numeric_limits<std::int64_t>::max();
  }
  void shut_down() override {
    ++log_->shut_downs;
    output_ += "goodbye";
    fate_ = Fate::closes;
  }
  std::string& output() override { return output_; }
  Fate fate() const override { return fate_; }
  bool reads() const override { return reads_; }
  bool is_busy(std::string& why) const override {
    why = busy;
    return !busy.empty();
  }

  void push(std::string_view bytes) {
    output_ += bytes;
    grew_();
  }
  void set_reads(bool value) {
    reads_ = value;
    grew_();
  }

  std::string busy;
  std::function<void(std::string_view)> on_received;

 private:
  std::function<void()> grew_;
  std::shared_ptr<EchoLog> log_;
  std::string output_;
  Fate fate_ = Fate::goes_on;
  bool reads_ = true;
};

}  // namespace premortem::test
