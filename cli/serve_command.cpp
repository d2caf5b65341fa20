// premortem serve: a scenario on the wall clock, among real programs.

#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/common.hpp"
#include "cli/empty_world.hpp"
#include "cli/instant_option.hpp"
#include "cli/run_outputs.hpp"
#include "cli/serve.hpp"
#include "fakes/pacing/json_messages.hpp"
#include "fakes/pacing/session_file.hpp"
#include "fakes/server/harness.hpp"
#include "fakes/server/listen_error.hpp"
#include "fakes/server/open_files.hpp"
#include "sim/compare/runner.hpp"
#include "sim/scenario/fault_rules.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  RunOutputs outputs;
  std::vector<std::string> external, users, store_users, program;
  std::string speed = "1", until, session, log, transcript, host = "127.0.0.1", rabbitmq = "3.13";
  std::uint16_t amqp = 0, mongodb = 0, management = 0, control = 0;
  std::optional<std::uint16_t> http;
  fakes::AmqpLimits limits;
  std::size_t connections_max = 16'384;
  std::uint64_t memory_max = 1'073'741'824;
  int grace = 20, patience = 30;  ///< ms, s
};

fakes::Pace pace_of(const Options& options) {
  fakes::Pace pace;
  pace.grace = std::int64_t{options.grace} * 1'000'000;
  pace.patience = std::int64_t{options.patience} * 1'000'000'000;
  if (options.speed == "max") {
    pace.speed = 0;
    return pace;
  }
  const char* const end = options.speed.data() + options.speed.size();
  const auto [at, wrong] = std::from_chars(options.speed.data(), end, pace.speed);
  if (wrong != std::errc() || at != end || !(pace.speed > 0 && pace.speed <= 1e9))
    throw UsageError("premortem: --speed " + options.speed +
                     ": write how many simulated seconds a second has, such as 1 or 60, or max\n");
  return pace;
}

int version_of(const std::string& rabbitmq) {
  for (const auto& [name, number] :
       {std::pair{"3.10", 3010}, {"3.13", 3013}, {"4.0", 4000}, {"4.2", 4200}, {"4.3", 4300}}) {
    if (rabbitmq == name) return number;
  }
  throw UsageError("premortem: --rabbitmq " + rabbitmq + ": write 3.10, 3.13, 4.0, 4.2 or 4.3\n");
}

std::vector<fakes::User> users_of(const std::string& option, const std::vector<std::string>& given) {
  std::vector<fakes::User> users;
  for (const std::string& one : given) {
    const std::size_t colon = one.find(':');
    if (colon == std::string::npos || colon == 0)
      throw UsageError("premortem: " + option + " " + one + ": write NAME:PASSWORD\n");
    users.emplace_back(one.substr(0, colon), one.substr(colon + 1));
  }
  return users;
}

/// Systems that a real program can play.
bool can_be_played(const Node& system) {
  const Node* is = system.find("is");
  return is != nullptr && (is->text == "consumer" || is->text == "job");
}

/// `--external NAME` as a change of the scenario.
void leave_to_programs(const Options& options, const LoadedScenario& loaded, Variant& variant) {
  std::vector<std::string> possible;
  const Node* systems = loaded.root.find("systems");
  for (const Node::Member& member : systems->members) {
    if (can_be_played(member.second)) possible.push_back(member.first);
  }
  for (const std::string& name : options.external) {
    const Node* system = systems->find(name);
    if (system == nullptr)
      throw UsageError("premortem: --external " + name + ": the scenario has no system of that name" +
                       did_you_mean(name, possible) + "\n");
    if (!can_be_played(*system))
      throw UsageError("premortem: --external " + name + ": a " + system->find("is")->text +
                       " cannot be played by a real program yet; consumers and jobs can\n");
    variant.set.emplace_back(name + ".external", "true");
  }
}

/// The queues from which real programs are to take, by the names that they know, and what their environment shall hold.
void expect_programs(const Model& model, const Node& root, fakes::HarnessSpec& spec) {
  for (const ConsumerSpec& consumer : model.consumers) {
    if (!model.components[consumer.component].external) continue;
    spec.queues.push_back(model.broker->queues[consumer.queue].name);
    const Node* system = root.find("systems")->find(model.components[consumer.component].name);
    const Node* environment = system == nullptr ? nullptr : system->find("environment");
    if (environment == nullptr) continue;
    for (const Node::Member& variable : environment->members)
      spec.environment.emplace_back(variable.first, variable.second.text);
  }
}

