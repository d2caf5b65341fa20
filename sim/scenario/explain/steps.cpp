#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem::explain {

namespace {

std::string where(const Node& step, const std::string& it, std::string_view all = "") {
  const Node* condition = step.find("where");
  return condition == nullptr ? std::string(all) : " where " + explain_expression(condition->text, it);
}

std::string limited(const Node& step) {
  const Node *sort = step.find("sort"), *limit = step.find("limit");
  return (sort == nullptr ? "" : ", in the order of " + sort->text) +
         (limit == nullptr ? "" : ", at most " + limit->to_json());
}

std::string named(const Node& step, std::string_view what) {
  const Node* as = step.find("as");
  return as == nullptr ? std::string() : ", and call " + std::string(what) + " " + as->text;
}

std::string changes(const Node& step, const std::string& it) {
  const Node* with = step.find("with");
  if (with == nullptr) return {};
  std::vector<std::string> parts;
  for (const Node::Member& member : with->members)
    parts.push_back(member.first + " to " + explain_expression(member.second.text, it));
  return ": set " + listed(parts);
}

std::string store_step(const Node& step, const std::string& verb, const std::string& it) {
  const std::string what = step.find(verb)->text;
  const Node* upsert = step.find("upsert");
  const std::string otherwise = upsert != nullptr && upsert->boolean ? "; if there is none, add one" : "";
  if (verb == "find") return "find all in " + what + where(step, it) + limited(step) + named(step, "them");
  if (verb == "find-one")
    return "find the first in " + what + where(step, it) + limited(step) + named(step, "it") +
           "; none is the error NotFound";
  if (verb == "insert") return "add the " + it + " to " + what + assigned(step.find("with"), it);
  if (verb == "update")
    return "change all in " + what + where(step, it) + limited(step) + changes(step, it) + otherwise;
  if (verb == "delete") return "delete all in " + what + where(step, it);
  return "find and change, one by one, " + (step.find("limit") == nullptr ? std::string("one in ") : "those in ") +
         what + where(step, it) + limited(step) + changes(step, it) + otherwise + named(step, "the result");
}

/// What the driver tries again by itself.
std::string driver(const Node& step) {
  const std::string retries = text_of(step, "retries", "none");
  if (retries == "none") return {};
  return ", which the driver tries again by itself (" + retries + ") for " + text_of(step, "retry-limit", "120 s");
}

std::string deed(const Node& step, const std::string& verb, const std::string& it) {
  const Node& what = *step.find(verb);
  if (verb == "work") return "spend " + value(what);
  if (verb == "filter") {
    const Node* otherwise = step.find("else");
    return "go on only if " + explain_expression(what.text, it) +
           (otherwise == nullptr ? "; otherwise the handling of the " + it + " ends here, in good order"
                                 : "; otherwise finish the " + it + " as \"" + otherwise->text + "\"");
  }
  if (verb == "transaction")
    return what.text == "none" ? "without a transaction:"
                               : "in one transaction on " + what.text + ", all or nothing" + driver(step) + ":";
  if (verb == "call")
    return "call " + what.text + assigned(step.find("with"), it) + " and wait for the reply" +
           (step.find("timeout") == nullptr ? "" : ", for " + value(*step.find("timeout")) + " at most") +
           named(step, "it");
  if (verb == "reply") return "reply " + explain_expression(what.text, it);
  if (verb == "publish")
    return "pass the " + it + " on to " + what.text + assigned(step.find("with"), it) +
           (step.find("key") == nullptr ? "" : ", under the key " + explain_expression(step.find("key")->text, it));
  if (verb == "send")
    return "send a new item " + what.text + " to " + text_of(step, "to") + assigned(step.find("with"), it);
  if (verb == "redrive")
    return "move what lies in " + what.text + " to " + text_of(step, "to") + where(step, "message") + limited(step) +
           (step.find("gap") == nullptr ? "" : ", with a gap of " + value(*step.find("gap")));
  if (verb == "mark") return "mark the " + it + " as \"" + what.text + "\"";
  if (verb == "finish") return "finish the " + it + " as \"" + what.text + "\"";
  if (verb == "raise") return "fail with " + what.text;
  if (verb == "ack") return "acknowledge the message";
  if (verb == "reject")
    return what.text == "requeue" ? "reject the message, back to its queue" : "reject the message for good";
  if (verb == "does") return "do all of this:";
  return store_step(step, verb, it);
}

std::string repeated(const Node& step, const std::string& it) {
  const Node *each = step.find("each"), *gap = step.find("gap"), *at_once = step.find("at-once"),
             *chunk = step.find("chunk");
  if (each == nullptr) return {};
  const std::string list = each->is(Node::Kind::array) ? listed(texts_of(*each)) : explain_expression(each->text, it);
  return "for each of " + list + (gap == nullptr ? "" : ", with a gap of " + value(*gap)) +
         (at_once == nullptr ? "" : ", " + at_once->to_json() + " at a time") +
         (chunk == nullptr ? "" : ", with a checkpoint every " + chunk->to_json()) + ", ";
}

}  // namespace

void steps(const Node& list, int depth, const std::string& it, std::vector<Sentence>& out) {
  for (const Node& step : list.items) {
    std::string message;
    const std::string form = form_of_verb(step, "step:", message);
    if (form.empty()) continue;
    const std::string verb = form.substr(5), inner_it = step.find("each") == nullptr ? it : "element";
    const Node* id = step.find("id");
    std::string text = repeated(step, it);
    if (const Node* wait = step.find("wait-for"))
      text += "wait until " + explain_expression(wait->text, inner_it) + ", then ";
    if (const Node* only_if = step.find("only-if")) text += "if " + explain_expression(only_if->text, inner_it) + ", ";
    text += deed(step, verb, inner_it);
    if (verb == "reply" && &step != &list.items.back()) text += "; what follows goes on in the background";
    out.push_back({depth, (id == nullptr ? "" : id->text + ": ") + sentence(text) + sources(step)});
    if (const Node* inner = step.find("does")) steps(*inner, depth + 1, inner_it, out);
    errors(step.find("on"), verb == "transaction" ? "transaction" : "step", depth + 1, out);
  }
}

}  // namespace premortem::explain
