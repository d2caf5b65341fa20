#include "sim/scenario/expression/literals.hpp"

#include <array>
#include <chrono>

namespace premortem::expression_syntax {

namespace {

/// Reads a text from the left; every function leaves the position alone when it fails.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool accept(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void skip_spaces() {
    while (accept(" ")) {
    }
  }
  bool at_digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  int take_digit() {
    const int digit = rest_[0] - '0';
    rest_.remove_prefix(1);
    return digit;
  }
  /// Exactly `count` digits.
  std::optional<int> digits(int count) {
    const std::string_view before = rest_;
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (!at_digit()) {
        rest_ = before;
        return std::nullopt;
      }
      value = value * 10 + take_digit();
    }
    return value;
  }
  std::string_view word() {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] >= 'a' && rest_[length] <= 'z') ++length;
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> date_at(Cursor& cursor) {
  const auto year = cursor.digits(4);
  if (!year || !cursor.accept("-")) return std::nullopt;
  const auto month = cursor.digits(2);
  if (!month || !cursor.accept("-")) return std::nullopt;
  const auto day = cursor.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::int64_t unit_length(std::string_view name) {
  struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  constexpr std::int64_t s = 1'000'000'000;
  constexpr std::array<Unit, 10> units = {{{"ns", 1},
                                           {"us", 1'000},
                                           {"ms", 1'000'000},
                                           {"s", s},
                                           {"min", 60 * s},
                                           {"h", 3'600 * s},
                                           {"day", 86'400 * s},
                                           {"days", 86'400 * s},
                                           {"week", 604'800 * s},
                                           {"weeks", 604'800 * s}}};
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.nanoseconds;
  }
  return 0;
}

/// One amount with its unit: "20 h", "1.5 s". A fraction counts if it makes whole nanoseconds.
std::optional<std::int64_t> amount_at(Cursor& cursor) {
  std::int64_t mantissa = 0;
  std::int64_t scale = 1;
  bool overflow = false;
  const auto digit = [&] {
    overflow |= __builtin_mul_overflow(mantissa, 10, &mantissa);
    overflow |= __builtin_add_overflow(mantissa, cursor.take_digit(), &mantissa);
  };
  if (!cursor.at_digit()) return std::nullopt;
  while (cursor.at_digit()) digit();
  if (cursor.accept(".")) {
    if (!cursor.at_digit()) return std::nullopt;
    while (cursor.at_digit()) {
      digit();
      overflow |= __builtin_mul_overflow(scale, 10, &scale);
    }
  }
  cursor.skip_spaces();
  const std::int64_t unit = unit_length(cursor.word());
  std::int64_t product = 0;
  if (unit == 0 || overflow || __builtin_mul_overflow(mantissa, unit, &product) || product % scale != 0) {
    return std::nullopt;
  }
  return product / scale;
}

}  // namespace

std::optional<std::int64_t> date_literal(std::string_view text) {
  Cursor cursor(text);
  const auto date = date_at(cursor);
  return cursor.done() ? date : std::nullopt;
}

std::optional<std::int64_t> utc_time_literal(std::string_view text) {
  Cursor cursor(text);
  const auto date = date_at(cursor);
  if (!date || !cursor.accept(" ")) return std::nullopt;
  const auto hour = cursor.digits(2);
  if (!hour || *hour > 23 || !cursor.accept(":")) return std::nullopt;
  const auto minute = cursor.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  std::optional<int> second = 0;
  if (cursor.accept(":")) second = cursor.digits(2);
  if (!second || *second > 59 || !cursor.accept(" UTC") || !cursor.done()) return std::nullopt;
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  std::int64_t result = 0;
  const std::int64_t seconds = *date * 86'400 + *hour * 3'600 + *minute * 60 + *second;
  if (__builtin_mul_overflow(seconds, nanoseconds_per_second, &result)) return std::nullopt;
  return result;
}

std::optional<std::int64_t> duration_literal(std::string_view text) {
  Cursor cursor(text);
  std::int64_t total = 0;
  do {
    const auto amount = amount_at(cursor);
    if (!amount || __builtin_add_overflow(total, *amount, &total)) return std::nullopt;
    cursor.skip_spaces();
  } while (!cursor.done());
  return total;
}

}  // namespace premortem::expression_syntax
