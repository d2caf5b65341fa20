#pragma once
// One prepared statement of SQLite, finalised whatever happens.

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>

namespace premortem {

class Statement {
 public:
  /// `database` must outlive the statement. Throws StoreError, as all that follows does.
  Statement(sqlite3* database, const char* sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Parameters in the order of the statement.
  Statement& bind(const std::string& text);
  Statement& bind(std::int64_t number);
  Statement& bind(std::optional<std::int64_t> number);
  /// True while there is a row.
  bool step();
  /// To its end, and ready for the next parameters.
  void run();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string text(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

}  // namespace premortem
