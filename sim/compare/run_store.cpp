#include "sim/compare/run_store.hpp"

#include <filesystem>

#include "sim/compare/run_rows.hpp"

namespace premortem {

namespace {

constexpr const char* schema_version = "2";

// docs/run-store.md explains every column; a test compares the two.
constexpr const char* schema = R"sql(
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  scenario_hash TEXT NOT NULL,
  strategy TEXT NOT NULL,
  assumptions TEXT NOT NULL,
  sets TEXT NOT NULL,
  seed INTEGER NOT NULL,
  program TEXT NOT NULL,
  title TEXT NOT NULL,
  file TEXT NOT NULL,
  digest TEXT NOT NULL,
  verdict TEXT NOT NULL,
  events INTEGER NOT NULL,
  zone TEXT NOT NULL,
  zone_rules TEXT NOT NULL,
  UNIQUE (scenario_hash, strategy, assumptions, sets, seed, program)
) STRICT;
CREATE TABLE items (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  item TEXT NOT NULL,
  arrived INTEGER NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE fates (
  run INTEGER NOT NULL REFERENCES runs (id),
  item TEXT NOT NULL,
  fate TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (run, item, fate)
) STRICT, WITHOUT ROWID;
CREATE TABLE checks (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  verdict TEXT NOT NULL,
  broken_for INTEGER,
  judged INTEGER NOT NULL,
  first_at INTEGER,
  examples TEXT NOT NULL,
  expected TEXT NOT NULL,
  as_expected INTEGER NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE measures (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  value INTEGER,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', '2');
)sql";

// Stores of schema 2 that were made before it get it when they are opened: who does not know it is not disturbed.
constexpr const char* goals_schema = R"sql(
CREATE TABLE IF NOT EXISTS goals (
  scenario TEXT NOT NULL,
  strategy TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  runs INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  PRIMARY KEY (scenario, strategy, kind, name)
) STRICT, WITHOUT ROWID;
)sql";

/// Refuses what SQLite would only find out later, or not at all when the user is root.
void check_path(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status))
    throw StoreError(path + ": this is a directory; name a file for the run store: --store " + path +
                     (path.ends_with('/') ? "" : "/") + "runs.premortem.sqlite");
  const fs::path folder = fs::path(path).parent_path();
  if (!fs::exists(status) && !folder.empty() && !fs::is_directory(folder, error))
    throw StoreError(path + ": the folder of the run store does not exist; make it first: mkdir -p " + folder.string());
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status))
    throw StoreError(path + ": this is no ordinary file; name another one with --store");
  constexpr fs::perms writable = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  if ((status.permissions() & writable) == fs::perms::none)
    throw StoreError(path + ": the run store is read-only; allow writing, or name another file with --store");
}

}  // namespace

RunStore::RunStore(const std::string& path, const std::string& program) : path_(path), program_(program) {
  check_path(path);
  try {
    open();
  } catch (const StoreError&) {
    sqlite3_close(database_);
    throw;
  }
}

RunStore::~RunStore() { sqlite3_close(database_); }

void RunStore::open() {
  if (sqlite3_open_v2(path_.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) != SQLITE_OK) {
    const std::string why = database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_);
    throw StoreError(path_ + ": the run store cannot be opened (" + why + "); check the path and its permissions");
  }
  sqlite3_busy_timeout(database_, 30'000);
  try {
    // A rollback journal, not a write-ahead log: the store stays one file, which can be copied and mailed.
    execute("PRAGMA synchronous = NORMAL");
    const auto empty = [&] {
      Statement tables(database_, "SELECT count(*) FROM sqlite_master");
      tables.step();
      return tables.integer(0) == 0;
    };
    if (empty()) {
      execute("BEGIN IMMEDIATE");
      if (empty()) execute(schema);  // Another process may have been quicker.
      execute("COMMIT");
    }
  } catch (const StoreError& error) {
    throw StoreError(path_ + ": this is no run store (" + error.what() + "); name another file with --store");
  }
  check_schema();
  Statement known(database_, "SELECT count(*) FROM sqlite_master WHERE name = 'goals'");
  known.step();
  if (known.integer(0) == 0) execute(goals_schema);
}

void RunStore::check_schema() {
  std::string version;
  try {
    Statement known(database_, "SELECT value FROM meta WHERE key = 'schema'");
    if (known.step()) version = known.text(0);
  } catch (const StoreError&) {
    version.clear();  // A database of something else.
  }
  if (version == schema_version) return;
  if (version.empty())
    throw StoreError(path_ + ": this SQLite database is no run store; name another file with --store");
  throw StoreError(path_ + ": this run store has schema " + version + ", this premortem reads and writes " +
                   schema_version +
                   "; name another file with --store, or move it away: its runs can be computed again");
}

void RunStore::execute(const char* sql) {
  char* message = nullptr;
  if (sqlite3_exec(database_, sql, nullptr, nullptr, &message) == SQLITE_OK) return;
  const std::string text = message == nullptr ? "unknown error" : message;
  sqlite3_free(message);
  throw StoreError(text);
}

void RunStore::put(const RunResult& run) { put_all({run}); }

void RunStore::put_all(const std::vector<RunResult>& runs) {
  try {
    execute("BEGIN IMMEDIATE");
    RunRows rows(database_);
    for (const RunResult& run : runs) rows.write(run, program_);
    execute("COMMIT");
  } catch (const StoreError& error) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw StoreError(path_ + ": the run store cannot be written (" + error.what() + ")");
  }
}

void RunStore::add_goals(const std::string& title, const std::string& strategy, const std::vector<GoalCount>& counts) {
  try {
    execute("BEGIN IMMEDIATE");
    RunRows rows(database_);
    for (const GoalCount& count : counts) rows.add_goal(title, strategy, count);
    execute("COMMIT");
  } catch (const StoreError& error) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw StoreError(path_ + ": the run store cannot be written (" + error.what() + ")");
  }
}

std::vector<GoalCount> RunStore::goals(const std::string& title) {
  Statement rows(database_,
                 "SELECT kind, name, sum(runs), sum(reached) FROM goals WHERE scenario = ? GROUP BY kind, name "
                 "ORDER BY kind, name");
  rows.bind(title);
  std::vector<GoalCount> counts;
  while (rows.step()) {
    counts.push_back({rows.text(0), rows.text(1), static_cast<std::uint64_t>(rows.integer(2)),
                      static_cast<std::uint64_t>(rows.integer(3))});
  }
  return counts;
}

std::uint64_t RunStore::count() {
  Statement count(database_, "SELECT count(*) FROM runs");
  count.step();
  return static_cast<std::uint64_t>(count.integer(0));
}

std::optional<RunResult> RunStore::find(const RunKey& key) {
  try {
    return read_run(database_, key, program_);
  } catch (const StoreError& error) {
    throw StoreError(path_ + ": the run store cannot be read (" + error.what() + ")");
  }
}

}  // namespace premortem
