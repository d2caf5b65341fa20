#pragma once
// The members of a report's data, once each: from these lines come the JSON, its schema and the front end's types.
// Whoever adds a member to report_data.hpp adds it here; what is said of it goes into the schema.

#include <string_view>

#include "reports/query/report_data.hpp"

namespace premortem {

/// The name of a described structure in the schema: `name_in_schema(static_cast<const CellData*>(nullptr))`.
/// describe(it, visit) calls visit(name, member, what it means) for each member, in order.

inline std::string_view name_in_schema(const MeasureData*) { return "MeasureData"; }
template <class Visit>
void describe(const MeasureData& it, Visit& visit) {
  visit("name", it.name, "\"application.time-to-done.p99\", as in `compare.by`, --csv and --json.");
  visit("heading", it.heading, "\"application p99\"");
  visit("unit", it.unit, "\"count\" or \"ns\"");
  visit("group", it.group, "\"items\", \"times\" or \"effort\"");
  visit("bad", it.bad, "More of it is worse: of items lost, late and so on, of times and of effort.");
  visit("main", it.main, "Shown at first: what the scenario compares by, or what differs anywhere.");
}

inline std::string_view name_in_schema(const CellData*) { return "CellData"; }
template <class Visit>
void describe(const CellData& it, Visit& visit) {
  visit("n", it.n, "Runs in which it applies.");
  visit("text", it.text, "\"93.1 ±0.4\"; \"never\", \"–\": it applies in none.");
  visit("mean", it.mean, "Its interval; none after a single run.");
  visit("low", it.low, "Its interval; none after a single run.");
  visit("high", it.high, "Its interval; none after a single run.");
  visit("least", it.least, "Over the seeds.");
  visit("most", it.most, "Over the seeds.");
  visit("by_seed", it.by_seed, "The single runs behind it.");
  visit("difference", it.difference,
        "Against the baseline, paired by seed: \"higher\", \"lower\", \"none shown\", \"not comparable\"; \"\" for the "
        "baseline.");
  visit("difference_text", it.difference_text, "\"-182\", \"+15 h 29 min ±14 h\", \"none shown\", \"–\"");
  visit("difference_mean", it.difference_mean, "");
  visit("difference_low", it.difference_low, "");
  visit("difference_high", it.difference_high, "");
}

inline std::string_view name_in_schema(const CheckCountData*) { return "CheckCountData"; }
template <class Visit>
void describe(const CheckCountData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("held", it.held, "Runs.");
  visit("broken", it.broken, "Runs.");
  visit("not_exercised", it.not_exercised, "Runs.");
  visit("as_expected", it.as_expected, "Runs.");
  visit("broken_seeds", it.broken_seeds, "Of the runs in which it was broken.");
}

inline std::string_view name_in_schema(const StrategyData*) { return "StrategyData"; }
template <class Visit>
void describe(const StrategyData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("flawless", it.flawless, "In no run went anything wrong.");
  visit("recommended", it.recommended, "Named by the headline.");
  visit("runs", it.runs, "");
  visit("as_expected", it.as_expected, "");
  visit("different", it.different, "");
  visit("not_exercised", it.not_exercised, "");
  visit("different_seeds", it.different_seeds, "Of the runs that are not as expected.");
  visit("command", it.command, "Repeats one of its runs when \" --seed N\" is added.");
  visit("cells", it.cells, "One for each measure.");
  visit("checks", it.checks, "");
}

inline std::string_view name_in_schema(const TradeOffData*) { return "TradeOffData"; }
template <class Visit>
void describe(const TradeOffData& it, Visit& visit) {
  visit("x", it.x, "Measures, by number.");
  visit("y", it.y, "Measures, by number.");
  visit("front", it.front, "Strategies, by number: no other is better in one and no worse in the other.");
}

inline std::string_view name_in_schema(const ReadingData*) { return "ReadingData"; }
template <class Visit>
void describe(const ReadingData& it, Visit& visit) {
  visit("name", it.name, "\"as written\", \"reading=flagged-since-batch\"");
  visit("summary", it.summary, "");
  visit("stopping", it.stopping, "How many runs there were, and why no more.");
  visit("verdict", it.verdict, "\"as-expected\", \"different\", \"not-exercised\"");
  visit("command", it.command, "Repeats the comparison.");
  visit("level", it.level, "Of all intervals.");
  visit("seeds", it.seeds, "");
  visit("measures", it.measures, "");
  visit("strategies", it.strategies, "The first is the baseline.");
  visit("trade_offs", it.trade_offs, "");
}

inline std::string_view name_in_schema(const DecisionData*) { return "DecisionData"; }
template <class Visit>
void describe(const DecisionData& it, Visit& visit) {
  visit("title", it.title, "");
  visit("file", it.file, "");
  visit("headline", it.headline, "The verdict in one sentence.");
  visit("overall", it.overall, "What holds under all readings.");
  visit("assumed", it.assumed, "Which assumption would change the verdict, a sentence each.");
  visit("readings", it.readings, "Never empty.");
}

inline std::string_view name_in_schema(const SystemData*) { return "SystemData"; }
template <class Visit>
void describe(const SystemData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("kind", it.kind, "\"queue\", \"log\", \"job\", ... as after `is`; \"arrivals\" for a source of items.");
}

inline std::string_view name_in_schema(const ItemKindData*) { return "ItemKindData"; }
template <class Visit>
void describe(const ItemKindData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("first_id", it.first_id, "");
  visit("due", it.due, "Microseconds from arrival.");
}

inline std::string_view name_in_schema(const ItemTable*) { return "ItemTable"; }
template <class Visit>
void describe(const ItemTable& it, Visit& visit) {
  visit("kind", it.kind,
        "In `item_kinds`. The id of an item: its kind's first id and how many of its kind came before.");
  visit("arrived", it.arrived, "By difference.");
  visit("fate", it.fate, "In `fates`.");
  visit("end", it.end, "Finish less arrival, of the first finish; -1: never.");
}

inline std::string_view name_in_schema(const StateTable*) { return "StateTable"; }
template <class Visit>
void describe(const StateTable& it, Visit& visit) {
  visit("item", it.item, "");
  visit("at", it.at, "By difference.");
  visit("state", it.state, "In `states`.");
}

inline std::string_view name_in_schema(const SentenceData*) { return "SentenceData"; }
template <class Visit>
void describe(const SentenceData& it, Visit& visit) {
  visit("before", it.before, "");
  visit("after", it.after, "");
  visit("item", it.item, "Whether the item stands between them.");
  visit("kind", it.kind, "\"delivered\", ...: the kind of record.");
  visit("system", it.system, "Who did it, in `systems`; -1: none.");
  visit("from", it.from, "Of something that passes between two systems; -1: nothing passes.");
  visit("to", it.to, "Of something that passes between two systems; -1: nothing passes.");
  visit("label", it.label, "On its arrow: \"publish\", \"archive.look_up\"; or \"\" when nothing passes.");
  visit("bad", it.bad, "An error, something dropped, given up, crashed, held by nobody.");
}

inline std::string_view name_in_schema(const RecordTable*) { return "RecordTable"; }
template <class Visit>
void describe(const RecordTable& it, Visit& visit) {
  visit("at", it.at, "By difference.");
  visit("sentence", it.sentence, "In `sentences`.");
  visit("item", it.item, "-1: about none.");
  visit("cause", it.cause,
        "How many rows before this one stands what brought it about; 0: nothing did, or it is not kept.");
}

inline std::string_view name_in_schema(const SpanTable*) { return "SpanTable"; }
template <class Visit>
void describe(const SpanTable& it, Visit& visit) {
  visit("kind", it.kind, "In `span_kinds`.");
  visit("system", it.system, "In `systems`.");
  visit("item", it.item, "-1: about none.");
  visit("begin", it.begin, "By difference.");
  visit("lasts", it.lasts, "Microseconds.");
  visit("name", it.name, "In `texts`: \"archive.look_up\", \"transaction\".");
  visit("outcome", it.outcome, "In `texts`; -1: nothing special.");
  visit("flags", it.flags, "1: it went wrong. 2: it was still under way at the end.");
}

inline std::string_view name_in_schema(const SeriesData*) { return "SeriesData"; }
template <class Visit>
void describe(const SeriesData& it, Visit& visit) {
  visit("system", it.system, "In `systems`; -1: of all items.");
  visit("name", it.name, "\"waiting in commands\", \"unfinished application\"");
  visit("unit", it.unit, "\"messages\", \"events\", \"items\"");
  visit("at", it.at, "By difference.");
  visit("value", it.value, "");
  visit("thinned", it.thinned, "There were more steps: of each short stretch the largest and the last value are kept.");
}

inline std::string_view name_in_schema(const DensityData*) { return "DensityData"; }
template <class Visit>
void describe(const DensityData& it, Visit& visit) {
  visit("width", it.width, "Microseconds.");
  visit("stretches", it.stretches, "By system, one after the other, `count` each.");
  visit("count", it.count, "Stretches of one system.");
}

inline std::string_view name_in_schema(const MarkData*) { return "MarkData"; }
template <class Visit>
void describe(const MarkData& it, Visit& visit) {
  visit("at", it.at, "");
  visit("name", it.name, "Of the timeline entry; \"\" for what is none.");
  visit("text", it.text, "The sentence.");
  visit("provenance", it.provenance, "\"from source\", \"modelled\" or \"assumed\"");
  visit("source", it.source, "\"N1: github.com/...\"; why it is assumed; or \"\".");
  visit("believing", it.believing, "What people believed then; or \"\".");
  visit("by_operator", it.by_operator, "A person did it.");
  visit("skipped", it.skipped, "It did not come off.");
}

inline std::string_view name_in_schema(const CheckData*) { return "CheckData"; }
template <class Visit>
void describe(const CheckData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("verdict", it.verdict, "\"holds\", \"broken for 182\", \"not exercised\"");
  visit("expected", it.expected, "\"broken for 182\"");
  visit("as_expected", it.as_expected, "");
  visit("broken", it.broken, "");
  visit("first_at", it.first_at, "");
  visit("examples", it.examples, "Items that break it.");
}

inline std::string_view name_in_schema(const FateRow*) { return "FateRow"; }
template <class Visit>
void describe(const FateRow& it, Visit& visit) {
  visit("item", it.item, "");
  visit("arrived", it.arrived, "");
  visit("counts", it.counts, "By fate, in the order of `fates`.");
}

inline std::string_view name_in_schema(const ZoneOffsetData*) { return "ZoneOffsetData"; }
template <class Visit>
void describe(const ZoneOffsetData& it, Visit& visit) {
  visit("at", it.at, "");
  visit("offset", it.offset, "Microseconds.");
}

inline std::string_view name_in_schema(const HistoryData*) { return "HistoryData"; }
template <class Visit>
void describe(const HistoryData& it, Visit& visit) {
  visit("systems", it.systems, "");
  visit("item_kinds", it.item_kinds, "");
  visit("states", it.states, "");
  visit("span_kinds", it.span_kinds, "");
  visit("texts", it.texts, "");
  visit("items", it.items, "");
  visit("changes", it.changes, "");
  visit("sentences", it.sentences, "");
  visit("records", it.records, "");
  visit("spans", it.spans, "");
  visit("series", it.series, "");
  visit("density", it.density, "");
}

inline std::string_view name_in_schema(const StoryData*) { return "StoryData"; }
template <class Visit>
void describe(const StoryData& it, Visit& visit) {
  visit("title", it.title, "");
  visit("file", it.file, "");
  visit("strategy", it.strategy, "");
  visit("reading", it.reading, "");
  visit("seed", it.seed, "");
  visit("digest", it.digest, "");
  visit("command", it.command, "");
  visit("events", it.events, "");
  visit("verdict", it.verdict, "\"as-expected\"; \"As expected: 6 checks, 3 broken as foretold.\"");
  visit("sentence", it.sentence, "\"as-expected\"; \"As expected: 6 checks, 3 broken as foretold.\"");
  visit("effort", it.effort, "\"Noticed 16 d 2 h after ...; 6 operator steps.\"");
  visit("zone", it.zone, "");
  visit("offsets", it.offsets, "The first holds from the beginning on; never empty.");
  visit("begins", it.begins, "");
  visit("ends", it.ends, "");
  visit("decisive", it.decisive, "Where the story turns: see `decisive_text`.");
  visit("decisive_text", it.decisive_text, "");
  visit("fates", it.fates, "Names, good first.");
  visit("fate_rows", it.fate_rows, "");
  visit("checks", it.checks, "");
  visit("marks", it.marks, "In order of time.");
  visit("notes", it.notes, "Said aloud.");
  visit("left_out", it.left_out, "What of the history is not in the page, a sentence each.");
  visit("records_all", it.records_all, "");
  visit("records_kept", it.records_kept, "");
  visit("history", it.history, "In the page it is \"packed\": a text, base64 of the gzip of its JSON.");
}

inline std::string_view name_in_schema(const ChangedGroupData*) { return "ChangedGroupData"; }
template <class Visit>
void describe(const ChangedGroupData& it, Visit& visit) {
  visit("kind", it.kind, "\"application\", \"late, routed, held by nobody for a time\", \"done, routed\"");
  visit("a", it.a, "\"application\", \"late, routed, held by nobody for a time\", \"done, routed\"");
  visit("b", it.b, "\"application\", \"late, routed, held by nobody for a time\", \"done, routed\"");
  visit("ids", it.ids, "");
}

inline std::string_view name_in_schema(const MovedData*) { return "MovedData"; }
template <class Visit>
void describe(const MovedData& it, Visit& visit) {
  visit("name", it.name, "");
  visit("a", it.a, "Instants; none: never, or skipped.");
  visit("b", it.b, "Instants; none: never, or skipped.");
}

inline std::string_view name_in_schema(const SidesData*) { return "SidesData"; }
template <class Visit>
void describe(const SidesData& it, Visit& visit) {
  visit("a", it.a, "Stories, by number.");
  visit("b", it.b, "Stories, by number.");
  visit("command", it.command, "Says the same on a terminal.");
  visit("same", it.same, "");
  visit("parted", it.parted, "Where the runs part.");
  visit("cause", it.cause, "Sentences of that; \"\": nothing, or not in this run.");
  visit("first_a", it.first_a, "Sentences of that; \"\": nothing, or not in this run.");
  visit("first_b", it.first_b, "Sentences of that; \"\": nothing, or not in this run.");
  visit("items", it.items, "");
  visit("checks", it.checks, "Changed: `verdict` in B, `expected` in A.");
  visit("moved", it.moved, "");
}

inline std::string_view name_in_schema(const ReportData*) { return "ReportData"; }
template <class Visit>
void describe(const ReportData& it, Visit& visit) {
  visit("version", it.version, "");
  visit("generator", it.generator, "\"premortem 0.1.0\"");
  visit("title", it.title, "");
  visit("decision", it.decision, "");
  visit("stories", it.stories, "");
  visit("sides", it.sides, "");
  visit("left_out", it.left_out, "Stories that are not in the page, and why; a sentence each.");
}

}  // namespace premortem
