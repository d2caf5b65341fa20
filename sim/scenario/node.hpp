#pragma once
// A JSON value that knows where it stands: what overlays change and what the compiler reads.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/diagnostic.hpp"

namespace premortem {

class Node {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, number, text, array, object };
  using Member = std::pair<std::string, Node>;

  // Out of line: a pair of a type that is still incomplete must not be looked into here, and clang 14 would.
  Node();
  ~Node();
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;

  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;            ///< Only looked at to say what is wrong: the language has no bare fractions.
  std::string text;             ///< Of a text; of a number, as it was written.
  std::vector<Node> items;      ///< Of an array.
  std::vector<Member> members;  ///< Of an object, in the order of the file; every key once.
  Position at;                  ///< Where the value begins.
  Position key_at;              ///< Where its key begins; of a list's element, as `at`.
  /// On entries of the timeline: the date that a time without one means, days since 1970. On their `at`, unless an
  /// overlay brought it: the date that it is written after.
  std::int64_t day = no_day;
  static constexpr std::int64_t no_day = INT64_MIN;

  bool is(Kind wanted) const { return kind == wanted; }
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  /// REQUIRES: an object. Replaces what stands there; else appends.
  Node& set(std::string_view key, Node value);
  bool erase(std::string_view key);
  std::vector<std::string> keys() const;

  /// Canonical JSON in the order of the file: what is hashed, and what a saved scenario holds.
  std::string to_json(int indent = -1) const;

  static Node of_text(std::string value, Position at);
  static Node of_integer(std::int64_t value, Position at);
  static Node of_boolean(bool value, Position at);
  static Node of_object(Position at);
  static Node of_array(Position at);
};

/// "a text", "a count", "an object": for messages.
std::string_view describe(Node::Kind kind);

}  // namespace premortem
