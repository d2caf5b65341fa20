#pragma once
// Methods and content to bytes and back, by the table of methods.

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "fakes/wire/amqp/method_table.hpp"

namespace premortem::fakes::amqp {

inline constexpr char frame_end = '\xCE';
inline constexpr std::size_t frame_overhead = 8;

/// An argument's or property's value: a number, or bytes that live elsewhere. Tables stand without their length.
struct Value {
  std::uint64_t number = 0;
  std::string_view text;

  Value() = default;
  Value(std::uint64_t value) : number(value) {}
  Value(std::string_view value) : text(value) {}
  Value(const std::string& value) : text(value) {}
};

struct MethodCall {
  const Method* method = nullptr;
  std::array<Value, 9> values;

  std::string_view text(std::size_t at) const { return values[at].text; }
  std::uint64_t number(std::size_t at) const { return values[at].number; }
  bool bit(std::size_t at) const { return values[at].number != 0; }
};

/// What the arguments of `method`, without the ids, are. False: not exactly such arguments. Tables are only cut out;
/// is_table() judges them.
bool decode_arguments(const Method& method, std::string_view bytes, MethodCall& call);

/// Appends a whole method frame. `values`: one for each argument, also the reserved ones; missing ones are 0 and "".
void put_method(std::string& out, std::uint16_t channel, std::uint32_t id, std::initializer_list<Value> values = {});
void put_method(std::string& out, std::uint16_t channel, const MethodCall& call);

/// Appends body frames, none for an empty body. `frame_max`: of whole frames, > 8.
void put_body(std::string& out, std::uint16_t channel, std::string_view body, std::uint32_t frame_max);

struct ContentHeader {
  std::uint16_t class_id = 0, weight = 0;
  std::uint64_t body_size = 0;
  std::string_view properties;  ///< Flags and values.
};
/// False: too short to be one. The properties are not judged.
bool decode_header(std::string_view payload, ContentHeader& header);

/// The properties of a basic message, each as it goes over the wire, lengths included; empty: not there.
struct Properties {
  static constexpr std::size_t headers = 2, reply_to = 6, expiration = 7, count = 14;
  std::array<std::string_view, count> raw;
};
/// False: not exactly well-formed properties of class basic (also their header table).
bool decode_properties(std::string_view bytes, Properties& properties);

/// What the broker changes of a message's properties on the way out.
struct PropertyChanges {
  std::string_view added_headers;  ///< Entries of a table; they take the place of the same names. Must be a table.
  bool without_expiration = false;
  bool has_delivery_count = false;
  std::uint32_t delivery_count = 0;  ///< x-delivery-count
  bool without_bcc = false;          ///< The header BCC is taken away.
  std::string_view reply_to;         ///< Takes the place of the property; empty: it stays.

  bool of_headers() const { return has_delivery_count || without_bcc || !added_headers.empty(); }
  bool any() const { return without_expiration || !reply_to.empty() || of_headers(); }
};
/// Appends a whole header frame. Properties that are not well-formed go out unchanged.
void put_header(std::string& out, std::uint16_t channel, std::uint64_t body_size, std::string_view properties,
                const PropertyChanges& changes = {});

}  // namespace premortem::fakes::amqp
