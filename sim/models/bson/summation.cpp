#include "sim/models/bson/summation.hpp"

#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/arithmetic.hpp"

namespace premortem::bson {

namespace {

int width_of(Type type) {
  return type == Type::int32 ? 0 : type == Type::int64 ? 1 : type == Type::number_double ? 2 : 3;
}

}  // namespace

void Summation::add_double(double number) {
  plain_ += number;
  const double sum = sum_ + number;
  const double of_number = sum - sum_;
  lost_ += (sum_ - (sum - of_number)) + (number - of_number);
  sum_ = sum;
}

void Summation::add(const Value& number) {
  PREMORTEM_CHECK(number.is_number(), "only numbers are added");
  if (width_of(number.type()) > width_of(widest_)) widest_ = number.type();
  if (number.is(Type::decimal128)) {
    decimals_ = decimals_.is_missing() ? number : add_decimals(decimals_, number);
    return;
  }
  if (number.is(Type::number_double)) return add_double(number.as_double());
  integers_ += number.as_int64();
  const std::int64_t high = number.as_int64() / (std::int64_t{1} << 32) * (std::int64_t{1} << 32);
  add_double(static_cast<double>(number.as_int64() - high));  // Each half fits into a double.
  add_double(static_cast<double>(high));
}

double Summation::in_double() const {
  const double total = sum_ + lost_;
  return total == total ? total : plain_;
}

Value Summation::in_decimal() const {
  if (sum_ + lost_ != sum_ + lost_) return add_decimals(decimals_, decimal_from_double_in_full(plain_));
  const Value others = add_decimals(decimal_from_double_in_full(sum_), decimal_from_double_in_full(lost_));
  return decimals_.is_missing() ? others : add_decimals(decimals_, others);
}

Value Summation::total() const {
  if (widest_ == Type::decimal128) return in_decimal();
  if (widest_ == Type::number_double) return Value::number(in_double());
  const auto narrow = static_cast<std::int64_t>(integers_);
  if (narrow != integers_) return Value::number(in_double());
  return widest_ == Type::int64 ? Value::int64(narrow) : int_or_long(narrow);
}

Value Summation::average(std::int64_t count) const {
  PREMORTEM_CHECK(count > 0, "the average is one of something");
  if (widest_ == Type::decimal128) return divide_decimals(in_decimal(), decimal_from_integer(count));
  return Value::number(in_double() / static_cast<double>(count));
}

}  // namespace premortem::bson
