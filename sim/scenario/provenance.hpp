#pragma once
// Where each step of the timeline comes from: a source, the author's model, or an assumption.

#include <string>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

struct Provenance {
  enum class Kind : std::uint8_t {
    source,    ///< Its `source` says where it is written.
    modelled,  ///< It stands in the file and cites nothing.
    assumed    ///< A strategy, an assumption or a change by hand brought or changed it, or `assumed` doubts it.
  };
  Kind kind = Kind::modelled;
  std::string text;       ///< "N1: github.com/...", several by "; "; what changed it; why it is assumed; or "".
  std::string believing;  ///< What people believed then; or "".
};

/// "from source", "modelled", "assumed"
std::string_view name_of(Provenance::Kind kind);

/// One for each entry of the timeline of `effective`. `base` is the file as written; `changed_by` names what made
/// `effective` of it: "strategy one-more-batch".
std::vector<Provenance> provenance_of_steps(const Node& base, const Node& effective, const std::string& changed_by);

}  // namespace premortem
