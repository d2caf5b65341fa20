#include "reports/render/annotations.hpp"

#include "reports/query/figures.hpp"
#include "reports/query/table.hpp"

namespace premortem {

namespace {

constexpr std::size_t shown_max = 10;  ///< Of a kind, for a step.

/// Line ends are kept, as GitHub shows them; other control characters are not.
std::string escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : readable_utf8(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\n') {
      out += "%0A";
    } else if (c == '\r') {
      out += "%0D";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? visible(std::string(1, c)) : std::string(1, c);
    }
  }
  return out;
}

std::string command(const Annotation& one) {
  std::string properties;
  const auto property = [&](const char* name, const std::string& value) {
    if (!value.empty()) properties += (properties.empty() ? " " : ",") + std::string(name) + "=" + escaped(value, true);
  };
  property("file", one.file);
  if (!one.file.empty() && one.line > 0) property("line", std::to_string(one.line));
  if (!one.file.empty() && one.line > 0 && one.column > 0) property("col", std::to_string(one.column));
  property("title", one.title);
  return std::string(one.error ? "::error" : "::warning") + properties + "::" + escaped(one.message, false) + "\n";
}

std::string of_kind(const std::vector<Annotation>& annotations, bool error) {
  std::vector<Annotation> these;
  for (const Annotation& one : annotations) {
    if (one.error == error) these.push_back(one);
  }
  if (these.size() > shown_max) {
    const std::size_t rest = these.size() - (shown_max - 1);
    these.resize(shown_max - 1);
    these.push_back(
        {error, "", 0, 0, "premortem", "and " + std::to_string(rest) + " more; the log and the job summary name them"});
  }
  std::string out;
  for (const Annotation& one : these) out += command(one);
  return out;
}

}  // namespace

std::string annotations_to_github(const std::vector<Annotation>& annotations) {
  return of_kind(annotations, true) + of_kind(annotations, false);
}

std::string summary_within(const std::string& markdown, std::size_t bytes) {
  std::string text = markdown + (markdown.empty() || markdown.ends_with('\n') ? "" : "\n");
  if (text.size() <= bytes) return text;
  const std::string sentence = "\nCut here: GitHub shows no summary that is larger. The log has the whole.\n";
  const std::string close = "```\n";
  if (sentence.size() + close.size() > bytes) return "";
  const std::size_t end = text.rfind('\n', bytes - sentence.size() - close.size() - 1);
  std::string cut = end == std::string::npos ? "" : text.substr(0, end + 1);
  // A fence that was cut open would swallow the sentence.
  bool open = false;
  for (std::size_t at = 0; at < cut.size(); at = cut.find('\n', at) + 1) {
    if (cut.compare(at, 3, "```") == 0) open = !open;
  }
  return cut + (open ? close : "") + sentence;
}

}  // namespace premortem
