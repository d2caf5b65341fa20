#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem::explain {

namespace {

constexpr std::string_view weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/// The hours between which nothing arrives are left out: "between 09:00 and 17:00, most at 11:00".
std::string hours(const Node& shares) {
  std::size_t first = 24, last = 0, most = 0;
  bool even = true;
  for (std::size_t hour = 0; hour < shares.items.size(); ++hour) {
    const std::int64_t share = shares.items[hour].integer;
    if (share == 0) continue;
    if (first == 24) first = hour;
    last = hour;
    if (share > shares.items[most].integer) most = hour;
  }
  for (std::size_t hour = first; hour <= last && hour < shares.items.size(); ++hour)
    even = even && shares.items[hour].integer == shares.items[most].integer;
  const auto o_clock = [](std::size_t hour) { return std::to_string(100 + hour).substr(1) + ":00"; };
  const bool all_day = first == 0 && last == 23;
  if (all_day && even) return ", evenly over the day";
  return (all_day ? std::string() : ", between " + o_clock(first) + " and " + o_clock(last + 1)) +
         (even ? "" : ", most of them in the hour from " + o_clock(most));
}

std::string weekdays_of(const Node& factors) {
  std::vector<std::string> off, other;
  for (std::size_t day = 0; day < factors.items.size() && day < 7; ++day) {
    const std::int64_t factor = factors.items[day].integer;
    if (factor == 0) off.emplace_back(weekdays[day]);
    if (factor > 1) other.push_back(std::to_string(factor) + " times as many on " + std::string(weekdays[day]));
  }
  return (other.empty() ? "" : ", " + listed(other)) + (off.empty() ? "" : ", none on " + listed(off));
}

std::string window(const Node& node) {
  const Node& count = *node.find("count");
  return "between " + listed(texts_of(*node.find("between"))) + (count.is(Node::Kind::integer) ? " exactly " : " ") +
         value(count);
}

std::string how(const Node& stream) {
  std::string text;
  if (const Node* rate = stream.find("rate")) {
    // "20/h" between 8 and 20 o'clock is 40 in each of those hours.
    const bool shaped = stream.find("by-hour") != nullptr && !rate->text.ends_with("/day");
    text = "at random instants, " + rate->text + " on average" + (shaped ? " over the whole day" : "");
    if (const Node* shares = stream.find("by-hour")) text += hours(*shares);
    if (const Node* factors = stream.find("by-weekday")) text += weekdays_of(*factors);
    if (const Node* from = stream.find("from")) text += ", from " + from->text;
    if (const Node* until = stream.find("until")) text += ", until " + until->text;
  }
  if (stream.find("count") != nullptr) text = window(stream);
  if (const Node* at = stream.find("at")) text = "one each at " + listed(texts_of(*at));
  if (const Node* exactly = stream.find("exactly")) {
    for (const Node::Member& one : exactly->members) text += (text.empty() ? "" : "; ") + window(one.second);
  }
  return text;
}

}  // namespace

ExplainedPart arrivals(const Node& root) {
  ExplainedPart passage{"What arrives", {}};
  const Node* arrivals = root.find("arrivals");
  if (arrivals == nullptr || arrivals->members.empty()) {
    passage.sentences.push_back({0, "Nothing arrives by itself; items come into being by \"send\" only."});
    return passage;
  }
  for (const Node::Member& member : arrivals->members) {
    const Node& stream = member.second;
    std::string text =
        member.first + ": items " + text_of(stream, "item") + " arrive in " + text_of(stream, "into") + ", ";
    if (const Node* per = stream.find("one-per")) {
      for (const Node::Member& one : per->members)
        text += "one such stream for each " + one.first + " of the list " + one.second.text + ", ";
    }
    passage.sentences.push_back({1, text + how(stream) + "." + sources(stream)});
    const Node* fields = stream.find("fields");
    if (fields == nullptr) continue;
    for (const Node::Member& field : fields->members) {
      const bool plain = field.second.is(Node::Kind::text) || field.second.is(Node::Kind::object);
      passage.sentences.push_back(
          {2, sentence("Their " + field.first + " is " + (plain ? value(field.second) : field.second.to_json()))});
    }
  }
  return passage;
}

}  // namespace premortem::explain
