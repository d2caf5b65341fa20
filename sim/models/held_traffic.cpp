#include "sim/models/held_traffic.hpp"

namespace premortem {

namespace {
constexpr std::string_view BrokerRequest::*texts_of_request[] = {
    &BrokerRequest::vhost, &BrokerRequest::name,      &BrokerRequest::exchange,   &BrokerRequest::key,
    &BrokerRequest::text,  &BrokerRequest::arguments, &BrokerRequest::properties, &BrokerRequest::body};
}  // namespace

HeldRequest::HeldRequest(const BrokerRequest& asked, PayloadId carried, std::uint32_t record, std::int64_t at)
    : request(asked), payload(carried), cause(record), arrived(at) {
  for (const auto text : texts_of_request) {
    texts.emplace_back(asked.*text);
    request.*text = {};
  }
}

BrokerRequest HeldRequest::whole() const {
  BrokerRequest whole = request;
  std::size_t at = 0;
  for (const auto text : texts_of_request) whole.*text = texts[at++];
  return whole;
}

}  // namespace premortem
