// Nothing may be silently inapplicable: what is valid by itself and would mean nothing where it stands is refused.

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

class Effects {
 public:
  explicit Effects(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void arrival(const Node& node, const std::string& address) {
    for (const std::string_view key : {"by-hour", "by-weekday", "from", "until"})
      wants(node, key, "rate", "it shapes a rate; write \"rate\", or remove it", address);
    wants(node, "between", "count", "between these times arrive how many? write \"count\"", address);
    for (const std::string_view key : {"by-hour", "by-weekday"}) {
      const Node* shares = node.find(key);
      if (shares == nullptr) continue;
      bool any = false;
      for (const Node& share : shares->items) any = any || share.integer > 0;
      if (!any)
        error(*shares, address + "/" + std::string(key), "all shares are 0: nothing would arrive; remove the stream");
    }
    const Node* per = node.find("one-per");
    if (per != nullptr && per->members.size() > 1)
      error(*per, address + "/one-per", "a stream per element of one list only; write further streams");
  }

  void entry(const Node& node, const std::string& address) {
    if (node.find("redrive") == nullptr) loop(node, address);
    if (node.find("for") != nullptr && node.find("until") != nullptr)
      error(*node.find("for"), address + "/for", "\"for\" and \"until\" say the same twice; write one of them");
    if (const Node* nth = node.find("nth"); nth != nullptr && nth->integer < 1)
      error(*nth, address + "/nth", "operations are counted from 1; write 1 for the first");
    for (const std::string_view key : {"first", "share"}) both(node, "nth", key, address);
  }

  /// An entry of the timeline whose instant is the search's, and whose name is its key.
  void remedy(const Node& node, const std::string& address) {
    entry(node, address);
    if (const Node* at = node.find("at"))
      error(*at, address + "/at",
            "a remedy has no time of its own: `window --remedy` looks for its last instant, and `run --remedy "
            "NAME=TIME` does it at one; remove it");
    if (const Node* id = node.find("id")) error(*id, address + "/id", "a remedy is named by its key; remove the id");
  }

  void steps(const Node& list, const std::string& address, bool by_hand) {
    for (std::size_t n = 0; n < list.items.size(); ++n) {
      const Node& step = list.items[n];
      const Node* id = step.find("id");
      const std::string place = address + "[" + (id != nullptr ? id->text : std::to_string(n)) + "]";
      if (step.find("redrive") == nullptr) loop(step, place);
      error_rules(step, place);
      for (const std::string_view key : {"at-once", "chunk"})
        wants(step, key, "each", "there is nothing to repeat; write \"each\", or remove it", place);
      for (const std::string_view verb : {"ack", "reject"}) {
        const Node* said = step.find(verb);
        if (said == nullptr) continue;
        if (!by_hand)
          error(*said, place + "/" + std::string(verb),
                "only a consumer with \"ack\": \"by hand\" acknowledges by itself; say so there, or remove the step");
        if (said->is(Node::Kind::boolean) && !said->boolean)
          error(*said, place + "/ack", "write true; what shall not be acknowledged is rejected with \"reject\"");
      }
      if (const Node* inner = step.find("does")) steps(*inner, place + "/does", by_hand);
    }
  }

  void system(const Node& node, const std::string& address) {
    const std::string& kind = node.find("is")->text;
    if (kind == "job") {
      for (const std::string_view key : {"clock-changes", "missed", "delay"})
        wants(node, key, "cron", "without a schedule nothing fires; write \"cron\", or remove it", address);
      wants(node, "instances", "cron", "each has a scheduler of its own; write \"cron\", or remove it", address);
      for (const std::string_view key : {"lock-max", "lock-min", "lock-clock"})
        wants(node, key, "lock", "there is no lock to hold; write \"lock\", or remove it", address);
    }
    if (kind == "toggles") return;
    error_rules(node, address);
    const Node* ack = node.find("ack");
    if (const Node* does = node.find("does"))
      steps(*does, address + "/does", kind == "consumer" && ack != nullptr && ack->text == "by hand");
    const Node* offers = node.find("offers");
    if (offers == nullptr) return;
    for (const Node::Member& operation : offers->members) {
      const std::string place = address + "/offers/" + operation.first;
      error_rules(operation.second, place);
      if (const Node* does = operation.second.find("does")) steps(*does, place + "/does", false);
    }
  }

 private:
  void error(const Node& at, const std::string& address, std::string message) {
    diagnostics_.error(at.at, address, std::move(message));
  }
  void wants(const Node& node, std::string_view key, std::string_view other, std::string_view why,
             const std::string& address) {
    if (node.find(key) != nullptr && node.find(other) == nullptr)
      error(*node.find(key), address + "/" + std::string(key),
            "has no effect without \"" + std::string(other) + "\": " + std::string(why));
  }
  void both(const Node& node, std::string_view one, std::string_view other, const std::string& address) {
    if (node.find(one) != nullptr && node.find(other) != nullptr)
      error(*node.find(other), address + "/" + std::string(other),
            "has no effect beside \"" + std::string(one) + "\"; remove one of them");
  }
  void error_rules(const Node& owner, const std::string& address) {
    const Node* rules = owner.find("on");
    if (rules == nullptr || !rules->is(Node::Kind::object)) return;
    for (const Node::Member& rule : rules->members) {
      const std::string place = address + "/on/" + rule.first;
      for (const std::string_view key : {"factor", "wait-max", "jitter"})
        wants(rule.second, key, "wait", "it shapes a wait; write \"wait\", or remove it", place);
      if (const Node* tries = rule.second.find("tries"); tries != nullptr && tries->integer < 1)
        error(*tries, place + "/tries", "the first try counts as well; write 1, and in \"then\" what follows it");
    }
  }
  void loop(const Node& node, const std::string& address) {
    wants(node, "gap", "each", "there is nothing to repeat; write \"each\", or remove it", address);
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void refuse_without_effect(const Node& root, Diagnostics& diagnostics) {
  Effects effects(diagnostics);
  const auto each = [&](std::string_view section, auto look) {
    if (const Node* things = root.find(section)) {
      for (const Node::Member& member : things->members)
        (effects.*look)(member.second, "/" + std::string(section) + "/" + member.first);
    }
  };
  each("arrivals", &Effects::arrival);
  each("systems", &Effects::system);
  each("remedies", &Effects::remedy);
  if (const Node* timeline = root.find("timeline")) {
    for (std::size_t n = 0; n < timeline->items.size(); ++n) {
      const Node* id = timeline->items[n].find("id");
      effects.entry(timeline->items[n], "/timeline[" + (id != nullptr ? id->text : std::to_string(n)) + "]");
    }
  }
}

}  // namespace premortem
