#include "reports/render/history_lines.hpp"

#include <nlohmann/json.hpp>

namespace premortem {

std::string history_lines(const Model& model, const History& history) {
  std::string out;
  std::size_t number = 0;
  for (const Record& record : history.records()) {
    nlohmann::ordered_json line;
    const auto kind = static_cast<RecordKind>(record.kind);
    line["n"] = number++;
    line["at"] = model.zone.format(time_from_nanoseconds(record.at));
    line["ns"] = record.at;
    line["kind"] = name_of(kind);
    const bool counts = kind == RecordKind::changed || kind == RecordKind::observed || kind == RecordKind::field;
    if (counts || record.who >= model.components.size()) {
      line["who"] = record.who;
    } else {
      line["who"] = model.components[record.who].name;
    }
    line["cause"] = record.cause;
    line["a"] = record.a;
    line["b"] = record.b;
    if (kind == RecordKind::finished || kind == RecordKind::marked)
      line["text"] = record.b < model.texts.size() ? model.texts[record.b] : "";
    if (kind == RecordKind::noticed) line["text"] = record.a < model.texts.size() ? model.texts[record.a] : "";
    if (kind == RecordKind::failed) line["error"] = model.errors[record.b];
    if (kind == RecordKind::step_done || kind == RecordKind::step_skipped) line["step"] = model.timeline[record.a].id;
    if (kind == RecordKind::called || kind == RecordKind::replied)
      line["operation"] = model.service_operations[record.b].name;
    out += line.dump() + "\n";
  }
  return out;
}

}  // namespace premortem
