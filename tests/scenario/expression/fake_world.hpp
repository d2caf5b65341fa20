#pragma once
// A world of records for the tests of expressions: what their names mean, and what they evaluate to.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/models/expression/evaluate.hpp"
#include "sim/models/expression/text_form.hpp"
#include "sim/scenario/expression/compile.hpp"

namespace premortem::test {

constexpr std::int64_t hour = 3'600'000'000'000;
constexpr std::int64_t day = 24 * hour;
/// 2021-08-02, a Monday, in days since 1970.
constexpr std::int64_t monday = 18'841;
constexpr std::uint16_t record_shape = 7;

struct Record {
  std::string deanery;
  bool friday = false;
  std::int64_t revision = 0;
  std::int64_t start = 0;
  std::string state;
  double share = 0;
  std::int64_t id = 0;
  std::int64_t age = 0;
  bool finished = false;
};

/// It is 13:00 UTC on Monday, 2 August 2021; the component's zone is an hour ahead. In hand is an export of MER.
class FakeWorld {
 public:
  FakeWorld() { intern(""), lists.emplace_back(); }

  std::vector<Record> records;
  std::vector<Record> known;
  std::vector<std::vector<Word>> lists;
  std::vector<ExpressionFault> faults;
  std::int64_t it_id = 7;
  double it_weight = 2.5;
  bool route = true;
  std::int64_t workers = 4;
  std::vector<std::int64_t> skip_ids = {7001, 7002};
  int loads = 0;
  int elements_seen = 0;

  Word load(Source source, std::uint16_t a, std::uint32_t b) {
    ++loads;
    switch (source) {
      case Source::it_field:
        return a == 0 ? intern("MER") : a == 1 ? word_of(monday + 10) : word_of(it_weight);
      case Source::it_property:
        return a == 0 ? word_of(it_id) : a == 1 ? word_of(now_ns() - 2 * day) : word_of(2 * day);
      case Source::local:
        return a == 0 ? list_of_records(known) : a == 1 ? word_of(std::int64_t{3}) : object(known.at(0));
      case Source::element_field:
        return field_of(*element_, a);
      case Source::element_property:
        return a == 0 ? word_of(element_->id) : a == 1 ? word_of(element_->age) : word_of(element_->finished);
      case Source::setting:
        if (a == 2) return numbers(skip_ids);
        return a == 0 ? word_of(workers) : a == 1 ? word_of(route) : 0;
      case Source::observable:
        return b == 0 ? word_of(std::int64_t{12}) : word_of(true);
      case Source::list_constant:
        return make_texts({"MER", "EOE"});
    }
    return 0;
  }
  Word field(Word handle, std::uint16_t a) { return field_of(objects_.at(handle), a); }
  std::size_t list_size(Word list) const { return lists.at(list).size(); }
  Word list_at(Word list, std::size_t i) const { return lists.at(list).at(i); }
  Word make_list(const Word* words, std::size_t size) {
    lists.emplace_back(words, words + size);
    return lists.size() - 1;
  }
  Word count_set(std::uint16_t, const Expression* condition) {
    std::int64_t count = 0;
    each(condition, [&] { ++count; });
    return word_of(count);
  }
  Word list_set(std::uint16_t, const Expression* condition, const Expression& value) {
    std::vector<Word> words;
    each(condition, [&] { words.push_back(evaluate(value, *this)); });
    return make_list(words.data(), words.size());
  }
  Word intern(std::string_view text) {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (texts_[i] == text) return i;
    }
    texts_.emplace_back(text);
    return texts_.size() - 1;
  }
  std::string_view text(Word id) const { return texts_.at(id); }
  std::int64_t now_ns() const { return monday * day + 13 * hour; }
  std::int64_t today() const { return monday; }
  std::int64_t date_of(std::int64_t time) const { return (time + hour) / day; }
  Word fail(ExpressionFault fault) {
    faults.push_back(fault);
    return 0;
  }

