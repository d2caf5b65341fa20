#pragma once
// Plain values between JSON and the words of the simulation.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sim/models/machine.hpp"

namespace premortem::fakes {

/// Dates are "2021-08-04", instants RFC 3339 in UTC, durations "20 min"; an instant or a duration may also be a number
/// of seconds. What is of another type gives the type's default. REQUIRES: neither a list nor an object.
Word plain_word(Machine& machine, BaseType type, const nlohmann::ordered_json& value);
/// Why that is no such value: "must be an int, such as 7"; empty: it is one.
std::string plain_objection(BaseType type, const nlohmann::ordered_json& value);
nlohmann::ordered_json plain_json(const Machine& machine, BaseType type, Word word);

}  // namespace premortem::fakes
