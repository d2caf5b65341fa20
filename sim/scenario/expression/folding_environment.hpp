#pragma once
// What constant sub-expressions are evaluated in at compile time: texts and lists, and nothing of any world.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/expression/evaluate.hpp"
#include "sim/scenario/expression/scope.hpp"

namespace premortem::expression_syntax {

class FoldingEnvironment {
 public:
  explicit FoldingEnvironment(ExpressionScope& scope) : scope_(scope) {}  // `scope` must outlive it.

  Word intern(std::string_view text) {
    const std::uint32_t id = scope_.intern(text);
    texts_.try_emplace(id, text);
    return id;
  }
  std::string_view text(Word id) const { return texts_.at(id); }
  std::size_t list_size(Word list) const { return lists_.at(list).size(); }
  Word list_at(Word list, std::size_t i) const { return lists_.at(list)[i]; }
  Word make_list(const Word* words, std::size_t size) {
    lists_.emplace_back(words, words + size);
    return lists_.size() - 1;
  }
  Word fail(ExpressionFault fault) {
    fault_ = fault;
    return 0;
  }
  std::optional<ExpressionFault> fault() const { return fault_; }

  // A constant reads none of these.
  Word load(Source, std::uint16_t, std::uint32_t) const { return 0; }
  Word field(Word, std::uint16_t) const { return 0; }
  Word count_set(std::uint16_t, const Expression*) const { return 0; }
  Word list_set(std::uint16_t, const Expression*, const Expression&) const { return 0; }
  std::int64_t now_ns() const { return 0; }
  std::int64_t today() const { return 0; }
  std::int64_t date_of(std::int64_t) const { return 0; }

 private:
  ExpressionScope& scope_;
  std::map<Word, std::string> texts_;
  std::vector<std::vector<Word>> lists_;
  std::optional<ExpressionFault> fault_;
};

}  // namespace premortem::expression_syntax
