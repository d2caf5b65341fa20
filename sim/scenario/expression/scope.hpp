#pragma once
// What the names in an expression mean. The scenario's compiler implements it once for each place where expressions
// stand.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/expression/expression.hpp"

namespace premortem {

/// A name that was understood: what evaluation passes to Environment::load(source, a, b), and the type of what that
/// returns.
struct Symbol {
  Source source = Source::local;
  std::uint16_t a = 0;
  std::uint32_t b = 0;
  Type type;
  bool reads_clock = false;  ///< Changes as time passes, as `age` does.
};

/// The first `consumed` of the dotted names are this symbol; those after it are fields of its object.
struct PathSymbol {
  Symbol symbol;
  std::size_t consumed = 0;
};

/// A field of an object: what evaluation passes to Environment::field.
struct FieldSymbol {
  std::uint16_t field = 0;
  Type type;
};

/// The names of an object's or element's fields, and whose they are: {"store.records", {"deanery", "start"}}.
struct FieldNames {
  std::string of;
  std::vector<std::string> names;
};

class ExpressionScope;

/// What count() and list() range over.
struct SetInfo {
  std::uint16_t set = 0;
  /// Inside count() and list(): the element's fields and properties as bare names, and what else may be read there
  /// (`it`, systems; not the fields of an element further out: only the innermost is bound).
  std::shared_ptr<ExpressionScope> element_scope;
};

class ExpressionScope {
 public:
  virtual ~ExpressionScope();

  /// A bare name, or the first of dotted names: a result, a field or property of the element, `it` as a whole.
  virtual std::optional<Symbol> name(std::string_view name) const = 0;
  /// Asked before name(), with all the dotted names that stand together, one or more: `exporter.workers`, `it.deanery`,
  /// `toggle.route`, `lists.friday`, `post.status`. Nothing: name() and field() have the word. The longest that fits
  /// wins.
  virtual std::optional<PathSymbol> path(const std::vector<std::string>& names) const = 0;
  /// A field of an object type.
  virtual std::optional<FieldSymbol> field(std::uint16_t shape, std::string_view name) const = 0;
  /// A kind of item, or a collection with its store: `record`, `store.records`.
  virtual std::optional<SetInfo> set(std::string_view dotted) const = 0;
  /// The id of a text; the same text has the same id always, and '' has 0.
  virtual std::uint32_t intern(std::string_view text) = 0;

  /// The element's own fields, without properties such as `id`; `of` is empty where there is no element.
  virtual FieldNames element_fields() const { return {}; }
  /// The fields of an object type.
  virtual FieldNames fields_of(std::uint16_t /*shape*/) const { return {}; }
  /// Names that would be understood here, dotted or bare, for "did you mean"; any order.
  virtual std::vector<std::string> candidates() const { return {}; }
  /// What set() would understand, for "did you mean"; any order.
  virtual std::vector<std::string> set_candidates() const { return {}; }
  /// Asked first, with the dotted names: what is wrong with this name although it is known somehow, as a whole message
  /// ("chosen" is used before ..., could mean two things ...). Nothing: no objection.
  virtual std::optional<std::string> objection(const std::vector<std::string>& /*names*/) const { return {}; }
  /// Nanoseconds since 1970 of a civil time such as '2021-08-02 13:00', in the zone in force here; a whole message in
  /// `error` if it cannot be. The default understands times that end in " UTC" and objects to others.
  virtual std::optional<std::int64_t> time_literal(std::string_view text, std::string& error) const;
};

}  // namespace premortem
