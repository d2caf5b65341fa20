// premortem: the command. Knows every folder, and no folder knows it.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/common.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/kernel/check.hpp"
#include "sim/models/livelock.hpp"

int main(int argc, char* argv[]) {
  using namespace premortem;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("premortem"));
  spdlog::set_pattern("premortem: %v");
  CLI::App app{"A postmortem says what went wrong. A premortem runs it before it happens."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "premortem 0.1.0");
  int code = 0;
  cli::add_run(app, code);
  cli::add_compare(app, code);
  cli::add_test(app, code);
  cli::add_check(app, code);
  cli::add_calendar(app, code);
  cli::add_language(app, code);
  try {
    app.parse(argc, argv);
    std::cout.flush();
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : cli::invalid;
  } catch (const cli::UsageError& error) {
    std::cerr << error.what();
    return cli::invalid;
  } catch (const Livelock& error) {
    std::cerr << error.what() << "\n";
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
