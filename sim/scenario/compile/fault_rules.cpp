// The section `faults`.

#include "sim/scenario/fault_rules.hpp"

#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/compiler.hpp"

namespace premortem {

void Compiler::compile_fault_rules() {
  const Node* rules = root_.find("faults");
  if (rules == nullptr) return;
  class File final : public RuleSurroundings {
   public:
    explicit File(Compiler& compiler) : compiler_(compiler) {}
    std::uint32_t intern(std::string_view text) override { return compiler_.intern(text); }
    std::optional<std::uint32_t> error_named(const Node& name, const std::string&) override {
      compiler_.raised_.insert(name.text);
      return compiler_.error_number(name.text);
    }
    std::optional<std::int64_t> instant(const Node& time, const std::string& address) override {
      // A time without a date means the day on which the story begins, and an offset counts from there.
      const std::int64_t day = compiler_.clock_.zone.date_of(compiler_.clock_.from);
      std::string ignored;
      const auto spec = parse_time(time.text, compiler_.clock_.zone, day, ignored);
      if (spec && spec->kind == TimeSpec::Kind::offset && spec->low == spec->high)
        return nanoseconds_of(compiler_.clock_.from) + spec->low;
      return compiler_.instant(time, address, day);
    }

   private:
    Compiler& compiler_;
  };
  raised_.insert("Refused");  // By `nack`.
  File file(*this);
  for (const Node::Member& member : rules->members)
    model_.fault_rules.push_back(
        read_fault_rule(member.first, member.second, "/faults/" + member.first, file, diagnostics_));
}

}  // namespace premortem
