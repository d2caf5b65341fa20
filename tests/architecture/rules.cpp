#include "tests/architecture/rules.hpp"

#include <algorithm>

namespace premortem::architecture {

const std::vector<Folder>& folders() {
  static const std::vector<Folder> table{
      {"sim/kernel", {}},
      {"sim/history", {"sim/kernel"}},
      {"sim/models", {"sim/kernel", "sim/history"}},
      {"sim/faults", {"sim/kernel", "sim/history", "sim/models"}},
      {"sim/checks", {"sim/kernel", "sim/history"}},
      {"sim/scenario", {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/checks"}},
      {"sim/explore", {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/checks", "sim/scenario"}},
      {"sim/compare", {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/checks", "sim/scenario"}},
      {"fakes/pacing", {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/scenario"}},
      {"fakes/wire", {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/scenario"}},
      {"fakes/server",
       {"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/scenario", "fakes/pacing", "fakes/wire"}},
      {"reports", {"sim/kernel", "sim/history", "sim/checks", "sim/compare", "sim/explore"}},
      {"cli", {"*"}},
      {"tests", {"*"}},
      {"bench", {"*"}},
  };
  return table;
}

const std::vector<std::string_view>& folders_without_code() {
  static const std::vector<std::string_view> table{"scenarios", "docs", "build"};
  return table;
}

const std::vector<Ban>& bans() {
  using enum Ban::Kind;
  using enum Scope;
  static constexpr std::string_view no_format = "leave the simulation plain data and convert it in reports/ or cli/";
  static constexpr std::string_view no_clock = "take the simulated time: World::now()";
  static constexpr std::string_view no_thread = "leave threads to sim/compare; a World is a value that one thread runs";
  static constexpr std::string_view no_generator = "draw from a named stream of sim/kernel: it is equal everywhere";
  static constexpr std::string_view no_libm =
      "compute with integers or sim/kernel's own functions: libm's last bit varies";
  static constexpr std::string_view no_hash =
      "use std::map, or a vector sorted by id: the order in a hash table differs between standard libraries";
  static const std::vector<Ban> table{
      {include, "nlohmann/", simulation, no_format},
      {include, "sqlite3", simulation, no_format},
      {include, "spdlog/", simulation, "write a record to the history: what is worth logging is worth checking"},
      {include, "fmt/", simulation, no_format},
      {include, "CLI/", simulation, "read options in cli/"},
      {include, "boost/asio", simulation, "leave sockets to fakes/server"},
      {include, "nlohmann/json.hpp", headers, "include <nlohmann/json_fwd.hpp>; the whole takes seconds a file"},

      {include, "ctime", simulation, no_clock},
      {include, "time.h", simulation, no_clock},
      {include, "sys/time.h", simulation, no_clock},
      {word, "system_clock", simulation, no_clock},
      {word, "steady_clock", simulation, no_clock},
      {word, "high_resolution_clock", simulation, no_clock},
      {word, "clock_gettime", simulation, no_clock},
      {word, "gettimeofday", simulation, no_clock},

      {include, "thread", simulation, no_thread},
      {include, "mutex", simulation, no_thread},
      {include, "atomic", simulation, no_thread},
      {include, "future", simulation, no_thread},
      {include, "condition_variable", simulation, no_thread},

      {include, "random", simulation, no_generator},
      {call, "rand", simulation, no_generator},
      {call, "srand", simulation, no_generator},
      {word, "random_device", simulation, no_generator},
      {call, "shuffle", simulation, no_generator},

      {include, "cmath", simulation, no_libm},
      {include, "math.h", simulation, no_libm},
      {include, "complex", simulation, no_libm},
      {call, "log", simulation, no_libm},
      {call, "log2", simulation, no_libm},
      {call, "log1p", simulation, no_libm},
      {call, "exp", simulation, no_libm},
      {call, "expm1", simulation, no_libm},
      {call, "pow", simulation, no_libm},
      {call, "sin", simulation, no_libm},
      {call, "cos", simulation, no_libm},
      {call, "tgamma", simulation, no_libm},
      {call, "lgamma", simulation, no_libm},

      {include, "unordered_map", simulation, no_hash},
      {include, "unordered_set", simulation, no_hash},
      {include, "boost/unordered", simulation, no_hash},
      {word, "unordered_map", simulation, no_hash},
      {word, "unordered_multimap", simulation, no_hash},
      {word, "unordered_set", simulation, no_hash},
      {word, "unordered_multiset", simulation, no_hash},
      {word, "uintptr_t", simulation, "order and name things by id: addresses differ from run to run"},
      {call, "getenv", simulation,
       "take it as a parameter: a run depends on scenario, strategy, seed and choices only"},
  };
  return table;
}

const std::vector<Exemption>& exemptions() {
  static const std::vector<Exemption> table{
      {"sim/models/expression/arithmetic.hpp", "cmath", "std::isfinite only looks at bits"},
      {"sim/models/expression/text_form.cpp", "cmath", "std::isfinite only looks at bits"},
  };
  return table;
}

bool is_simulation(std::string_view folder) {
  static constexpr std::string_view simulation[]{"sim/kernel", "sim/history", "sim/models", "sim/faults", "sim/checks"};
  return std::ranges::find(simulation, folder) != std::end(simulation);
}

}  // namespace premortem::architecture