  Word value(const Expression& expression, const Record* element = nullptr) {
    const Record* const outer = std::exchange(element_, element);
    const Word word = evaluate(expression, *this);
    element_ = outer;
    return word;
  }

  /// As string() would give it; texts in quotes, lists in brackets.
  std::string shown(Type type, Word word) const {
    if (type.base == BaseType::text) return "'" + std::string(text(word)) + "'";
    if (type.base != BaseType::list) return text_form(type.base, word);
    std::string all;
    for (const Word one : lists.at(word)) all += (all.empty() ? "" : ", ") + shown(element_of(type), one);
    return "[" + all + "]";
  }

 private:
  Word field_of(const Record& record, std::uint16_t a) {
    switch (a) {
      case 0:
        return intern(record.deanery);
      case 1:
        return word_of(record.friday);
      case 2:
        return word_of(record.revision);
      case 3:
        return word_of(record.start);
      case 4:
        return intern(record.state);
      default:
        return word_of(record.share);
    }
  }
  template <class Visit>
  void each(const Expression* condition, const Visit& visit) {
    const Record* const outer = element_;
    for (const Record& record : records) {
      element_ = &record;
      ++elements_seen;
      if (!condition || evaluate(*condition, *this) != 0) visit();
    }
    element_ = outer;
  }
  Word object(const Record& record) {
    objects_.push_back(record);
    return objects_.size() - 1;
  }
  Word list_of_records(const std::vector<Record>& from) {
    std::vector<Word> words;
    for (const Record& record : from) words.push_back(object(record));
    return make_list(words.data(), words.size());
  }
  Word numbers(const std::vector<std::int64_t>& from) {
    std::vector<Word> words(from.begin(), from.end());
    return make_list(words.data(), words.size());
  }
  Word make_texts(const std::vector<std::string>& from) {
    std::vector<Word> words;
    for (const std::string& one : from) words.push_back(intern(one));
    return make_list(words.data(), words.size());
  }

  const Record* element_ = nullptr;
  std::vector<std::string> texts_;
  std::vector<Record> objects_;
};

/// The names of a step (`it`, results, systems), and those of an element beside them where there is one.
class FakeScope : public ExpressionScope {
 public:
  enum class Place { step, element };
  FakeScope(FakeWorld& world, Place place) : world_(world), place_(place) {}

  std::optional<Symbol> name(std::string_view name) const override {
    if (place_ == Place::element) {
      if (const auto found = find(element_names(), name)) return found;
    }
    return find(bare_names(), name);
  }
  std::optional<PathSymbol> path(const std::vector<std::string>& names) const override {
    if (names.size() < 2) return {};
    const auto found = find(paths(), names[0] + "." + names[1]);
    if (!found) return {};
    return PathSymbol{*found, 2};
  }
  std::optional<FieldSymbol> field(std::uint16_t shape, std::string_view name) const override {
    if (shape != record_shape) return {};
    for (const auto& [known, symbol] : element_names()) {
      if (known == name && symbol.source == Source::element_field) return FieldSymbol{symbol.a, symbol.type};
    }
    return {};
  }
  std::optional<SetInfo> set(std::string_view dotted) const override {
    if (dotted != "record" && dotted != "store.records") return {};
    return SetInfo{static_cast<std::uint16_t>(dotted == "record" ? 1 : 0),
                   std::make_shared<FakeScope>(world_, Place::element)};
  }
  std::uint32_t intern(std::string_view text) override { return static_cast<std::uint32_t>(world_.intern(text)); }
  FieldNames element_fields() const override {
    return place_ == Place::element ? fields_of(record_shape) : FieldNames{};
  }
  FieldNames fields_of(std::uint16_t) const override {
    return {"store.records", {"state", "start", "deanery", "share", "friday", "revision"}};
  }
  std::vector<std::string> candidates() const override {
    std::vector<std::string> names;
    for (const auto& [name, symbol] : bare_names()) names.push_back(name);
    for (const auto& [name, symbol] : paths()) names.push_back(name);
    return names;
  }
  std::vector<std::string> set_candidates() const override { return {"record", "store.records"}; }
  std::optional<std::string> objection(const std::vector<std::string>& names) const override {
    if (names[0] != "chosen") return {};
    return "\"chosen\" is used before a step names it with \"as\"";
  }

