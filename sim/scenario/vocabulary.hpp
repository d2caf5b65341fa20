#pragma once
// The one table of the scenario language. From it come the validator, the JSON schema, the reference page and
// did-you-mean.

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

/// What may stand as a value.
enum class ValueType : std::uint8_t {
  text,
  word,
  boolean,
  count,
  count_range,
  duration,
  duration_range,
  rate,
  share,
  time,
  times,
  expression,
  name,
  names,
  numbers,
  texts,
  steps,
  errors,
  object,
  map_of,
  any,
  assignments,
  addresses,
  values,
  each,
  alternatives,
  bound
};

/// One key of a form.
struct KeyRule {
  std::string_view name;
  ValueType type;
  std::string_view detail;    ///< word: the words, by '|'. name: kinds it may name, by '|'. object, map_of: the form.
  std::string_view standard;  ///< Default, for the reference; empty: none.
  bool required;
  std::string_view says;  ///< One line for the reference, the schema's hover text and nothing else.
};

/// Things with the same keys: "job", "step:find", "check:every".
struct Form {
  std::string_view name;
  std::string_view says;
  std::string_view facts;  ///< IDs of the reference facts that it is modelled on.
  std::vector<KeyRule> keys;
};

const std::vector<Form>& vocabulary();
/// Null when there is none of that name.
const Form* find_form(std::string_view name);
/// The parts of names that begin so: forms_of("step:") gives "find", "insert", ...
std::vector<std::string> forms_of(std::string_view prefix);
/// The rule of a key, also among the keys that all forms of its kind share; null when the form has no such key.
const KeyRule* find_key(const Form& form, std::string_view key);
/// The keys that every form with that prefix shares.
const Form* common_form(std::string_view form_name);
/// All keys of a form: its own, those that its kind shares, and those that faults share.
std::vector<KeyRule> keys_of(const Form& form);
/// What to write instead of a key that other tools have and this language has not; empty: nothing is known about it.
std::string_view advice_for(std::string_view form, std::string_view key);

/// The largest count that a key may have: a world holds something for each worker and partition.
std::int64_t count_max(std::string_view key);

/// Which form a step, a timeline entry or a check has: by its one verb. Empty when none or two fit; then `error` says
/// so.
std::string form_of_verb(const Node& node, std::string_view prefix, std::string& error);

/// Every part of the file against the table: keys, types, units, words. Names of things are the compiler's business.
void validate(const Node& root, Diagnostics& diagnostics);
/// The same for a file that others use: its sections alone, and none is required.
void validate_shared(const Node& root, Diagnostics& diagnostics);
/// One thing of that form alone, such as a `rule` that comes from outside.
void validate_form(const Node& node, std::string_view form, const std::string& address, Diagnostics& diagnostics);
/// What is valid by itself and would mean nothing where it stands: `gap` without `each`, a mark that `source` lacks.
/// REQUIRES: a file that validate() has accepted.
void refuse_without_effect(const Node& root, Diagnostics& diagnostics);
/// Names that would break an address, or stand for a section as well. REQUIRES: as above.
void refuse_bad_names(const Node& root, Diagnostics& diagnostics);
/// Draft 7; no oneOf: `is` and verbs choose by if/then.
std::string schema_json();
std::string reference_markdown();

}  // namespace premortem
