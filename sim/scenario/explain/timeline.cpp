#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem::explain {

namespace {

std::string last_part(const Node* range, std::string_view before) {
  return range == nullptr ? std::string() : std::string(before) + value(*range);
}

std::string filtered(const Node* condition, std::string_view before, const std::string& it) {
  return condition == nullptr ? std::string() : std::string(before) + explain_expression(condition->text, it);
}

/// Which operations a fault strikes.
std::string strikes(const Node& entry) {
  std::string text;
  if (const Node* nth = entry.find("nth")) text += ", but only operation number " + nth->to_json();
  if (const Node* first = entry.find("first")) text += ", the first " + first->to_json() + " times";
  if (const Node* share = entry.find("share")) text += ", in " + share->text + " of the cases";
  text += filtered(entry.find("where"), ", where ", "item");
  text += last_part(entry.find("for"), ", for ");
  if (const Node* until = entry.find("until")) text += until->text == "end" ? ", to the end" : ", until " + until->text;
  return text;
}

std::string fault(const Node& entry, const std::string& verb) {
  const std::string what = entry.find(verb)->text;
  if (verb == "fail") {
    const Node* applied = entry.find("applied");
    return what + " fails with " + text_of(entry, "error", "Unavailable") +
           (applied != nullptr && applied->boolean ? " (though it has happened all the same)" : "");
  }
  if (verb == "slow") return what + " takes " + value(*entry.find("by")) + " longer";
  if (verb == "lose") return "what " + what + " sends is lost";
  if (verb == "duplicate") return "what " + what + " sends comes twice";
  if (verb == "cut") return listed(texts_of(*entry.find("cut"))) + " cannot reach each other";
  return "the clock of " + what + " is ahead by " + value(*entry.find("by"));
}

std::string replay(const Node& entry) {
  const std::string from = text_of(entry, "from", "earliest"), to = text_of(entry, "to", "head");
  return "the log " + entry.find("replay")->text + " is read again, from " +
         (from == "earliest" ? std::string("its earliest event") : from) + " to " +
         (to == "head" ? std::string("its end") : to) + ", through the steps of " + text_of(entry, "through") +
         last_part(entry.find("lasts"), ", which takes ") +
         filtered(entry.find("only"), "; only events are taken where ", "event");
}

std::string deed(const Node& entry, const std::string& verb) {
  const Node& what = *entry.find(verb);
  if (verb == "set") {
    std::vector<std::string> parts;
    for (const Node::Member& member : what.members)
      parts.push_back(member.first + " is set to " + literal(member.second));
    return listed(parts);
  }
  if (verb == "stop") return what.text + " is stopped: it ends after the work in hand";
  if (verb == "start") return what.text + " is started";
  if (verb == "pause") return what.text + " is paused: it takes nothing new, and its position stands still";
  if (verb == "resume") return what.text + " goes on";
  if (verb == "crash")
    return what.text + " crashes in mid-step, and " +
           (entry.find("restart") == nullptr ? "stays down" : "comes back after " + value(*entry.find("restart")));
  if (verb == "step-down")
    return what.text + " has no primary for " +
           (entry.find("for") == nullptr ? std::string("12 s") : value(*entry.find("for"))) +
           ", and open transactions are undone" +
           (entry.find("orderly") != nullptr && entry.find("orderly")->boolean
                ? std::string("; a majority gets everything first")
                : std::string(", as is what a majority does not have by then"));
  if (verb == "run") return "the job " + what.text + " is run by hand";
  if (verb == "notice") return "somebody notices: \"" + what.text + "\"";
  if (verb == "send") {
    const Node* each = entry.find("each");
    const std::string many =
        each == nullptr ? std::string()
        : each->is(Node::Kind::array)
            ? "for each of " + listed(texts_of(*each)) + last_part(entry.find("gap"), ", with a gap of ") + ", "
            : "for each of " + explain_expression(each->text) + last_part(entry.find("gap"), ", with a gap of ") + ", ";
    return many + "an item " + what.text + " is sent to " + text_of(entry, "to") +
           assigned(entry.find("with"), each == nullptr ? "item" : "element");
  }
  if (verb == "redrive")
    return "what lies in " + what.text + " is moved to " + text_of(entry, "to") +
           filtered(entry.find("where"), ", where ", "message") +
           (entry.find("sort") == nullptr ? "" : ", in the order of " + text_of(entry, "sort")) +
           last_part(entry.find("gap"), ", with a gap of ");
  if (verb == "replay") return replay(entry);
  return fault(entry, verb) + strikes(entry);
}

/// The conditions that an entry has beside its time.
std::string provided(const Node& entry) {
  std::string text;
  if (const Node* only_if = entry.find("only-if")) text += "if " + explain_expression(only_if->text) + ", ";
  if (const Node* wait = entry.find("wait-for")) text += "as soon as " + explain_expression(wait->text) + ", ";
  return text;
}

std::string moment(const Node& entry, const ClockSpec& spec, bool first) {
  const Node* at = entry.find("at");
  const Node* after = entry.find("after");
  if (at == nullptr && after == nullptr) return first ? "at the beginning, " : "at once, ";
  std::string text;
  if (at != nullptr) {
    std::string error;
    const auto time = parse_time(at->text, spec.zone, entry.day, error);
    if (!time || time->kind == TimeSpec::Kind::end) return "at " + at->text + ", ";
    if (time->kind == TimeSpec::Kind::offset) {
      Node offset = *at;
      offset.text.erase(0, offset.text.find_first_not_of("+ "));
      return value(offset) + " after " + (after == nullptr ? "that" : after->text) + ", ";
    }
    text = time->low == time->high ? "at " + spec.zone.format(time_from_nanoseconds(time->low))
                                   : "some time between " + spec.zone.format(time_from_nanoseconds(time->low)) +
                                         " and " + spec.zone.format(time_from_nanoseconds(time->high));
  }
  if (after != nullptr)
    text += (text.empty() ? "after " : ", but not before ") + after->text + (text.empty() ? "" : " has happened");
  return text + ", ";
}

}  // namespace

