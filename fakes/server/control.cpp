#include "fakes/server/control.hpp"

#include <nlohmann/json.hpp>

#include "sim/models/expression/text_form.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

using Json = nlohmann::ordered_json;

namespace control {

HttpResponse method_not_allowed(std::string_view allowed) {
  HttpResponse response = http_error(405, "method_not_allowed", "allowed: " + std::string(allowed));
  response.headers.emplace_back("allow", allowed);
  return response;
}

std::string instant_text(std::int64_t at) { return text_form(BaseType::time, word_of(at)); }

namespace {

HttpResponse answer_stop(const HttpRequest& request, Pacer& pacer) {
  if (request.method != "POST") return method_not_allowed("POST");
  HttpResponse response;
  response.status = 202;
  response.body = Json({{"stopping", true}, {"now", instant_text(pacer.now())}}).dump();
  pacer.stop();
  return response;
}

}  // namespace

}  // namespace control

HttpResponse Control::answer(const HttpRequest& request) {
  using namespace control;
  Machine* machine = pacer_.machine();
  if (machine == nullptr) return http_error(503, "not_running", "the run has not begun, or is over");
  const std::vector<std::string>& path = request.path;
  const bool reads = request.method == "GET";
  if (path.size() == 2 && path[0] == "clock" && path[1] == "advance") return answer_advance(request, pacer_);
  if (!path.empty() && path[0] == "faults" && path.size() <= 2) return answer_faults(request, pacer_);
  if (path.size() == 1) {
    if (path[0] == "clock") return answer_clock(request, pacer_);
    if (path[0] == "state") return reads ? answer_state(*machine, pacer_) : method_not_allowed("GET");
    if (path[0] == "history") return reads ? answer_history(request, *machine) : method_not_allowed("GET");
    if (path[0] == "stop") return answer_stop(request, pacer_);
  }
  return http_error(404, "not_found",
                    "there are /clock, /clock/advance, /state, /history, /faults, /faults/NAME and /stop");
}

}  // namespace premortem::fakes