void say_ready(const fakes::Harness& harness) {
  nlohmann::ordered_json ready;
  ready["ready"] = true;
  for (const fakes::Harness::Address& address : harness.addresses())
    ready[address.protocol] = {{"host", address.host}, {"port", address.port}};
  std::cout << ready.dump() << std::endl;  // At once: somebody waits for it.
}

/// Writes what comes in from outside while it comes.
class SessionLog {
 public:
  SessionLog(const std::string& path, const fakes::SessionHead& head) : path_(path) {
    if (path.empty()) return;
    out_.open(path, std::ios::binary | std::ios::trunc);
    put(fakes::session_line(head));
  }
  bool keeps() const { return !path_.empty(); }
  void put(const std::string& line) {
    if (!keeps()) return;
    out_ << line << std::flush;  // A session that is killed is as good as what is there of it.
    if (!out_) throw UsageError("premortem: cannot write " + path_ + "; is the disk full?\n");
  }
  void end(std::int64_t at, const std::string& digest) {
    put(fakes::session_end_line(at, digest));
    if (keeps() && !out_.flush()) throw UsageError("premortem: cannot write " + path_ + "; is the disk full?\n");
  }

 private:
  std::string path_;
  std::ofstream out_;
};

fakes::SessionHead head_of(const Options& options, const CompiledScenario& scenario, const Variant& variant) {
  fakes::SessionHead head;
  head.file = options.scenario.file;
  head.scenario_hash = scenario.scenario_hash;
  head.strategy = variant.strategy;
  for (const auto& [name, value] : variant.assume) head.assume.push_back(name + "=" + value);
  for (const auto& [address, value] : variant.set) head.set.push_back(address + "=" + value);
  head.seed = options.scenario.seed;
  head.begins = scenario.model->begins;
  head.rabbitmq = scenario.model->broker->version;
  return head;
}

bool is_loopback(const std::string& host) { return host.starts_with("127.") || host == "::1" || host == "localhost"; }

