#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"
#include "sim/scenario/expression/explain.hpp"

namespace premortem::explain {

namespace {

using Out = std::vector<Sentence>;

void say(Out& out, int depth, std::string text) { out.push_back({depth, sentence(std::move(text))}); }

bool is_true(const Node& node, std::string_view key) {
  const Node* said = node.find(key);
  return said != nullptr && said->boolean;
}

std::string count_of(const Node& node, std::string_view key, std::string_view standard) {
  const Node* count = node.find(key);
  return count == nullptr ? std::string(standard) : count->to_json();
}

std::string carried(const Node& node) {
  const Node* of = node.find("of");
  return of == nullptr ? std::string() : " of " + listed(texts_of(*of));
}

std::string queue(const Node& node) {
  std::string text = "is a " + text_of(node, "type", "classic") + " queue" + carried(node);
  const std::string dead = text_of(node, "dead-letter", "none");
  text += dead == "none" ? "; what is rejected or expires is gone" : "; what is rejected or expires goes to " + dead;
  if (node.find("ttl") != nullptr) text += "; a message expires after " + text_of(node, "ttl");
  if (node.find("length-max") != nullptr)
    text += "; it holds " + count_of(node, "length-max", "") + " messages, and when full it " +
            (text_of(node, "overflow") == "reject-publish" ? "refuses new ones" : "pushes out the oldest");
  if (node.find("delivery-limit") != nullptr || text_of(node, "type") == "quorum")
    text += "; a message may return " + count_of(node, "delivery-limit", "20") + " times";
  if (is_true(node, "single-active")) text += "; one consumer at a time gets messages";
  return text;
}

std::string exchange(const Node& node) {
  std::string text = "is a " + text_of(node, "type", "direct") + " exchange" + carried(node);
  if (const Node* to = node.find("to")) {
    std::vector<std::string> parts;
    for (const Node::Member& queue : to->members) parts.push_back(queue.first + " for \"" + queue.second.text + "\"");
    text += " that routes to " + listed(parts);
  }
  const std::string alternate = text_of(node, "alternate", "none");
  return text + (alternate == "none" ? "; what fits nowhere is gone" : "; what fits nowhere goes to " + alternate);
}

std::string log(const Node& node) {
  const std::string partitions = count_of(node, "partitions", "1");
  return "is an event log" + carried(node) +
         (partitions == "1" ? std::string(", in one partition") : " in " + partitions + " partitions") +
         (partitions == "1"
              ? ""
              : ", chosen by " + (node.find("key") == nullptr ? std::string("the item's id") : text_of(node, "key"))) +
         "; events older than " + text_of(node, "keeps", "7 days") + " are gone";
}

void documents(const Node& node, Out& out) {
  for (const Node::Member& member : node.find("collections")->members) {
    const Node& collection = member.second;
    std::string text = "it holds " + member.first;
    if (const Node* of = collection.find("of")) text += ", made from " + listed(texts_of(*of));
    if (const Node* fields = collection.find("fields"))
      text += ", with " + listed(fields->keys()) + (collection.find("of") == nullptr ? "" : " besides");
    if (const Node* unique = collection.find("unique")) text += "; " + listed(texts_of(*unique)) + " is unique";
    if (const Node* holds = collection.find("holds"))
      text += "; " + std::to_string(holds->items.size()) + " of them at the start";
    say(out, 2, text);
  }
}

std::string consumer(const Node& node) {
  const std::string workers = count_of(node, "workers", "1"), ack = text_of(node, "ack", "after success");
  return "reads the queue " + text_of(node, "reads") + " with " + workers +
         (workers == "1" ? " worker, which is" : " workers, each of which is") + " sent " +
         count_of(node, "prefetch", "250") + " messages ahead, and acknowledges " +
         (ack == "after success" ? "a message when its steps have succeeded"
          : ack == "on receipt"  ? "a message as soon as it is received"
                                 : "by steps of its own") +
         (node.find("ack-finishes") == nullptr ? std::string()
                                               : "; a real program in its place finishes the item as \"" +
                                                     text_of(node, "ack-finishes") + "\" when it acknowledges") +
         "; for each message it will";
}

std::string stream(const Node& node) {
  const std::string workers = count_of(node, "workers", "1"), commit = text_of(node, "commit", "after");
  return "reads the log " + text_of(node, "reads") + " from its " + text_of(node, "from", "earliest") +
         " event on, with " + workers + (workers == "1" ? " worker" : " workers") + ", and saves its position " +
         (commit == "after"         ? "after the steps"
          : commit == "before"      ? "before the steps"
          : commit == "transaction" ? "in one transaction with what it publishes"
                                    : commit) +
         "; for each event it will";
}

std::string job(const Node& node) {
  std::string text = node.find("cron") == nullptr
                         ? "is a job that runs only when told to"
                         : "is a job that runs by the schedule \"" + text_of(node, "cron") + "\"";
  if (node.find("zone") != nullptr) text += " on the clocks of " + text_of(node, "zone");
  if (const Node* delay = node.find("delay")) text += ", " + value(*delay) + " after it fires";
  if (count_of(node, "instances", "1") != "1") text += ", in " + count_of(node, "instances", "1") + " copies";
  if (text_of(node, "lock", "none") != "none") text += ", under the lock \"" + text_of(node, "lock") + "\"";
  const std::string overlap = text_of(node, "overlap", "allow");
  if (node.find("cron") != nullptr)
    text += overlap == "allow"    ? "; runs may overlap"
            : overlap == "forbid" ? "; it skips a firing while a run is under way"
                                  : "; a firing ends the run that is under way";
  return text + "; each run will";
}

std::string monitor(const Node& node) {
  const Node* lasts = node.find("for");
  return "looks every " + text_of(node, "every", "1 min") + " whether " + explain_expression(node.find("when")->text) +
         (lasts == nullptr ? "" : " for " + lasts->text) + ", and then says once: \"" +
         (node.find("notice") == nullptr ? "its name" : text_of(node, "notice")) + "\"";
}

std::string toggles(const Node& node) {
  std::vector<std::string> parts;
  for (const Node::Member& member : node.members) {
    if (member.first == "is" || member.first == "source" || member.first == "name") continue;
    parts.push_back(member.first + " = " + literal(member.second));
  }
  return "is read by anyone at that instant; at the beginning " + listed(parts);
}

void operations(const Node& node, const std::string& it, Out& out) {
  for (const Node::Member& member : node.find("offers")->members) {
    const Node& operation = member.second;
    const Node *takes = operation.find("takes"), *does = operation.find("does");
    const bool empty = does == nullptr || does->items.empty();
    std::string text = member.first + (takes == nullptr ? " takes no time" : " takes " + value(*takes));
    if (is_true(operation, "idempotent")) text += " and changes nothing when called again for the same item";
    out.push_back({2, text + (empty ? ", and replies." : ", then it will:") + sources(operation)});
    if (!empty) steps(*does, 3, it, out);
    if (!empty) errors(operation.find("on"), "operation", 3, out);
  }
}

void system(const std::string& name, const Node& node, Out& out) {
  const std::string kind = node.find("is")->text, real = kind == "toggles" ? "" : text_of(node, "name");
  const Node* on = node.find("on");
  const bool off = on != nullptr && on->is(Node::Kind::boolean) && !on->boolean && kind != "toggles";
  const Node* of = node.find("of");
  const std::string it = of != nullptr && of->is(Node::Kind::text) ? of->text : "item";
  std::string text =
      kind == "queue"      ? queue(node)
      : kind == "exchange" ? exchange(node)
      : kind == "log"      ? log(node)
      : kind == "documents"
          ? "is a document store; a transaction lives " + text_of(node, "lifetime", "60 s") + " at most" +
                (node.find("takes") == nullptr ? "" : ", and each operation takes " + value(*node.find("takes"))) +
                (node.find("lag") == nullptr
                     ? ""
                     : "; a majority of its replica set has a write after " + value(*node.find("lag")) +
                           (text_of(node, "write-concern", "majority") == "majority"
                                ? ", which is what a write waits for"
                                : ", and no write waits for that")) +
                (node.find("cache-pressure") != nullptr && node.find("cache-pressure")->boolean
                     ? "; its cache is under pressure, so that the oldest open transaction is undone"
                     : "")
      : kind == "service" ? "is a service" + carried(node) +
                                (node.find("workers") == nullptr
                                     ? ""
                                     : ", which works on " + count_of(node, "workers", "") + " calls at a time")
      : kind == "consumer" ? consumer(node)
      : kind == "stream"   ? stream(node)
      : kind == "job"      ? job(node)
      : kind == "monitor"  ? monitor(node)
      : kind == "broker"
          ? "is the broker" + (node.find("version") == nullptr ? "" : ", RabbitMQ " + text_of(node, "version")) +
                ", in which the queues and exchanges live"
          : toggles(node);
  const Node* does = node.find("does");
  out.push_back({1, name + (real.empty() ? "" : " (" + real + ")") + " " + text + (does == nullptr ? "." : ":") +
                        (off ? " At the beginning it is off." : "") + sources(node)});
  if (kind == "documents") documents(node, out);
  if (kind == "service") operations(node, it, out);
  if (does == nullptr) return;
  steps(*does, 2, kind == "stream" ? "event" : kind == "consumer" ? "message" : "item", out);
  errors(on, kind, 2, out);
}

}  // namespace

ExplainedPart systems(const Node& root) {
  ExplainedPart passage{"How the machinery behaves", {}};
  for (const Node::Member& member : root.find("systems")->members)
    system(member.first, member.second, passage.sentences);
  return passage;
}

}  // namespace premortem::explain
