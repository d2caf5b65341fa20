#pragma once
// JSON objects as payloads about items, and back: what messages and calls of real programs have in common.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/models/machine.hpp"

namespace premortem::fakes {

/// What an object is to be read as: the fields of `shape`, about an item of one of `kinds`, which came to `component`.
struct JsonForm {
  std::uint16_t shape = 0;
  const std::vector<std::uint32_t>* kinds = nullptr;
  std::uint32_t component = 0;
};

/// A payload with one reference, which is the caller's. `id` and, of several kinds, `kind` say which item it is about;
/// with an id that no item has it is about a new one, and without a kind about none. What is missing is taken from the
/// item, or is the type's default, as is what is of another type. `text` is the object as it came: it names the luck.
PayloadId payload_from(Machine& machine, const JsonForm& form, const nlohmann::ordered_json& object,
                       std::string_view text);
/// What is wrong with the object, all the same to read it so: "records[2].start must be a date"; empty: nothing.
std::string objection_to(const Machine& machine, const JsonForm& form, const std::string& whose,
                         const nlohmann::ordered_json& object);
/// One value: lists element by element, objects with their own fields and the id of their item.
nlohmann::ordered_json json_of_value(const Machine& machine, Type type, Word word);

}  // namespace premortem::fakes
