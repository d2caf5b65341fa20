// premortem schema, premortem reference: the language itself, for editors and for people.

#include <iostream>

#include "cli/common.hpp"
#include "reports/render/report_json.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem::cli {

namespace {

int print(const std::string& text, const std::string& path) {
  write_file(path, text);
  return as_expected;
}

}  // namespace

void add_language(CLI::App& app, int& code) {
  auto schema_path = std::make_shared<std::string>("-");
  CLI::App* schema = app.add_subcommand("schema", "print the JSON schema of scenario files, for completion in editors");
  schema->add_option("--output", *schema_path, "write it there instead of to stdout")->type_name("PATH");
  auto of_reports = std::make_shared<bool>(false);
  schema->add_flag("--report", *of_reports, "the schema of what HTML reports are drawn from (report --json) instead");
  schema->footer(
      "Example:\n  premortem schema --output premortem.schema.json\n"
      "and in the scenario: \"$schema\": \"premortem.schema.json\"");
  schema->callback(
      [schema_path, of_reports, &code] { code = print(*of_reports ? report_schema() : schema_json(), *schema_path); });

  auto reference_path = std::make_shared<std::string>("-");
  CLI::App* reference = app.add_subcommand("reference", "print the reference of the scenario language, as Markdown");
  reference->add_option("--output", *reference_path, "write it there instead of to stdout")->type_name("PATH");
  reference->footer("Example:\n  premortem reference | less");
  reference->callback([reference_path, &code] { code = print(reference_markdown(), *reference_path); });
}

}  // namespace premortem::cli
