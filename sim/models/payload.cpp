#include "sim/models/payload.hpp"

#include <algorithm>

#include "sim/kernel/append.hpp"

namespace premortem {

PayloadId Payloads::create(std::uint16_t shape, ItemId item) {
  PayloadId payload;
  if (!free_.empty()) {
    payload = free_.back();
    free_.pop_back();
    std::fill_n(words(payload), stride_, 0);
  } else {
    payload = static_cast<PayloadId>(heads_.size());
    heads_.emplace_back();
    append(words_, stride_, Word{0});
  }
  heads_[payload] = PayloadHead{1, item, shape, 0, 0, 0, 0};
  return payload;
}

void Payloads::recycle(PayloadId payload) { free_.push_back(payload); }

ListId Lists::create(bool holds_payloads) {
  ListId list;
  if (!free_.empty()) {
    list = free_.back();
    free_.pop_back();
  } else {
    list = static_cast<ListId>(lists_.size());
    lists_.emplace_back();
  }
  lists_[list].references = 1;
  lists_[list].holds_payloads = holds_payloads;
  lists_[list].values.clear();
  return list;
}

void Lists::recycle(ListId list) { free_.push_back(list); }

}  // namespace premortem
