#include "fakes/server/amqp/management_client.hpp"

#include "fakes/server/amqp/management_call.hpp"
#include "sim/models/broker/request_names.hpp"

namespace premortem::fakes::management {

Client::Client(AmqpGateway& gateway, const std::string& user, const std::string& vhost)
    : gateway_(gateway), client_(gateway.new_client()) {
  gateway_.listen_for(client_, this);
  BrokerRequest hello;
  hello.kind = BrokerRequest::Kind::connect;
  hello.client = client_;
  hello.vhost = vhost;
  hello.name = user;
  hello.text = management_connection;
  gateway_.request(hello);
  BrokerRequest open;
  open.kind = BrokerRequest::Kind::open_channel;
  ask(open);
}

Client::~Client() {
  BrokerRequest goodbye;
  goodbye.kind = BrokerRequest::Kind::disconnect;
  goodbye.client = client_;
  gateway_.request(goodbye);
  gateway_.listen_for(0, nullptr);
}

std::vector<Client::Told> Client::ask(BrokerRequest request) {
  request.client = client_;
  request.channel = 1;
  heard_.clear();
  gateway_.request(request);
  for (const Told& one : heard_) {
    const ClientEvent& event = one.event;
    if (event.kind != ClientEvent::Kind::channel_error && event.kind != ClientEvent::Kind::connection_error) continue;
    const std::size_t dash = event.text.find(" - ");  // "PRECONDITION_FAILED - inequivalent arg ..."
    const std::string why = dash == std::string::npos ? event.text : event.text.substr(dash + 3);
    if (event.code == 404) refuse(404, "Object Not Found", why);
    if (event.code == 403) refuse(401, "not_authorised", why);
    bad_request(why);
  }
  return std::move(heard_);
}

void Client::told(const ClientEvent& event, std::string_view properties, std::string_view body) {
  heard_.push_back({event, std::string(properties), std::string(body)});
}

void operate(AmqpGateway& gateway, BrokerRequest request) {
  request.client = 0;
  gateway.request(request);
}

}  // namespace premortem::fakes::management
