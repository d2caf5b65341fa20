#include "sim/compare/run_store.hpp"

#include <sqlite3.h>

namespace premortem {

namespace {

constexpr const char* schema = R"sql(
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY, scenario_hash TEXT NOT NULL, strategy TEXT NOT NULL, assumptions TEXT NOT NULL, seed INTEGER NOT NULL,
  title TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, verdict TEXT NOT NULL, events INTEGER NOT NULL,
  zone TEXT NOT NULL, zone_rules TEXT NOT NULL, UNIQUE (scenario_hash, strategy, assumptions, seed)) STRICT;
CREATE TABLE IF NOT EXISTS fates (
  run INTEGER NOT NULL REFERENCES runs (id), item TEXT NOT NULL, fate TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (run, item, fate)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checks (
  run INTEGER NOT NULL REFERENCES runs (id), position INTEGER NOT NULL, name TEXT NOT NULL, verdict TEXT NOT NULL,
  broken_for INTEGER, judged INTEGER NOT NULL, first_at INTEGER, examples TEXT NOT NULL, expected TEXT NOT NULL,
  as_expected INTEGER NOT NULL, PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS measures (
  run INTEGER NOT NULL REFERENCES runs (id), position INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, value INTEGER,
  PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
  run INTEGER NOT NULL REFERENCES runs (id), position INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run, position)) STRICT,
  WITHOUT ROWID;
INSERT OR IGNORE INTO meta VALUES ('schema', '1');
)sql";

/// A prepared statement that is finalised whatever happens.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK)
      throw StoreError(sqlite3_errmsg(database));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(const std::string& text) {
    sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  Statement& bind(std::optional<std::int64_t> number) {
    if (number) return bind(*number);
    sqlite3_bind_null(statement_, ++bound_);
    return *this;
  }
  /// True while there is a row.
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) throw StoreError(sqlite3_errmsg(database_));
    return code == SQLITE_ROW;
  }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

std::string join(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "\n") + text;
  return all;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> all;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    all.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return all;
}

}  // namespace

RunStore::RunStore(const std::string& path) : path_(path) {
  if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) {
    const std::string why = database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw StoreError(path + ": the run store cannot be opened (" + why + "); check the path and its permissions");
  }
  sqlite3_busy_timeout(database_, 10'000);
  try {
    bool fresh = true;
    {
      Statement tables(database_, "SELECT count(*) FROM sqlite_master");
      tables.step();
      fresh = tables.integer(0) == 0;
    }
    if (!fresh) {
      Statement version(database_, "SELECT value FROM meta WHERE key = 'schema'");
      if (!version.step() || version.text(0) != "1") throw StoreError("it has another schema");
    }
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = NORMAL");
    if (fresh) {
      execute("BEGIN IMMEDIATE");
      execute(schema);
      execute("COMMIT");
    }
  } catch (const StoreError& error) {
    sqlite3_close(database_);
    throw StoreError(path + ": this is no run store of this version (" + error.what() +
                     "); name another file with --store, or move it away");
  }
}

RunStore::~RunStore() { sqlite3_close(database_); }

void RunStore::execute(const char* sql) {
  char* message = nullptr;
  if (sqlite3_exec(database_, sql, nullptr, nullptr, &message) == SQLITE_OK) return;
  const std::string text = message == nullptr ? "unknown error" : message;
  sqlite3_free(message);
  throw StoreError(text);
}

void RunStore::put(const RunResult& run) { put_all({run}); }

void RunStore::put_all(const std::vector<RunResult>& runs) {
  execute("BEGIN IMMEDIATE");
  try {
    for (const RunResult& run : runs) put_one(run);
    execute("COMMIT");
  } catch (const StoreError& error) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw StoreError(path_ + ": " + error.what());
  }
}

