// Watching a child: two pipes and, for its end, a descriptor of the process itself (pidfd, Linux 5.3).

#include "fakes/server/child_process.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "fakes/server/line_reader.hpp"
#include "fakes/server/spawn.hpp"

namespace premortem::fakes {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

namespace {

constexpr auto drain_max = std::chrono::seconds(1);

}  // namespace

/// The child is not reaped before the destruction: until then its number, which is also its group's, can be nobody
/// else's, so that a signal to it never hits a stranger.
class ChildProcess::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& io, Spec the_spec);
  ~State();
  void start();
  void stop();
  void terminate(std::chrono::milliseconds grace);
  void signal(int number) const { ::kill(-process_, number); }

  pid_t process() const { return process_; }
  bool reported() const { return reported_; }

 private:
  struct Output {
    Stream stream;
    Descriptor pipe;
    LineReader lines;
    std::array<char, 16 * 1024> buffer;
    bool ended = false;
  };

  void read(Output& output);
  void on_read(Output& output, std::string_view bytes);
  void on_ended();
  void report();
  void report_when_drained();
  auto to_line(const Output& output) {
    return [this, stream = output.stream](std::string_view line) {
      if (!stopped_ && !reported_ && spec_.on_line) spec_.on_line(stream, line);
    };
  }

  Spec spec_;
  pid_t process_ = 0;
  Output output_;
  Output error_;
  Descriptor ended_;
  Timer drain_;
  Timer grace_;
  std::optional<ChildExit> exit_;
  bool reported_ = false;
  bool stopped_ = false;
};

ChildProcess::State::State(asio::io_context& io, Spec the_spec)
    : spec_(std::move(the_spec)),
      output_{Stream::output, Descriptor(io.get_executor()), {}, {}},
      error_{Stream::error, Descriptor(io.get_executor()), {}, {}},
      ended_(io.get_executor()),
      drain_(io.get_executor()),
      grace_(io.get_executor()) {
  const Spawned spawned = spawn(spec_.command, spec_.environment);
  process_ = spawned.process;
  output_.pipe.assign(spawned.output);
  error_.pipe.assign(spawned.error);
  const int watch = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));  // Close-on-exec by itself.
  if (watch < 0) {
    const std::string why = std::strerror(errno);
    signal(SIGKILL);
    ::waitpid(process_, nullptr, 0);
    throw StartError("cannot watch \"" + spec_.command.front() + "\": " + why);
  }
  ended_.assign(watch);
}

ChildProcess::State::~State() { stop(); }

void ChildProcess::State::start() {
  read(output_);
  read(error_);
  ended_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const error_code& error) {
    if (!error && !self->stopped_) self->on_ended();
  });
}

void ChildProcess::State::read(Output& output) {
  output.pipe.async_read_some(asio::buffer(output.buffer),
                              [self = shared_from_this(), &output](const error_code& error, std::size_t size) {
                                if (self->stopped_) return;
                                if (!error) {
                                  output.lines.add({output.buffer.data(), size}, self->to_line(output));
                                  if (!self->stopped_) self->read(output);
                                  return;
                                }
                                output.ended = true;
                                output.lines.finish(self->to_line(output));
                                self->report_when_drained();
                              });
}

void ChildProcess::State::on_ended() {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOWAIT) != 0) return;
  exit_ = info.si_code == CLD_EXITED ? ChildExit{info.si_status, 0} : ChildExit{0, info.si_status};
  grace_.cancel();
  drain_.expires_after(drain_max);
  drain_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && !self->stopped_) self->report();
  });
  report_when_drained();
}

void ChildProcess::State::report_when_drained() {
  if (exit_ && output_.ended && error_.ended) report();
}

void ChildProcess::State::report() {
  if (reported_ || stopped_) return;
  drain_.cancel();
  for (Output* output : {&output_, &error_}) {
    if (!output->ended) output->lines.finish(to_line(*output));
  }
  reported_ = true;  // What still comes, from what the child has started, is read so that nobody waits, and dropped.
  if (!stopped_ && spec_.on_exit) spec_.on_exit(*exit_);
}

void ChildProcess::State::terminate(std::chrono::milliseconds grace) {
  signal(SIGTERM);
  if (exit_) return;
  grace_.expires_after(grace);
  grace_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && !self->stopped_ && !self->exit_) self->signal(SIGKILL);
  });
}

void ChildProcess::State::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (process_ > 0) {
    signal(SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  error_code ignored;
  for (Descriptor* descriptor : {&output_.pipe, &error_.pipe, &ended_}) descriptor->close(ignored);
  drain_.cancel();
  grace_.cancel();
}

ChildProcess::ChildProcess(asio::io_context& io, Spec spec) : state_(std::make_shared<State>(io, std::move(spec))) {
  state_->start();
}

ChildProcess::~ChildProcess() { state_->stop(); }

int ChildProcess::id() const { return state_->process(); }

bool ChildProcess::runs() const { return !state_->reported(); }

void ChildProcess::terminate(std::chrono::milliseconds grace) { state_->terminate(grace); }

void ChildProcess::signal(int number) { state_->signal(number); }

}  // namespace premortem::fakes
