#pragma once
// How expressions are kept: a tree of nodes. Private to the expressions; operators of one topic share a file.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/query/expression.hpp"
#include "sim/models/query/expression_parser.hpp"

namespace premortem::query {

struct AggregateExpression::Node {
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;
  virtual bson::Value evaluate(Variables& variables) const = 0;
  virtual bool is_constant() const { return false; }
};

namespace expressing {

using bson::Type;
using bson::Value;
using Arguments = std::vector<Value>;

inline constexpr std::size_t any_number = 1'000'000'000;

/// An operator whose result depends on nothing but the values of its arguments.
struct Operator {
  std::string_view name;
  std::size_t least = 1, most = 1;  ///< Arguments that it takes.
  /// `name` is the operator's: several may share a function.
  Value (*evaluate)(std::string_view name, Arguments& arguments) = nullptr;
  /// Not empty: its one argument is a document with these fields, the first `least` of which must be there. What is not
  /// there, or gives nothing, is missing among the arguments.
  std::vector<std::string_view> fields = {};
  /// With `fields`: what it fails with when the argument is no document, has another field, or lacks one.
  int not_a_document = code::failed_to_parse, unknown_field = code::failed_to_parse,
      missing_field = code::failed_to_parse;
  /// With `fields`: what could be left out, is there and gives nothing is null among the arguments. But those from this
  /// one on are missing there, and evaluated by evaluate_lazily(), which is in place of evaluate(), when it needs them.
  std::size_t lazy_from = any_number;
  Value (*evaluate_lazily)(std::string_view name, Arguments& arguments, const std::vector<NodePointer>& nodes,
                           Variables& variables) = nullptr;
};

/// An operator that is evaluated in a way of its own, or says something about its arguments when it is parsed.
struct SpecialOperator {
  std::string_view name;
  NodePointer (*parse)(Parser& parser, const std::string& name, const Value& operand);
};

std::span<const Operator> arithmetic_operators();
std::span<const Operator> bitwise_operators();
std::span<const Operator> comparison_operators();
std::span<const Operator> string_operators();
std::span<const Operator> string_search_operators();
std::span<const Operator> regex_operators();
std::span<const Operator> array_operators();
std::span<const Operator> array_slice_operators();
std::span<const Operator> object_operators();
std::span<const Operator> set_operators();
std::span<const SpecialOperator> date_part_operators();
std::span<const Operator> date_parts_operators();
std::span<const Operator> date_text_operators();
std::span<const Operator> date_arithmetic_operators();
std::span<const Operator> conversion_operators();
std::span<const Operator> accumulating_operators();
std::span<const SpecialOperator> logic_operators();
std::span<const SpecialOperator> loop_operators();
std::span<const SpecialOperator> other_operators();
std::span<const SpecialOperator> field_operators();
std::span<const SpecialOperator> special_conversion_operators();

/// Of $sortArray, when its operand has been looked at: what to sort, and by what.
const Operator& array_sorter();

const Operator* find_operator(std::string_view name);
const SpecialOperator* find_special_operator(std::string_view name);

NodePointer make_constant(Value value);
NodePointer make_operator(const Operator& operation, std::vector<NodePointer> arguments);
/// Of "$a.b", "$$this.c". REQUIRES: begins with $.
NodePointer make_field_path(Parser& parser, const std::string& text);
/// Of a path in a value, as expressions go through arrays.
Value value_at(const Value& base, std::span<const std::string> path);
/// Throws CommandError for an empty part, one that begins with $, and so on.
std::vector<std::string> split_field_path(const std::string& path);
/// Throws CommandError unless it can be the name of a field in an object: no dots, no $.
void check_field_name(const std::string& name);
void check_variable_name(const std::string& name);

/// What a value takes in memory. Throws CommandError when it is too deep or far too large.
std::size_t weigh(const Value& value);
/// Counts what a result takes while it grows, and throws CommandError before it becomes too much.
class Growth {
 public:
  void add(const Value& value) { add_bytes(weigh(value)); }
  void add_bytes(std::size_t bytes);

 private:
  std::size_t bytes_ = 0;
};

/// Work that grows with a value, for who makes one or copies it.
void spend_on_copy(Variables& variables, const Value& value);

/// Counts what is kept of values while others are evaluated, as work and as memory, until it goes out of scope.
class Holding {
 public:
  explicit Holding(Variables& variables) : variables_(variables) {}
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() { variables_.held -= bytes_; }
  void add(const Value& value);

 private:
  Variables& variables_;
  Growth growth_;
  std::size_t bytes_ = 0;
};

[[noreturn]] void fail(int code, const std::string& text);
std::string in_quotes(std::string_view name);
std::string type_of(const Value& value);
/// Code units of UTF-8 that begin a character.
bool begins_character(char byte);

}  // namespace expressing

}  // namespace premortem::query