void RunStore::put_one(const RunResult& run) {
  const auto integer = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  {
    Statement insert(database_, "INSERT OR IGNORE INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(run.scenario_hash)
        .bind(run.strategy)
        .bind(join(run.assumptions))
        .bind(integer(run.seed))
        .bind(run.title)
        .bind(run.file);
    insert.bind(run.digest)
        .bind(std::string(name_of(run.verdict)))
        .bind(integer(run.events))
        .bind(run.zone)
        .bind(run.zone_rules)
        .step();
  }
  if (sqlite3_changes(database_) == 0) return;
  const std::int64_t id = sqlite3_last_insert_rowid(database_);
  for (const FateCounts& counts : run.fates) {
    const auto row = [&](const std::string& fate, std::uint64_t count) {
      Statement(database_, "INSERT INTO fates VALUES (?, ?, ?, ?)")
          .bind(id)
          .bind(counts.item)
          .bind(fate)
          .bind(integer(count))
          .step();
    };
    row("arrived", counts.arrived);
    for (const Fate fate : fates_in_order) row(std::string(name_of(fate)), counts[fate]);
  }
  std::int64_t position = 0;
  for (const CheckResult& check : run.checks) {
    Statement insert(database_, "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(id).bind(position++).bind(check.name).bind(std::string(name_of(check.verdict)));
    insert.bind(check.broken_for ? std::optional(integer(*check.broken_for)) : std::nullopt)
        .bind(integer(check.judged));
    insert.bind(check.first_at ? std::optional(nanoseconds_of(*check.first_at)) : std::nullopt)
        .bind(join(check.examples));
    insert.bind(check.expected).bind(std::int64_t{check.as_expected}).step();
  }
  position = 0;
  for (const Measure& measure : run.measures) {
    Statement insert(database_, "INSERT INTO measures VALUES (?, ?, ?, ?, ?)");
    insert.bind(id).bind(position++).bind(measure.name);
    insert.bind(std::string(measure.unit == Measure::Unit::duration ? "ns" : "count")).bind(measure.value).step();
  }
  position = 0;
  for (const std::string& note : run.notes) {
    Statement(database_, "INSERT INTO notes VALUES (?, ?, ?)").bind(id).bind(position++).bind(note).step();
  }
}

std::uint64_t RunStore::count() {
  Statement count(database_, "SELECT count(*) FROM runs");
  count.step();
  return static_cast<std::uint64_t>(count.integer(0));
}

std::optional<RunResult> RunStore::find(const std::string& scenario_hash, const std::string& strategy,
                                        const std::vector<std::string>& assumptions, std::uint64_t seed) {
  Statement runs(database_,
                 "SELECT id, title, file, digest, verdict, events, zone, zone_rules FROM runs "
                 "WHERE scenario_hash = ? AND strategy = ? AND assumptions = ? AND seed = ?");
  runs.bind(scenario_hash).bind(strategy).bind(join(assumptions)).bind(static_cast<std::int64_t>(seed));
  if (!runs.step()) return std::nullopt;
  RunResult run;
  const std::int64_t id = runs.integer(0);
  run.title = runs.text(1), run.file = runs.text(2), run.digest = runs.text(3);
  const std::string verdict = runs.text(4);
  run.verdict = verdict == "as-expected" ? RunVerdict::as_expected
                : verdict == "different" ? RunVerdict::different
                                         : RunVerdict::not_exercised;
  run.events = static_cast<std::uint64_t>(runs.integer(5));
  run.zone = runs.text(6), run.zone_rules = runs.text(7);
  run.scenario_hash = scenario_hash, run.strategy = strategy, run.assumptions = assumptions, run.seed = seed;
  // Kinds of items come back in the order of their measures' names, which is the order of the scenario.
  Statement measures(database_, "SELECT name, unit, value FROM measures WHERE run = ? ORDER BY position");
  measures.bind(id);
  while (measures.step()) {
    Measure measure;
    measure.name = measures.text(0);
    measure.unit = measures.text(1) == "ns" ? Measure::Unit::duration : Measure::Unit::count;
    if (!measures.null(2)) measure.value = measures.integer(2);
    run.measures.push_back(measure);
    const std::size_t end = measure.name.find(".time-to-done.p50");
    if (end == std::string::npos) continue;
    FateCounts counts;
    counts.item = measure.name.substr(0, end);
    Statement fates(database_, "SELECT fate, count FROM fates WHERE run = ? AND item = ?");
    fates.bind(id).bind(counts.item);
    while (fates.step()) {
      const auto count = static_cast<std::uint64_t>(fates.integer(1));
      if (fates.text(0) == "arrived") counts.arrived = count;
      for (const Fate fate : fates_in_order) {
        if (fates.text(0) == name_of(fate)) counts.of[static_cast<std::size_t>(fate)] = count;
      }
    }
    run.fates.push_back(counts);
  }
  Statement checks(
      database_,
      "SELECT name, verdict, broken_for, judged, first_at, examples, expected, as_expected FROM checks WHERE run = ? "
      "ORDER BY position");
  checks.bind(id);
  while (checks.step()) {
    CheckResult check;
    check.name = checks.text(0);
    const std::string said = checks.text(1);
    check.verdict = said == "holds"    ? CheckVerdict::holds
                    : said == "broken" ? CheckVerdict::broken
                                       : CheckVerdict::not_exercised;
    if (!checks.null(2)) check.broken_for = static_cast<std::uint64_t>(checks.integer(2));
    check.judged = static_cast<std::uint64_t>(checks.integer(3));
    if (!checks.null(4)) check.first_at = time_from_nanoseconds(checks.integer(4));
    check.examples = split(checks.text(5));
    check.expected = checks.text(6);
    check.as_expected = checks.integer(7) != 0;
    run.checks.push_back(check);
  }
  Statement notes(database_, "SELECT text FROM notes WHERE run = ? ORDER BY position");
  notes.bind(id);
  while (notes.step()) run.notes.push_back(notes.text(0));
  return run;
}

}  // namespace premortem
