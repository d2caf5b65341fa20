#pragma once
// Messages between simulated systems and real programs as JSON: {"id": 7, "deanery": "EMD", "by": "cron"}.

#include <string>
#include <string_view>

#include "sim/models/outside.hpp"

namespace premortem::fakes {

/// A body is a JSON object with the fields of the queue; `id` and, where a queue carries several kinds of items, `kind`
/// say which item it is about. Dates are "2021-08-04", instants RFC 3339 in UTC, durations "20 min"; an instant or a
/// duration may also be a number of seconds. What is missing or of another type counts as the type's default. A
/// body that is no object has no fields and is about no item; as it is, it reaches other real programs all the same.
/// Lists are arrays; their documents are objects with the fields of their collection and the `id` of their item.
class JsonMessages final : public MessageForm {
 public:
  PayloadId read(Machine& machine, std::uint32_t queue, const BrokerRequest& message) const override;
  /// How many bodies to queues of the scenario were no JSON object so far: to be said when the run is over.
  std::uint64_t unreadable() const { return unreadable_; }
  /// Persistent, of content type application/json, with the item as message_id: "export 7".
  void write(Machine& machine, PayloadId payload, std::string& properties, std::string& body) const override;

  PayloadId read_call(Machine& machine, std::uint32_t operation, std::string_view body) const override;
  std::string write_value(Machine& machine, Type type, Word value) const override;
  /// What is wrong with the body of such a call, and what to write; empty: nothing. Changes nothing.
  static std::string objection_to_call(const Machine& machine, std::uint32_t operation, std::string_view body);

 private:
  mutable std::uint64_t unreadable_ = 0;  // What was read does not depend on it.
};

}  // namespace premortem::fakes
