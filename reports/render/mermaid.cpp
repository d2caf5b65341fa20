#include "reports/render/mermaid.hpp"

#include <algorithm>
#include <map>

#include "reports/query/figures.hpp"
#include "reports/query/table.hpp"

namespace premortem {

namespace {

/// What stands to the right of a milestone must fit beside it: GitHub shows some 130 letters in all.
constexpr std::size_t label_width = 72;

/// At most so many letters of a visible text.
std::string shortened(const std::string& text, std::size_t most) {
  std::string plain = visible(text);
  if (width_of(plain) <= most) return plain;
  std::size_t end = 0, letters = 0;
  for (; end < plain.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(plain[end]) & 0xC0U) != 0x80U;
    if (begins && letters++ == most - 1) break;
  }
  return plain.substr(0, end) + "…";
}

/// "2020-01-27 11:00:00": a formatted instant without the word that tells repeated hours apart, as Mermaid reads one.
std::string chart_time(const std::string& formatted) {
  std::string text = formatted.substr(0, std::min<std::size_t>(formatted.find(' ', 11), formatted.size()));
  if (std::count(text.begin(), text.end(), ':') == 1) text += ":00";
  return text;
}

/// "a", "b", ..., "z", "a1", ...: names of systems may be words of Mermaid's own.
std::string alias(std::size_t number) {
  const std::string letter(1, static_cast<char>('a' + number % 26));
  return number < 26 ? letter : letter + std::to_string(number / 26);
}

}  // namespace

std::string mermaid_text(const std::string& text) {
  // Letters, digits, and what no kind of diagram gives a meaning to.
  constexpr std::string_view plain = " .,-_=()/'\"?!+*@";
  std::string out;
  for (const char c : visible(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    if (letter || byte >= 0x80 || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += "#" + std::to_string(byte) + ";";
    }
  }
  return out;
}

std::string story_to_gantt(const std::vector<StoryLine>& story, const TimeFormat& format, std::size_t most) {
  if (story.empty() || most < 2) return "";
  const std::int64_t span = nanoseconds_of(story.back().at) - nanoseconds_of(story.front().at);
  std::string out = "gantt\n  dateFormat YYYY-MM-DD HH:mm:ss\n  axisFormat ";
  out += span > 2 * std::int64_t{86'400} * 1'000'000'000 ? "%m-%d\n" : "%d %H:%M\n";
  out += "  todayMarker off\n";  // The clock is the scenario's: today has no place on it.
  const auto milestone = [&](Time at, const std::string& text) {
    const std::string when = format(at);
    // Without its year: a line of a chart must not begin with a whole date.
    return "  " + mermaid_text(shortened(when.substr(when.find('-') + 1) + " " + text, label_width)) + " :milestone, " +
           chart_time(when) + ", 0d\n";
  };
  const bool whole = story.size() <= most;
  const std::size_t before = whole ? story.size() : most / 2, after = whole ? 0 : most - 1 - before;
  for (std::size_t n = 0; n < before; ++n) out += milestone(story[n].at, story[n].text);
  if (!whole) out += milestone(story[before].at, "… " + counted(story.size() - before - after, "line") + " left out …");
  for (std::size_t n = story.size() - after; n < story.size(); ++n) out += milestone(story[n].at, story[n].text);
  return out;
}

std::string messages_to_sequence(const std::vector<ItemMessage>& messages, const TimeFormat& format) {
  std::map<std::string, std::string> aliases;
  std::string participants, lines, first, last, day;
  const auto name = [&](const std::string& system) {
    const auto [at, added] = aliases.emplace(system, alias(aliases.size()));
    if (added) {
      participants += (participants.empty() ? "" : "; ") + ("participant " + at->second) + " as " +
                      mermaid_text(shortened(system, 40));
      last = at->second;
      if (first.empty()) first = last;
    }
    return at->second;
  };
  for (const ItemMessage& message : messages) {
    if (!message.from.empty()) name(message.from);
    if (!message.to.empty()) name(message.to);
  }
  if (first.empty()) return "";  // Nobody did anything.
  for (const ItemMessage& message : messages) {
    const std::string when = format(time_from_nanoseconds(message.at)), date = when.substr(0, when.find(' '));
    // A colon in a message means nothing, and times are easier to read with it.
    const std::string text =
        (date == day ? when.substr(when.find(' ') + 1) : when) + " " + mermaid_text(shortened(message.text, 60));
    day = date;
    if (message.from.empty()) {
      lines += "  Note over " + first + (first == last ? "" : "," + last) + ": " + text + "\n";
    } else if (message.from == message.to) {
      lines += "  Note over " + name(message.from) + ": " + text + "\n";
    } else {
      lines += "  " + name(message.from) + "->>" + name(message.to) + ": " + text + "\n";
    }
  }
  return "sequenceDiagram\n  " + participants + "\n" + lines;
}

}  // namespace premortem
