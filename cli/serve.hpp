#pragma once
// premortem serve, and how its command line is taken apart.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace premortem::cli {

/// What stands behind "--" on a command line that begins with "serve": the program to start. `argc` is cut accordingly.
std::vector<std::string> take_program(int& argc, char* argv[]);

/// `program`: as taken from the command line.
void add_serve(CLI::App& app, std::vector<std::string> program, int& code);

}  // namespace premortem::cli
