#include "cli/run_outputs.hpp"

#include <iostream>

#include "cli/common.hpp"
#include "cli/report_page.hpp"
#include "reports/render/history_lines.hpp"
#include "reports/render/html_report.hpp"
#include "reports/render/trace.hpp"

namespace premortem::cli {

void RunOutputs::add_to(CLI::App& command) {
  command.add_flag("--json", json_, "the result as JSON on stdout");
  CLI::Option* markdown = command.add_option("--markdown", markdown_, "write the report as Markdown");
  markdown->type_name("PATH");
  add_template(command, template_path_, markdown);
  command.add_option("--junit", junit_, "write the checks as JUnit XML")->type_name("PATH");
  command.add_option("--history", history_path_, "write every record as JSON Lines")->type_name("PATH");
  command.add_option("--trace", trace_, "write a trace that Perfetto or Chrome opens")->type_name("PATH");
  command.add_option("--otlp", otlp_, "write OpenTelemetry spans as OTLP JSON")->type_name("PATH");
  command.add_option("--html", html_, "write the run's story as a page; - is stdout")->type_name("PATH");
  command.add_option("--csv", csv_, "write every table as CSV; - is stdout")->type_name("PATH");
  add_no_github(command, no_github_);
  command.add_option("--store", store_path_, "keep the result in a run store")->type_name("PATH");
}

void RunOutputs::check(const std::string& scenario, const std::vector<std::string>& inputs,
                       std::vector<std::string> others) {
  const std::vector<std::string> reports = {markdown_, junit_, history_path_, trace_, otlp_, csv_, html_};
  for (const std::string& path : reports) check_writable(path);
  check_html(html_);
  std::vector<std::string> outputs = reports;
  outputs.push_back(store_path_);
  outputs.insert(outputs.end(), others.begin(), others.end());
  check_apart(scenario, outputs);
  // What is read is not to be written over either.
  std::vector<std::string> read = inputs;
  read.push_back(template_path_);
  for (const std::string& input : read) {
    if (!input.empty()) check_apart(input, outputs, "what is read");
  }
  elsewhere_ = check_stdout(reports, json_);
  form_ = read_template(template_path_, Report::run);
  github_ = std::make_unique<Github>(no_github_);
}

void RunOutputs::prepare(RunOptions& how) {
  // Before the run: nobody wants to hear of a wrong path after it.
  if (!store_path_.empty()) store_ = std::make_unique<RunStore>(store_path_, program_identity());
  how.story = true;
  how.goals = store_ != nullptr;
  as_markdown_ = !markdown_.empty() || github_->wants_summary();
  if (as_markdown_ || !(history_path_ + trace_ + otlp_ + html_).empty()) how.history = &history_;
  if (!html_.empty()) how.items = &items_;
}

void RunOutputs::write(const CompiledScenario& scenario, const RunResult& result, const Node& root) {
  const TimeFormat format = times_of(scenario);
  std::string markdown;
  if (as_markdown_) {
    const auto item = telling_item(result, names_of(scenario, result), history_.records());
    markdown = form_ ? form_.filled(run_parts(result, format, item)) : run_to_markdown(result, format, item);
  }
  if (!markdown_.empty()) write_file(markdown_, markdown);
  if (!csv_.empty()) write_file(csv_, run_to_csv(result, format));
  if (!junit_.empty()) write_file(junit_, runs_to_junit({result}));
  if (!history_path_.empty()) write_file(history_path_, history_lines(names_of(scenario, result), history_, format));
  const TraceHeading heading{result.title, result.strategy, result.seed, result.digest};
  if (!trace_.empty()) write_file(trace_, history_to_trace(heading, names_of(scenario, result), history_.records()));
  if (!otlp_.empty()) write_file(otlp_, history_to_otlp(heading, names_of(scenario, result), history_.records()));
  if (!html_.empty()) {
    ReportData report = empty_report(result.title);
    report.stories.push_back(story_of(scenario, result, history_, items_));
    write_file(html_, report_to_html(report));
  }
  if (store_) store_->put(result);
  if (!elsewhere_) std::cout << (json_ ? run_to_json(result) : run_to_terminal(result, format));
  github_->annotate(annotations_of(result, root));
  github_->summarize(markdown);
}

}  // namespace premortem::cli
