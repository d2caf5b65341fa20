// Everything that a strategy, the timeline or --set can change has an address and a type: a setting.

#include <algorithm>

#include "sim/scenario/compile/compiler.hpp"
#include "sim/scenario/compile/name_scope.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

/// Steps without an id have no address, and neither have their settings: nothing can change them.
std::string joined(const std::string& address, std::string_view key) {
  return address.empty() ? std::string() : address + "." + std::string(key);
}

std::uint32_t Compiler::setting(const std::string& address, SettingSpec::Kind kind, Type type, Word value) {
  // Compiled twice, a stream's steps share their settings: an address has one.
  const auto known = address.empty() ? settings_.end() : settings_.find(address);
  if (known != settings_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(model_.settings.size());
  model_.settings.push_back({address, type, kind, value});
  if (!address.empty()) settings_[address] = number;
  return number;
}

std::uint32_t Compiler::count_setting(const Node& of, std::string_view key, const std::string& address,
                                      std::int64_t standard) {
  const Node* value = of.find(key);
  const std::int64_t count = value != nullptr && value->is(Node::Kind::integer) ? value->integer : standard;
  return setting(joined(address, key), SettingSpec::Kind::scalar, types::integer, word_of(count));
}

std::uint32_t Compiler::duration_setting(const Node& of, std::string_view key, const std::string& address,
                                         std::int64_t standard) {
  const Node* value = of.find(key);
  const auto parsed = value != nullptr ? parse_duration(value->text) : std::nullopt;
  return setting(joined(address, key), SettingSpec::Kind::scalar, types::duration,
                 word_of(parsed ? parsed->count() : standard));
}

std::uint32_t Compiler::boolean_setting(const Node& of, std::string_view key, const std::string& address,
                                        bool standard) {
  const Node* value = of.find(key);
  return setting(joined(address, key), SettingSpec::Kind::scalar, types::boolean,
                 word_of(value != nullptr ? value->boolean : standard));
}

/// The number of a word among those that the vocabulary allows for the key, in its order.
Word Compiler::word_number(std::string_view key, std::string_view word) const {
  for (const Form& form : vocabulary()) {
    for (const KeyRule& rule : form.keys) {
      if (rule.name != key || rule.type != ValueType::word) continue;
      std::string_view rest = rule.detail;
      for (Word number = 0; !rest.empty(); ++number) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        if (rest.substr(0, bar) == word) return number;
        rest.remove_prefix(std::min(bar + 1, rest.size()));
      }
    }
  }
  return UINT64_MAX;
}

std::uint32_t Compiler::word_setting(const Node& of, std::string_view key, const std::string& address, Word standard) {
  const Node* value = of.find(key);
  const Word number = value != nullptr && value->is(Node::Kind::text) ? word_number(key, value->text) : standard;
  return setting(joined(address, key), SettingSpec::Kind::scalar, types::text,
                 number == UINT64_MAX ? standard : number);
}

std::uint32_t Compiler::add_distribution(Distribution distribution) {
  model_.distributions.push_back(std::move(distribution));
  return static_cast<std::uint32_t>(model_.distributions.size() - 1);
}

std::optional<Distribution> Compiler::distribution(const Node& value, Unit unit, const std::string& address) {
  if (value.is(Node::Kind::integer) && unit == Unit::count) return constant_distribution(value.integer);
  if (value.is(Node::Kind::array)) {
    Distribution made{Distribution::Kind::empirical, 0, 0, {}};
    for (const Node& sample : value.items) {
      if (const auto parsed = parse_duration(sample.text)) made.samples.push_back(parsed->count());
    }
    std::sort(made.samples.begin(), made.samples.end());
    return made;
  }
  std::string message;
  auto parsed = parse_distribution(value.text, unit, message);
  if (!parsed) error(value, address, message);
  return parsed;
}

std::uint32_t Compiler::range_setting(const Node* value, const std::string& address, Unit unit, std::int64_t standard) {
  std::optional<Distribution> parsed;
  if (value != nullptr) parsed = distribution(*value, unit, address);
  const std::uint32_t number = add_distribution(parsed ? *parsed : constant_distribution(standard));
  return setting(address, SettingSpec::Kind::distribution, unit == Unit::count ? types::integer : types::duration,
                 number);
}

std::uint32_t Compiler::add_expression(Expression compiled, const std::string& address) {
  model_.expressions.push_back(std::move(compiled));
  model_.expression_addresses.push_back(address);
  return static_cast<std::uint32_t>(model_.expressions.size() - 1);
}

