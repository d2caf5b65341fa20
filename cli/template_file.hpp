#pragma once
// --template: a Markdown file with {{placeholders}}, read and checked before anything runs.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "reports/render/markdown.hpp"

namespace premortem::cli {

/// Which report a template asks for: their placeholders differ.
enum class Report : std::uint8_t { run, comparison };

class MarkdownTemplate {
 public:
  MarkdownTemplate() = default;
  explicit MarkdownTemplate(std::string text) : text_(std::move(text)), given_(true) {}

  explicit operator bool() const { return given_; }
  std::string filled(const std::vector<MarkdownPart>& parts) const;

 private:
  std::string text_;
  bool given_ = false;
};

/// None for an empty path. Throws UsageError with every mistake in it.
MarkdownTemplate read_template(const std::string& path, Report report);

/// --template, which says nothing without --markdown.
void add_template(CLI::App& command, std::string& path, CLI::Option* markdown);

}  // namespace premortem::cli
