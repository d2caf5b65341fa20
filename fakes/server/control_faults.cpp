// Fault rules of a served run: which there are, what came of them, and new ones.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "fakes/server/control.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/fault_rules.hpp"

namespace premortem::fakes::control {

using Json = nlohmann::ordered_json;

namespace {

/// Of rules in force, and of all that a run may have had: what was taken back stays known by its number.
constexpr std::size_t rules_max = 1'000, rules_ever_max = 100'000, name_max = 100;

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= name_max && std::all_of(name.begin(), name.end(), fits);
}

std::size_t rules_in_force(const Machine& machine) {
  const std::vector<RuleState>& rules = machine.world().fault_rules;
  return static_cast<std::size_t>(
      std::count_if(rules.begin(), rules.end(), [](const RuleState& rule) { return rule.removed == 0; }));
}

Json rule_json(const Machine& machine, std::size_t number) {
  const RuleState& state = machine.world().fault_rules[number];
  const std::size_t written = machine.model().fault_rules.size();
  Json json;
  json["name"] = machine.rule_name(number);
  json["of"] = number < written ? "scenario" : "live";
  if (number >= written)
    json["rule"] = Json::parse(machine.world().live_rules[number - written].text, nullptr, false, true);
  json["in-force"] = state.removed == 0;
  json["matched"] = state.seen;
  json["struck"] = state.struck;
  json["meaningless"] = state.vain;
  return json;
}

/// The newest of that name: one that was taken back may have a successor.
std::optional<std::size_t> rule_named(const Machine& machine, std::string_view name, bool in_force) {
  for (std::size_t number = machine.world().fault_rules.size(); number-- > 0;) {
    if (machine.rule_name(number) == name && (!in_force || machine.world().fault_rules[number].removed == 0))
      return number;
  }
  return std::nullopt;
}

HttpResponse answered(int status, const Json& json) {
  HttpResponse response;
  response.status = status;
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

HttpResponse no_rule(std::string_view name) {
  return http_error(404, "not_found",
                    "there is no fault rule \"" + std::string(name) + "\" in force; GET /faults lists them");
}

/// {"name": "lost-confirm", "match": ..., "do": ...}; without a name it gets one.
HttpResponse add(const HttpRequest& request, Pacer& pacer) {
  const Machine& machine = *pacer.machine();
  Json rule = Json::parse(request.body, nullptr, false, true);
  if (!rule.is_object())
    return http_error(400, "bad_request", R"(write {"match": "command == 'basic.publish'", "do": "nack"})");
  std::string name = "live-" + std::to_string(machine.world().live_rules.size() + 1);
  if (rule.contains("name")) {
    if (!rule["name"].is_string() || !is_name(rule["name"].get_ref<const std::string&>()))
      return http_error(400, "bad_request", "/name: must be letters, digits, _ and -, 100 at most");
    name = rule["name"].get<std::string>();
    rule.erase("name");
  }
  if (rule_named(machine, name, true))
    return http_error(409, "conflict",
                      "there is a fault rule \"" + name + "\" already; DELETE /faults/" + name + " first");
  if (rules_in_force(machine) >= rules_max || machine.world().fault_rules.size() >= rules_ever_max)
    return http_error(429, "too_many", "1000 fault rules may be in force at once, and 100000 in the whole run");
  const std::string text = rule.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string objections = LiveRules::objections(machine, {name, text, pacer.now()});
  if (!objections.empty()) return http_error(400, "bad_request", objections);
  BrokerRequest added;
  added.kind = BrokerRequest::Kind::add_rule;
  added.name = name;
  added.body = text;
  pacer.request(added);
  return answered(201, rule_json(machine, machine.world().fault_rules.size() - 1));
}

HttpResponse remove(const std::string& name, Pacer& pacer) {
  const auto number = rule_named(*pacer.machine(), name, true);
  if (!number) return no_rule(name);
  BrokerRequest removed;
  removed.kind = BrokerRequest::Kind::remove_rule;
  removed.name = name;
  pacer.request(removed);
  return answered(200, rule_json(*pacer.machine(), *number));
}

}  // namespace

HttpResponse answer_faults(const HttpRequest& request, Pacer& pacer) {
  const Machine& machine = *pacer.machine();
  if (request.path.size() == 2) {
    const std::string& name = request.path[1];
    if (request.method == "DELETE") return remove(name, pacer);
    if (request.method != "GET") return method_not_allowed("GET, DELETE");
    const auto number = rule_named(machine, name, false);
    return number ? answered(200, rule_json(machine, *number)) : no_rule(name);
  }
  if (request.method == "POST") return add(request, pacer);
  if (request.method != "GET") return method_not_allowed("GET, POST");
  Json all = Json::array();
  for (std::size_t number = 0; number < machine.world().fault_rules.size(); ++number)
    all.push_back(rule_json(machine, number));
  return answered(200, all);
}

}  // namespace premortem::fakes::control
