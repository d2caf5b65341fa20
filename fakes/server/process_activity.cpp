#include "fakes/server/process_activity.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>

namespace premortem::fakes {

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string text;
  std::getline(in, text);
  return text;
}

/// The state letter and the group, behind the name, which may hold anything.
bool read_stat(const std::string& stat, char& state, int& group) {
  const std::size_t name_ends = stat.rfind(") ");
  if (name_ends == std::string::npos || name_ends + 4 >= stat.size()) return false;
  state = stat[name_ends + 2];
  const std::size_t parent = name_ends + 4, at = stat.find(' ', parent) + 1;
  return std::from_chars(stat.data() + at, stat.data() + stat.size(), group).ec == std::errc();
}

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

GroupActivity group_activity(int group) {
  namespace files = std::filesystem;
  GroupActivity activity;
  std::error_code none;
  for (const files::directory_entry& process : files::directory_iterator("/proc", none)) {
    if (!is_number(process.path().filename().string())) continue;
    char state = 'S';
    int of = 0;
    if (!read_stat(text_of(process.path() / "stat"), state, of) || of != group) continue;
    std::error_code gone;
    for (const files::directory_entry& thread : files::directory_iterator(process.path() / "task", gone)) {
      if (!read_stat(text_of(thread.path() / "stat"), state, of)) continue;
      activity.runs = activity.runs || state == 'R' || state == 'D';
      const std::string times = text_of(thread.path() / "schedstat");  // Run, waited for a processor, slices.
      std::uint64_t run = 0;
      std::from_chars(times.data(), times.data() + times.size(), run);
      activity.processor += run;
    }
  }
  return activity;
}

}  // namespace premortem::fakes
