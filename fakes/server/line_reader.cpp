// Lines out of pieces.

#include "fakes/server/line_reader.hpp"

#include <utility>

namespace premortem::fakes {

void LineReader::add(std::string_view bytes, const std::function<void(std::string_view)>& each) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (rest_.size() + part.size() > line_max) {
      const std::size_t fits = line_max - rest_.size();
      rest_ += part.substr(0, fits);
      bytes.remove_prefix(fits);
      each(std::exchange(rest_, {}));
      continue;
    }
    rest_ += part;
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    std::string line = std::exchange(rest_, {});
    if (line.ends_with('\r')) line.pop_back();
    each(line);
  }
}

void LineReader::finish(const std::function<void(std::string_view)>& each) {
  if (!rest_.empty()) each(std::exchange(rest_, {}));
}

}  // namespace premortem::fakes
