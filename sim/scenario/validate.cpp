// Walks a file by the vocabulary.

#include <algorithm>

#include "sim/scenario/values.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

class Validator {
 public:
  Validator(const Node* sources, bool judges_marks, Diagnostics& diagnostics)
      : sources_(sources), judges_marks_(judges_marks), diagnostics_(diagnostics) {}

  /// The keys that stand there.
  void sections(const Node& node, const Form& form, const std::string& address = "") {
    for (const Node::Member& member : node.members) {
      const KeyRule* rule = find_key(form, member.first);
      const std::string place = address + "/" + member.first;
      if (rule == nullptr) {
        if (form.name == "system:toggles" && member.first != "is") continue;
        unknown_key(member, form, address);
      } else {
        value(member.second, *rule, place);
      }
    }
  }

  void object(const Node& node, const Form& form, const std::string& address) {
    if (!expect_kind(node, Node::Kind::object, address)) return;
    sections(node, form, address);
    const auto require = [&](const Form& required) {
      for (const KeyRule& rule : required.keys) {
        if (rule.required && node.find(rule.name) == nullptr) {
          diagnostics_.error(node.at, address.empty() ? "/" : address,
                             "\"" + std::string(rule.name) + "\" is missing: " + std::string(rule.says));
        }
      }
    };
    require(form);
    if (form.name != "system:toggles") {
      if (const Form* common = common_form(form.name)) require(*common);
    }
  }

 private:
  void unknown_key(const Node::Member& member, const Form& form, const std::string& address) {
    const std::string_view instead = advice_for(form.name, member.first);
    if (!instead.empty()) {
      diagnostics_.error(member.second.key_at, address,
                         "unknown key \"" + member.first + "\"; " + std::string(instead));
      return;
    }
    std::vector<std::string> known;
    for (const KeyRule& rule : keys_of(form)) known.emplace_back(rule.name);
    std::string advice = did_you_mean(member.first, known);
    if (form.name == "system:log" && member.first == "compacted") {
      advice = "; compaction is not modelled (KAFKA-037): a replay reads every event that \"keeps\" retains";
    } else if (advice.empty()) {
      advice = "; known here: ";
      for (std::size_t n = 0; n < known.size(); ++n) advice += (n > 0 ? ", " : "") + known[n];
    }
    diagnostics_.error(member.second.key_at, address.empty() ? "/" : address,
                       "unknown key \"" + member.first + "\"" + advice);
  }

  bool expect_kind(const Node& node, Node::Kind kind, const std::string& address) {
    if (node.kind == kind) return true;
    diagnostics_.error(node.at, address,
                       "must be " + std::string(describe(kind)) + ", not " + std::string(describe(node.kind)));
    return false;
  }

  /// A count that the model allocates for, or could not survive otherwise.
  void small_enough(const Node& node, const KeyRule& rule, const std::string& address) {
    const std::int64_t most = count_max(rule.name);
    if (!node.is(Node::Kind::integer) || node.integer <= most) return;
    diagnostics_.error(node.at, address,
                       std::to_string(node.integer) + " is too large; write " + std::to_string(most) + " or less");
  }

  void unit(const Node& node, Unit unit, bool range, const std::string& address) {
    std::string error;
    if (unit == Unit::duration && (node.is(Node::Kind::integer) || node.is(Node::Kind::number))) {
      const std::string written = node.text;
      diagnostics_.error(node.at, address, written + " is a bare number; write \"" + written + " s\"");
      return;
    }
    if (unit == Unit::count && node.is(Node::Kind::integer)) {
      if (node.integer < 0)
        diagnostics_.error(node.at, address, std::to_string(node.integer) + " is negative; write a count from 0");
      return;
    }
    if (unit == Unit::duration && range && node.is(Node::Kind::array)) return empirical(node, address);
    if (!node.is(Node::Kind::text)) {
      expect_kind(node, unit == Unit::count ? Node::Kind::integer : Node::Kind::text, address);
      return;
    }
    const auto parsed = parse_distribution(node.text, unit, error);
    if (!parsed) {
      diagnostics_.error(node.at, address, error);
    } else if (!range && parsed->kind != Distribution::Kind::constant) {
      diagnostics_.error(node.at, address, "\"" + node.text + "\" is a range; write one value here");
    } else if (!range && unit == Unit::count) {
      diagnostics_.error(node.at, address,
                         "\"" + node.text + "\" is a text; a count is a bare number: write " + node.text);
    }
  }

