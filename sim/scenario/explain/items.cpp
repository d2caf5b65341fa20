#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"

namespace premortem::explain {

ExplainedPart items(const Node& root) {
  ExplainedPart passage{"Work items, and when one is done", {}};
  for (const Node::Member& member : root.find("items")->members) {
    const Node& item = member.second;
    const auto say = [&](std::string text) { passage.sentences.push_back({1, sentence(std::move(text))}); };
    std::vector<std::string> fields;
    if (const Node* named = item.find("fields")) {
      for (const Node::Member& field : named->members) fields.push_back(field.first + " (" + field.second.text + ")");
    }
    passage.sentences.push_back(
        {0, with_article(member.first) +
                (fields.empty() ? " carries nothing but its id" : " carries " + listed(fields)) + "." + sources(item)});
    passage.sentences.back().text.front() = 'A';
    if (const Node* first = item.find("first-id")) say("ids count from " + first->to_json());
    const Node* done = item.find("done");
    say(done == nullptr ? "it is done when a step finishes it, with any outcome"
                        : "it is done when a step finishes it as " + listed(quoted(texts_of(*done)), "or") +
                              "; finished otherwise, it is misrouted");
    const Node* due = item.find("due");
    say(due == nullptr ? "it may take as long as it likes: nothing is late"
                       : "it is late when that happens more than " + due->text + " after its arrival");
    const Node* held = item.find("held-while");
    say(held == nullptr
            ? "unfinished, it is held as long as a queue, a log ahead of a reader or a step in hand carries it; else "
              "it is lost"
            : "unfinished, it is held as long as a queue, a log ahead of a reader or a step in hand carries it, or "
              "while this is true: " +
                  explain_expression(held->text, "item") + ", for then somebody will come to it; else it is lost");
    const Node* repeat = item.find("may-repeat");
    say(repeat != nullptr && repeat->boolean ? "it may be finished more than once"
                                             : "finished twice, it is duplicated");
  }
  return passage;
}

}  // namespace premortem::explain