int serve(Options& options) {
  const bool empty = options.scenario.file.empty();
  options.outputs.check(options.scenario.file, {}, {options.session, options.log, options.transcript});
  for (const std::string& path : {options.session, options.log, options.transcript}) check_writable(path);
  if (empty && !options.external.empty())
    throw UsageError("premortem: --external names systems of a scenario, and no FILE is given\n");
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const LoadedScenario loaded = empty ? empty_world(std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count(),
                                                    version_of(options.rabbitmq))
                                      : load(options.scenario.file);
  Variant variant = options.scenario.variant();
  variant.serving = true;
  leave_to_programs(options, loaded, variant);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  std::ofstream log;
  if (!options.log.empty()) log.open(options.log, std::ios::binary | std::ios::trunc);
  fakes::HarnessSpec spec;
  spec.pace = pace_of(options);
  spec.host = options.host;
  spec.amqp_port = options.amqp;
  if (!scenario->model->service_operations.empty()) {
    spec.http_port = options.http.value_or(0);
  } else if (options.http) {
    throw UsageError("premortem: --http " + std::to_string(*options.http) +
                     ": there is no system of kind service here, so nothing would listen; remove it\n");
  }
  spec.management_port = options.management;
  spec.control_port = options.control;
  spec.amqp.version = scenario->model->broker->version;
  spec.amqp.limits = options.limits;
  spec.connections_max = options.connections_max;
  spec.memory_max = options.memory_max;
  spec.users = users_of("--user", options.users);
  if (spec.users.empty()) spec.users.emplace_back("guest", "guest");
  spec.mongodb_port = options.mongodb;
  const std::vector<fakes::User> store_users = users_of("--mongodb-user", options.store_users);
  for (const StoreSpec& store : scenario->model->stores)
    spec.stores.push_back(
        {scenario->model->components[store.component].name, store_users.empty() ? store.users : store_users});
  spec.command = options.program;
  spec.endless = empty && options.until.empty();
  spec.ends_with_command = spec.endless;
  if (!options.until.empty()) spec.until = until_option(options.until, *scenario->model, scenario->model->begins);
  expect_programs(*scenario->model, loaded.root, spec);
  std::ofstream transcript;
  if (!options.transcript.empty()) {
    transcript.open(options.transcript, std::ios::binary | std::ios::trunc);
    spec.transcript = [&](const std::string& line) { transcript << line << "\n"; };
  }
  std::vector<std::string> said;
  spec.say = [&](const std::string& line) {
    std::cerr << "premortem: " << line << "\n";
    said.push_back(line);
  };
  spec.output = [&](fakes::ChildProcess::Stream, std::string_view line) {
    (options.log.empty() ? static_cast<std::ostream&>(std::cerr) : log) << line << "\n";
  };
  if (!is_loopback(options.host))
    std::cerr << "premortem: warning: " << options.host
              << " can be reached from elsewhere; a fake has no protection but its users' passwords\n";
  fakes::raise_open_files_limit();
  SessionLog session(options.session, head_of(options, *scenario, variant));
  fakes::Harness harness(std::move(spec));
  say_ready(harness);
  if (session.keeps())
    harness.pacer().set_recorder(
        [&](std::int64_t at, const BrokerRequest& request) { session.put(fakes::session_line(at, request)); });
  const fakes::JsonMessages form;
  RunOptions how;
  how.seed = options.scenario.seed;
  how.driver = &harness;
  how.sink = harness.sink();
  how.form = &form;
  const LiveRules rules;
  how.rule_reader = &rules;
  if (!empty) options.outputs.prepare(how);
  RunResult result = of_file(options.scenario.file, [&] { return run_scenario(*scenario, how); });
  session.end(harness.ended_at(), result.digest);
  result.file = options.scenario.file;
  result.served = true;
  if (form.unreadable() != 0)
    result.notes.push_back(
        std::to_string(form.unreadable()) +
        " messages to queues of the scenario were no JSON objects: their simulated readers saw no fields");
  result.session = options.session;
  result.notes.insert(result.notes.end(), said.begin(), said.end());
  const auto& exit = harness.command_exit();
  if (exit && (exit->code != 0 || exit->signal != 0))
    result.notes.push_back("the command ended with " + (exit->signal != 0 ? "signal " + std::to_string(exit->signal)
                                                                          : "exit code " + std::to_string(exit->code)));
  if (empty) {
    for (const std::string& note : result.notes) {
      if (note.find("fault rule") != std::string::npos) std::cerr << "premortem: " << note << "\n";
    }
  }
  if (empty) return exit && (exit->code != 0 || exit->signal != 0) ? different : as_expected;
  options.outputs.write(*scenario, result, loaded.root);
  return exit_code(result.verdict);
}

/// What would have no effect with, or without, a scenario.
void refuse_without_effect(const CLI::App& command, bool empty) {
  if (!empty && command.count("--rabbitmq") != 0)
    throw UsageError("premortem: --rabbitmq is for serve without FILE; a scenario says \"version\" in its broker\n");
  for (const char* report :
       {"--json", "--markdown", "--junit", "--history", "--trace", "--otlp", "--csv", "--html", "--store"}) {
    if (empty && command.count(report) != 0)
      throw UsageError("premortem: " + std::string(report) + " tells of a scenario's run, and no FILE is given\n");
  }
}

int serve_or_say_why_not(Options& options) {
  try {
    return serve(options);
  } catch (const fakes::ListenError& error) {
    throw UsageError("premortem: " + std::string(error.what()) + "; choose another with --" + error.protocol() +
                     " PORT, or 0 for any free one\n");
  } catch (const fakes::StartError& error) {
    throw UsageError("premortem: " + std::string(error.what()) + "\n");
  }
}

}  // namespace

