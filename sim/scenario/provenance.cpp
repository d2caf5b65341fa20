#include "sim/scenario/provenance.hpp"

namespace premortem {

namespace {

const Node* entry_named(const Node* timeline, const std::string& id) {
  if (timeline == nullptr) return nullptr;
  for (const Node& entry : timeline->items) {
    const Node* own = entry.find("id");
    if (own != nullptr && own->text == id) return &entry;
  }
  return nullptr;
}

/// "N1, N3" as "N1: where it is written; N3: ..."; a mark that nothing explains stands alone.
std::string cited(const Node& marks, const Node* sources) {
  std::string text;
  std::string_view rest = marks.text;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string mark(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (!mark.empty() && mark.front() == ' ') mark.erase(0, 1);
    while (!mark.empty() && mark.back() == ' ') mark.pop_back();
    const Node* source = sources == nullptr ? nullptr : sources->find(mark);
    text += (text.empty() ? "" : "; ") + mark + (source == nullptr ? "" : ": " + source->text);
  }
  return text;
}

/// Why the author doubts something of this entry; empty: nothing is doubted.
std::string doubt(const Node* assumed, const std::string& id) {
  if (assumed == nullptr) return {};
  const std::string entry = "timeline[" + id + "]";
  for (const Node::Member& one : assumed->members) {
    const bool about = one.first == entry || one.first.starts_with(entry + ".");
    const Node* why = one.second.find("why");
    if (about) return one.first + (why == nullptr ? "" : ": " + why->text);
  }
  return {};
}

}  // namespace

std::string_view name_of(Provenance::Kind kind) {
  return kind == Provenance::Kind::source ? "from source" : kind == Provenance::Kind::modelled ? "modelled" : "assumed";
}

std::vector<Provenance> provenance_of_steps(const Node& base, const Node& effective, const std::string& changed_by) {
  std::vector<Provenance> all;
  const Node* timeline = effective.find("timeline");
  const Node* written = base.find("timeline");
  if (timeline == nullptr) return all;
  for (std::size_t n = 0; n < timeline->items.size(); ++n) {
    const Node& entry = timeline->items[n];
    Provenance one;
    if (const Node* believing = entry.find("believing")) one.believing = believing->text;
    const Node* id = entry.find("id");
    const Node* before = id != nullptr                                     ? entry_named(written, id->text)
                         : written != nullptr && n < written->items.size() ? &written->items[n]
                                                                           : nullptr;
    const bool changed = before == nullptr || before->to_json() != entry.to_json();
    const std::string why = id == nullptr ? "" : doubt(base.find("assumed"), id->text);
    const Node* marks = entry.find("source");
    if (changed && !changed_by.empty()) {
      one.kind = Provenance::Kind::assumed;
      one.text = (before == nullptr ? "brought by " : "changed by ") + changed_by;
    } else if (marks != nullptr) {
      one.kind = Provenance::Kind::source;
      one.text = cited(*marks, base.find("source"));
    } else if (!why.empty()) {
      one.kind = Provenance::Kind::assumed;
      one.text = why;
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace premortem
