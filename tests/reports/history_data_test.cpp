// What a story page knows of a history: who passed what to whom, what waits where, what is left out.

#include "reports/query/history_data.hpp"

#include <algorithm>

#include "reports/query/item_states.hpp"
#include "sim/scenario/history_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;
using Lines = std::vector<std::string>;

namespace {

ToldHistory told(const Story& story, const HistoryBudget& budget = {}) {
  Judge judge(*story.compiled().judge);
  for (const Record& record : story.records) judge.observe(record);
  judge.conclude();
  return history_data(
      history_names(story.compiled()), story.records, judge.items(), [](Time) { return std::string("then"); }, budget);
}

/// "tray -> clerk: deliver", for each row in which something passes.
Lines passages(const HistoryData& data) {
  Lines lines;
  for (const std::int64_t number : data.records.sentence) {
    const SentenceData& sentence = data.sentences[static_cast<std::size_t>(number)];
    if (sentence.to < 0) continue;
    lines.push_back(data.systems[static_cast<std::size_t>(sentence.from)].name + " -> " +
                    data.systems[static_cast<std::size_t>(sentence.to)].name + ": " + sentence.label);
  }
  return lines;
}

/// "waiting in tray: 0 s 1, 5 s 0"
std::string series(const HistoryData& data, const std::string& name, std::int64_t begins) {
  for (const SeriesData& one : data.series) {
    if (one.name != name) continue;
    std::string text;
    std::int64_t at = 0;
    for (std::size_t n = 0; n < one.at.size(); ++n) {
      at += one.at[n];
      text += (n == 0 ? "" : ", ") + std::to_string((at - begins) / 1'000'000) + " s " + std::to_string(one.value[n]);
    }
    return text;
  }
  return "there is none";
}

const char* const office = R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10", "00:00:11", "00:00:12"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "store": { "is": "documents", "collections": { "kept": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "takes": "2 s", "does": [
        { "insert": "store.kept" }, { "finish": "filed" } ] } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "call": "desk.take" } ] } })x";
constexpr std::int64_t midnight = 1'609'718'400'000'000;  // 2021-01-04, UTC.

}  // namespace

TEST_CASE("passages: from the sender to the queue, to the worker, to the service it asks, and back", "[story]") {
  const Lines lines = passages(told(Story(office)).data);
  REQUIRE(lines.size() == 18);
  CHECK(Lines(lines.begin(), lines.begin() + 3) ==
        Lines{"arrivals.post -> tray: publish", "tray -> clerk: deliver", "clerk -> desk: desk.take"});
  CHECK(std::count(lines.begin(), lines.end(), "desk -> store: insert") == 3);
  CHECK(std::count(lines.begin(), lines.end(), "desk -> clerk: reply") == 3);
  CHECK(std::count(lines.begin(), lines.end(), "clerk -> tray: ack") == 3);
}

TEST_CASE("passages: what a log notes of itself was published by who caused it", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "desk.take", "at": ["00:00:10"] } },
    "systems": { "news": { "is": "log", "of": "letter" },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "does": [ { "publish": "news" } ] } } },
      "reader": { "is": "stream", "reads": "news", "does": [ { "finish": "filed" } ] } })x");
  const Lines lines = passages(told(story).data);
  CHECK(std::count(lines.begin(), lines.end(), "desk -> news: publish") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "news -> reader: read") == 1);
}

TEST_CASE("passages: after a reply, whoever asked goes on", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" }, "news": { "is": "log", "of": "letter" },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "takes": "2 s" } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "call": "desk.take" }, { "publish": "news" } ] },
      "reader": { "is": "stream", "reads": "news", "does": [ { "finish": "filed" } ] } })x");
  const Lines lines = passages(told(story).data);
  CHECK(std::count(lines.begin(), lines.end(), "clerk -> news: publish") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "desk -> news: publish") == 0);
}

TEST_CASE("backlog: a queue holds what no worker has yet", "[story]") {
  const HistoryData data = told(Story(office)).data;
  CHECK(series(data, "waiting in tray", midnight) == "10 s 0, 11 s 1, 12 s 1, 14 s 0");
  CHECK(series(data, "unfinished letter", midnight) == "10 s 1, 11 s 2, 12 s 2, 14 s 1, 16 s 0");
}