namespace {

/// What clients may cost. Sizes: bytes, or with a unit: "64 MiB".
void add_limits(CLI::App& command, Options& options) {
  const CLI::Validator size(
      [](std::string& text) {  // A negative number would come round to an enormous one.
        if (text.empty() || text.front() == '-') return std::string("write a size, such as 65536 or 64MiB");
        return CLI::AsSizeValue(false)(text);
      },
      "");
  command
      .add_option("--memory-max", options.memory_max, "bytes of waiting messages beyond which publishers are blocked")
      ->type_name("SIZE")
      ->transform(size)
      ->default_str("1 GiB");
  command.add_option("--message-max", options.limits.max_message_size, "the largest message that is taken")
      ->type_name("SIZE")
      ->transform(size)
      ->default_str("128 MiB");
  command.add_option("--frame-max", options.limits.max_frame, "the largest frame that is offered to clients, in bytes")
      ->type_name("BYTES")
      ->capture_default_str()
      ->check(CLI::Range(4'096U, 1U << 30U));
  command.add_option("--channel-max", options.limits.channel_max, "channels that a connection may have open at once")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 65'535));
  command.add_option("--connections-max", options.connections_max, "connections to the broker at one time")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

}  // namespace

std::vector<std::string> take_program(int& argc, char* argv[]) {
  std::vector<std::string> program;
  if (argc < 2 || std::string_view(argv[1]) != "serve") return program;
  for (int at = 2; at < argc; ++at) {
    if (std::string_view(argv[at]) != "--") continue;
    program.assign(argv + at + 1, argv + argc);
    argc = at;
    break;
  }
  return program;
}

void add_serve(CLI::App& app, std::vector<std::string> program, int& code) {
  auto options = std::make_shared<Options>();
  options->program = std::move(program);
  CLI::App* command = app.add_subcommand("serve", "let real programs take part in a scenario, over the real protocols");
  options->scenario.add_to(*command, true);
  command->get_option("FILE")->required(false);  // Without one: an empty world.
  command
      ->add_option("--external", options->external, "a consumer or job that is left to a real program; again for more")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--amqp", options->amqp, "the port of the broker; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command->add_option("--mongodb", options->mongodb, "the port of the document store, or of the first; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command
      ->add_option("--mongodb-user", options->store_users,
                   "who may connect to document stores (SCRAM-SHA-256); everybody where nobody is named")
      ->type_name("NAME:PASSWORD")
      ->allow_extra_args(false);
  command->add_option("--http", options->http, "the port of the scenario's services; 0: any free one")
      ->type_name("PORT")
      ->default_str("0");
  command->add_option("--management", options->management, "the port of RabbitMQ's management API; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command
      ->add_option("--control", options->control,
                   "the port of the control endpoint: clock, state, history, faults, stop")
      ->type_name("PORT")
      ->capture_default_str();
  command->add_option("--bind", options->host, "the address on which everything listens")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command->add_option("--user", options->users, "who may connect; guest:guest where nobody is named")
      ->type_name("NAME:PASSWORD")
      ->allow_extra_args(false);
  command->add_option("--rabbitmq", options->rabbitmq, "without FILE: whose behaviour the broker shows")
      ->type_name("VERSION")
      ->capture_default_str();
  command->add_option("--speed", options->speed, "simulated seconds a second, or max: as fast as the programs allow")
      ->type_name("N|max")
      ->capture_default_str();
  command->add_option("--idle-grace", options->grace, "with --speed max: ms that everybody must have been quiet for")
      ->type_name("MS")
      ->capture_default_str()
      ->check(CLI::Range(0, 60'000));
  command->add_option("--patience", options->patience, "with --speed max: s that a program may keep time from going on")
      ->type_name("S")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400));
  add_limits(*command, *options);
  command->add_option("--until", options->until, "stop before this instant, in the clock's zone")->type_name("TIME");
  command->add_option("--session", options->session, "keep everything that came in, for run --replay")
      ->type_name("PATH");
  command->add_option("--transcript", options->transcript, "every frame of every connection, a line each")
      ->type_name("PATH");
  command->add_option("--log", options->log, "where to keep what the command prints; else it goes to stderr")
      ->type_name("PATH");
  options->outputs.add_to(*command);
  command->footer(
      "Behind -- stands a command: it is started once everything listens, with PREMORTEM_AMQP_URL,\n"
      "PREMORTEM_MONGODB_URL, PREMORTEM_HTTP_URL, PREMORTEM_CONTROL_URL and their like in its environment.\n"
      "The first line on stdout is JSON and says where what listens.\n"
      "Examples:\n  premortem serve --amqp 5672\n"
      "  premortem serve incident.jsonc --external exporter -- node exporter.js\n"
      "  premortem serve incident.jsonc --external exporter --speed max --session kept.jsonl -- ./exporter\n"
      "Exit codes: 0 as expected, 1 different, 2 invalid input, 3 not exercised, 4 internal error");
  command->callback([options, command, &code] {
    refuse_without_effect(*command, options->scenario.file.empty());
    code = serve_or_say_why_not(*options);
  });
}

}  // namespace premortem::cli