  void empirical(const Node& node, const std::string& address) {
    for (const Node& sample : node.items) {
      if (!sample.is(Node::Kind::text) || !parse_duration(sample.text)) {
        diagnostics_.error(sample.at, address, "a list of samples holds durations; write [\"1 s\", \"4 s\"]");
        return;
      }
    }
    if (node.items.empty())
      diagnostics_.error(node.at, address, "an empty list of samples; write at least one duration");
  }

  void word(const Node& node, const KeyRule& rule, const std::string& address) {
    if (!expect_kind(node, Node::Kind::text, address)) return;
    const std::vector<std::string> words = split(rule.detail, '|');
    if (std::find(words.begin(), words.end(), node.text) != words.end()) return;
    std::string advice = did_you_mean(node.text, words);
    if (advice.empty()) {
      advice = "; write ";
      for (std::size_t n = 0; n < words.size(); ++n)
        advice += (n == 0 ? "" : n + 1 == words.size() ? " or " : ", ") + words[n];
    }
    diagnostics_.error(node.at, address, "\"" + node.text + "\" is none of the words for this" + advice);
  }

  void texts(const Node& node, const KeyRule& rule, const std::string& address) {
    const bool one = rule.detail.empty() || rule.detail == "items";
    if (node.is(Node::Kind::text) && one) return;
    if (!expect_kind(node, Node::Kind::array, address)) return;
    for (const Node& item : node.items) expect_kind(item, Node::Kind::text, address);
    if (!one && std::to_string(node.items.size()) != rule.detail) {
      diagnostics_.error(node.at, address,
                         "must hold " + std::string(rule.detail) + " texts, not " + std::to_string(node.items.size()));
    }
  }

  void numbers(const Node& node, const KeyRule& rule, const std::string& address) {
    if (!expect_kind(node, Node::Kind::array, address)) return;
    for (const Node& item : node.items) {
      if (expect_kind(item, Node::Kind::integer, address) && item.integer < 0) {
        diagnostics_.error(item.at, address,
                           std::to_string(item.integer) + " is negative; write " +
                               (rule.detail.empty() ? "numbers" : "shares") + " from 0");
      }
    }
    if (!rule.detail.empty() && std::to_string(node.items.size()) != rule.detail) {
      diagnostics_.error(
          node.at, address,
          "must hold " + std::string(rule.detail) + " numbers, not " + std::to_string(node.items.size()));
    }
  }

  void steps(const Node& node, std::string_view prefix, const std::string& address) {
    if (!expect_kind(node, Node::Kind::array, address)) return;
    for (std::size_t n = 0; n < node.items.size(); ++n) {
      const Node& step = node.items[n];
      const Node* id = step.find("id");
      const std::string name = id != nullptr && id->is(Node::Kind::text) ? id->text : std::to_string(n);
      const std::string place = address + "[" + name + "]";
      if (!expect_kind(step, Node::Kind::object, place)) continue;
      one_of_forms(step, prefix, place);
    }
  }

  void one_of_forms(const Node& node, std::string_view prefix, const std::string& address) {
    std::string error;
    const std::string form = form_of_verb(node, prefix, error);
    if (form.empty()) {
      const Form* common = find_form(prefix.substr(0, prefix.size() - 1));
      for (const Node::Member& member : node.members) {
        if (!error.starts_with("no verb") || (common != nullptr && find_key(*common, member.first) != nullptr))
          continue;
        const std::string near = did_you_mean(member.first, forms_of(prefix));
        if (near.empty()) continue;
        diagnostics_.error(member.second.key_at, address, "unknown verb \"" + member.first + "\"" + near);
        return;
      }
      diagnostics_.error(node.at, address, error);
      return;
    }
    object(node, *find_form(form), address);
  }

  void errors(const Node& node, const KeyRule& rule, const std::string& address) {
    // A system with a handler says with the same key whether it is on.
    const bool of_system = rule.detail == "consumer" || rule.detail == "stream" || rule.detail == "job";
    if (of_system && node.is(Node::Kind::boolean)) return;
    if (!expect_kind(node, Node::Kind::object, address)) return;
    for (const Node::Member& member : node.members)
      object(member.second, *find_form("error"), address + "/" + member.first);
  }

