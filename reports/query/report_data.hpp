#pragma once
// What an HTML report is drawn from: one value, written as JSON into the page. The same members give the JSON, its
// schema (`premortem schema --report`) and, from that, the types of the front end: see `describe` in
// report_fields.hpp. Members are called in the JSON what they are called here.
//
// Instants are whole microseconds since 1970-01-01 UTC, as a number of the page's language holds them exactly for
// another two centuries. Durations of measures are nanoseconds. A *column* is a list of numbers, one for each row of
// its table; a column "by difference" holds the first value and then each value less the one before it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace premortem {

/// A column of numbers; kept apart from other lists because there may be hundreds of thousands.
using Numbers = std::vector<std::int64_t>;

// ---- the decision: strategies side by side
// ---------------------------------------------------------------------------

struct MeasureData {
  std::string name;     ///< "application.time-to-done.p99", as in `compare.by`, --csv and --json.
  std::string heading;  ///< "application p99"
  std::string unit;     ///< "count" or "ns"
  std::string group;    ///< "items", "times" or "effort"
  bool bad = false;     ///< More of it is worse: of items lost, late and so on, of times and of effort.
  bool main = false;    ///< Shown at first: what the scenario compares by, or what differs anywhere.
};

/// One measure under one strategy.
struct CellData {
  std::uint64_t n = 0;                         ///< Runs in which it applies.
  std::string text;                            ///< "93.1 ±0.4"; "never", "–": it applies in none.
  std::optional<double> mean, low, high;       ///< Its interval; none after a single run.
  std::optional<double> least, most;           ///< Over the seeds.
  std::vector<std::optional<double>> by_seed;  ///< The single runs behind it.
  /// Against the baseline, paired by seed: "higher", "lower", "none shown", "not comparable"; "" for the baseline.
  std::string difference;
  std::string difference_text;  ///< "-182", "+15 h 29 min ±14 h", "none shown", "–"
  std::optional<double> difference_mean, difference_low, difference_high;
};

struct CheckCountData {
  std::string name;
  std::uint64_t held = 0, broken = 0, not_exercised = 0, as_expected = 0;  ///< Runs.
  std::vector<std::uint64_t> broken_seeds;                                 ///< Of the runs in which it was broken.
};

struct StrategyData {
  std::string name;
  bool flawless = false;     ///< In no run went anything wrong.
  bool recommended = false;  ///< Named by the headline.
  std::uint64_t runs = 0, as_expected = 0, different = 0, not_exercised = 0;
  std::vector<std::uint64_t> different_seeds;  ///< Of the runs that are not as expected.
  std::string command;                         ///< Repeats one of its runs when " --seed N" is added.
  std::vector<CellData> cells;                 ///< One for each measure.
  std::vector<CheckCountData> checks;
};

/// Two measures that are traded for each other, both better when smaller, and who is not beaten in both.
struct TradeOffData {
  std::uint64_t x = 0, y = 0;        ///< Measures, by number.
  std::vector<std::uint64_t> front;  ///< Strategies, by number: no other is better in one and no worse in the other.
};

/// One comparison: the scenario as written, or under one reading of what is not known.
struct ReadingData {
  std::string name;  ///< "as written", "reading=flagged-since-batch"
  std::vector<std::string> summary;
  std::string stopping;  ///< How many runs there were, and why no more.
  std::string verdict;   ///< "as-expected", "different", "not-exercised"
  std::string command;   ///< Repeats the comparison.
  double level = 0.95;   ///< Of all intervals.
  std::vector<std::uint64_t> seeds;
  std::vector<MeasureData> measures;
  std::vector<StrategyData> strategies;  ///< The first is the baseline.
  std::vector<TradeOffData> trade_offs;
};

struct DecisionData {
  std::string title, file;
  std::string headline;               ///< The verdict in one sentence.
  std::vector<std::string> overall;   ///< What holds under all readings.
  std::vector<std::string> assumed;   ///< Which assumption would change the verdict, a sentence each.
  std::vector<ReadingData> readings;  ///< Never empty.
};

// ---- the story: one run told
// -----------------------------------------------------------------------------------------

struct SystemData {
  std::string name;
  std::string kind;  ///< "queue", "log", "job", ... as after `is`; "arrivals" for a source of items.
};

struct ItemKindData {
  std::string name;
  std::int64_t first_id = 1;
  std::optional<std::int64_t> due;  ///< Microseconds from arrival.
};

/// Items in order of arrival; the number of an item is its place here. Columns.
struct ItemTable {
  Numbers kind;     ///< In `item_kinds`. The id of an item: its kind's first id and how many of its kind came before.
  Numbers arrived;  ///< By difference.
  Numbers fate;     ///< In `fates`.
  Numbers end;      ///< Finish less arrival, of the first finish; -1: never.
};

/// When an item came to be in another state, in order of time. An arriving item is "under way". Columns.
struct StateTable {
  Numbers item;
  Numbers at;     ///< By difference.
  Numbers state;  ///< In `states`.
};

/// A sentence of the history without its item: `before`, the item if there is one, `after`.
struct SentenceData {
  std::string before, after;
  bool item = false;                ///< Whether the item stands between them.
  std::string kind;                 ///< "delivered", ...: the kind of record.
  std::int64_t system = -1;         ///< Who did it, in `systems`; -1: none.
  std::int64_t from = -1, to = -1;  ///< Of something that passes between two systems; -1: nothing passes.
  std::string label;                ///< On its arrow: "publish", "archive.look_up"; or "" when nothing passes.
  bool bad = false;                 ///< An error, something dropped, given up, crashed, held by nobody.
};

