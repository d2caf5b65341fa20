#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem::explain {

namespace {

std::string which(const Node& check) {
  const Node* where = check.find("where");
  return where == nullptr ? std::string() : " where " + explain_expression(where->text);
}

std::string what(const Node& check) {
  std::string message;
  const std::string form = form_of_verb(check, "check:", message);
  const std::string verb = form.empty() ? "" : form.substr(6);
  if (verb == "every") {
    const std::string who = "every " + check.find("every")->text + which(check);
    if (const Node* within = check.find("finishes-within"))
      return who + " is finished " +
             (within->text == "due" ? std::string("before it is due") : "within " + within->text + " of its arrival");
    for (const auto& [key, word] :
         {std::pair("finishes-at-most", "at most "), std::pair("finishes-exactly", "exactly ")}) {
      const Node *times = check.find(key), *by = check.find("within");
      if (times == nullptr) continue;
      return who + " is finished " + word + times->to_json() + (times->integer == 1 ? " time" : " times") +
             (by == nullptr       ? ""
              : by->text == "due" ? std::string(" before it is due")
                                  : " within " + by->text);
    }
    if (const Node* always = check.find("always"))
      return "of " + who + " it is true all the time: " + explain_expression(always->text);
    return who + " ends as " + listed(texts_of(*check.find("ends")), "or");
  }
  if (verb == "no")
    return "no " + check.find("no")->text + which(check) + " ends as " + listed(texts_of(*check.find("ends")), "or");
  if (verb == "in-order")
    return "items " + check.find("in-order")->text + " are finished in the order of " + text_of(check, "by") +
           (check.find("per") == nullptr ? "" : ", among those with the same " + text_of(check, "per"));
  if (verb == "states")
    return check.find("states")->text + " changes only like this: " + listed(texts_of(*check.find("only")), "or");
  if (verb == "always") return "it is true all the time: " + explain_expression(check.find("always")->text);
  if (verb == "that")
    return (text_of(check, "at") == "end" ? "at the end" : "at " + text_of(check, "at")) +
           " it is true: " + explain_expression(check.find("that")->text);
  if (verb == "eventually")
    return (text_of(check, "by") == "end" ? "some time" : "some time before " + text_of(check, "by")) +
           " it is true: " + explain_expression(check.find("eventually")->text);
  if (verb == "sometimes") return "at least once it is true: " + explain_expression(check.find("sometimes")->text);
  std::vector<std::string> bounds;
  for (const auto& [key, word] :
       {std::pair("below", "below "), std::pair("above", "above "), std::pair("at-least", "at least "),
        std::pair("at-most", "at most "), std::pair("exactly", "exactly ")}) {
    if (const Node* bound = check.find(key)) bounds.push_back(word + value(*bound));
  }
  return text_of(check, "measure") + which(check) + " is " + listed(bounds);
}

std::string verdict(std::string_view text) {
  if (text == "holds") return "and it holds";
  if (text == "broken") return "which is expected to be broken";
  if (text == "not exercised") return "of which the run is expected to say nothing, as its premise does not occur";
  if (text == "either") return "which depends on the seed";
  text.remove_prefix(std::min<std::size_t>(text.size(), 11));  // "broken for "
  const std::size_t dots = text.find(" .. ");
  if (text.starts_with(">= ")) return "which is expected to be broken for at least " + std::string(text.substr(3));
  if (dots == std::string_view::npos) return "which is expected to be broken for exactly " + std::string(text);
  return "which is expected to be broken for " + std::string(text.substr(0, dots)) + " to " +
         std::string(text.substr(dots + 4));
}

}  // namespace

ExplainedPart checks(const Node& root, const EffectiveScenario& effective) {
  ExplainedPart passage{"What must hold, and what is expected", {}};
  const Node* expect = root.find("expect");
  for (const Node::Member& member : root.find("checks")->members) {
    const Node* expected = expect == nullptr ? nullptr : expect->find(member.first);
    const std::string said = expected != nullptr   ? verdict(expected->text)
                             : effective.strategic ? std::string("and nothing may break it")
                                                   : verdict("holds");
    passage.sentences.push_back({1, member.first + ": " + what(member.second) + ", " + said + "."});
  }
  return passage;
}

}  // namespace premortem::explain
