#include "fakes/pacing/json_values.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/models/expression/text_form.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/expression/utc_time.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::fakes {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t second = 1'000'000'000;

std::int64_t whole_seconds(const Json& value) {
  // Beyond some three hundred years an instant is out of range, and so is a fraction of a second in a double.
  constexpr std::int64_t most = INT64_MAX / second;
  if (value.is_number_integer()) return std::clamp<std::int64_t>(value.get<std::int64_t>(), -most, most) * second;
  const double seconds = value.get<double>();
  return seconds > -9e9 && seconds < 9e9 ? static_cast<std::int64_t>(seconds * 1e6) * 1000 : 0;
}

/// "2021-08-04T13:00:00Z" or "2021-08-04T13:00:00.25Z".
std::optional<std::int64_t> instant_from(std::string text) {
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  text[10] = ' ';
  const auto whole = expression_syntax::utc_time(text.substr(0, 19) + " UTC");
  if (!whole || text.size() == 20) return whole;
  if (text[19] != '.' || text.size() == 21) return std::nullopt;
  std::int64_t fraction = 0, digit_is_worth = second / 10;
  for (std::size_t at = 20; at + 1 < text.size(); ++at, digit_is_worth /= 10) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    fraction += (text[at] - '0') * digit_is_worth;
  }
  return *whole + fraction;
}

/// Nothing: it is no such value.
std::optional<std::int64_t> date_in(const Json& value) {
  return value.is_string() ? parse_date(value.get_ref<const std::string&>()) : std::nullopt;
}
std::optional<std::int64_t> instant_in(const Json& value) {
  if (value.is_number()) return whole_seconds(value);
  return value.is_string() ? instant_from(value.get_ref<const std::string&>()) : std::nullopt;
}
std::optional<std::int64_t> length_in(const Json& value) {
  if (value.is_number()) return whole_seconds(value);
  const auto length = value.is_string() ? parse_duration(value.get_ref<const std::string&>()) : std::nullopt;
  return length ? std::optional<std::int64_t>(length->count()) : std::nullopt;
}

}  // namespace

Word plain_word(Machine& machine, BaseType type, const Json& value) {
  switch (type) {
    case BaseType::boolean:
      return value.is_boolean() ? word_of(value.get<bool>()) : 0;
    case BaseType::integer:
      return value.is_number_integer() ? word_of(value.get<std::int64_t>()) : 0;
    case BaseType::real:
      return value.is_number() ? word_of(value.get<double>() + 0.0) : 0;
    case BaseType::text:
      return value.is_string()
                 ? Word{machine.world().texts.intern(machine.model().texts, value.get_ref<const std::string&>())}
                 : 0;
    case BaseType::date:
      return word_of(date_in(value).value_or(0));
    case BaseType::time:
      return word_of(instant_in(value).value_or(0));
    case BaseType::duration:
      return word_of(length_in(value).value_or(0));
    case BaseType::list:
    case BaseType::object:
    case BaseType::nothing:
      return 0;
  }
  return 0;
}

std::string plain_objection(BaseType type, const Json& value) {
  switch (type) {
    case BaseType::boolean:
      return value.is_boolean() ? "" : "must be true or false";
    case BaseType::integer: {
      const bool is_too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
      return value.is_number_integer() && !is_too_large ? "" : "must be an int of 64 bits, such as 7";
    }
    case BaseType::real:
      return value.is_number() ? "" : "must be a number, such as 7.5";
    case BaseType::text:
      return value.is_string() ? "" : "must be a string";
    case BaseType::date:
      return date_in(value) ? "" : "must be a date, such as \"2021-08-04\"";
    case BaseType::time:
      return instant_in(value) ? "" : "must be an instant, such as \"2021-08-04T13:00:00Z\", or a number of seconds";
    case BaseType::duration:
      return length_in(value) ? "" : "must be a duration, such as \"20 min\", or a number of seconds";
    case BaseType::list:
    case BaseType::object:
    case BaseType::nothing:
      return "";
  }
  return "";
}

Json plain_json(const Machine& machine, BaseType type, Word word) {
  switch (type) {
    case BaseType::boolean:
      return word != 0;
    case BaseType::integer:
      return integer_of(word);
    case BaseType::real:
      return real_of(word);
    case BaseType::text:
      return std::string(machine.text(word));
    case BaseType::date:
    case BaseType::time:
    case BaseType::duration:
      return text_form(type, word);
    default:
      return nullptr;
  }
}

}  // namespace premortem::fakes
