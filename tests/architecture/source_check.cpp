#include "tests/architecture/source_check.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/architecture/rules.hpp"
#include "tests/architecture/source_text.hpp"

namespace premortem::architecture {
namespace {

namespace fs = std::filesystem;

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const Folder* folder_of(std::string_view path) {
  const auto found = std::ranges::find_if(folders(), [&](const Folder& f) { return is_below(path, f.path); });
  return found == folders().end() ? nullptr : &*found;
}

bool is_header(std::string_view file) { return file.ends_with(".hpp") || file.ends_with(".h"); }
bool is_source(std::string_view file) { return is_header(file) || file.ends_with(".cpp") || file.ends_with(".cc"); }

bool is_exempt(std::string_view file, std::string_view what) {
  return std::ranges::any_of(exemptions(), [&](const Exemption& e) { return e.file == file && e.what == what; });
}

/// "<ctime>" bans the header ctime only; "<spdlog/" bans every header below.
bool begins_include(std::string_view included, std::string_view what) {
  return included == what || (included.starts_with(what) &&
                              (what.ends_with('/') || included[what.size()] == '/' || included[what.size()] == '.'));
}

bool is_broken(const Ban& ban, const CodeLine& line) {
  switch (ban.kind) {
    case Ban::Kind::include:
      return line.included && begins_include(*line.included, ban.what);
    case Ban::Kind::word:
      return !line.included && contains_word(line.code, ban.what);
    case Ban::Kind::call:
      return !line.included && contains_call(line.code, ban.what);
  }
  throw std::logic_error("a ban without a kind");
}

bool applies(const Ban& ban, std::string_view file, const Folder& folder) {
  if (ban.scope == Scope::simulation) return is_simulation(folder.path);
  return is_header(file) && folder.path != "tests" && folder.path != "bench";
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string all;
  for (const std::string_view name : names) (all += all.empty() ? "" : ", ") += name;
  return all.empty() ? "nothing" : all;
}

/// What is wrong with including `included` from a file of `from`; empty if nothing is.
std::string include_problem(const Folder& from, const std::string& included, bool is_quoted) {
  const Folder* to = folder_of(included);
  if (to == nullptr) {
    return is_quoted ? "\"" + included + "\" is not a path from the root; write \"" + std::string{from.path} + "/...\""
                     : "";
  }
  const bool allowed = to == &from || std::ranges::any_of(from.may_include, [&](std::string_view name) {
                         return name == "*" || name == to->path;
                       });
  if (allowed) return "";
  return std::string{from.path} + " must not include " + std::string{to->path} + "; it may include " +
         joined(from.may_include) + ", so move what both need down to one of these, or this code up";
}

std::string text_of(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>{stream}, {}};
}

void check_file(const fs::path& path, const std::string& file, Report& report) {
  const Folder* folder = folder_of(file);
  if (folder == nullptr) return;  // check_folders has complained about the folder.
  ++report.files;
  const std::string text = text_of(path);
  auto complain = [&](int line, const std::string& problem) {
    report.problems.push_back(file + ":" + std::to_string(line) + ": error: " + problem);
  };
  for (const CodeLine& line : code_lines(text)) {
    if (line.included) {
      const bool is_quoted = line.code.find('"') != std::string::npos;
      if (const auto problem = include_problem(*folder, *line.included, is_quoted); !problem.empty())
        complain(line.number, problem);
    }
    for (const Ban& ban : bans()) {
      if (!applies(ban, file, *folder) || !is_broken(ban, line) || is_exempt(file, ban.what)) continue;
      complain(line.number, "\"" + std::string{ban.what} + "\" must not stand in " + std::string{folder->path} + "; " +
                                std::string{ban.instead});
    }
    if (is_simulation(folder->path) && orders_by_address(line.code))
      complain(line.number, "a container ordered by address must not stand in " + std::string{folder->path} +
                                "; use ids as keys: addresses differ from run to run");
  }
  if (is_header(file) && text.find("#pragma once") == std::string::npos)
    complain(1, "a header without its guard; begin it with #pragma once");
}

/// Folders at the root, and below those folders whose parts stand in the table, must be known.
void check_folders(const fs::path& root, Report& report) {
  auto is_known = [](const std::string& name) {
    return std::ranges::count(folders_without_code(), name) > 0 ||
           std::ranges::any_of(folders(), [&](const Folder& f) { return f.path == name || is_below(f.path, name); });
  };
  auto complain = [&](const std::string& folder, const std::string& known) {
    report.problems.push_back(folder + ":1: error: the house has no folder " + folder + "; put its files into " +
                              known + ", or add it to tests/architecture/rules.cpp and ARCHITECTURE.md");
  };
  for (const auto& entry : fs::directory_iterator{root}) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name.starts_with('.')) continue;
    if (!is_known(name)) complain(name, "sim, fakes, reports, cli, scenarios, tests, bench or docs");
    if (name != "sim" && name != "fakes") continue;
    for (const auto& part : fs::directory_iterator{entry.path()}) {
      const std::string path = name + "/" + part.path().filename().string();
      if (part.is_directory() && !is_known(path)) complain(path, "a folder that " + name + " has");
    }
  }
}

}  // namespace

Report check_tree(const fs::path& root) {
  Report report;
  check_folders(root, report);
  std::vector<std::string> files;
  for (auto it = fs::recursive_directory_iterator{root}; it != fs::recursive_directory_iterator{}; ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory() && (name == "node_modules" || name.starts_with('.') || (it.depth() == 0 && name == "build")))
      it.disable_recursion_pending();
    else if (it->is_regular_file() && is_source(name))
      files.push_back(fs::relative(it->path(), root).generic_string());
  }
  std::ranges::sort(files);
  for (const std::string& file : files) check_file(root / file, file, report);
  return report;
}

}  // namespace premortem::architecture
