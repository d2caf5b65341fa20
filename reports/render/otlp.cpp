// OpenTelemetry protocol, JSON encoding: ids in hex, 64-bit numbers as texts, enumerations as numbers.

#include <map>
#include <nlohmann/json.hpp>

#include "reports/query/spans.hpp"
#include "reports/render/trace.hpp"
#include "sim/kernel/digest.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

enum SpanKind : int { internal = 1, server = 2, consumer = 5 };
enum StatusCode : int { unset_status = 0, error_status = 2 };

Json attribute(const char* key, const std::string& value) {
  return {{"key", key}, {"value", {{"stringValue", value}}}};
}

class Exporter {
 public:
  Exporter(const TraceHeading& heading, const HistoryNames& names, const std::vector<Record>& records)
      : heading_(heading), names_(names), items_(item_names(names, records)), spans_(spans_of(names, records)) {}

  std::string text() const {
    std::map<std::uint64_t, Json> by_system;  // By number; the items come first.
    for (std::size_t number = 0; number < spans_.size(); ++number) {
      const std::uint32_t system = spans_[number].system;
      by_system[system == Span::nobody ? 0 : system + std::uint64_t{1}].push_back(told(number));
    }
    Json resources = Json::array();
    for (const auto& [place, spans] : by_system) {
      const std::string name = place == 0 ? "items" : names_.systems[place - 1];
      Json attributes = Json::array({attribute("service.name", name), attribute("service.namespace", heading_.title),
                                     attribute("premortem.strategy", heading_.strategy),
                                     attribute("premortem.seed", std::to_string(heading_.seed)),
                                     attribute("premortem.digest", heading_.digest)});
      resources.push_back({{"resource", {{"attributes", attributes}}},
                           {"scopeSpans", Json::array({{{"scope", {{"name", "premortem"}}}, {"spans", spans}}})}});
    }
    return Json{{"resourceSpans", resources}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  /// Of the run and two numbers: the same run has the same ids.
  std::string id(std::uint64_t kind, std::uint64_t number, std::size_t digits) const {
    Digest digest;
    digest.add(hash_name(heading_.digest));
    digest.add(kind);
    digest.add(number);
    return digest.hex().substr(0, digits);
  }
  std::string trace_of(std::size_t number) const {
    const Span& span = spans_[number];
    return span.item != no_item ? id(1, span.item, 32) : id(2, number, 32);
  }

  Json told(std::size_t number) const {
    const Span& span = spans_[number];
    Json json = {{"traceId", trace_of(number)}, {"spanId", id(3, number, 16)}};
    if (span.parent != Span::none) json["parentSpanId"] = id(3, span.parent, 16);
    json["name"] = span.name;
    json["kind"] = span.kind == Span::Kind::handling ? consumer : span.kind == Span::Kind::call ? server : internal;
    json["startTimeUnixNano"] = std::to_string(span.begin);
    json["endTimeUnixNano"] = std::to_string(span.end);
    Json attributes = Json::array({attribute("premortem.span", std::string(name_of(span.kind)))});
    if (span.item != no_item) attributes.push_back(attribute("premortem.item", items_[span.item]));
    if (!span.outcome.empty()) attributes.push_back(attribute("premortem.outcome", span.outcome));
    if (!span.ended) attributes.push_back(attribute("premortem.ended", "false"));
    json["attributes"] = attributes;
    json["status"] = span.good ? Json{{"code", unset_status}} : Json{{"code", error_status}};
    if (!span.good) json["status"]["message"] = span.ended ? span.outcome : "not ended";
    return json;
  }

  const TraceHeading& heading_;
  const HistoryNames& names_;
  std::vector<std::string> items_;
  std::vector<Span> spans_;
};

}  // namespace

std::string history_to_otlp(const TraceHeading& heading, const HistoryNames& names,
                            const std::vector<Record>& records) {
  return Exporter(heading, names, records).text();
}

}  // namespace premortem
