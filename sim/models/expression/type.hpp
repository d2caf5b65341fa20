#pragma once
// The values that expressions compute: one machine word each, and the static types that say how to read it.

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace premortem {

/// One value of an expression, read according to its static Type. The word 0 is the default of every type:
/// false, 0, 0.0, the text '' (whoever interns texts gives '' the id 0), 1970-01-01, 0 s, the empty list.
///   boolean 0 or 1 · integer two's complement · real the double's bits (never NaN or infinite) · text its interned id
///   date days since 1970-01-01 · time nanoseconds since 1970-01-01T00:00Z · duration nanoseconds
///   list and object a handle that the Environment gave out and understands
using Word = std::uint64_t;

constexpr Word word_of(bool value) { return value ? 1U : 0U; }
constexpr Word word_of(std::int64_t value) { return static_cast<Word>(value); }
constexpr Word word_of(double value) { return std::bit_cast<Word>(value); }
constexpr std::int64_t integer_of(Word word) { return static_cast<std::int64_t>(word); }
constexpr double real_of(Word word) { return std::bit_cast<double>(word); }

/// `nothing` is the element of a list that is known to be empty (`[]`); such a list goes with every list.
enum class BaseType : std::uint8_t { boolean, integer, real, text, date, time, duration, list, object, nothing };

/// The static type of an expression. Lists are flat: `element` is never `list`.
struct Type {
  BaseType base = BaseType::nothing;
  BaseType element = BaseType::nothing;  ///< Of a list; `nothing` otherwise.
  std::uint16_t shape = 0;  ///< Of an object, or of the objects in a list: which fields it has. 0 otherwise.

  bool operator==(const Type&) const = default;
};

namespace types {
inline constexpr Type boolean{BaseType::boolean};
inline constexpr Type integer{BaseType::integer};
inline constexpr Type real{BaseType::real};
inline constexpr Type text{BaseType::text};
inline constexpr Type date{BaseType::date};
inline constexpr Type time{BaseType::time};
inline constexpr Type duration{BaseType::duration};
}  // namespace types

constexpr Type object_type(std::uint16_t shape) { return {BaseType::object, BaseType::nothing, shape}; }
constexpr Type list_of(Type element) { return {BaseType::list, element.base, element.shape}; }
/// Of a list type: the type of its elements.
constexpr Type element_of(Type list) { return {list.element, BaseType::nothing, list.shape}; }

/// The spelling of the scenario language: "bool", "int", "double", "string", "date", "time", "duration", "object",
/// "list(string)", "list()" for an empty one.
std::string name_of(Type type);
/// With its article, for messages: "an int", "a list of strings", "an empty list".
std::string article_name_of(Type type);
/// More than one, for messages: "ints", "strings".
std::string_view plural_name_of(BaseType type);

}  // namespace premortem
