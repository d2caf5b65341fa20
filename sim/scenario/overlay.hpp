#pragma once
// From the file as written to the scenario that runs: alternatives of `assumed`, strategies, and changes by hand.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/civil/zone.hpp"
#include "sim/scenario/node.hpp"
#include "sim/scenario/provenance.hpp"

namespace premortem {

/// What is wanted beside the file.
struct Variant {
  std::string strategy = "as-happened";                     ///< Or several, applied in order: "a+b".
  std::vector<std::pair<std::string, std::string>> assume;  ///< Name or address in `assumed` -> alternative or value.
  std::vector<std::pair<std::string, std::string>> set;     ///< Address -> value, in JSON or bare text.
  /// Name in `remedies` -> civil time at which it is done, "" for the clock's beginning. It becomes the last entry of
  /// the timeline, with the id remedy_id().
  std::vector<std::pair<std::string, std::string>> remedies = {};
  /// Real programs take part: systems that are `external` are left to them.
  bool serving = false;
};

struct EffectiveScenario {
  Node root;
  std::string strategy;
  std::vector<std::string> assumptions;  ///< "reading=flagged-since-batch".
  std::vector<std::string> sets;         ///< "exporter.workers=1", and "remedy run-brut-again=2020-01-28 07:00".
  std::vector<Provenance> provenance;    ///< By entry of the timeline.
  bool serving = false;
  bool strategic =
      false;  ///< A strategy or alternative with own expectations: unlisted checks need only not be broken.
};

/// Reads the file's `uses` into it. `directory` is where the names are looked up.
void merge_uses(Node& root, const std::string& directory, Diagnostics& diagnostics);

/// Every timeline entry gets the date that a time without one means. Before overlays, so that moving one entry moves no
/// other.
void fix_days(Node& root, const Zone& zone, Diagnostics& diagnostics);

/// Base + alternatives + strategy + sets, in this order. Diagnostics name the overlay that does not fit.
std::optional<EffectiveScenario> effective_scenario(const Node& base, const Variant& variant, Diagnostics& diagnostics);

/// The id of the entry that a remedy becomes: "remedy-run-brut-again".
std::string remedy_id(std::string_view name);

/// The names in `strategies`, with "as-happened" first.
std::vector<std::string> strategy_names(const Node& base);
/// The alternatives of a free name in `assumed`; empty for an address.
std::vector<std::string> alternatives_of(const Node& base, std::string_view name);

}  // namespace premortem
