#include "reports/render/why_report.hpp"

#include <nlohmann/json.hpp>

namespace premortem {

namespace {

constexpr std::size_t others_max = 4, pairs_max = 2, steps_max = 4;

/// In single quotes where a shell would not take it as it is.
std::string for_shell(const std::string& word) {
  const bool plain = word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.=/:") ==
                     std::string::npos;
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string options_of(const Proof& proof) {
  std::string options;
  for (const Intervention& change : proof.changes) {
    for (const auto& [name, value] : change.assume) options += " --assume " + for_shell(name + "=" + value);
    for (const auto& [address, value] : change.set) options += " --set " + for_shell(address + "=" + value);
  }
  return options;
}

std::string named(const Intervention& change, const TimeFormat& format) {
  if (change.kind != Intervention::Kind::step) return change.id + " = " + change.change + ", not " + change.stands;
  const std::string at = change.at == INT64_MIN ? "" : format(time_from_nanoseconds(change.at)) + "  ";
  return at + change.id + " " + change.stands;
}

std::string line(const Proof& proof, const TimeFormat& format) {
  std::string text;
  for (const Intervention& change : proof.changes) text += (text.empty() ? "" : " and ") + named(change, format);
  return "  " + text + "; then: " + proof.then.text + "  (" + options_of(proof).substr(1) + ")\n";
}

std::string lines(const std::vector<Proof>& proofs, std::size_t most, const TimeFormat& format) {
  std::string text;
  for (std::size_t n = 0; n < proofs.size() && n < most; ++n) text += line(proofs[n], format);
  if (proofs.size() > most) text += "  and " + std::to_string(proofs.size() - most) + " more; --json has them all\n";
  return text;
}

}  // namespace

std::string why_to_terminal(const Explanation& told, const std::string& command, const TimeFormat& format) {
  const std::string& name = told.subject.name;
  if (told.happened.well) return name + ": " + told.happened.text + ". There is nothing to explain.\n";
  std::string text = name + ": " + told.happened.text;
  if (told.happened.arrived) text += "; it arrived " + format(time_from_nanoseconds(*told.happened.arrived));
  if (told.happened.released_at)
    text += ", and nobody held it from " + format(time_from_nanoseconds(*told.happened.released_at));
  text += ".\n";
  if (told.steps.size() == 1) text += "This step was needed for it. Left out, all else equal:\n";
  if (told.steps.size() > 1)
    text += "These steps were needed for it together. Any one of them left out, all else equal:\n";
  text += lines(told.steps, steps_max, format);
  if (told.steps.empty() && told.pairs.empty()) text += "No single step of the timeline changes this, and no two.\n";
  if (!told.pairs.empty())
    text += "No step alone changes this; each of these pairs left out together does:\n" +
            lines(told.pairs, pairs_max, format);
  if (told.delay) {
    const Intervention& moved = told.delay->changes[0];
    text += "What fixed the length of it: " + named(moved, format) + ". Moved to " + moved.change.substr(3) +
            " with all that follows it; then: " + told.delay->then.text + "\n  (" + options_of(*told.delay).substr(1) +
            ")\n";
  }
  if (!told.others.empty())
    text += "Settings that by themselves would have prevented it:\n" + lines(told.others, others_max, format);
  return text + "Proven by " + std::to_string(told.tried) + " changed runs of the same seed; see one: " + command +
         " OPTIONS\n";
}

std::string why_to_json(const Explanation& told, const std::string& command) {
  using Json = nlohmann::ordered_json;
  const auto proof = [&](const Proof& one) {
    Json changes = Json::array();
    for (const Intervention& change : one.changes)
      changes.push_back({{"id", change.id}, {"stands", change.stands}, {"change", change.change}});
    return Json{{"changes", changes}, {"then", one.then.text}, {"command", command + options_of(one)}};
  };
  const auto all = [&](const std::vector<Proof>& proofs) {
    Json list = Json::array();
    for (const Proof& one : proofs) list.push_back(proof(one));
    return list;
  };
  Json json = {{"subject", told.subject.name},
               {"happened", told.happened.text},
               {"explained", !told.happened.well},
               {"steps", all(told.steps)},
               {"pairs", all(told.pairs)},
               {"settings", all(told.others)},
               {"runs", told.tried}};
  json["delay"] = told.delay ? proof(*told.delay) : Json(nullptr);
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace premortem
