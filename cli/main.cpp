// premortem: the command. Knows every folder, and no folder knows it.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/common.hpp"
#include "cli/serve.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/kernel/check.hpp"
#include "sim/models/livelock.hpp"

int main(int argc, char* argv[]) {
  using namespace premortem;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("premortem"));
  spdlog::set_pattern("premortem: %v");
  CLI::App app{"A postmortem says what went wrong. A premortem runs it before it happens.", "premortem"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("premortem ") + cli::version);
  app.footer(
      "Examples:\n  premortem run scenarios/incidents/nav-brut-cutover.jsonc\n"
      "  premortem compare scenarios/incidents/esr-export-write-conflict.jsonc --runs 20\n"
      "  premortem test scenarios/\n"
      "Exit codes: 0 as expected, 1 different, 2 invalid input, 3 not exercised, 4 internal error");
  int code = 0;
  std::vector<std::string> program = cli::take_program(argc, argv);
  cli::add_run(app, code);
  cli::add_serve(app, std::move(program), code);
  cli::add_compare(app, code);
  cli::add_report(app, code);
  cli::add_diff(app, code);
  cli::add_explore(app, code);
  cli::add_test(app, code);
  cli::add_coverage(app, code);
  cli::add_check(app, code);
  cli::add_calendar(app, code);
  cli::add_explain(app, code);
  cli::add_why(app, code);
  cli::add_minimise(app, code);
  cli::add_window(app, code);
  cli::add_language(app, code);
  cli::add_completion(app, code);
  try {
    app.parse(argc, argv);
    std::cout.flush();
    if (std::cout) return code;
    std::cerr << "premortem: the results could not be written to stdout; is the disk full?\n";
    return cli::invalid;
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    std::cerr << cli::explain(app, error, argc, argv);
    return cli::invalid;
  } catch (const cli::UsageError& error) {
    std::cerr << error.what();
    return cli::invalid;
  } catch (const Livelock& error) {
    std::cerr << cli::told(error);
    return cli::invalid;
  } catch (const StoreError& error) {
    spdlog::error("{}", error.what());
    return cli::invalid;
  } catch (const InternalError& error) {
    spdlog::critical("this is a bug of premortem itself: {}", error.what());
    std::string command = "again:";
    for (int n = 0; n < argc; ++n) command += std::string(" ") + argv[n];
    spdlog::critical("{}", command);
    return cli::internal;
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return cli::internal;
  }
}
