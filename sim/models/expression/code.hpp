#pragma once
// The operations of the stack machine. "x y -> z": takes y, then x from the stack, and leaves z.

#include <cstdint>

namespace premortem {

/// Which kind of comparison an operation makes; in ExpressionOp::a.
enum class ExpressionComparison : std::uint16_t { less, less_or_equal, greater, greater_or_equal, equal, not_equal };

enum class ExpressionCode : std::uint8_t {
  constant,       ///< -> constants[b]
  load,           ///< -> Environment::load(source_or_type, a, b)
  field,          ///< object -> its field a
  index,          ///< list i -> list[i]
  make_list,      ///< b words -> list
  constant_list,  ///< -> list of the a words from constants[b] on
  now,            ///< -> time
  today,          ///< -> date

  // Jumps lead forward only, so that every expression terminates. b is the index of the next operation.
  jump,           ///< Always.
  jump_if_false,  ///< x -> ; if x is false.
  and_jump,       ///< x -> x, jumping, if x is false; x -> otherwise.
  or_jump,        ///< x -> x, jumping, if x is true; x -> otherwise.

  logical_not,  ///< x -> !x
  negate,       ///< int or duration
  negate_real,
  add,  ///< int, duration, time, date: all are integers
  subtract,
  multiply,
  divide,
  remainder,
  add_real,
  subtract_real,
  multiply_real,
  divide_real,
  concatenate,       ///< text text -> text
  concatenate_list,  ///< list list -> list

  compare_words,     ///< Comparison a (equal or not_equal) of words that are equal if their values are.
  compare_integers,  ///< Comparison a; also dates, times, durations, bools
  compare_reals,
  compare_integer_real,  ///< int double; exact
  compare_real_integer,  ///< double int; exact
  compare_texts,         ///< by bytes, which is by code point
  compare_lists,         ///< equal or not_equal; source_or_type is the element's BaseType
  differ,                ///< x y -> true if a is not_equal, else false: types that are never equal

  // x list -> bool, by how the two are compared.
  in_words,
  in_reals,         ///< double list-of-doubles
  in_integer_real,  ///< int list-of-doubles
  in_real_integer,  ///< double list-of-ints
  in_constants,     ///< x -> bool; words from constants[b] on, a of them

  integer_to_real,
  real_to_integer,  ///< towards zero
  text_to_integer,
  text_to_real,
  to_text,       ///< source_or_type is the BaseType
  time_to_date,  ///< in the component's zone

  size_of_text,  ///< code points
  size_of_list,
  starts_with,  ///< text text -> bool
  ends_with,    ///< text text -> bool
  contains,     ///< text text -> bool

  least,        ///< x y -> the lesser; source_or_type is the BaseType
  greatest,     ///< x y -> the greater
  least_in,     ///< list -> element; source_or_type is the BaseType
  greatest_in,  ///< list -> element
  count_set,    ///< -> int; set a, condition inner[b] (Expression::no_inner: all)
  list_set      ///< -> list; set a, value inner[b], condition inner[b + 1] if source_or_type is 1 (0: all)
};

}  // namespace premortem
