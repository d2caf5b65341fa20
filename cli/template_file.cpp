#include "cli/template_file.hpp"

#include <fstream>

#include "cli/common.hpp"
#include "reports/query/figures.hpp"
#include "reports/render/markdown_template.hpp"
#include "sim/scenario/diagnostic.hpp"

namespace premortem::cli {

namespace {

/// Far more than any postmortem; what is larger is some other file, or one that never ends.
constexpr std::size_t bytes_max = std::size_t{16} << 20U;
constexpr std::size_t mistakes_max = 20;

/// The parts of a report of nothing: the names are the same for all.
std::vector<MarkdownPart> parts_of(Report report) {
  if (report == Report::run)
    return run_parts(
        {}, [](Time) { return std::string(); }, std::nullopt);
  Comparison nothing;
  nothing.strategies.emplace_back();
  return comparison_parts({nothing}, "");
}

std::vector<std::string> names_of(const std::vector<MarkdownPart>& parts) {
  std::vector<std::string> names;
  names.reserve(parts.size());
  for (const MarkdownPart& part : parts) names.push_back(part.name);
  return names;
}

const MarkdownPart* find(const std::vector<MarkdownPart>& parts, const std::string& name) {
  for (const MarkdownPart& part : parts) {
    if (part.name == name) return &part;
  }
  return nullptr;
}

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(bytes_max + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (!in && !in.eof()))
    throw UsageError("premortem: cannot read the template " + path + "; check the path and its permissions\n");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > bytes_max)
    throw UsageError("premortem: the template " + path + " is larger than 16 MB; is it the right file?\n");
  if (readable_utf8(text) != text || text.find('\0') != std::string::npos)
    throw UsageError("premortem: the template " + path + " is not UTF-8 text; is it the right file?\n");
  return text;
}

/// Says what is wrong with the placeholders of one kind of report.
class Judge {
 public:
  explicit Judge(Report report)
      : parts_(parts_of(report)),
        elsewhere_(parts_of(report == Report::run ? Report::comparison : Report::run)),
        command_(report == Report::run ? "run" : "compare"),
        other_(report == Report::run ? "compare" : "run") {}

  /// "" when nothing is.
  std::string mistake_in(const Placeholder& one) const {
    if (one.name.empty())
      return "this {{ names nothing, or nothing closes it in its line; write {{title}}, or \\{{ for two braces";
    if (const MarkdownPart* part = find(parts_, one.name)) {
      if (part->block && !one.alone)
        return "{{" + one.name + "}} is several lines; write it alone in a line of its own";
      return "";
    }
    if (find(elsewhere_, one.name) != nullptr)
      return "{{" + one.name + "}} is a placeholder of " + other_ + ", not of " + command_;
    return "there is no {{" + visible(one.name) + "}}" + did_you_mean(one.name, names_of(parts_));
  }
  std::string known() const {
    return "premortem: a template of " + command_ + " may hold " + listed(names_of(parts_)) + "\n";
  }

 private:
  std::vector<MarkdownPart> parts_, elsewhere_;
  std::string command_, other_;
};

}  // namespace

std::string MarkdownTemplate::filled(const std::vector<MarkdownPart>& parts) const {
  return fill_template(text_, parts);
}

MarkdownTemplate read_template(const std::string& path, Report report) {
  if (path.empty()) return {};
  const std::string text = read_whole(path);
  std::string mistakes;
  std::size_t count = 0;
  const Judge judge(report);
  for (const Placeholder& one : placeholders_in(text)) {
    const std::string mistake = judge.mistake_in(one);
    if (mistake.empty() || ++count > mistakes_max) continue;
    mistakes += path + ":" + std::to_string(one.line) + ":" + std::to_string(one.column) + ": error: " + mistake + "\n";
  }
  if (count > mistakes_max) mistakes += "premortem: and " + counted(count - mistakes_max, "more mistake") + "\n";
  if (count > 0) throw UsageError(mistakes + judge.known());
  return MarkdownTemplate(text);
}

void add_template(CLI::App& command, std::string& path, CLI::Option* markdown) {
  command
      .add_option("--template", path, "with --markdown: a Markdown file to fill, with placeholders such as {{title}}")
      ->type_name("PATH")
      ->check(CLI::Validator([](const std::string& given) { return given.empty() ? "must not be empty" : ""; }, ""))
      ->needs(markdown);
}

}  // namespace premortem::cli