/// The history, in order. Columns.
struct RecordTable {
  Numbers at;        ///< By difference.
  Numbers sentence;  ///< In `sentences`.
  Numbers item;      ///< -1: about none.
  Numbers cause;     ///< How many rows before this one stands what brought it about; 0: nothing did, or it is not kept.
};

/// What lasts: from a beginning to an end. In order of beginning. Columns.
struct SpanTable {
  Numbers kind;     ///< In `span_kinds`.
  Numbers system;   ///< In `systems`.
  Numbers item;     ///< -1: about none.
  Numbers begin;    ///< By difference.
  Numbers lasts;    ///< Microseconds.
  Numbers name;     ///< In `texts`: "archive.look_up", "transaction".
  Numbers outcome;  ///< In `texts`; -1: nothing special.
  Numbers flags;    ///< 1: it went wrong. 2: it was still under way at the end.
};

/// How much of something there was. A step function: from `at` on it is `value`. Columns.
struct SeriesData {
  std::int64_t system = -1;  ///< In `systems`; -1: of all items.
  std::string name;          ///< "waiting in commands", "unfinished application"
  std::string unit;          ///< "messages", "events", "items"
  Numbers at;                ///< By difference.
  Numbers value;
  bool thinned = false;  ///< There were more steps: of each short stretch the largest and the last value are kept.
};

/// How many records each system has in each of equally long stretches of the run: all of them, also those not kept.
struct DensityData {
  std::int64_t width = 0;  ///< Microseconds.
  Numbers stretches;       ///< By system, one after the other, `count` each.
  std::int64_t count = 0;  ///< Stretches of one system.
};

/// One line of the timeline as people tell it.
struct MarkData {
  std::int64_t at = 0;
  std::string name;          ///< Of the timeline entry; "" for what is none.
  std::string text;          ///< The sentence.
  std::string provenance;    ///< "from source", "modelled" or "assumed"
  std::string source;        ///< "N1: github.com/..."; why it is assumed; or "".
  std::string believing;     ///< What people believed then; or "".
  bool by_operator = false;  ///< A person did it.
  bool skipped = false;      ///< It did not come off.
};

struct CheckData {
  std::string name;
  std::string verdict;   ///< "holds", "broken for 182", "not exercised"
  std::string expected;  ///< "broken for 182"
  bool as_expected = true, broken = false;
  std::optional<std::int64_t> first_at;
  std::vector<std::string> examples;  ///< Items that break it.
};

struct FateRow {
  std::string item;
  std::uint64_t arrived = 0;
  std::vector<std::uint64_t> counts;  ///< By fate, in the order of `fates`.
};

/// From `at` on local time is UTC + `offset`.
struct ZoneOffsetData {
  std::int64_t at = 0;
  std::int64_t offset = 0;  ///< Microseconds.
};

/// The large part of a story, packed in the page: see StoryData::packed.
struct HistoryData {
  std::vector<SystemData> systems;
  std::vector<ItemKindData> item_kinds;
  std::vector<std::string> states, span_kinds, texts;
  ItemTable items;
  StateTable changes;
  std::vector<SentenceData> sentences;
  RecordTable records;
  SpanTable spans;
  std::vector<SeriesData> series;
  DensityData density;
};

struct StoryData {
  std::string title, file, strategy, reading;
  std::uint64_t seed = 1;
  std::string digest, command;
  std::uint64_t events = 0;
  std::string verdict, sentence;  ///< "as-expected"; "As expected: 6 checks, 3 broken as foretold."
  std::string effort;             ///< "Noticed 16 d 2 h after ...; 6 operator steps."
  std::string zone;
  std::vector<ZoneOffsetData> offsets;  ///< The first holds from the beginning on; never empty.
  std::int64_t begins = 0, ends = 0;
  std::optional<std::int64_t> decisive;  ///< Where the story turns: see `decisive_text`.
  std::string decisive_text;
  std::vector<std::string> fates;  ///< Names, good first.
  std::vector<FateRow> fate_rows;
  std::vector<CheckData> checks;
  std::vector<MarkData> marks;        ///< In order of time.
  std::vector<std::string> notes;     ///< Said aloud.
  std::vector<std::string> left_out;  ///< What of the history is not in the page, a sentence each.
  std::uint64_t records_all = 0, records_kept = 0;
  HistoryData history;  ///< In the page it is "packed": a text, base64 of the gzip of its JSON.
};

// ---- two runs side by side
// -------------------------------------------------------------------------------------------

struct ChangedGroupData {
  std::string kind, a, b;  ///< "application", "late, routed, held by nobody for a time", "done, routed"
  std::vector<std::int64_t> ids;
};

struct MovedData {
  std::string name;
  std::optional<std::int64_t> a, b;  ///< Instants; none: never, or skipped.
};

struct SidesData {
  std::uint64_t a = 0, b = 0;  ///< Stories, by number.
  std::string command;         ///< Says the same on a terminal.
  bool same = false;
  std::optional<std::int64_t> parted;   ///< Where the runs part.
  std::string cause, first_a, first_b;  ///< Sentences of that; "": nothing, or not in this run.
  std::vector<ChangedGroupData> items;
  std::vector<CheckData> checks;  ///< Changed: `verdict` in B, `expected` in A.
  std::vector<MovedData> moved;
};

struct ReportData {
  std::int64_t version = 1;
  std::string generator;  ///< "premortem 0.1.0"
  std::string title;
  std::optional<DecisionData> decision;
  std::vector<StoryData> stories;
  std::vector<SidesData> sides;
  std::vector<std::string> left_out;  ///< Stories that are not in the page, and why; a sentence each.
};

}  // namespace premortem
