#include "cli/instant_option.hpp"

#include "cli/common.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem::cli {

std::int64_t until_option(const std::string& text, const Model& model, std::int64_t from) {
  std::string error;
  const auto until = parse_time(text, model.zone, Node::no_day, error);
  if (!until || until->kind != TimeSpec::Kind::absolute || until->low != until->high) {
    const std::string why = error.empty() ? text + " is no instant" : error;
    throw UsageError("premortem: --until: " + why + "; write \"2020-01-27 13:00\"\n");
  }
  if (until->low < from || until->low >= model.ends) {
    throw UsageError("premortem: --until: " + text + " is not within the run, from " +
                     model.zone.format(time_from_nanoseconds(from)) + " to " +
                     model.zone.format(time_from_nanoseconds(model.ends)) + "\n");
  }
  return until->low;
}

}  // namespace premortem::cli
