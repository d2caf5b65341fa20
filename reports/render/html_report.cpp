#include "reports/render/html_report.hpp"

#include "reports/query/table.hpp"
#include "reports/render/packed.hpp"
#include "reports/render/report_json.hpp"
#include "reports/render/web_bundle.hpp"
#include "sim/kernel/check.hpp"

namespace premortem {

namespace {

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t n = 0; n + 1 < hex.size(); n += 2)
    bytes += static_cast<char>(digit(hex[n]) << 4 | digit(hex[n + 1]));
  return bytes;
}

std::string element(const std::string& name, const std::string& text) {
  return "<" + name + ">" + html_text(text) + "</" + name + ">\n";
}

std::string row(const std::vector<std::string>& cells, const std::string& cell) {
  std::string out = "<tr>";
  for (const std::string& text : cells) out += "<" + cell + "><bdi>" + html_text(text) + "</bdi></" + cell + ">";
  return out + "</tr>\n";
}

/// For whoever reads without scripts; a browser with scripts puts its own in this place.
std::string plain_decision(const DecisionData& decision) {
  std::string out = element("p", decision.headline);
  for (const std::string& sentence : decision.assumed) out += element("p", sentence);
  for (const ReadingData& reading : decision.readings) {
    out += element("h2", decision.readings.size() > 1 ? "Reading: " + reading.name : "Strategies");
    for (const std::string& sentence : reading.summary) out += element("p", sentence);
    out += "<table>\n";
    std::vector<std::string> head = {"strategy"};
    for (const MeasureData& measure : reading.measures) {
      if (measure.main) head.push_back(measure.heading);
    }
    out += row(head, "th");
    for (const StrategyData& strategy : reading.strategies) {
      std::vector<std::string> cells = {strategy.name};
      for (std::size_t n = 0; n < strategy.cells.size(); ++n) {
        if (reading.measures[n].main) cells.push_back(strategy.cells[n].text);
      }
      out += row(cells, "td");
    }
    out += "</table>\n" + element("p", "Again: " + reading.command);
  }
  return out;
}

std::string plain_story(const StoryData& story) {
  std::string out = element("h2", story.strategy + ", " + story.reading + ", seed " + std::to_string(story.seed));
  out += element("p", story.sentence) + "<ul>\n";
  for (const MarkData& mark : story.marks) out += element("li", mark.text + " [" + mark.provenance + "]");
  return out + "</ul>\n" + element("p", "Again: " + story.command);
}

}  // namespace

bool has_html() { return !web::script.empty(); }

std::string why_no_html() {
  return "this program was built without Node.js, so it writes no HTML; install nodejs and npm, run `npm ci` in "
         "reports/web, and build again";
}

std::string html_text(const std::string& text) {
  std::string out;
  for (const char c : readable_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string report_to_html(const ReportData& report) {
  PREMORTEM_CHECK(has_html(), "the front end is built in");
  // Nothing is loaded from anywhere, and of scripts only ours runs, whatever else somebody's names may look like.
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-" +
      base64(bytes_of(web::script_sha256)) +
      "'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n<meta name=\"generator\" "
      "content=\"" +
      html_text(report.generator) + "\">\n" + element("title", report.title) + "<style>";
  out += web::style;
  out += "</style>\n</head>\n<body>\n<div id=\"report\">\n<main>\n" + element("h1", report.title);
  if (report.decision) out += plain_decision(*report.decision);
  for (const StoryData& story : report.stories) out += plain_story(story);
  out += "</main>\n</div>\n<script type=\"application/json\" id=\"report-data\">";
  out += report_to_json(report, {.pack = true, .in_markup = true});
  out += "</script>\n<script>";
  out += web::script;
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace premortem
