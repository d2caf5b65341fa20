#include "sim/models/world.hpp"

#include "sim/kernel/random.hpp"

namespace premortem {

std::uint32_t RunTexts::intern(const std::vector<std::string>& fixed, std::string_view text) {
  for (std::size_t n = 0; n < fixed.size(); ++n) {
    if (fixed[n] == text) return static_cast<std::uint32_t>(n);
  }
  if (own_.size() * 2 >= slots_.size()) {  // Open addressing, only ever looked up: nobody sees its order.
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, 0);
    for (std::size_t n = 0; n < own_.size(); ++n) {
      std::size_t at = hash_name(own_[n]) & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::uint32_t>(n) + 1;
    }
  }
  std::size_t at = hash_name(text) & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (own_[slots_[at] - 1] == text) return static_cast<std::uint32_t>(fixed.size()) + slots_[at] - 1;
  }
  own_.emplace_back(text);
  slots_[at] = static_cast<std::uint32_t>(own_.size());
  return static_cast<std::uint32_t>(fixed.size() + own_.size() - 1);
}

}  // namespace premortem