 private:
  using Names = std::map<std::string, Symbol, std::less<>>;
  static std::optional<Symbol> find(const Names& names, std::string_view name) {
    const auto at = names.find(name);
    return at == names.end() ? std::nullopt : std::optional(at->second);
  }
  static const Names& element_names() {
    static const Names names = {{"deanery", {Source::element_field, 0, 0, types::text}},
                                {"friday", {Source::element_field, 1, 0, types::boolean}},
                                {"revision", {Source::element_field, 2, 0, types::integer}},
                                {"start", {Source::element_field, 3, 0, types::date}},
                                {"state", {Source::element_field, 4, 0, types::text}},
                                {"share", {Source::element_field, 5, 0, types::real}},
                                {"id", {Source::element_property, 0, 0, types::integer}},
                                {"age", {Source::element_property, 1, 0, types::duration, true}},
                                {"finished", {Source::element_property, 2, 0, types::boolean}}};
    return names;
  }
  static const Names& bare_names() {
    static const Names names = {{"known", {Source::local, 0, 0, list_of(object_type(record_shape))}},
                                {"cases", {Source::local, 1, 0, types::integer}},
                                {"post", {Source::local, 2, 0, object_type(record_shape)}}};
    return names;
  }
  static const Names& paths() {
    static const Names names = {{"it.deanery", {Source::it_field, 0, 0, types::text}},
                                {"it.start", {Source::it_field, 1, 0, types::date}},
                                {"it.weight", {Source::it_field, 2, 0, types::real}},
                                {"it.id", {Source::it_property, 0, 0, types::integer}},
                                {"it.arrived", {Source::it_property, 1, 0, types::time}},
                                {"it.age", {Source::it_property, 2, 0, types::duration, true}},
                                {"exporter.workers", {Source::setting, 0, 0, types::integer}},
                                {"toggle.route", {Source::setting, 1, 0, types::boolean}},
                                {"skip.ids", {Source::setting, 2, 0, list_of(types::integer)}},
                                {"empty.ids", {Source::setting, 3, 0, list_of({})}},
                                {"finaliser.lag", {Source::observable, 0, 0, types::integer}},
                                {"brut.on", {Source::observable, 0, 1, types::boolean}},
                                {"lists.friday", {Source::list_constant, 0, 0, list_of(types::text)}}};
    return names;
  }

  FakeWorld& world_;
  Place place_;
};

/// A fresh world for every expression, so that one cannot lean on another.
inline CompileResult compile_in(FakeWorld& world, std::string_view text, std::optional<Type> wanted = {},
                                FakeScope::Place place = FakeScope::Place::step) {
  FakeScope scope(world, place);
  return compile_expression(text, scope, wanted);
}

/// The value as text; "error: ..." or "fault: ..." where there is none.
inline std::string value_of(std::string_view text) {
  FakeWorld world;
  const CompileResult result = compile_in(world, text);
  if (!result) return "error: " + result.error->message;
  const Word word = world.value(result.expression);
  if (!world.faults.empty()) return "fault: " + std::string(name_of(world.faults.at(0)));
  return world.shown(result.expression.type, word);
}

inline std::string error_of(std::string_view text, std::optional<Type> wanted = {},
                            FakeScope::Place place = FakeScope::Place::step) {
  FakeWorld world;
  const CompileResult result = compile_in(world, text, wanted, place);
  return result ? "no error" : result.error->message;
}

}  // namespace premortem::test
