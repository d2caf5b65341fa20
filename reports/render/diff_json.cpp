#include <nlohmann/json.hpp>

#include "reports/query/record_sentence.hpp"
#include "reports/render/diff_report.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

Json of_run(const NamedRun& run, std::uint64_t records) {
  Json json = {{"file", run.file}, {"strategy", run.strategy}, {"assumptions", run.assumptions},
               {"sets", run.sets}, {"seed", run.seed},         {"records", records}};
  if (!run.choices.empty()) json["choices"] = run.choices;
  return json;
}

Json of_record(const std::optional<ToldRecord>& told, const TimeFormat& format) {
  if (!told) return nullptr;
  Json json = {{"ns", told->at}, {"at", format(time_from_nanoseconds(told->at))}, {"kind", name_of(told->kind)}};
  if (!told->system.empty()) json["who"] = told->system;
  if (!told->item.empty()) json["item"] = told->item;
  if (!told->what.empty()) json["what"] = told->what;
  json["sentence"] = record_sentence(*told, format);
  return json;
}

Json of_divergence(const Divergence& divergence, const TimeFormat& format) {
  return {{"cause", of_record(divergence.cause, format)},
          {"a", of_record(divergence.a, format)},
          {"b", of_record(divergence.b, format)}};
}

Json of_end(const ItemEnd& end) {
  if (!end.there) return nullptr;
  return {{"fate", name_of(end.fate)}, {"unheld", end.unheld}, {"outcome", end.outcome}, {"mark", end.mark}};
}

Json of_shifts(const Shifts& shifts) {
  Json json = {{"name", shifts.name}, {"moved", shifts.by.size()}};
  if (!shifts.by.empty()) {
    json["median-ns"] = shifts.by[(shifts.by.size() - 1) / 2];
    json["min-ns"] = shifts.by.front();
    json["max-ns"] = shifts.by.back();
  }
  if (!shifts.farthest.empty()) json["farthest"] = shifts.farthest;
  if (shifts.only_a + shifts.only_b > 0) {
    json["only-a"] = shifts.only_a;
    json["only-b"] = shifts.only_b;
  }
  return json;
}

}  // namespace

std::string diff_to_json(const RunDiff& diff, const NamedRun& a, const NamedRun& b, const TimeFormat& format) {
  Json json = {{"same", diff.same},
               {"a", of_run(a, diff.records_a)},
               {"b", of_run(b, diff.records_b)},
               {"equal-records", diff.records_equal},
               {"first", diff.first ? of_divergence(*diff.first, format) : Json(nullptr)},
               {"set-aside", Json::array()},
               {"items", Json::array()},
               {"checks", Json::array()},
               {"finished", Json::array()},
               {"moved", Json::array()},
               {"runs", Json::array()}};
  for (const Divergence& one : diff.set_aside) json["set-aside"].push_back(of_divergence(one, format));
  for (const ItemGroup& group : diff.items) {
    json["items"].push_back({{"kind", group.kind},
                             {"count", group.ids.size()},
                             {"a", of_end(group.a)},
                             {"b", of_end(group.b)},
                             {"ids", group.ids}});
  }
  for (const ChangedCheck& check : diff.checks)
    json["checks"].push_back({{"name", check.name}, {"a", check.a}, {"b", check.b}});
  for (const Shifts& shifts : diff.finished) json["finished"].push_back(of_shifts(shifts));
  for (const Moved& moved : diff.moved) {
    const auto at = [](const std::optional<std::int64_t>& time) { return time ? Json(*time) : Json(nullptr); };
    json["moved"].push_back({{moved.kind == Moved::Kind::step ? "step" : "notice", moved.name},
                             {"a-ns", at(moved.a)},
                             {"b-ns", at(moved.b)}});
  }
  for (const Shifts& shifts : diff.runs) json["runs"].push_back(of_shifts(shifts));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace premortem