TEST_CASE("backlog: what expires or is too much no longer waits; what is rejected had been delivered", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10", "00:00:11", "00:00:12"] } },
    "systems": { "tray": { "is": "queue", "of": "letter", "ttl": "3 s" },
      "clerk": { "is": "consumer", "reads": "tray", "workers": 1, "does": [ { "work": "60 s" }, { "raise": "Torn" } ],
                 "on": { "any": { "then": "reject" } } } })x");
  // The second and the third are with the clerk's channel or expire; the first is rejected a minute later.
  const std::string waiting = series(told(story).data, "waiting in tray", midnight);
  CHECK(waiting.ends_with(" 0"));
  CHECK(waiting.find('-') == std::string::npos);
}

TEST_CASE("backlog: what comes through an exchange is not counted, and that is said", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "hall", "at": ["00:00:10", "00:00:11"] } },
    "systems": { "hall": { "is": "exchange", "type": "fanout", "of": "letter", "to": { "tray": "" } },
      "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "work": "5 s" }, { "finish": "filed" } ] } })x");
  const ToldHistory history = told(story);
  CHECK(series(history.data, "waiting in tray", midnight) == "there is none");
  REQUIRE(history.left_out.size() == 1);
  CHECK(history.left_out[0].starts_with("How many messages wait in a queue that gets them from an exchange"));
}

TEST_CASE("backlog: a stream is behind by what has been appended and not committed", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "news", "at": ["00:00:10", "00:00:11"] } },
    "systems": { "news": { "is": "log", "of": "letter", "partitions": 1 },
      "reader": { "is": "stream", "reads": "news", "does": [ { "work": "5 s" }, { "finish": "filed" } ] } })x");
  CHECK(series(told(story).data, "reader is behind", midnight) == "10 s 1, 11 s 2, 15 s 1, 20 s 0");
}

TEST_CASE("a cause is the row that brought it about, over what is not shown", "[story]") {
  const HistoryData data = told(Story(office)).data;
  const RecordTable& records = data.records;
  for (std::size_t row = 0; row < records.at.size(); ++row) {
    const SentenceData& sentence = data.sentences[static_cast<std::size_t>(records.sentence[row])];
    if (sentence.kind != "delivered") continue;
    REQUIRE(records.cause[row] > 0);
    const auto cause = static_cast<std::size_t>(static_cast<std::int64_t>(row) - records.cause[row]);
    CHECK(data.sentences[static_cast<std::size_t>(records.sentence[cause])].kind == "published");
    CHECK(records.item[cause] == records.item[row]);
  }
}

TEST_CASE("a sentence is cut where its item stands", "[story]") {
  const HistoryData data = told(Story(office)).data;
  const auto delivered = std::find_if(data.sentences.begin(), data.sentences.end(),
                                      [](const SentenceData& one) { return one.kind == "delivered"; });
  REQUIRE(delivered != data.sentences.end());
  CHECK(delivered->before == "clerk takes ");
  CHECK(delivered->item);
  CHECK(delivered->after.empty());
}

TEST_CASE("too long a history: what went wrong is kept, and what is left out is said", "[story]") {
  const Story story(R"x("items": { "letter": { "done": "filed", "due": "1 s" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "rate": "1/min" } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "id": "w", "work": "lognormal 0.2 s p99 2 s" }, { "finish": "filed" } ] } })x");
  HistoryBudget small;
  small.records = 1000;
  const ToldHistory few = told(story, small), all = told(story);
  REQUIRE(all.left_out.empty());
  REQUIRE(all.records_kept > 5000);
  CHECK(few.records_kept <= 1000);
  CHECK(few.records_kept > 900);
  REQUIRE(few.left_out.size() == 2);
  CHECK(few.left_out[0].starts_with("Of 1"));
  // All items, their states and the areas are there all the same.
  CHECK(few.data.items.arrived == all.data.items.arrived);
  CHECK(few.data.changes.at == all.data.changes.at);
  CHECK(few.data.series.size() == all.data.series.size());
  CHECK(few.data.density.stretches == all.data.density.stretches);
  // Those that were late can all be followed.
  for (std::size_t n = 0; n < few.data.changes.item.size(); ++n) {
    if (item_states()[static_cast<std::size_t>(few.data.changes.state[n])] != "finished late") continue;
    CHECK(std::ranges::find(few.data.records.item, few.data.changes.item[n]) != few.data.records.item.end());
  }
}
