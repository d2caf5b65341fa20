#include "reports/render/markdown_template.hpp"

#include <algorithm>
#include <string_view>

#include "reports/query/table.hpp"

namespace premortem {

namespace {

constexpr std::string_view blank = " \t\r";

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? ""
                                         : std::string(text.substr(first, text.find_last_not_of(blank) - first + 1));
}

/// Each line of a text but the first with the same spaces before it.
std::string indented(const std::string& text, const std::string& indent) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    out += text[n];
    const bool more = n + 1 < text.size() && text[n + 1] != '\n';
    if (text[n] == '\n' && more) out += indent;
  }
  return out;
}

}  // namespace

std::vector<Placeholder> placeholders_in(const std::string& text) {
  std::vector<Placeholder> all;
  std::size_t line_from = 0;
  for (std::uint32_t line = 1; line_from < text.size(); ++line) {
    const std::size_t line_to = std::min(text.find('\n', line_from), text.size());
    const std::string_view whole = std::string_view(text).substr(line_from, line_to - line_from);
    std::uint32_t column = 1;
    std::size_t counted_to = 0;  // A line may be the whole file: nothing in it is looked at twice.
    for (std::size_t at = whole.find("{{"); at != std::string_view::npos; at = whole.find("{{", at)) {
      if (at > 0 && whole[at - 1] == '\\') {
        at += 2;
        continue;
      }
      const std::size_t close = whole.find("}}", at);
      const bool closed = close != std::string_view::npos;
      const std::size_t after = closed ? close + 2 : whole.size();
      column += static_cast<std::uint32_t>(width_of(std::string(whole.substr(counted_to, at - counted_to))));
      counted_to = at;
      Placeholder one;
      one.from = line_from + at;
      one.to = line_from + after;
      one.line = line;
      one.column = column;
      if (closed) one.name = trimmed(whole.substr(at + 2, close - at - 2));
      one.alone = whole.find_first_not_of(blank) == at && whole.find_first_not_of(blank, after) == std::string::npos;
      all.push_back(one);
      at = after;
    }
    line_from = line_to + 1;
  }
  return all;
}

std::string fill_template(const std::string& text, const std::vector<MarkdownPart>& parts) {
  std::string out;
  std::size_t done = 0;
  const auto copy = [&](std::size_t to) {
    for (; done < to; ++done) {
      if (text[done] != '\\' || text.compare(done + 1, 2, "{{") != 0) out += text[done];
    }
  };
  for (const Placeholder& one : placeholders_in(text)) {
    copy(one.from);
    const auto part =
        std::find_if(parts.begin(), parts.end(), [&](const MarkdownPart& each) { return each.name == one.name; });
    if (part != parts.end()) {
      const std::string& shown = part->text.empty() ? part->none : part->text;
      // A block is alone in its line, so what stands there by now is its indentation. npos + 1 is 0: the first line.
      out += part->block ? indented(shown, out.substr(out.rfind('\n') + 1)) : shown;
    }
    done = one.to;
  }
  copy(text.size());
  return out;
}

}  // namespace premortem
