// The clock of a served run: what it says, how fast it goes, and putting it forward.

#include <nlohmann/json.hpp>

#include "fakes/server/control.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/node.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::fakes::control {

using Json = nlohmann::ordered_json;

namespace {

HttpResponse clock(const Pacer& pacer) {
  const std::int64_t now = pacer.now();  // Once: it goes on meanwhile.
  Json json;
  json["now"] = instant_text(now);
  json["ns"] = now;
  json["speed"] = pacer.pace().speed > 0 ? Json(pacer.pace().speed) : Json("max");
  json["paused"] = pacer.is_paused();
  json["driving"] = pacer.is_driving();
  json["waits-for"] = pacer.waits_for();
  HttpResponse response;
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

HttpResponse wrong(const std::string& why) { return http_error(400, "bad_request", why); }

/// RFC 3339 in UTC, or as scenarios write it: then in the clock's zone.
std::optional<std::int64_t> instant_from(std::string text, const Zone& zone) {
  if (text.size() > 10 && text[10] == 'T') text[10] = ' ';
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, " UTC");
  std::string error;
  const auto time = parse_time(text, zone, Node::no_day, error);
  if (!time || time->kind != TimeSpec::Kind::absolute || time->low != time->high) return std::nullopt;
  return time->low;
}

}  // namespace

HttpResponse answer_clock(const HttpRequest& request, Pacer& pacer) {
  if (request.method == "GET") return clock(pacer);
  if (request.method != "PUT") return method_not_allowed("GET, PUT");
  const Json how = Json::parse(request.body, nullptr, false);
  static constexpr const char* expected = R"(write {"speed": 60}, {"speed": "max"} or {"paused": true})";
  if (!how.is_object() || how.empty()) return wrong(expected);
  for (const auto& [name, value] : how.items()) {  // All of it first: half a change is none.
    const bool good = name == "paused"
                          ? value.is_boolean()
                          : name == "speed" && (value == "max" || (value.is_number() && value > 0 && value <= 1e9));
    if (!good) return wrong(expected);
  }
  if (how.contains("speed")) pacer.set_speed(how["speed"].is_string() ? 0 : how["speed"].get<double>());
  if (how.contains("paused")) pacer.set_paused(how["paused"].get<bool>());
  return clock(pacer);
}

HttpResponse answer_advance(const HttpRequest& request, Pacer& pacer) {
  if (request.method != "POST") return method_not_allowed("POST");
  const Json how = Json::parse(request.body, nullptr, false);
  static constexpr const char* expected = R"(write {"by": "20 min"} or {"to": "2020-01-27 13:00"})";
  if (!how.is_object() || how.size() != 1 || !how.front().is_string()) return wrong(expected);
  const auto text = how.front().get<std::string>();
  std::optional<std::int64_t> to;
  if (how.contains("by")) {
    const auto by = parse_duration(text);
    if (!by || by->count() > INT64_MAX - pacer.now()) return wrong("\"" + text + "\" is no duration; " + expected);
    to = pacer.now() + by->count();
  } else if (how.contains("to")) {
    to = instant_from(text, pacer.machine()->model().zone);
    if (!to) return wrong("\"" + text + "\" is no instant; " + expected);
  } else {
    return wrong(expected);
  }
  if (!pacer.advance_to(*to)) return wrong("it is " + instant_text(pacer.now()) + " already: time does not go back");
  return clock(pacer);
}

}  // namespace premortem::fakes::control
