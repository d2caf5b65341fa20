#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"

namespace premortem::explain {

namespace {

/// What becomes of a command that the rule strikes.
std::string deed(const Node& rule) {
  const std::string what = text_of(rule, "do"), when = text_of(rule, "when");
  const bool after = when == "after";
  const Node* const by = rule.find("by");
  if (what == "error") {
    const Node* const code = rule.find("code");
    return "fails with " + text_of(rule, "error", "Unavailable") +
           (code == nullptr ? std::string() : ", a program with " + code->to_json()) +
           (rule.find("text") == nullptr ? std::string() : " \"" + text_of(rule, "text") + "\"") +
           (after ? " (though it has happened all the same)" : "");
  }
  if (what == "nack") return after ? "is taken, and called refused all the same" : "is refused";
  if (what == "drop") return after ? "happens, and the answer is lost" : "is lost on its way";
  if (what == "delay") return (after ? "is answered " : "arrives ") + value(*by) + " later";
  if (what == "duplicate") return "comes twice";
  if (what == "close") return after ? "happens, and the connection breaks" : "breaks the connection";
  if (what == "stall")
    return std::string(after ? "happens, and then" : "waits, and meanwhile") + " nothing goes either way" +
           (by == nullptr ? ", for ever" : ", for " + value(*by));
  if (what == "redeliver") return "is not heard, and the message comes again";
  return "is counted, and nothing else";
}

std::string chosen(const Node& rule) {
  std::string text;
  if (const Node* nth = rule.find("nth")) text += ", but only number " + nth->to_json();
  if (const Node* first = rule.find("first")) text += ", of the first " + first->to_json();
  if (const Node* share = rule.find("share")) text += ", in " + share->text + " of the cases";
  if (const Node* limit = rule.find("limit")) text += ", " + limit->to_json() + " times at most";
  if (const Node* from = rule.find("from")) text += ", from " + from->text;
  if (const Node* until = rule.find("until")) text += until->text == "end" ? ", to the end" : ", until " + until->text;
  return text;
}

}  // namespace

std::optional<ExplainedPart> faults(const Node& root) {
  const Node* rules = root.find("faults");
  if (rules == nullptr || rules->members.empty()) return std::nullopt;
  ExplainedPart passage{"What strikes commands on their way", {}};
  for (const Node::Member& member : rules->members) {
    const Node& rule = member.second;
    const std::string match = rule.find("match")->text;
    const std::string which =
        match == "true" ? "every command" : "a command where " + explain_expression(match, "command");
    passage.sentences.push_back(
        {1, member.first + ": " + sentence(which + chosen(rule) + ", " + deed(rule)) + sources(rule)});
  }
  return passage;
}

}  // namespace premortem::explain
