// Diagrams that GitHub draws, of whatever a scenario's author wrote.

#include "reports/render/mermaid.hpp"

#include "tests/reports/mermaid_grammar.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

const std::string hostile =
    "a: b; c # d %% {e} <f> `g` [h](i) $$j$$ ~k~ end\nsection l\ttitle m click n \"o\" 'p' \\n %%{init: {}}%% ```";

Time at(std::int64_t seconds) { return time_from_nanoseconds(seconds * 1'000'000'000); }

}  // namespace

TEST_CASE("what means something to Mermaid is written by number", "[mermaid]") {
  CHECK(mermaid_text("stop-brut: stop brut; #3") == "stop-brut#58; stop brut#59; #35;3");
  CHECK(mermaid_text("Ærlig (1.5 s) = \"x\"") == "Ærlig (1.5 s) = \"x\"");
  CHECK(mermaid_text("50% {a} <b>\n") == "50#37; #123;a#125; #60;b#62;#92;n");
}

TEST_CASE("a Gantt chart has a milestone a line, in civil time", "[mermaid]") {
  const std::vector<StoryLine> story = {{at(0), "stop: stop brut"}, {at(60), hostile}, {at(400'000), "last"}};
  const TimeFormat format = [](Time time) {
    return time == at(0)    ? "2020-10-25 02:30 first"
           : time == at(60) ? "2020-10-25 02:30:05 second"
                            : "2020-10-29 12:00";
  };
  const std::string chart = story_to_gantt(story, format, 12);
  CHECK(mermaid_mistake(chart).empty());
  const std::vector<std::string> lines = lines_of(chart);
  REQUIRE(lines.size() == 7);
  CHECK(lines[2] == "  axisFormat %m-%d");
  CHECK(lines[4] == "  10-25 02#58;30 first stop#58; stop brut :milestone, 2020-10-25 02:30:00, 0d");
  CHECK(lines[5].find(" :milestone, 2020-10-25 02:30:05, 0d") != std::string::npos);
  CHECK(lines[5].find("…") != std::string::npos);  // A long text is cut.
  CHECK(story_to_gantt({}, format, 12).empty());
}

TEST_CASE("a long story keeps its beginning and its end", "[mermaid]") {
  std::vector<StoryLine> story;
  for (int n = 0; n < 100; ++n) story.push_back({at(n), "step " + std::to_string(n)});
  const std::string chart = story_to_gantt(story, noon, 12);
  CHECK(mermaid_mistake(chart).empty());
  CHECK(lines_of(chart).size() == 4 + 12);
  CHECK(chart.find("axisFormat %d %H:%M") != std::string::npos);
  CHECK(chart.find("step 5 ") != std::string::npos);
  CHECK(chart.find("… 89 lines left out …") != std::string::npos);
  CHECK(chart.find("step 94 ") == std::string::npos);
  CHECK(chart.find("step 95 ") != std::string::npos);
}

TEST_CASE("a sequence diagram names its participants by letters of its own", "[mermaid]") {
  std::vector<ItemMessage> messages = {
      {0, "end", "note", "publish", 3}, {0, "note", "note", hostile, 1}, {0, "", "", "it", 0}};
  const std::string diagram = messages_to_sequence(messages, noon);
  CHECK(mermaid_mistake(diagram).empty());
  const std::vector<std::string> lines = lines_of(diagram);
  CHECK(lines[1] == "  participant a as end; participant b as note");
  CHECK(lines[2] == "  a->>b: 2020-01-27 12:00 publish");
  CHECK(lines[4] == "  Note over a,b: 12:00 it");  // The day is said once.
  for (int n = 0; n < 60; ++n) messages.push_back({0, nasty + std::to_string(n), "b", hostile, 4});
  CHECK(mermaid_mistake(messages_to_sequence(messages, noon)).empty());
  CHECK(messages_to_sequence({}, noon).empty());
  CHECK(messages_to_sequence({{0, "", "", "it is left at the end", 0}}, noon).empty());
}

TEST_CASE("the grammar refuses what Mermaid would not read", "[mermaid]") {
  const std::string gantt = "gantt\n  dateFormat YYYY-MM-DD HH:mm:ss\n",
                    data = " :milestone, 2020-01-27 11:00:00, 0d\n";
  const std::string sequence = "sequenceDiagram\n  participant a as x; participant b as y\n";
  CHECK(mermaid_mistake(gantt + "  01-27 11#58;00 stop" + data).empty());
  CHECK(mermaid_mistake(sequence + "  a->>b: 11:00 publish\n").empty());
  const std::string broken[] = {gantt,
                                gantt + "  01-27 11:00 stop" + data,
                                gantt + "  2020-01-27 11#58;00 stop" + data,
                                gantt + "  section 01-27 11#58;00 stop" + data,
                                gantt + "  01-27 11#58;00 stop; go" + data,
                                gantt + "  01-27 11#58;00 stop # go" + data,
                                gantt + "  01-27 11#58;00 stop :milestone, 2020-01-27 11:00, 0d\n",
                                gantt + "  01-27 11#58;00 stop\n",
                                "timeline\n  x\n",
                                sequence,
                                sequence + "  a->>b: x; y\n",
                                sequence + "  a->>b: x # y\n",
                                sequence + "  a->>c: x\n",
                                sequence + "  Note over a,c: x\n",
                                sequence + "  a->>b: %%{init: {}}%%\n",
                                sequence + "  a->>b:\n",
                                "sequenceDiagram\n  participant a as x; participant a as y\n  a->>a: z\n",
                                "sequenceDiagram\n  participant a as x: y\n  a->>a: z\n"};
  for (const std::string& one : broken) {
    INFO(one);
    CHECK_FALSE(mermaid_mistake(one).empty());
  }
}
