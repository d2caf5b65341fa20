// Chrome's trace format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

#include <nlohmann/json.hpp>

#include "reports/query/record_sentence.hpp"
#include "reports/query/spans.hpp"
#include "reports/render/trace.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

/// The process of the items and of what no system does; a system's is its number behind it.
constexpr std::uint64_t common_process = 1;
std::uint64_t process_of(std::uint32_t system) { return system == Span::nobody ? common_process : system + 2; }

class Trace {
 public:
  Trace(const HistoryNames& names, const std::vector<Record>& records)
      : names_(names), items_(item_names(names, records)), origin_(records.empty() ? 0 : records.front().at) {}

  void process(std::uint64_t number, const std::string& name) {
    add({{"ph", "M"}, {"name", "process_name"}, {"pid", number}, {"args", {{"name", name}}}});
    add({{"ph", "M"}, {"name", "process_sort_index"}, {"pid", number}, {"args", {{"sort_index", number}}}});
  }

  void span(const Span& span, std::size_t number) {
    Json begin = at("b", span.begin, process_of(span.system));
    begin["cat"] = name_of(span.kind);
    begin["id"] = number;
    begin["name"] = span.name;
    Json args = Json::object();
    if (span.item != no_item && span.kind != Span::Kind::item) args["item"] = items_[span.item];
    if (!span.outcome.empty()) args["outcome"] = span.outcome;
    if (!span.good) args["good"] = false;
    if (!span.ended) args["ended"] = false;
    begin["args"] = args;
    add(begin);
    Json end = at("e", span.end, process_of(span.system));
    end["cat"] = name_of(span.kind);
    end["id"] = number;
    end["name"] = span.name;
    add(end);
  }

  void instant(const Record& record, std::size_t number) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (kind == RecordKind::field || kind == RecordKind::member) return;  // Said of arrivals, at the same instant.
    const std::function<std::string(Time)> seconds = [&](Time time) {
      return std::to_string((nanoseconds_of(time) - origin_) / 1'000'000'000) + " s";
    };
    const bool of_system = form_of(kind).who_is_system && record.who < names_.systems.size() &&
                           kind != RecordKind::began && kind != RecordKind::ended && kind != RecordKind::step_done &&
                           kind != RecordKind::step_skipped && kind != RecordKind::noticed;
    Json json = at("i", record.at, of_system ? process_of(record.who) : common_process);
    json["s"] = of_system ? "p" : "g";
    json["name"] = name_of(kind);
    json["args"] = {
        {"says", record_sentence(tell(names_, items_, record), seconds)}, {"record", number}, {"cause", record.cause}};
    add(json);
  }

  /// How many items of its kind are unfinished.
  void count(const Record& record) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (kind == RecordKind::arrived) {
      if (kinds_.size() <= record.a) kinds_.resize(record.a + 1), done_.resize(record.a + 1);
      kinds_[record.a] = record.b;
    } else if (kind != RecordKind::finished || record.a >= done_.size() || done_[record.a]) {
      return;
    } else {
      done_[record.a] = true;
    }
    const std::uint64_t of = kinds_[record.a];
    if (unfinished_.size() <= of) unfinished_.resize(of + 1);
    unfinished_[of] += kind == RecordKind::arrived ? 1 : -1;
    Json json = at("C", record.at, common_process);
    json["name"] = "unfinished: " + names_.kinds[of].name;
    json["args"] = {{"items", unfinished_[of]}};
    add(json);
  }

  /// One event a line, so that versions can be compared.
  std::string text(const TraceHeading& heading, std::int64_t origin) const {
    const Json other = {{"title", heading.title}, {"strategy", heading.strategy},
                        {"seed", heading.seed},   {"digest", heading.digest},
                        {"zone", names_.zone},    {"begins-ns", std::to_string(origin)}};
    return "{\"displayTimeUnit\":\"ms\",\"otherData\":" + dumped(other) + ",\"traceEvents\":[\n" + events_ + "\n]}\n";
  }

 private:
  static std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }
  Json at(const char* phase, std::int64_t ns, std::uint64_t process) const {
    Json json = {{"ph", phase}, {"pid", process}, {"tid", 0}};
    const std::int64_t since = ns - origin_;
    json["ts"] = since % 1000 == 0 ? Json(since / 1000) : Json(static_cast<double>(since) / 1000);
    return json;
  }
  void add(const Json& json) { events_ += (events_.empty() ? "" : ",\n") + dumped(json); }

  const HistoryNames& names_;
  std::vector<std::string> items_;
  std::int64_t origin_;
  std::vector<std::uint64_t> kinds_;
  std::vector<bool> done_;
  std::vector<std::int64_t> unfinished_;
  std::string events_;
};

}  // namespace

std::string history_to_trace(const TraceHeading& heading, const HistoryNames& names,
                             const std::vector<Record>& records) {
  Trace trace(names, records);
  trace.process(common_process, heading.title);
  for (std::uint32_t system = 0; system < names.systems.size(); ++system)
    trace.process(process_of(system), names.systems[system]);
  const std::vector<Span> spans = spans_of(names, records);
  for (std::size_t number = 0; number < spans.size(); ++number) trace.span(spans[number], number);
  for (std::size_t number = 0; number < records.size(); ++number) {
    trace.instant(records[number], number);
    trace.count(records[number]);
  }
  return trace.text(heading, records.empty() ? 0 : records.front().at);
}

}  // namespace premortem
