// premortem why: the declared things without which an item or a check had ended otherwise, each with its command.

#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "cli/progress.hpp"
#include "cli/stop.hpp"
#include "sim/explore/why.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::vector<std::string> about;
  std::uint64_t runs_max = 1000;
  bool json = false, all = false;
};

/// Lines of an answer without --all: a screen that one reads.
constexpr std::size_t lines_max = 15;

std::string command_of(const ScenarioOptions& options, const std::vector<Intervention>& changes) {
  Variant variant = options.variant();
  for (const Intervention& one : changes) variant = with_intervention(std::move(variant), one);
  std::string command = "premortem run " + shell_word(options.file);
  if (options.strategy != "as-happened") command += " --strategy " + shell_word(options.strategy);
  for (const auto& [name, value] : variant.assume) command += " --assume " + shell_word(name + "=" + value);
  for (const auto& [address, value] : variant.set) command += " --set " + shell_word(address + "=" + value);
  if (options.seed != 1) command += " --seed " + std::to_string(options.seed);
  return command;
}

/// A check by its name; an item as "application 467991301", in one word or two, or with a colon. Throws UsageError.
WhyQuestion question_of(const Options& options, const CompiledScenario& scenario) {
  std::string about = options.about.front();
  if (options.about.size() > 1) about += " " + options.about[1];
  WhyQuestion question;
  question.seed = options.scenario.seed;
  question.runs_max = options.runs_max;
  std::vector<std::string> names;
  for (const CheckSpec& check : scenario.judge->checks) names.push_back(check.name);
  if (std::ranges::find(names, about) != names.end()) {
    question.check = about;
    return question;
  }
  const std::size_t split = about.find_first_of(" :");
  const std::string kind = about.substr(0, split), id = split == std::string::npos ? "" : about.substr(split + 1);
  const auto& kinds = scenario.judge->kinds;
  const auto found = std::ranges::find(kinds, kind, &JudgedKind::name);
  if (found == kinds.end()) {
    for (const JudgedKind& one : kinds) names.push_back(one.name);
    throw UsageError("premortem: \"" + about + "\" is no check and no item of this scenario; write a check's name" +
                     (kinds.empty()
                          ? std::string()
                          : ", or \"" + kinds.front().name + " " + std::to_string(kinds.front().first_id) + "\"") +
                     did_you_mean(kind, names) + "\n");
  }
  question.kind = static_cast<std::uint32_t>(found - kinds.begin());
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), question.id);
  if (error != std::errc() || end != id.data() + id.size() || id.empty())
    throw UsageError("premortem: \"" + id + "\" is no id of an item \"" + kind + "\"; write \"" + kind + " " +
                     std::to_string(found->first_id) + "\"\n");
  return question;
}

class Telling {
 public:
  Telling(const Options& options, const WhyAnswer& answer, TimeFormat time)
      : options_(options), answer_(answer), time_(std::move(time)) {}

  std::string text(const std::string& about) {
    const WhyOutcome& happened = answer_.happened;
    lines_ = {about + ": " + happened.says + took(happened)};
    if (happened.right) lines_.back() += "; asked the other way round: what else would have changed that";
    const WhyRivals& rivals = answer_.rivals;
    if (!rivals.items.empty()) {
      std::string line = "it met " + rivals.error + " in " + rivals.system + " at " +
                         time_(time_from_nanoseconds(rivals.at)) + ", while this one was in hand and came through:";
      for (const std::string& item : rivals.items) line += (line.ends_with(":") ? " " : ", ") + item;
      lines_.push_back(line);
    }
    const auto events = static_cast<std::size_t>(std::ranges::count_if(answer_.necessary, is_event));
    std::vector<WhyLink> did(answer_.necessary.begin(),
                             answer_.necessary.begin() + static_cast<std::ptrdiff_t>(events));
    std::vector<WhyLink> was(answer_.necessary.begin() + static_cast<std::ptrdiff_t>(events), answer_.necessary.end());
    if (answer_.necessary.empty()) lines_.push_back(answer_.together.empty() ? nothing() : together());
    const std::size_t kept = answer_.length.empty() ? 0 : 3;  // Lines of the second question.
    links(did.size() > 1 ? "joint cause; had any one of these been otherwise, it would be " + other(did)
                         : "cause; without it, it would be " + other(did),
          did, was.empty() ? kept : kept + 3);
    links("how the machinery is made; any one of these changes makes it " + other(was), was, kept);
    links("", answer_.together, kept);
    links("what makes it so long", answer_.length, 0);
    if (hidden_ > 0) lines_.push_back("and " + std::to_string(hidden_) + " more; --all shows them");
    lines_.push_back(tried());
    std::string out;
    for (const std::string& line : lines_) out += line + "\n";
    return out;
  }

  std::string json(const std::string& about) const {
    const auto outcome = [](const WhyOutcome& one) {
      nlohmann::ordered_json json = {{"right", one.right}, {"says", one.says}};
      if (one.longest >= 0) json["longest-ns"] = one.longest;
      return json;
    };
    const auto all = [&](const std::vector<WhyLink>& links) {
      nlohmann::ordered_json list = nlohmann::ordered_json::array();
      for (const WhyLink& link : links) {
        nlohmann::ordered_json changes = nlohmann::ordered_json::array();
        for (const Intervention& one : link.changes) changes.push_back({{"id", one.thing}, {"how", one.how}});
        list.push_back({{"changes", changes},
                        {"outcome", outcome(link.outcome)},
                        {"command", command_of(options_.scenario, link.changes)}});
      }
      return list;
    };
    const nlohmann::ordered_json json = {{"about", about},
                                         {"happened", outcome(answer_.happened)},
                                         {"necessary", all(answer_.necessary)},
                                         {"together", all(answer_.together)},
                                         {"length", all(answer_.length)},
                                         {"rivals", answer_.rivals.items},
                                         {"tried", answer_.tried},
                                         {"refused", answer_.refused},
                                         {"pairs", answer_.pairs},
                                         {"pairs-complete", answer_.pairs_complete},
                                         {"sets", answer_.sets},
                                         {"unfit", answer_.unfit},
                                         {"stopped", answer_.stopped},
                                         {"steps-without-id", answer_.without_id}};
    return json.dump(2) + "\n";
  }

