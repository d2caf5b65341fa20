#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem::explain {

namespace {

/// "waiting 1 s, doubled each time up to 30 s, any part of that (full jitter)".
std::string waits(const Node& rule) {
  const Node *wait = rule.find("wait"), *factor = rule.find("factor"), *most = rule.find("wait-max");
  if (wait == nullptr || wait->text == "0 s") return ", at once";
  std::string text = ", waiting " + value(*wait);
  if (factor != nullptr && factor->integer > 1)
    text += ", each time " + (factor->integer == 2 ? std::string("twice") : factor->to_json() + " times") + " as long";
  if (most != nullptr && factor != nullptr && factor->integer > 1) text += " up to " + most->text;
  const std::string jitter = text_of(rule, "jitter", "none");
  if (jitter == "full") text += ", or any part of that (full jitter)";
  if (jitter == "equal") text += ", or any part of that from half of it (equal jitter)";
  return text;
}

std::string ending(const std::string& then, std::string_view owner) {
  if (then == "outwards")
    return owner == "operation" ? "the caller gets the error" : "the error goes on to what stands around it";
  if (then == "ignore") return "it goes on as if nothing had happened";
  if (then == "requeue")
    return owner == "stream" ? "the event is appended again at the log's tail" : "the message goes back to the queue";
  if (then == "reject") return "it is rejected: to the dead-letter queue, or gone where there is none";
  if (then == "discard") return "it is acknowledged, and gone";
  if (then == "park") return "it is kept aside, where nobody looks";
  if (then == "leave") return "the message stays unacknowledged";
  if (then == "crash") return "it dies, restarts and meets it again";
  return "the run ends as failed";
}

std::string_view standard_of(std::string_view owner) {
  return owner == "consumer" ? "requeue" : owner == "stream" ? "crash" : owner == "job" ? "give-up" : "outwards";
}

void rule(const std::string& error, const Node& node, std::string_view owner, int depth, std::vector<Sentence>& out) {
  const Node* tries = node.find("tries");
  const std::string what =
      owner == "step" || owner == "transaction" ? "the " + std::string(owner) : "the whole handler";
  std::string text = "on " + error;
  if (tries != nullptr && tries->integer > 1) {
    text += " " + what + " is tried " + tries->to_json() + " times in all" + waits(node) + "; after that ";
  } else {
    text += ", without another try, ";
  }
  out.push_back({depth, sentence(text + ending(text_of(node, "then", standard_of(owner)), owner))});
}

}  // namespace

void errors(const Node* on, std::string_view owner, int depth, std::vector<Sentence>& out) {
  const bool written = on != nullptr && on->is(Node::Kind::object);
  const bool outermost = owner != "step" && owner != "transaction";
  const Node* any = written ? on->find("any") : nullptr;
  if (written) {
    for (const Node::Member& member : on->members) {
      if (member.first != "any") rule(member.first, member.second, owner, depth, out);
    }
    if (any != nullptr) rule(on->members.size() > 1 ? "any other error" : "any error", *any, owner, depth, out);
  }
  // An operation's caller hears of every error: that goes without saying.
  if (any != nullptr || !outermost || owner == "operation") return;
  const std::string which = written && !on->members.empty() ? "any other error" : "any error";
  out.push_back({depth, sentence("on " + which + " " + ending(std::string(standard_of(owner)), owner))});
}

}  // namespace premortem::explain
