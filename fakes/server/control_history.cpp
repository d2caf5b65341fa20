// The history of a served run as JSON lines, told with the names of its scenario.

#include "fakes/server/control_history.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "fakes/server/control.hpp"
#include "sim/history/told_record.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/model_names.hpp"

namespace premortem::fakes {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::uint64_t limit_by_default = 1'000, limit_max = 100'000;

std::optional<std::uint64_t> number_from(const HttpRequest& request, std::string_view parameter,
                                         std::uint64_t otherwise) {
  const auto given = request.parameter(parameter);
  if (!given) return otherwise;
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(given->data(), given->data() + given->size(), number);
  if (wrong != std::errc() || end != given->data() + given->size()) return std::nullopt;
  return number;
}

/// Without a table of all items: a run may have millions.
std::string item_of(const Machine& machine, const Record& record) {
  const RecordForm form = form_of(static_cast<RecordKind>(record.kind));
  std::uint64_t item = no_item;
  if (form.a == Operand::item) item = record.a;
  if (form.b == Operand::item) item = record.b;
  if (form.a == Operand::observation) item = record.a & 0xFFFFFFFF;
  if (item >= machine.world().items.size()) return {};
  const Item& known = machine.world().items[static_cast<std::size_t>(item)];
  return machine.model().items[known.kind].name + " " + std::to_string(known.id);
}

Json line_of(const Machine& machine, const HistoryNames& names, std::uint64_t number, const Record& record) {
  const ToldRecord told = tell(names, {}, record);
  Json line;
  line["record"] = number;
  line["at"] = control::instant_text(record.at);
  line["ns"] = record.at;
  if (record.cause != number) line["cause"] = record.cause;
  line["kind"] = name_of(told.kind);
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) line[name] = text;
  };
  put("system", told.system);
  put("item", item_of(machine, record));
  const std::size_t faults = machine.model().faults.size();
  const bool is_rule = told.kind == RecordKind::fault_applied && record.b >= faults;
  put("what", is_rule ? machine.rule_name(record.b - faults) : told.what);  // A live one has no name in the Model.
  put("also", told.also);
  line["number"] = told.number;
  if (told.scheduled != 0) line["scheduled"] = control::instant_text(told.scheduled);
  return line;
}

}  // namespace

void RecentHistory::attach(Machine& machine) {
  begins_ = machine.kernel().records;
  names_ = model_names(machine.model());
  machine.add_observer(this);
}

void RecentHistory::observe(const Record& record) {
  records_.push_back(record);
  if (records_.size() <= records_max) return;
  records_.pop_front();
  ++begins_;
}

HttpResponse Control::answer_history(const HttpRequest& request, const Machine& machine) const {
  const auto from = number_from(request, "from", history_.begins());
  const auto limit = number_from(request, "limit", limit_by_default);
  if (!from || !limit) return http_error(400, "bad_request", "from and limit are numbers of records");
  const std::uint64_t first = std::clamp(*from, history_.begins(), history_.ends());
  const std::uint64_t last = first + std::min({*limit, limit_max, history_.ends() - first});
  HttpResponse response;
  response.content_type = "application/x-ndjson";
  for (std::uint64_t number = first; number < last; ++number) {
    const Json line = line_of(machine, history_.names(), number, history_.record(number));
    response.body += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  response.headers.emplace_back("x-next", std::to_string(last));  // Where to go on from.
  return response;
}

}  // namespace premortem::fakes
