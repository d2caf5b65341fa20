#pragma once
// What methods of clients ask of the broker, and which method brought an error about.

#include "fakes/wire/amqp/codec.hpp"
#include "sim/models/broker/client_types.hpp"

namespace premortem::fakes::amqp {

/// Fills in what `call` says; the texts stay the call's. False: nothing that a client asks on a channel. A publish
/// lacks its properties and body.
bool to_request(const MethodCall& call, BrokerRequest& request);

/// The method that makes such a request; 0: none does.
std::uint32_t method_of(BrokerRequest::Kind kind);

}  // namespace premortem::fakes::amqp