  void map_of(const Node& node, std::string_view what, const std::string& address) {
    if (!expect_kind(node, Node::Kind::object, address)) return;
    for (const Node::Member& member : node.members) {
      const std::string place = address + "/" + member.first;
      if (what == "texts") {
        texts(member.second, KeyRule{member.first, ValueType::texts, "", "", false, ""}, place);
      } else if (what == "text") {
        expect_kind(member.second, Node::Kind::text, place);
      } else if (what == "type") {
        if (expect_kind(member.second, Node::Kind::text, place)) type(member.second, place);
      } else if (what == "values") {
        if (expect_kind(member.second, Node::Kind::array, place)) list_values(member.second, place);
      } else if (what == "any") {
        shares(member.second, place);
      } else if (what == "system") {
        system(member.second, place);
      } else if (what == "check") {
        if (expect_kind(member.second, Node::Kind::object, place)) one_of_forms(member.second, "check:", place);
      } else if (what == "remedy") {
        if (expect_kind(member.second, Node::Kind::object, place)) one_of_forms(member.second, "entry:", place);
      } else if (const Form* form = find_form(what)) {
        object(member.second, *form, place);
      }
    }
  }

  void type(const Node& node, const std::string& address) {
    const std::vector<std::string> known = {"string", "int", "double", "bool", "date", "time", "duration"};
    if (node.text.starts_with("list(") && node.text.ends_with(")")) return;
    if (std::find(known.begin(), known.end(), node.text) != known.end()) return;
    diagnostics_.error(node.at, address,
                       "unknown type \"" + node.text + "\"" + did_you_mean(node.text, known) +
                           "; types are string, int, double, bool, date, time, duration");
  }

  void list_values(const Node& node, const std::string& address) {
    for (const Node& item : node.items) {
      if (item.kind == node.items.front().kind && (item.is(Node::Kind::text) || item.is(Node::Kind::integer))) continue;
      diagnostics_.error(item.at, address, "a list holds texts only, or whole numbers only");
      return;
    }
  }