 private:
  static bool is_event(const WhyLink& link) { return link.changes[0].kind <= Intervention::Kind::schedule; }
  static std::string other(const std::vector<WhyLink>& links) {
    return links.empty() ? "" : "\"" + links.front().outcome.says + "\"";
  }
  static std::string took(const WhyOutcome& outcome) {
    return outcome.longest < 0 ? "" : ", after " + figure(outcome.longest);
  }
  static std::string figure(std::int64_t ns) {
    const std::int64_t second = 1'000'000'000, part = ns >= 60 * second ? 60 * second : 1'000'000;
    return format_duration(Duration{ns - ns % part});
  }
  std::string nothing() const {
    if (answer_.stopped) return "nothing found yet";
    return "no single declared step changes this" +
           std::string(answer_.pairs + answer_.sets > 0 ? ", and no pair or larger set that was tried" : "");
  }
  std::string together() const {
    if (answer_.together.front().changes.size() == 2) return "no single change is enough; two together are:";
    return "no single change is enough, nor any pair that was tried; these are, and only all of them:";
  }

  void links(const std::string& heading, const std::vector<WhyLink>& all, std::size_t reserved) {
    if (all.empty()) return;
    if (!heading.empty()) lines_.push_back(heading + ":");
    for (const WhyLink& link : all) {
      if (!options_.all && lines_.size() + 2 + reserved + 2 > lines_max) {
        ++hidden_;
        continue;
      }
      std::string line = "  ";
      for (std::size_t n = 0; n < link.changes.size(); ++n) {
        line += (n > 0 ? " and " : "") + link.changes[n].thing;
        if (link.done_at[n] >= 0) line += " (" + time_(time_from_nanoseconds(link.done_at[n])) + ")";
        line += " " + link.changes[n].how;
      }
      lines_.push_back(line + ": " + link.outcome.says + took(link.outcome));
      lines_.push_back("    " + command_of(options_.scenario, link.changes));
    }
  }

  std::string tried() const {
    std::string line = std::to_string(answer_.tried) + " single changes tried, each in a run of the same seed";
    if (answer_.pairs > 0 || answer_.sets > 0)
      line += "; " + std::to_string(answer_.pairs) + " pairs and " + std::to_string(answer_.sets) + " larger sets";
    if (!answer_.pairs_complete && !answer_.stopped) line += ", not all pairs: --runs-max ended the search";
    if (answer_.unfit > 0)
      line += "; the file's choices did not fit in " + std::to_string(answer_.unfit) + " of the runs";
    if (answer_.stopped) line += "; stopped there, there may be more";
    if (answer_.without_id > 0)
      line += "; steps without an id, which cannot be left out: " + std::to_string(answer_.without_id);
    return line;
  }

  const Options& options_;
  const WhyAnswer& answer_;
  TimeFormat time_;
  std::vector<std::string> lines_;
  std::size_t hidden_ = 0;
};

int why(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  const Variant variant = options.scenario.variant();
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  WhyQuestion question = question_of(options, *scenario);
  const std::atomic<bool>& stop = listen_for_stop();
  Progress progress;
  question.go_on = [&](std::uint64_t runs, std::uint64_t causes) {
    progress.tell(std::to_string(runs) + " runs, causes found: " + std::to_string(causes));
    return !stop;
  };
  const WhyAnswer answer = of_file(options.scenario.file, [&] { return explain_why(loaded, variant, question); });
  progress.end();
  const std::string about = question.check.empty()
                                ? scenario->judge->kinds[question.kind].name + " " + std::to_string(question.id)
                                : question.check;
  if (answer.happened.says == "never arrived")
    throw UsageError("premortem: " + about +
                     " never arrives in this run; `premortem run --history -` lists who does\n");
  Telling telling(options, answer, times_of(*scenario));
  std::cout << (options.json ? telling.json(about) : telling.text(about));
  return answer.stopped ? stopped_exit_code() : as_expected;
}

}  // namespace

void add_why(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "why", "say why an item met its fate or a check is broken, each cause with a run that proves it");
  options->scenario.add_to(*command, true);
  command->add_option("ITEM|CHECK", options->about, "an item, as 'application 467991301', or a check's name")
      ->required()
      ->expected(1, 2)
      ->type_name("");
  command->add_option("--runs-max", options->runs_max, "after so many runs no further pair or set is tried")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--all", options->all, "every cause, however many lines");
  command->add_flag("--json", options->json, "the causes as JSON");
  command->footer(
      "Examples:\n  premortem why scenarios/incidents/nav-brut-cutover.jsonc in-time\n"
      "  premortem why scenarios/incidents/nav-brut-cutover.jsonc application 467991431\n"
      "  premortem why incident.jsonc 'export 1' --strategy retry-3x1s --all\n"
      "Exit codes: 0 answered, 2 invalid input, 4 internal error, 130 stopped by Ctrl-C, with what was found by then");
  command->callback([options, &code] { code = why(*options); });
}

}  // namespace premortem::cli
