#include "sim/scenario/measures.hpp"

#include "sim/checks/fate.hpp"

namespace premortem {

std::vector<std::string> measure_names(const Node& root) {
  std::vector<std::string> names = {"detection", "operator-steps"};
  const Node* items = root.find("items");
  if (items == nullptr) return names;
  for (const std::string& kind : items->keys()) {
    for (const Fate fate : fates_in_order) names.push_back(kind + "." + std::string(name_of(fate)));
    for (const char* time : {"p50", "p99", "max"}) names.push_back(kind + ".time-to-done." + time);
  }
  return names;
}

}  // namespace premortem