std::uint32_t Compiler::expression(const Node& text, const std::string& address, NameScope& scope,
                                   std::optional<Type> wanted) {
  CompileResult result = compile_expression(text.text, scope, wanted);
  if (result.error) {
    Position at = text.at;
    if (at.line != 0) at.column += static_cast<std::uint32_t>(1 + result.error->offset);
    diagnostics_.error(at, address, result.error->message);
    result.expression = Expression{};
    result.expression.ops = {{static_cast<std::uint8_t>(ExpressionCode::constant), 0, 0, 0}};
    result.expression.constants = {0};
    result.expression.type = wanted.value_or(types::integer);
  }
  for (const ExpressionError& note : result.notes) notes_.push_back(address + ": " + note.message);
  return add_expression(std::move(result.expression), address);
}

std::uint32_t Compiler::expression_setting(const Node& text, const std::string& spoken, const std::string& address,
                                           NameScope& scope, Type wanted) {
  return setting(address, SettingSpec::Kind::expression, wanted, expression(text, spoken, scope, wanted));
}

std::optional<Word> Compiler::add_schedule(const Node& cron, CronDialect dialect, const Zone& zone,
                                           const std::string& address) {
  CronError problem;
  const auto parsed = parse_cron(cron.text, dialect, problem);
  if (!parsed) {
    Position at = cron.at;
    if (at.line != 0) at.column += static_cast<std::uint32_t>(problem.position + 1);
    diagnostics_.error(at, address, problem.message);
    return std::nullopt;
  }
  CronSchedule made(*parsed);
  if (!made.next_after(zone, clock_.from)) {
    error(cron, address, "\"" + cron.text + "\" names no day that ever comes; look at its day and month");
    return std::nullopt;
  }
  model_.schedules.push_back(std::move(made));
  return model_.schedules.size() - 1;
}

/// A value that the timeline gives a setting.
std::optional<Word> Compiler::setting_value(const SettingSpec& spec, const Node& value, const std::string& address) {
  switch (spec.kind) {
    case SettingSpec::Kind::distribution: {
      const auto parsed = distribution(value, spec.type == types::integer ? Unit::count : Unit::duration, address);
      if (!parsed) return std::nullopt;
      return add_distribution(*parsed);
    }
    case SettingSpec::Kind::list: {
      ConstantList list{spec.type.base == BaseType::list ? element_of(spec.type) : types::integer, {}};
      for (const Node& item : value.items) {
        list.values.push_back(item.is(Node::Kind::text) ? Word{intern(item.text)} : word_of(item.integer));
      }
      model_.lists.push_back(list);
      return model_.lists.size() - 1;
    }
    case SettingSpec::Kind::scalar: {
      const std::size_t dot = spec.address.rfind('.');
      const std::string key = spec.address.substr(dot + 1);
      if (spec.type == types::boolean && value.is(Node::Kind::boolean)) return word_of(value.boolean);
      if (spec.type == types::integer && value.is(Node::Kind::integer)) {
        const bool toggle = component_of(spec.address.substr(0, dot)) != unset &&
                            model_.components[component_of(spec.address.substr(0, dot))].kind == ComponentKind::toggles;
        if (toggle || (value.integer >= 0 && value.integer <= count_max(key))) return word_of(value.integer);
        error(value, address,
              value.text + " is out of range; write a count from 0" +
                  (count_max(key) < 1'000'000 ? " to " + std::to_string(count_max(key)) : std::string()));
        return std::nullopt;
      }
      if (spec.type == types::duration && value.is(Node::Kind::text)) {
        if (const auto parsed = parse_duration(value.text)) return word_of(parsed->count());
      }
      if (spec.type == types::text && value.is(Node::Kind::text)) {
        if (key == "lock") return value.text == "none" ? Word{0} : Word{intern(value.text)};
        const Word word = word_number(key, value.text);
        const std::uint32_t component = component_of(spec.address.substr(0, spec.address.find('.')));
        if (component != unset && model_.components[component].kind == ComponentKind::toggles)
          return Word{intern(value.text)};
        if (word != UINT64_MAX) return word;
      }
      error(value, address,
            "\"" + spec.address + "\" is " + name_of(spec.type) + "; this is " + std::string(describe(value.kind)));
      return std::nullopt;
    }
    case SettingSpec::Kind::cron: {
      if (!value.is(Node::Kind::text)) {
        error(value, address, "a schedule is a text; write \"0 13 * * *\"");
        return std::nullopt;
      }
      const ComponentSpec& job = model_.components[component_of(spec.address.substr(0, spec.address.find('.')))];
      return add_schedule(value, model_.schedules[spec.value].expression().dialect, model_.zones[job.zone], address);
    }
    default:
      error(value, address, "\"" + spec.address + "\" cannot be set while running; use a strategy's \"change\"");
      return std::nullopt;
  }
}

}  // namespace premortem
