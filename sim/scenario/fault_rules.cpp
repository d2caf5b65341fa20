#include "sim/scenario/fault_rules.hpp"

#include <algorithm>
#include <array>

#include "sim/kernel/random.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/query/command_error.hpp"
#include "sim/scenario/expression/compile.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

using Do = RuleSpec::Do;
using When = RuleSpec::When;

struct FieldName {
  std::string_view name;
  RuleField field;
  Type type;
};
constexpr FieldName field_names[] = {
    {"protocol", RuleField::protocol, types::text}, {"command", RuleField::command, types::text},
    {"system", RuleField::system, types::text},     {"queue", RuleField::queue, types::text},
    {"exchange", RuleField::exchange, types::text}, {"key", RuleField::key, types::text},
    {"client", RuleField::client, types::text},     {"attempt", RuleField::attempt, types::integer},
    {"item", RuleField::item, types::integer},      {"collection", RuleField::collection, types::text}};
static_assert(std::size(field_names) == rule_fields);

/// A command, and nothing else.
class CommandScope final : public ExpressionScope {
 public:
  explicit CommandScope(RuleSurroundings& surroundings) : surroundings_(surroundings) {}

  std::optional<Symbol> name(std::string_view name) const override {
    for (const FieldName& known : field_names) {
      if (known.name == name)
        return Symbol{Source::element_field, static_cast<std::uint16_t>(known.field), 0, known.type};
    }
    return std::nullopt;
  }
  std::optional<PathSymbol> path(const std::vector<std::string>&) const override { return std::nullopt; }
  std::optional<FieldSymbol> field(std::uint16_t, std::string_view) const override { return std::nullopt; }
  std::optional<SetInfo> set(std::string_view) const override { return std::nullopt; }
  std::uint32_t intern(std::string_view text) override { return surroundings_.intern(text); }
  std::vector<std::string> candidates() const override {
    std::vector<std::string> names;
    for (const FieldName& known : field_names) names.emplace_back(known.name);
    return names;
  }

 private:
  RuleSurroundings& surroundings_;
};

constexpr std::string_view deeds[] = {"observe",   "error", "nack",  "drop",     "delay",
                                      "duplicate", "close", "stall", "redeliver"};
constexpr std::string_view points[] = {"before", "instead", "after"};

template <class Words>
std::uint8_t number_of(const Words& words, std::string_view word) {
  std::uint8_t number = 0;
  while (number < std::size(words) && words[number] != word) ++number;
  return number;
}

/// At which points a deed means something; the first is what counts where none is written.
std::vector<When> points_of(Do deed) {
  switch (deed) {
    case Do::error:
    case Do::nack:
    case Do::drop:
      return {When::instead, When::after};
    case Do::delay:
    case Do::stall:
      return {When::before, When::after};
    case Do::close:
      return {When::instead, When::after, When::before};
    case Do::duplicate:
      return {When::before};
    case Do::redeliver:
      return {When::instead};
    case Do::observe:
      break;
  }
  return {When::before, When::instead, When::after};
}

/// AMQP's reply codes, with which a broker may close a channel or a connection.
bool is_reply_code(std::int64_t code) {
  constexpr std::array<std::int64_t, 18> known = {311, 312, 313, 320, 402, 403, 404, 405, 406,
                                                  501, 502, 503, 504, 505, 506, 530, 540, 541};
  for (const std::int64_t one : known) {
    if (one == code) return true;
  }
  return false;
}

/// MongoDB's error codes that have a name.
bool is_store_code(std::int64_t code) {
  return code > 0 && code <= UINT16_MAX && !query::code_name(static_cast<int>(code)).starts_with("Location");
}

class RuleParts {
 public:
  RuleParts(const Node& rule, std::string address, RuleSurroundings& surroundings, Diagnostics& diagnostics)
      : rule_(rule), address_(std::move(address)), surroundings_(surroundings), diagnostics_(diagnostics) {}

  void read(RuleSpec& made) {
    read_match(made);
    made.act = static_cast<Do>(number_of(deeds, rule_.find("do")->text));
    read_point(made);
    read_choice(made);
    read_error(made);
    read_length(made);
  }

 private:
  void wrong(std::string_view key, const std::string& message) {
    const Node* const written = rule_.find(key);
    diagnostics_.error(written == nullptr ? rule_.at : written->at, place(key), message);
  }
  std::string place(std::string_view key) const { return address_ + "/" + std::string(key); }
  std::int64_t count(std::string_view key) {
    const Node* const written = rule_.find(key);
    if (written == nullptr) return -1;
    if (written->integer == 0) wrong(key, "counts from 1");
    return written->integer;
  }

