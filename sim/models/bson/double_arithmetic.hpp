#pragma once
// What C's mathematical library would be asked for, by integers alone: the same on every machine.

namespace premortem::bson {

/// With the sign of `left`; exact. No number where `right` is 0 or `left` infinite.
double remainder_of_doubles(double left, double right);
double floor_of(double number);
double ceiling_of(double number);
double truncated(double number);
/// The nearest double, half to even; no number for what is below 0.
double square_root_of(double number);
double absolute_of(double number);
bool is_finite(double number);

}  // namespace premortem::bson
