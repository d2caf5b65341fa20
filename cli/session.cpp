#include "cli/session.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <iostream>

#include "cli/empty_world.hpp"
#include "fakes/pacing/json_messages.hpp"
#include "fakes/pacing/replay.hpp"
#include "sim/compare/runner.hpp"
#include "sim/scenario/fault_rules.hpp"

namespace premortem::cli {

namespace {

fakes::Session read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UsageError("premortem: cannot read " + path + "; it is written by serve --session PATH\n");
  try {
    return fakes::read_session(in);
  } catch (const std::runtime_error& wrong) {
    throw UsageError("premortem: " + path + ": " + wrong.what() + "\n");
  }
}

}  // namespace

int replay_session(const std::string& path, const ScenarioOptions& options, RunOutputs& outputs) {
  const fakes::Session session = read(path);
  const fakes::SessionHead& head = session.head;
  ScenarioOptions served;
  served.file = options.file.empty() ? head.file : options.file;
  served.strategy = head.strategy;
  served.assume = head.assume;
  served.set = head.set;
  served.seed = head.seed;
  const LoadedScenario loaded = served.file.empty() ? empty_world(head.begins, head.rabbitmq) : load(served.file);
  Variant variant = served.variant();
  variant.serving = true;
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  if (scenario->scenario_hash != head.scenario_hash)
    throw UsageError("premortem: " + path + " was served from another state of " +
                     (served.file.empty() ? "the empty world" : served.file) +
                     ": its effective scenario has another hash; give the file as it was then\n");
  const fakes::JsonMessages form;
  fakes::SessionReplay replay(session);
  RunOptions how;
  how.seed = head.seed;
  outputs.prepare(how);
  how.driver = &replay;
  how.form = &form;
  const LiveRules rules;
  how.rule_reader = &rules;
  RunResult result = of_file(served.file, [&] { return run_scenario(*scenario, how); });
  result.file = served.file;
  result.served = true;
  if (form.unreadable() != 0)
    result.notes.push_back(
        std::to_string(form.unreadable()) +
        " messages to queues of the scenario were no JSON objects: their simulated readers saw no fields");
  result.session = path;
  result.notes.push_back("a served session again: " + std::to_string(session.requests.size()) +
                         " requests from outside, of " + path);
  if (!session.ended) result.notes.push_back("the session was cut off; the run ends behind its last request");
  outputs.write(*scenario, result, loaded.root);
  if (session.ended && session.digest != result.digest) {
    spdlog::critical("this is a bug of premortem itself: the session was kept with the digest {}, and ends with {}",
                     session.digest, result.digest);
    return internal;
  }
  return exit_code(result.verdict);
}

}  // namespace premortem::cli