  void read_match(RuleSpec& made) {
    const Node& text = *rule_.find("match");
    CommandScope scope(surroundings_);
    CompileResult result = compile_expression(text.text, scope, types::boolean);
    if (result.error) {
      Position at = text.at;
      if (at.line != 0) at.column += static_cast<std::uint32_t>(1 + result.error->offset);
      diagnostics_.error(at, place("match"), result.error->message);
      return;
    }
    made.match = std::move(result.expression);
    if (made.match.may_fail)
      wrong("match", "may fail (a division, an index, an overflow), and a rule must not; compare only");
  }

  void read_point(RuleSpec& made) {
    const std::vector<When> points_here = points_of(made.act);
    made.when = points_here.front();
    const Node* const written = rule_.find("when");
    if (written == nullptr) return;
    made.when = static_cast<When>(number_of(points, written->text));
    for (const When known : points_here) {
      if (known == made.when) return;
    }
    std::string others;
    for (const When known : points_here)
      others += (others.empty() ? "\"" : " or \"") + std::string(points[static_cast<std::size_t>(known)]) + "\"";
    wrong("when", "\"" + std::string(deeds[static_cast<std::size_t>(made.act)]) + "\" means nothing \"" +
                      written->text + "\"; write " + others);
  }

  void read_choice(RuleSpec& made) {
    made.nth = count("nth"), made.first = count("first"), made.limit = count("limit");
    if (made.nth > 0 && made.first > 0) wrong("nth", "\"first\" chooses already; remove one");
    if (const Node* share = rule_.find("share")) {
      const std::int64_t percent = parse_share(share->text).value_or(0);
      if (percent > 10'000) wrong("share", share->text + " of the commands; write 100 % at most");
      made.share = percent * (std::int64_t{1} << 32) / 10'000;
    }
    if (const Node* from = rule_.find("from"))
      made.from = surroundings_.instant(*from, place("from")).value_or(made.from);
    if (const Node* until = rule_.find("until")) {
      made.until = surroundings_.instant(*until, place("until")).value_or(made.until);
      if (made.until <= made.from) wrong("until", "the rule ends before it begins; write a later time");
    }
  }

  void read_error(RuleSpec& made) {
    made.code = 541;
    made.text = "fault rule '" + made.name + "'";
    made.error = error::unavailable;
    for (const std::string_view key : {"error", "code", "text"}) {
      if (rule_.find(key) != nullptr && made.act != Do::error) wrong(key, "belongs to \"do\": \"error\"; remove it");
    }
    if (made.act != Do::error) return;
    if (const Node* code = rule_.find("code")) {
      if (!is_reply_code(code->integer) && !is_store_code(code->integer)) {
        wrong("code", std::to_string(code->integer) +
                          " is no reply code of AMQP 0-9-1 and no error of MongoDB; write one such as 404, 405, 406 "
                          "(channel) or 320, 541 (connection), or 112, 11000");
      } else {
        made.code = static_cast<std::uint16_t>(code->integer);
      }
    }
    if (const Node* text = rule_.find("text")) made.text = text->text;
    if (const Node* name = rule_.find("error"))
      made.error = surroundings_.error_named(*name, place("error")).value_or(made.error);
  }

  void read_length(RuleSpec& made) {
    const Node* const by = rule_.find("by");
    const bool takes = made.act == Do::delay || made.act == Do::stall;
    if (by == nullptr) {
      if (made.act == Do::delay)
        diagnostics_.error(rule_.at, address_, "\"by\" is missing: how long it is delayed; write \"by\": \"2 s\"");
      return;
    }
    if (!takes) return wrong("by", "belongs to \"delay\" and \"stall\"; remove it");
    std::string message;  // Its form has said what is wrong.
    if (by->is(Node::Kind::array)) {
      made.length.kind = Distribution::Kind::empirical;
      for (const Node& sample : by->items)
        made.length.samples.push_back(parse_duration(sample.text).value_or(Duration{}).count());
      std::sort(made.length.samples.begin(), made.length.samples.end());
      made.has_length = !made.length.samples.empty();
    } else if (const auto length = parse_distribution(by->text, Unit::duration, message)) {
      made.has_length = true;
      made.length = *length;
    }
  }

  const Node& rule_;
  std::string address_;
  RuleSurroundings& surroundings_;
  Diagnostics& diagnostics_;
};

}  // namespace

RuleSpec read_fault_rule(const std::string& name, const Node& rule, const std::string& address,
                         RuleSurroundings& surroundings, Diagnostics& diagnostics) {
  RuleSpec made;
  made.name = name;
  made.purpose = hash_name("rule." + name);
  RuleParts(rule, address, surroundings, diagnostics).read(made);
  return made;
}

}  // namespace premortem
