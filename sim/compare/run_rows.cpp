#include "sim/compare/run_rows.hpp"

#include <nlohmann/json.hpp>

namespace premortem {

namespace {

using Json = nlohmann::json;

/// Lists stand in one column as JSON, so that queries can use json_each and no text is ambiguous.
std::string list_text(const std::vector<std::string>& texts) {
  return Json(texts).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> list_of(const std::string& text) {
  const Json list = Json::parse(text, nullptr, false);
  return list.is_array() ? list.get<std::vector<std::string>>() : std::vector<std::string>();
}

std::int64_t integer(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t natural(std::int64_t value) { return static_cast<std::uint64_t>(value); }

template <class Enum>
Enum named(const std::string& name, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (name == name_of(value)) return value;
  }
  throw StoreError("\"" + name + "\" is no word of this store");
}

void read_fates(sqlite3* database, std::int64_t id, RunResult& run) {
  Statement items(database, "SELECT item, arrived FROM items WHERE run = ? ORDER BY position");
  items.bind(id);
  while (items.step()) {
    FateCounts counts;
    counts.item = items.text(0);
    counts.arrived = natural(items.integer(1));
    Statement fates(database, "SELECT fate, count FROM fates WHERE run = ? AND item = ?");
    fates.bind(id).bind(counts.item);
    while (fates.step()) {
      for (const Fate fate : fates_in_order) {
        if (fates.text(0) == name_of(fate)) counts.of[static_cast<std::size_t>(fate)] = natural(fates.integer(1));
      }
    }
    run.fates.push_back(counts);
  }
}

void read_checks(sqlite3* database, std::int64_t id, RunResult& run) {
  Statement checks(database,
                   "SELECT name, verdict, broken_for, judged, first_at, examples, expected, as_expected FROM checks "
                   "WHERE run = ? ORDER BY position");
  checks.bind(id);
  while (checks.step()) {
    CheckResult check;
    check.name = checks.text(0);
    check.verdict = named(checks.text(1), {CheckVerdict::holds, CheckVerdict::broken, CheckVerdict::not_exercised});
    if (!checks.null(2)) check.broken_for = natural(checks.integer(2));
    check.judged = natural(checks.integer(3));
    if (!checks.null(4)) check.first_at = time_from_nanoseconds(checks.integer(4));
    check.examples = list_of(checks.text(5));
    check.expected = checks.text(6);
    check.as_expected = checks.integer(7) != 0;
    run.checks.push_back(check);
  }
}

}  // namespace

RunRows::RunRows(sqlite3* database)
    : database_(database),
      runs_(database, "INSERT OR IGNORE INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      items_(database, "INSERT INTO items VALUES (?, ?, ?, ?)"),
      fates_(database, "INSERT INTO fates VALUES (?, ?, ?, ?)"),
      checks_(database, "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      measures_(database, "INSERT INTO measures VALUES (?, ?, ?, ?, ?)"),
      notes_(database, "INSERT INTO notes VALUES (?, ?, ?)"),
      goals_(database,
             "INSERT INTO goals VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scenario, strategy, kind, name) "
             "DO UPDATE SET runs = runs + excluded.runs, reached = reached + excluded.reached") {}

void RunRows::write(const RunResult& run, const std::string& program) {
  runs_.bind(run.scenario_hash).bind(run.strategy).bind(list_text(run.assumptions)).bind(list_text(run.sets));
  runs_.bind(integer(run.seed)).bind(program).bind(run.title).bind(run.file).bind(run.digest);
  runs_.bind(std::string(name_of(run.verdict))).bind(integer(run.events)).bind(run.zone).bind(run.zone_rules).run();
  if (sqlite3_changes(database_) == 0) return;
  const std::int64_t id = sqlite3_last_insert_rowid(database_);
  write_fates(id, run);
  write_checks(id, run);
  std::int64_t position = 0;
  for (const Measure& measure : run.measures) {
    measures_.bind(id).bind(position++).bind(measure.name);
    measures_.bind(std::string(measure.unit == Measure::Unit::duration ? "ns" : "count")).bind(measure.value).run();
  }
  position = 0;
  for (const std::string& note : run.notes) notes_.bind(id).bind(position++).bind(note).run();
  for (const GoalReached& goal : run.goals)
    add_goal(run.title, run.strategy, {goal.kind, goal.name, 1, goal.reached ? std::uint64_t{1} : 0});
}

void RunRows::add_goal(const std::string& title, const std::string& strategy, const GoalCount& count) {
  goals_.bind(title).bind(strategy).bind(count.kind).bind(count.name);
  goals_.bind(integer(count.runs)).bind(integer(count.reached)).run();
}

void RunRows::write_fates(std::int64_t id, const RunResult& run) {
  std::int64_t position = 0;
  for (const FateCounts& counts : run.fates) {
    items_.bind(id).bind(position++).bind(counts.item).bind(integer(counts.arrived)).run();
    for (const Fate fate : fates_in_order)
      fates_.bind(id).bind(counts.item).bind(std::string(name_of(fate))).bind(integer(counts[fate])).run();
  }
}

void RunRows::write_checks(std::int64_t id, const RunResult& run) {
  std::int64_t position = 0;
  for (const CheckResult& check : run.checks) {
    checks_.bind(id).bind(position++).bind(check.name).bind(std::string(name_of(check.verdict)));
    checks_.bind(check.broken_for ? std::optional(integer(*check.broken_for)) : std::nullopt);
    checks_.bind(integer(check.judged));
    checks_.bind(check.first_at ? std::optional(nanoseconds_of(*check.first_at)) : std::nullopt);
    checks_.bind(list_text(check.examples)).bind(check.expected).bind(std::int64_t{check.as_expected}).run();
  }
}

std::optional<RunResult> read_run(sqlite3* database, const RunKey& key, const std::string& program) {
  // One reading transaction: otherwise another process could delete the run between two of these queries.
  Statement runs(database,
                 "SELECT id, title, file, digest, verdict, events, zone, zone_rules FROM runs "
                 "WHERE scenario_hash = ? AND strategy = ? AND assumptions = ? AND sets = ? AND seed = ? AND "
                 "program = ?");
  runs.bind(key.scenario_hash).bind(key.strategy).bind(list_text(key.assumptions)).bind(list_text(key.sets));
  runs.bind(integer(key.seed)).bind(program);
  if (!runs.step()) return std::nullopt;
  RunResult run;
  run.scenario_hash = key.scenario_hash, run.strategy = key.strategy, run.seed = key.seed;
  run.assumptions = key.assumptions, run.sets = key.sets;
  const std::int64_t id = runs.integer(0);
  run.title = runs.text(1), run.file = runs.text(2), run.digest = runs.text(3);
  run.verdict = named(runs.text(4), {RunVerdict::as_expected, RunVerdict::different, RunVerdict::not_exercised});
  run.events = natural(runs.integer(5));
  run.zone = runs.text(6), run.zone_rules = runs.text(7);
  read_fates(database, id, run);
  read_checks(database, id, run);
  Statement measures(database, "SELECT name, unit, value FROM measures WHERE run = ? ORDER BY position");
  measures.bind(id);
  while (measures.step()) {
    Measure measure;
    measure.name = measures.text(0);
    measure.unit = measures.text(1) == "ns" ? Measure::Unit::duration : Measure::Unit::count;
    if (!measures.null(2)) measure.value = measures.integer(2);
    run.measures.push_back(measure);
  }
  Statement notes(database, "SELECT text FROM notes WHERE run = ? ORDER BY position");
  notes.bind(id);
  while (notes.step()) run.notes.push_back(notes.text(0));
  return run;
}

}  // namespace premortem
