#include "sim/scenario/zone_database.hpp"

#include <date/tz.h>

namespace premortem {

std::optional<Zone> load_zone(std::string_view name, Time from, Time until) {
  if (name == "UTC") return Zone("UTC", 0, {});
  const date::time_zone* zone = nullptr;
  try {
    zone = date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return std::nullopt;
  }
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  const auto at_seconds = [](Time time) { return date::sys_seconds{seconds{nanoseconds_of(time) / ns_per_second}}; };
  date::sys_seconds at = at_seconds(from) - date::days{366};
  const date::sys_seconds end = at_seconds(until) + date::days{732};
  date::sys_info info = zone->get_info(at);
  const std::int64_t first_offset = nanoseconds(info.offset).count();
  std::vector<ZoneTransition> transitions;
  while (info.end < end) {
    at = info.end;
    info = zone->get_info(at);
    transitions.push_back({nanoseconds(at.time_since_epoch()).count(), nanoseconds(info.offset).count()});
  }
  return Zone(std::string(name), first_offset, std::move(transitions));
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  return names;
}

}  // namespace premortem
