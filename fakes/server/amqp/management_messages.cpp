// Publishing a message and taking some from a queue.

#include <nlohmann/json.hpp>

#include "fakes/pacing/base64.hpp"
#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;
using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;

namespace {

const Json& member(const Json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end()) bad_request(std::string("the key ") + name + " is missing");
  return *found;
}

std::string decoded(const std::string& payload, const std::string& encoding) {
  if (encoding == "string") return payload;
  if (encoding != "base64") bad_request("payload_encoding must be string or base64");
  try {
    return from_base64(payload);
  } catch (const std::runtime_error& wrong) {
    bad_request(wrong.what());
  }
}

bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

Json message_json(const Client::Told& told, const std::string& encoding, std::size_t longest) {
  Json json;
  json["payload_bytes"] = told.body.size();
  json["redelivered"] = told.event.redelivered;
  json["exchange"] = told.event.exchange;
  json["routing_key"] = told.event.key;
  json["message_count"] = told.event.count;
  json["properties"] = properties_json(told.event, told.properties);
  const std::string body = told.body.substr(0, longest);
  const bool plain = encoding == "auto" && is_utf8(body);
  json["payload"] = plain ? body : to_base64(body);
  json["payload_encoding"] = plain ? "string" : "base64";
  return json;
}

/// What happens with the messages that were taken.
struct AckMode {
  bool taken = false;     ///< They are gone.
  bool rejected = false;  ///< With a basic.reject; else they go back when the channel is closed.
  bool requeue = true;
};

AckMode ack_mode(const Json& body) {
  if (!body.contains("ackmode") && body.contains("requeue")) return {!body["requeue"].get<bool>(), false, true};
  const auto name = member(body, "ackmode").get<std::string>();
  if (name == "ack_requeue_true") return {false, false, true};
  if (name == "ack_requeue_false") return {true, false, false};
  if (name == "reject_requeue_true") return {false, true, true};
  if (name == "reject_requeue_false") return {false, true, false};
  bad_request("ackmode must be ack_requeue_true, ack_requeue_false, reject_requeue_true or reject_requeue_false");
}

}  // namespace

HttpResponse publish_message(const Call& call, VhostId vhost, ExchangeId exchange) {
  if (!call.is("POST")) not_allowed();
  const Json body = call.body();
  const std::string properties = properties_from(member(body, "properties"));
  const auto key = member(body, "routing_key").get<std::string>();
  const std::string payload =
      decoded(member(body, "payload").get<std::string>(), member(body, "payload_encoding").get<std::string>());
  Client client(call.gateway, call.user, call.vhost_name(vhost));
  BrokerRequest request;
  request.kind = Kind::confirm_select;
  client.ask(request);
  const std::string name = call.broker().exchange(exchange).name;
  request.kind = Kind::publish;
  request.exchange = name;
  request.key = key;
  request.mandatory = true;
  request.properties = properties;
  request.body = payload;
  bool routed = true;
  for (const Client::Told& told : client.ask(request)) {
    if (told.event.kind == Told::returned) routed = false;
    if (told.event.kind == Told::nacked) bad_request("rejected");
  }
  return json_response({{"routed", routed}});
}

HttpResponse get_messages(const Call& call, VhostId vhost, QueueId queue) {
  if (!call.is("POST")) not_allowed();
  const Json body = call.body();
  const auto count = member(body, "count").get<std::uint32_t>();
  const AckMode mode = ack_mode(body);
  const auto encoding = member(body, "encoding").get<std::string>();
  if (encoding != "auto" && encoding != "base64") bad_request("encoding must be auto or base64");
  const auto longest = body.value("truncate", std::string::npos);
  Client client(call.gateway, call.user, call.vhost_name(vhost));
  const std::string name = call.broker().queue(queue).name;
  BrokerRequest request;
  request.kind = Kind::get;
  request.name = name;
  request.no_ack = mode.taken;
  Json list = Json::array();
  std::uint64_t last = 0;
  while (list.size() < count) {
    const std::vector<Client::Told> answer = client.ask(request);
    if (answer.empty() || answer.front().event.kind != Told::got) break;
    list.push_back(message_json(answer.front(), encoding, longest));
    last = answer.front().event.tag;
  }
  if (mode.rejected && last != 0) {
    BrokerRequest settle;
    settle.kind = Kind::nack;
    settle.tag = last;
    settle.multiple = true;
    settle.requeue = mode.requeue;
    client.ask(settle);
  }
  return json_response(list);
}

}  // namespace premortem::fakes::management
