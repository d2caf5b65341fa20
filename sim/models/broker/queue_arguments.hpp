#pragma once
// Arguments of queues and exchanges: which there are, what they may say, and whether two sets of them are the same.

#include <string>
#include <string_view>

#include "sim/models/broker/client_topology.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem {

/// Why a declaration is refused; code 0: it is not.
struct Refusal {
  std::uint16_t code = 0;
  std::string text;
};

/// Checks name by name and fills `queue`. `where`: "queue 'q' in vhost '/'". Unknown names are kept without a word, as
/// RabbitMQ does.
Refusal read_queue_arguments(const FieldTable& arguments, int version, std::string_view where, ClientQueue& queue);

/// What RabbitMQ says when a known queue is declared with other arguments; empty: they are the same. `partly`: what is
/// not declared does not count.
std::string inequivalent_argument(const FieldTable& declared, const FieldTable& current, std::string_view where,
                                  bool partly);

}  // namespace premortem
