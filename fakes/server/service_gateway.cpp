#include "fakes/server/service_gateway.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "fakes/pacing/json_messages.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes {

namespace {

/// "esr.deliver" as a target: "/esr/deliver".
std::string target_of(std::string name) {
  std::replace(name.begin(), name.end(), '.', '/');
  return "/" + name;
}

std::optional<std::uint32_t> operation_named(const Model& model, const std::string& name) {
  for (std::uint32_t number = 0; number < model.service_operations.size(); ++number) {
    if (model.service_operations[number].name == name) return number;
  }
  return std::nullopt;
}

HttpResponse no_such_operation(const Model& model, const std::string& target) {
  std::string known;
  for (const ServiceOperationSpec& one : model.service_operations)
    known += (known.empty() ? "" : ", ") + target_of(one.name);
  return http_error(404, "not_found", "no service offers " + target + "; there are " + known);
}

HttpResponse ended_with(const std::string& error) {
  HttpResponse response;
  response.status = error == "Unavailable" ? 503 : error == "Timeout" ? 504 : 500;
  response.body = nlohmann::json{{"error", error}}.dump();
  return response;
}

/// Where a line of a transcript ends; a body may have its own.
std::string in_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
  return text;
}

}  // namespace

void ServiceGateway::handle(const HttpRequest& request, const HttpResponder& responder) {
  Call call{std::string(request.header("user-agent")), "", request.body, 0, responder};
  std::string name;
  for (const std::string& part : request.path) {
    call.target += "/" + part;
    name += (name.empty() ? "" : ".") + part;
  }
  if (call.target.empty()) call.target = "/";
  if (transcript_) note(call.caller, "C " + request.method + " " + call.target + " " + in_one_line(call.body));
  const Machine* const machine = pacer_.machine();
  if (machine == nullptr) return tell(call.caller, responder, ended_with("Unavailable"));
  const auto operation =
      request.path.size() == 2 ? operation_named(machine->model(), name) : std::optional<std::uint32_t>();
  if (!operation) return tell(call.caller, responder, no_such_operation(machine->model(), call.target));
  if (request.method != "POST") {
    HttpResponse refused = http_error(405, "method_not_allowed", "a service is called by POST");
    refused.headers.emplace_back("Allow", "POST");
    return tell(call.caller, responder, refused);
  }
  call.operation = *operation;
  unheard_.push_back(std::move(call));
  if (!gathers_) hear();
}

void ServiceGateway::set_gathering(bool gathers) {
  gathers_ = gathers;
  if (!gathers) hear();
}

void ServiceGateway::hear() {
  if (unheard_.empty()) return;
  std::vector<Call> calls;
  calls.swap(unheard_);
  std::stable_sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) {
    return std::tie(a.caller, a.target, a.body) < std::tie(b.caller, b.target, b.body);
  });
  for (const Call& call : calls) ask(call);
}

std::uint32_t ServiceGateway::number_of(const Call& call) {
  std::uint32_t& number = call.caller.empty() ? by_connection_[call.responder.connection()] : by_name_[call.caller];
  if (number == 0) number = ++callers_;
  return number;
}

void ServiceGateway::ask(const Call& call) {
  const Machine* const machine = pacer_.machine();
  if (machine == nullptr) return tell(call.caller, call.responder, ended_with("Unavailable"));
  const std::string objection = JsonMessages::objection_to_call(*machine, call.operation, call.body);
  if (!objection.empty()) return tell(call.caller, call.responder, http_error(400, "bad_request", objection));
  const std::string& name = machine->model().service_operations[call.operation].name;
  const std::size_t dot = name.find('.');
  const std::string service = name.substr(0, dot), operation = name.substr(dot + 1);
  BrokerRequest asked;
  asked.kind = BrokerRequest::Kind::call_service;
  asked.client = number_of(call);
  asked.tag = ++calls_;
  asked.name = service;
  asked.key = operation;
  asked.text = call.caller;
  asked.body = call.body;
  waiting_.insert_or_assign(asked.tag, Waiting{call.caller, call.responder});
  pacer_.request(asked);
}

void ServiceGateway::replied(const ServiceReply& reply) {
  const auto at = waiting_.find(reply.call);
  if (at == waiting_.end()) return;
  const Waiting waiting = at->second;
  waiting_.erase(at);
  pacer_.told();
  if (reply.cut != 0) {
    if (transcript_) note(waiting.caller, "S the connection breaks");
    return waiting.responder.cut();
  }
  HttpResponse response;
  response.body = reply.value.empty() ? "{}" : "{\"reply\":" + reply.value + "}";
  tell(waiting.caller, waiting.responder, reply.error.empty() ? response : ended_with(reply.error));
}

bool ServiceGateway::waits() const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [](const auto& one) { return one.second.responder.is_awaited(); });
}

void ServiceGateway::tell(const std::string& caller, const HttpResponder& responder,
                          const HttpResponse& response) const {
  if (transcript_) note(caller, "S " + std::to_string(response.status) + " " + in_one_line(response.body));
  responder.answer(response);
}

void ServiceGateway::note(const std::string& caller, const std::string& what) const {
  transcript_("http client " + (caller.empty() ? std::string("without a name") : in_one_line(caller)) + " " + what);
}

}  // namespace premortem::fakes