ExplainedPart timeline(const Node& root, const ClockSpec& spec) {
  ExplainedPart passage{"What people did and what broke", {}};
  const Node* timeline = root.find("timeline");
  if (timeline == nullptr || timeline->items.empty()) {
    passage.sentences.push_back({0, "Nobody does anything, and nothing breaks."});
    return passage;
  }
  for (const Node& entry : timeline->items) {
    std::string message;
    const std::string form = form_of_verb(entry, "entry:", message);
    if (form.empty()) continue;
    const Node* id = entry.find("id");
    std::string text = moment(entry, spec, passage.sentences.empty()) + provided(entry) + deed(entry, form.substr(6));
    if (const Node* believing = entry.find("believing")) text += ", in the belief: \"" + believing->text + "\"";
    text = sentence(text) + sources(entry);
    passage.sentences.push_back({1, (id == nullptr ? "" : id->text + ": ") + text});
  }
  return passage;
}

std::optional<ExplainedPart> remedies(const Node& root) {
  const Node* remedies = root.find("remedies");
  if (remedies == nullptr || remedies->members.empty()) return std::nullopt;
  ExplainedPart passage{"What could still save an item, if somebody did it", {}};
  for (const Node::Member& member : remedies->members) {
    std::string message;
    const std::string form = form_of_verb(member.second, "entry:", message);
    if (form.empty()) continue;
    const Node* after = member.second.find("after");
    const std::string text = (after == nullptr ? std::string() : "after " + after->text + ", ") +
                             provided(member.second) + deed(member.second, form.substr(6));
    passage.sentences.push_back({1, member.first + ": " + sentence(text) + sources(member.second)});
  }
  return passage;
}

}  // namespace premortem::explain
