#include "sim/explore/record_identity.hpp"

#include <map>

#include "sim/kernel/random.hpp"

namespace premortem {

namespace {

std::uint64_t named(const std::vector<std::string>& names, std::uint64_t number) {
  return number < names.size() ? hash_name(names[number]) : number;
}

class Identifier {
 public:
  explicit Identifier(const RecordedRun& run) : run_(run), model_(*run.scenario->model) {}

  std::vector<RecordIdentity> all() {
    std::vector<RecordIdentity> identities;
    identities.reserve(run_.records.size());
    for (std::uint32_t number = 0; number < run_.records.size(); ++number) {
      const Record& record = run_.records[number];
      const bool caused = record.cause < number;
      std::uint64_t key = combine(record.kind, by_system(record) ? system(record) : 0);
      if (const std::uint64_t about = whom(record); about != 0) {
        key = combine(key, about);
      } else if (caused) {
        key = combine(key, identities[record.cause].key);
      }
      key = combine(key, among(record));
      identities.push_back({combine(key, seen_[key]++), says(record)});
    }
    return identities;
  }

 private:
  static RecordKind kind(const Record& record) { return static_cast<RecordKind>(record.kind); }
  /// An item arrives once, wherever.
  static bool by_system(const Record& record) {
    return kind(record) != RecordKind::arrived && form_of(kind(record)).who_is_system;
  }
  std::uint64_t system(const Record& record) const { return named(run_.names.systems, record.who); }
  std::uint64_t item(std::uint64_t number) const {
    if (number >= run_.trial.items.size()) return 0;
    const JudgedItem& judged = run_.trial.items[number];
    return combine(hash_name(run_.names.kinds[judged.kind].name), static_cast<std::uint64_t>(judged.id));
  }

  /// Whom it is about, by name; 0: nobody in particular.
  std::uint64_t whom(const Record& record) const {
    switch (form_of(kind(record)).a) {
      case Operand::item:
        return item(record.a);
      case Operand::step:
        return named(run_.names.steps, record.a);
      case Operand::text:
        return named(run_.names.texts, record.a);
      case Operand::instant:
        return combine(record.a, 1);
      case Operand::expression:
        return named(run_.names.expressions, record.a);
      default:
        if (kind(record) == RecordKind::observed)
          return combine(named(run_.names.checks, record.b >> 32), item(record.b & 0xFFFFFFFF));
        return 0;
    }
  }

  /// Which of several records about the same.
  std::uint64_t among(const Record& record) const {
    switch (kind(record)) {
      case RecordKind::field:
        return record.who;
      case RecordKind::member:
        return named(run_.names.checks, record.b);
      case RecordKind::set:
        return named(run_.names.settings, record.a);
      case RecordKind::committed_offset:
        return record.a;
      case RecordKind::due:
      case RecordKind::inserted:
      case RecordKind::updated:
      case RecordKind::removed:
        return record.b;  // Which instance; or which collection: they are numbered in the order of the file.
      default:
        return 0;
    }
  }

  std::uint64_t value(Type type, std::uint64_t word) const {
    return type.base == BaseType::text ? named(run_.names.texts, word) : word;
  }

  std::uint64_t says(const Record& record) const {
    const HistoryNames& names = run_.names;
    switch (kind(record)) {
      case RecordKind::field: {
        const std::vector<FieldSpec>& fields = model_.items[run_.trial.items[record.a].kind].fields;
        return value(fields[record.who].type, record.b);
      }
      case RecordKind::set: {
        const SettingSpec& setting = model_.settings[record.a];  // Numbers of other tables are no values.
        return setting.kind == SettingSpec::Kind::scalar ? value(setting.type, record.b) : 0;
      }
      case RecordKind::changed:  // Only texts are watched.
        return combine(named(names.texts, record.a >> 32), named(names.texts, record.a & 0xFFFFFFFF));
      case RecordKind::arrived:
        return system(record);
      case RecordKind::finished:
      case RecordKind::marked:
        return named(names.texts, record.b);
      case RecordKind::failed:
        return named(names.errors, record.b);
      case RecordKind::given_up:
        return combine(named(names.errors, record.b >> 8), record.b & 0xFF);
      case RecordKind::called:
      case RecordKind::replied:
        return named(names.operations, record.b);
      case RecordKind::published:
        return named(names.systems, record.b);
      case RecordKind::fault_applied:
        return named(names.faults, record.b);
      case RecordKind::asked:
        return combine(record.a & 0xFFFF, record.b);
      case RecordKind::observed:
      case RecordKind::ended:
        return record.a;
      case RecordKind::remained:
      case RecordKind::dead_lettered:
      case RecordKind::delivered:
      case RecordKind::dropped:
      case RecordKind::retried:
      case RecordKind::step_skipped:
      case RecordKind::transaction_ended:
      case RecordKind::run_ended:
      case RecordKind::run_skipped:
      case RecordKind::expression_failed:
        return record.b;
      default:
        return 0;  // Offsets, documents and instructions are places; a seed is no difference in itself.
    }
  }

  const RecordedRun& run_;
  const Model& model_;
  std::map<std::uint64_t, std::uint32_t> seen_;  ///< How many records had that key so far.
};

}  // namespace

std::vector<RecordIdentity> record_identities(const RecordedRun& run) { return Identifier(run).all(); }

}  // namespace premortem