  void shares(const Node& node, const std::string& address) {
    if (!node.is(Node::Kind::object)) return;
    std::int64_t sum = 0;
    for (const Node::Member& member : node.members) {
      const auto share = member.second.is(Node::Kind::text) ? parse_share(member.second.text) : std::nullopt;
      if (!share) {
        diagnostics_.error(member.second.at, address + "/" + member.first, "must be a share; write \"30 %\"");
        return;
      }
      sum += *share;
    }
    if (sum == 10'000) return;
    std::string percent = std::to_string(sum / 100);
    if (sum % 100 != 0) percent += "." + std::to_string(100 + sum % 100).substr(1);
    diagnostics_.error(node.at, address, "shares add up to " + percent + " %, not 100 %");
  }

  /// "N1, N3": each must be explained under `source`.
  void marks(const Node& node, const std::string& address) {
    if (!judges_marks_) return;
    for (std::string mark : split(node.text, ',')) {
      mark.erase(0, mark.find_first_not_of(' '));
      mark.erase(mark.find_last_not_of(' ') + 1);
      if (sources_ != nullptr && sources_->find(mark) != nullptr) continue;
      const std::string near = did_you_mean(mark, sources_ == nullptr ? std::vector<std::string>() : sources_->keys());
      diagnostics_.error(node.at, address,
                         "the section \"source\" explains no \"" + mark + "\"" +
                             (near.empty() ? "; write there where it comes from" : near));
    }
  }

  void documents(const Node& node, const std::string& address) {
    if (!expect_kind(node, Node::Kind::array, address)) return;
    for (const Node& document : node.items) expect_kind(document, Node::Kind::object, address);
  }

  void alternatives(const Node& node, const std::string& address) {
    std::string ignored;
    switch (node.kind) {
      case Node::Kind::object:
        for (const Node::Member& member : node.members)
          object(member.second, *find_form("overlay"), address + "/" + member.first);
        return;
      case Node::Kind::array:
        if (node.items.empty())
          diagnostics_.error(node.at, address, "an empty list; write at least one value that it could have instead");
        return;
      case Node::Kind::text:
        if (parse_distribution(node.text, Unit::count, ignored) ||
            parse_distribution(node.text, Unit::duration, ignored))
          return;
        [[fallthrough]];
      default:
        diagnostics_.error(node.at, address,
                           "is neither a list of values nor a range; write [1, 4], \"1 .. 13\" or \"2 s .. 6 s\"");
    }
  }

  void bound(const Node& node, const std::string& address) {
    const bool count = node.is(Node::Kind::integer) && node.integer >= 0;
    const bool other =
        node.is(Node::Kind::text) && (parse_duration(node.text) || parse_share(node.text) || parse_rate(node.text));
    if (count || other) return;
    diagnostics_.error(node.at, address, "must be a bound; write a count such as 10, \"20 min\", \"99 %\" or \"60/h\"");
  }

  void system(const Node& node, const std::string& address) {
    if (!expect_kind(node, Node::Kind::object, address)) return;
    const Node* is = node.find("is");
    if (is == nullptr) {
      std::string kinds;
      for (const std::string& kind : forms_of("system:")) kinds += (kinds.empty() ? "" : ", ") + kind;
      diagnostics_.error(node.at, address, "\"is\" is missing: the kind of system; write one of " + kinds);
      return;
    }
    const Form* form = is->is(Node::Kind::text) ? find_form("system:" + is->text) : nullptr;
    if (form == nullptr) {
      if (!expect_kind(*is, Node::Kind::text, address + "/is")) return;
      std::string advice = did_you_mean(is->text, forms_of("system:"));
      if (advice.empty()) {
        for (const std::string& kind : forms_of("system:"))
          advice += (advice.empty() ? "; write one of " : ", ") + kind;
      }
      diagnostics_.error(is->at, address + "/is", "unknown kind \"" + is->text + "\"" + advice);
      return;
    }
    object(node, *form, address);
  }

  void value(const Node& node, const KeyRule& rule, const std::string& address) {
    switch (rule.type) {
      case ValueType::text:
        if (expect_kind(node, Node::Kind::text, address) && rule.name == "source") marks(node, address);
        return;
      case ValueType::expression:
      case ValueType::time:
      case ValueType::name:
        expect_kind(node, Node::Kind::text, address);
        return;
      case ValueType::word:
        if (rule.name != "is") word(node, rule, address);
        return;
      case ValueType::boolean:
        expect_kind(node, Node::Kind::boolean, address);
        return;
      case ValueType::count:
        if (rule.detail == "none" && node.is(Node::Kind::text) && node.text == "none") return;
        small_enough(node, rule, address);
        return unit(node, Unit::count, false, address);
      case ValueType::count_range:
        return unit(node, Unit::count, true, address);
      case ValueType::duration:
        return unit(node, Unit::duration, false, address);
      case ValueType::duration_range:
        return unit(node, Unit::duration, true, address);
      case ValueType::rate:
        if (expect_kind(node, Node::Kind::text, address) && !parse_rate(node.text)) {
          diagnostics_.error(node.at, address, "\"" + node.text + "\" is no rate; write \"60/h\" or \"6/day\"");
        }
        return;
      case ValueType::share:
        if (expect_kind(node, Node::Kind::text, address) && !parse_share(node.text)) {
          diagnostics_.error(node.at, address, "\"" + node.text + "\" is no share; write \"30 %\"");
        }
        return;
      case ValueType::texts:
      case ValueType::names:
      case ValueType::times:
        return texts(node, rule, address);
      case ValueType::numbers:
        return numbers(node, rule, address);
      case ValueType::steps:
        return steps(node, rule.detail, address);
      case ValueType::errors:
        return errors(node, rule, address);
      case ValueType::values:
        return documents(node, address);
      case ValueType::each:
        if (!node.is(Node::Kind::text) && expect_kind(node, Node::Kind::array, address)) list_values(node, address);
        return;
      case ValueType::alternatives:
        return alternatives(node, address);
      case ValueType::bound:
        return bound(node, address);
      case ValueType::object:
        return object(node, *find_form(rule.detail), address);
      case ValueType::map_of:
        return map_of(node, rule.detail, address);
      case ValueType::assignments:
        if (expect_kind(node, Node::Kind::object, address)) {
          for (const Node::Member& member : node.members)
            expect_kind(member.second, Node::Kind::text, address + "/" + member.first);
        }
        return;
      case ValueType::addresses:
        expect_kind(node, Node::Kind::object, address);
        return;
      default:
        return;
    }
  }

  const Node* sources_;  ///< The section; null: the file has none.
  bool judges_marks_;
  Diagnostics& diagnostics_;
};

void check_version(const Node& root, Diagnostics& diagnostics) {
  const Node* version = root.find("premortem");
  if (version != nullptr && (!version->is(Node::Kind::integer) || version->integer != 1)) {
    diagnostics.error(version->at, "/premortem", "this is format version 1; write 1");
  }
}

}  // namespace

void validate_form(const Node& node, std::string_view form, const std::string& address, Diagnostics& diagnostics) {
  Validator(nullptr, false, diagnostics).object(node, *find_form(form), address);
}

void validate_shared(const Node& root, Diagnostics& diagnostics) {
  check_version(root, diagnostics);
  // Marks are explained in this file or in the one that uses it: they are judged when both are one.
  Validator(nullptr, false, diagnostics).sections(root, *find_form("file"));
}

void validate(const Node& root, Diagnostics& diagnostics) {
  check_version(root, diagnostics);
  Validator(root.find("source"), true, diagnostics).object(root, *find_form("file"), "");
  if (!diagnostics.ok()) return;
  refuse_bad_names(root, diagnostics);
  refuse_without_effect(root, diagnostics);
}

}  // namespace premortem
