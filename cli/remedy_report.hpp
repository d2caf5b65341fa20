#pragma once
// `window --remedy`: until when what could still be done helps, and which item is the first beyond saving.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/window_range.hpp"
#include "sim/explore/point_of_no_return.hpp"

namespace premortem::cli {

/// How what was found is told.
struct RemedyReport {
  const CompiledScenario& scenario;  ///< Without the remedy; must outlive the report.
  RemedyQuestion question;
  std::string command;  ///< "premortem run FILE ... --remedy ": an instant makes it whole.
  bool every_item = false;
};

std::string remedy_to_terminal(const RemedyLimits& limits, const RemedyReport& report);
nlohmann::ordered_json remedy_to_json(const RemedyLimits& limits, const RemedyReport& report);

}  // namespace premortem::cli
