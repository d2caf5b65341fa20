#pragma once
// What names mean where an expression stands.

#include <map>
#include <optional>
#include <string>

#include "sim/scenario/compile/compiler.hpp"

namespace premortem {

/// What a handler has in hand, `it`.
struct Hand {
  std::uint8_t slot = 0;
  Type type;  ///< An object of some shape, or a scalar.
  std::optional<std::uint8_t> attempt_slot, redelivered_slot, deaths_slot;
};

struct Result {
  std::uint8_t slot = 0;
  Type type;
};

/// Whose fields are bare names.
struct Element {
  enum class Kind : std::uint8_t { item, document, message } kind = Kind::item;
  std::uint16_t shape = 0;  ///< Of a document; of an item: number of its kind.
  std::string name;         ///< For messages: "store.records".
};

class NameScope final : public ExpressionScope {
 public:
  explicit NameScope(Compiler& compiler) : compiler_(compiler) {}

  std::optional<Hand> hand;
  std::map<std::string, Result, std::less<>> results;
  std::optional<Element> element;

  std::optional<Symbol> name(std::string_view name) const override;
  std::optional<PathSymbol> path(const std::vector<std::string>& names) const override;
  std::optional<FieldSymbol> field(std::uint16_t shape, std::string_view name) const override;
  std::optional<SetInfo> set(std::string_view dotted) const override;
  std::uint32_t intern(std::string_view text) override { return compiler_.intern(text); }
  FieldNames element_fields() const override;
  FieldNames fields_of(std::uint16_t shape) const override;
  std::vector<std::string> candidates() const override;
  std::vector<std::string> set_candidates() const override;
  std::optional<std::string> objection(const std::vector<std::string>& names) const override;
  std::optional<std::int64_t> time_literal(std::string_view text, std::string& error) const override;

  /// Results that a later step of the same handler names: used too early, they get a message of their own.
  std::map<std::string, int, std::less<>> later_results;

 private:
  std::optional<Symbol> property(std::string_view name, Source source, std::uint32_t b) const;
  const std::vector<FieldSpec>* element_specs() const;

  Compiler& compiler_;
};

}  // namespace premortem
