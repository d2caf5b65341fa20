#include "sim/history/told_record.hpp"

#include <array>

namespace premortem {

namespace {

/// As Then counts them: what it does with what it has in hand.
constexpr std::array<const char*, 9> instead = {"fails on", "goes on with", "requeues",   "rejects", "discards",
                                                "parks",    "leaves",       "crashes on", "gives up"};

}  // namespace

ToldRecord tell(const HistoryNames& names, const std::vector<std::string>& items, const Record& record) {
  ToldRecord told;
  told.kind = static_cast<RecordKind>(record.kind);
  told.at = record.at;
  told.number = record.b;
  const RecordForm form = form_of(told.kind);
  const auto name = [](const std::vector<std::string>& of, std::uint64_t n) {
    return n < of.size() ? of[n] : std::to_string(n);
  };
  const auto item = [&](std::uint64_t n) { return n < items.size() ? items[n] : std::string(); };
  if (form.who_is_system) told.system = name(names.systems, record.who);
  const auto say = [&](Operand operand, std::uint64_t value) {
    switch (operand) {
      case Operand::item:
        told.item = item(value);
        return;
      case Operand::text:
        told.what = name(names.texts, value);
        return;
      case Operand::step:
        told.what = name(names.steps, value);
        if (value < names.step_sentences.size()) told.also = names.step_sentences[value];
        return;
      case Operand::error:
        told.what = name(names.errors, value);
        if (value < names.error_codes.size() && names.error_codes[value] != 0)
          told.also = std::to_string(names.error_codes[value]);
        return;
      case Operand::given_up:
        told.what = name(names.errors, value >> 8);
        told.also = (value & 0xFF) < instead.size() ? instead[value & 0xFF] : "gives up";
        return;
      case Operand::operation:
        told.what = name(names.operations, value);
        return;
      case Operand::system:
        told.what = name(names.systems, value);
        return;
      case Operand::setting:
        told.what = name(names.settings, value);
        return;
      case Operand::fault:
        told.what = name(names.faults, value);
        return;
      case Operand::check:
        told.what = name(names.checks, value);
        return;
      case Operand::observation:
        told.what = name(names.checks, value >> 32);
        told.item = item(value & 0xFFFFFFFF);
        told.number = record.a;
        return;
      case Operand::expression:
        told.what = name(names.expressions, value);
        return;
      case Operand::instant:
        told.scheduled = static_cast<std::int64_t>(value);
        return;
      case Operand::request:
        told.what = name(names.requests, value & 0xFFFF);
        told.also = "client " + std::to_string(value >> 32);
        return;
      case Operand::nothing:
      case Operand::number:
      case Operand::item_kind:
        return;
    }
  };
  say(form.a, record.a);
  say(form.b, record.b);
  return told;
}

}  // namespace premortem
