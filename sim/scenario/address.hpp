#pragma once
// The one address scheme: `exporter.workers`, `timeline[stop-brut].at`, `exporter.does[pick].where`,
// `arena.order.takes`.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

/// Where an address leads: a member of an object, or an item of a list.
struct Place {
  Node* container = nullptr;
  std::string key;        ///< Of a member; empty for an item.
  std::size_t index = 0;  ///< Of an item.
  std::string form;       ///< Vocabulary form of the container; empty: keys are names.
  bool exists = false;

  Node* node() const;
};

/// Follows the address through the file. Nothing, with a message in `error`, when it hits nothing; with
/// `may_be_default`, a key that its form knows but that is not written is a place, too.
std::optional<Place> find_place(Node& root, std::string_view address, bool may_be_default, std::string& error);

/// All addresses of things and written keys, for "did you mean".
std::vector<std::string> all_addresses(const Node& root);

/// For `does[before order]`: the list of steps and the index at which new steps are put.
struct Insertion {
  Node* steps = nullptr;
  std::size_t index = 0;
};
std::optional<Insertion> find_insertion(Node& root, std::string_view address, std::string& error);

}  // namespace premortem
