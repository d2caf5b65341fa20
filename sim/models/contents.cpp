#include "sim/models/contents.hpp"

namespace premortem {

namespace {
/// Room that a body leaves behind is used again, but not kept for ever by a single large message.
constexpr std::size_t kept_room = 64 * 1024;
}  // namespace

void Contents::put(PayloadId payload, std::string_view properties, std::string_view body) {
  if (of_.size() <= payload) of_.resize(std::size_t{payload} + 1, 0);
  if (of_[payload] == 0) {
    if (free_.empty()) {
      contents_.emplace_back();
      of_[payload] = static_cast<std::uint32_t>(contents_.size());
    } else {
      of_[payload] = free_.back();
      free_.pop_back();
    }
  }
  Content& content = contents_[of_[payload] - 1];
  content.properties.assign(properties);
  content.body.assign(body);
}

void Contents::forget(PayloadId payload) {
  if (payload >= of_.size() || of_[payload] == 0) return;
  Content& content = contents_[of_[payload] - 1];
  content.properties.clear();
  content.body.clear();
  if (content.body.capacity() > kept_room) std::string().swap(content.body);
  free_.push_back(of_[payload]);
  of_[payload] = 0;
}

}  // namespace premortem
