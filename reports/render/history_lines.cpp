#include "reports/render/history_lines.hpp"

#include <nlohmann/json.hpp>

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

/// Writes one history, remembering which item is which.
class LineWriter {
 public:
  LineWriter(const HistoryNames& names, const std::function<std::string(Time)>& format)
      : names_(names), format_(format), next_of_kind_(names.kinds.size(), 0) {}

  std::string line(std::size_t number, const Record& record) {
    const auto kind = static_cast<RecordKind>(record.kind);
    const RecordForm form = form_of(kind);
    if (kind == RecordKind::arrived) remember(record);
    Json line = {{"n", number}, {"ns", record.at}, {"at", format_(time_from_nanoseconds(record.at))}};
    line["kind"] = name_of(kind);
    if (form.who_is_system) {
      line["who"] = name(names_.systems, record.who);
    } else if (record.who != 0) {
      line["who"] = record.who;
    }
    line["cause"] = record.cause;
    tell(line, form.a, record.a, "a");
    tell(line, form.b, record.b, "b");
    return line.dump() + "\n";
  }

 private:
  void remember(const Record& arrived) {
    if (items_.size() <= arrived.a) items_.resize(arrived.a + 1);
    const HistoryNames::Kind& kind = names_.kinds.at(arrived.b);
    items_[arrived.a] = kind.name + " " + std::to_string(kind.first_id + next_of_kind_[arrived.b]++);
  }

  static Json name(const std::vector<std::string>& names, std::uint64_t number) {
    return number < names.size() ? Json(names[number]) : Json(number);
  }
  Json item(std::uint64_t number) const { return number < items_.size() ? Json(items_[number]) : Json(number); }

  void tell(Json& line, Operand operand, std::uint64_t value, const char* plain) const {
    switch (operand) {
      case Operand::nothing:
        return;
      case Operand::number:
        line[plain] = value;
        return;
      case Operand::item:
        if (value != no_item) line["item"] = item(value);
        return;
      case Operand::item_kind:
        line["of"] = value < names_.kinds.size() ? Json(names_.kinds[value].name) : Json(value);
        return;
      case Operand::text:
        line["text"] = name(names_.texts, value);
        return;
      case Operand::step:
        line["step"] = name(names_.steps, value);
        return;
      case Operand::error:
        line["error"] = name(names_.errors, value);
        return;
      case Operand::given_up:
        line["error"] = name(names_.errors, value >> 8);
        line["b"] = value & 0xFF;
        return;
      case Operand::operation:
        line["operation"] = name(names_.operations, value);
        return;
      case Operand::system:
        line["to"] = name(names_.systems, value);
        return;
      case Operand::setting:
        line["setting"] = name(names_.settings, value);
        return;
      case Operand::fault:
        line["fault"] = name(names_.faults, value);
        return;
      case Operand::check:
        line["check"] = name(names_.checks, value);
        return;
      case Operand::observation:
        line["check"] = name(names_.checks, value >> 32);
        if ((value & 0xFFFFFFFF) != no_item) line["item"] = item(value & 0xFFFFFFFF);
        return;
      case Operand::expression:
        line["expression"] = name(names_.expressions, value);
        return;
      case Operand::instant:
        line["scheduled"] = format_(time_from_nanoseconds(static_cast<std::int64_t>(value)));
        return;
      case Operand::request:
        line["request"] = name(names_.requests, value & 0xFFFF);
        line["client"] = value >> 32;
        line["channel"] = value >> 16 & 0xFFFF;
        return;
    }
  }

  const HistoryNames& names_;
  const std::function<std::string(Time)>& format_;
  std::vector<std::int64_t> next_of_kind_;  ///< Ids are dealt in the order of arrival, kind by kind.
  std::vector<std::string> items_;
};

}  // namespace

std::string history_lines(const HistoryNames& names, const History& history,
                          const std::function<std::string(Time)>& format) {
  LineWriter writer(names, format);
  std::string out;
  for (std::size_t number = 0; number < history.records().size(); ++number) {
    out += writer.line(number, history.records()[number]);
  }
  return out;
}

}  // namespace premortem
