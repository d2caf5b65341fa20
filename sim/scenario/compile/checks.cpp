// Checks: what the judge is told, and what the World is asked to observe for it.

#include <algorithm>
#include <charconv>

#include "sim/models/errors.hpp"
#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/name_scope.hpp"
#include "sim/scenario/measures.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

std::optional<Fate> fate_named(std::string_view name) {
  for (const Fate fate : fates_in_order) {
    if (name_of(fate) == name) return fate;
  }
  return std::nullopt;
}

bool reads_clock_anywhere(const Expression& expression) {
  if (expression.reads_clock) return true;
  return std::any_of(expression.inner.begin(), expression.inner.end(),
                     [](const Expression& e) { return reads_clock_anywhere(e); });
}

}  // namespace

void Compiler::compile_checks() {
  judge_.begins = model_.begins;
  judge_.ends = model_.ends;
  std::uint32_t number = 0;
  for (const Node::Member& member : root_.find("checks")->members) compile_check(number++, member.first, member.second);
}

void Compiler::compile_measure(const Node& check, const std::string& address, CheckSpec& spec) {
  const Node& named = *check.find("measure");
  const std::optional<MeasureName> measure = measure_named(named.text, judge_.kinds);
  if (!measure) {
    std::vector<std::string> known = measure_names(root_);  // Beside these, any percentile.
    for (const ItemKind& kind : model_.items) known.push_back(kind.name + ".arrived");
    error(named, address + "/measure", "there is no measure \"" + named.text + "\"" + did_you_mean(named.text, known));
    return;
  }
  spec.measure = *measure;
  constexpr std::pair<std::string_view, Bound::Keeps> words[] = {{"below", Bound::Keeps::below},
                                                                 {"above", Bound::Keeps::above},
                                                                 {"at-least", Bound::Keeps::at_least},
                                                                 {"at-most", Bound::Keeps::at_most},
                                                                 {"exactly", Bound::Keeps::exactly}};
  for (const auto& [word, keeps] : words) {
    const Node* written = check.find(word);
    if (written == nullptr) continue;
    Bound bound;
    bound.keeps = keeps;
    const auto length = parse_duration(written->text);
    const auto share = parse_share(written->text);
    const auto rate = parse_rate(written->text);
    bool fits = false;
    if (written->is(Node::Kind::integer)) {
      bound.value = written->integer;
      fits = !measure->is_duration();
    } else if (length) {
      bound.value = length->count();
      fits = measure->is_duration();
    } else if (share) {
      bound.unit = Bound::Unit::share;
      bound.value = *share;
      fits = measure->is_part();
    } else if (rate) {
      bound.unit = Bound::Unit::rate;
      bound.value = static_cast<std::int64_t>(*rate);
      fits = measure->is_part();
    }
    if (!fits) {
      error(*written, address + "/" + std::string(word),
            "\"" + written->text + "\" is no bound of " + named.text + "; write " +
                (measure->is_duration() ? "a duration, \"1 h\""
                 : measure->is_part()   ? "a count, a share as \"99 %\", or a rate as \"60/h\""
                                        : "a count"));
    }
    spec.bounds.push_back(bound);
  }
  if (spec.bounds.empty() || spec.bounds.size() > 2) {
    error(check, address, "a measure wants one bound, or two; write below, above, at-least, at-most or exactly");
  }
}

void Compiler::compile_check(std::uint32_t number, const std::string& name, const Node& check) {
  const std::string address = "/checks/" + name, spoken = "checks." + name;
  std::string message;
  std::string form = form_of_verb(check, "check:", message);
  CheckSpec spec;
  spec.name = name;
  const auto items = [&](std::string_view key) -> bool {
    const auto kind = item_kind(*check.find(key), address + "/" + std::string(key));
    if (!kind) return false;
    spec.kind = *kind;
    return true;
  };
  const auto item_scope = [&](NameScope& scope) {
    scope.element = Element{Element::Kind::item, static_cast<std::uint16_t>(spec.kind), model_.items[spec.kind].name};
  };
  const auto members = [&] {
    const Node* where = check.find("where");
    if (where == nullptr) return unset;
    NameScope scope(*this);
    item_scope(scope);
    const std::uint32_t condition = expression(*where, spoken + ".where", scope, types::boolean);
    model_.members.push_back({number, spec.kind, condition});
    spec.members_only = true;
    return condition;
  };
  const auto limit_of = [&](const Node& within, std::string_view key) -> std::int64_t {
    if (within.text == "due") {
      const std::int64_t due = model_.items[spec.kind].due;
      if (due < 0) {
        error(within, address + "/" + std::string(key),
              "\"" + model_.items[spec.kind].name + "\" has no due; give it one, or write a duration");
      }
      return due;
    }
    const auto limit = parse_duration(within.text);
    if (!limit) {
      error(within, address + "/" + std::string(key),
            "\"" + within.text + "\" is no duration; write \"1 h\", or \"due\"");
    }
    return limit ? limit->count() : 0;
  };
  const auto fates = [&] {
    const Node* ends = check.find("ends");
    if (ends == nullptr) return;
    const std::vector<Node> all = ends->is(Node::Kind::array) ? ends->items : std::vector<Node>{*ends};
    for (const Node& one : all) {
      if (const auto fate = fate_named(one.text)) {
        spec.fates.push_back(*fate);
      } else {
        std::vector<std::string> names;
        names.reserve(fates_in_order.size());
        for (const Fate known : fates_in_order) names.emplace_back(name_of(known));
        error(one, address + "/ends", "there is no fate \"" + one.text + "\"" + did_you_mean(one.text, names));
      }
    }
  };
  ProbeSpec probe;
  probe.check = number;
  const auto watch = [&](ProbeSpec::Kind kind, const Node& text, NameScope& scope, std::string_view key) {
    probe.kind = kind;
    probe.expression = expression(text, spoken + "." + std::string(key), scope, types::boolean);
    const Expression& compiled = model_.expressions[probe.expression];
    probe.reads_clock = reads_clock_anywhere(compiled);
    for_each_load(compiled, [&](const ExpressionOp& op) {
      if (static_cast<Source>(op.source_or_type) == Source::observable) probe.reads_systems = true;
    });
    for (const std::uint16_t set : compiled.sets) {
      if ((set & set_is_collection) != 0) probe.reads_documents = true;
    }
    if (kind != ProbeSpec::Kind::at && probe.reads_clock) probes_read_clock_ = true;
  };
  const auto at_instant = [&](const Node& text, std::string_view key) {
    const auto time = parse_time(text.text, clock_.zone, clock_.day, message);
    if (!time || time->kind == TimeSpec::Kind::offset || time->low != time->high) {
      error(text, address + "/" + std::string(key),
            time ? "must be one instant; write a date and a time, or \"end\"" : message);
      return;
    }
    probe.at = time->kind == TimeSpec::Kind::end ? -1 : time->low;
    if (probe.at >= 0 && probe.at < model_.begins)
      error(text, address + "/" + std::string(key), text.text + " is before the clock begins; write a later time");
    if (probe.at >= model_.ends)
      error(text, address + "/" + std::string(key),
            text.text + " is after the clock's end; write \"end\", or an earlier time");
  };
  NameScope world(*this);
  bool probed = false;
  if (form == "check:every" || form == "check:no") {
    const bool every = form == "check:every";
    if (!items(every ? "every" : "no")) return;
    const std::uint32_t where = members();
    spec.negated = !every;
    fates();
    const Node *within = check.find("finishes-within"), *always = check.find("always"),
               *at_most = check.find("finishes-at-most"), *exactly = check.find("finishes-exactly");
    int demands = spec.fates.empty() ? 0 : 1;
    for (const Node* demand : {within, always, at_most, exactly}) demands += demand == nullptr ? 0 : 1;
    if (demands > 1) {
      error(check, address, "demands two things at once; write two checks");
    }
    if (const Node* by = check.find("within"); by != nullptr && at_most == nullptr && exactly == nullptr) {
      error(*by, address + "/within",
            "\"within\" goes with finishes-at-most and finishes-exactly; write \"finishes-within\"");
    }
    if (every && within != nullptr) {
      spec.form = CheckSpec::Form::finishes_within;
      spec.limit = limit_of(*within, "finishes-within");
    } else if (every && (at_most != nullptr || exactly != nullptr)) {
      spec.form = CheckSpec::Form::finishes_count;
      if (const Node* by = check.find("within")) spec.limit = limit_of(*by, "within");
      spec.finishes_max = static_cast<std::uint64_t>((exactly != nullptr ? exactly : at_most)->integer);
      if (exactly != nullptr) spec.finishes_min = spec.finishes_max;
    } else if (every && always != nullptr) {
      spec.form = CheckSpec::Form::item_always;
      NameScope scope(*this);
      item_scope(scope);
      watch(ProbeSpec::Kind::item_always, *always, scope, "always");
      probe.item_kind = spec.kind;
      probe.where = where;
      probed = true;
    } else if (spec.fates.empty()) {
      error(check, address,
            "says of which items, not what; write \"ends\", \"finishes-within\", \"finishes-exactly\" or \"always\"");
    }
  } else if (form == "check:in-order") {
    if (!items("in-order")) return;
    spec.form = CheckSpec::Form::in_order;
    const auto field = [&](std::string_view key) -> std::int32_t {
      const Node* named = check.find(key);
      if (named == nullptr || (key == "by" && named->text == "id")) return -1;
      std::vector<std::string> names;
      for (std::size_t n = 0; n < model_.items[spec.kind].fields.size(); ++n) {
        names.push_back(model_.items[spec.kind].fields[n].name);
        if (names.back() == named->text) return static_cast<std::int32_t>(n);
      }
      error(*named, address + "/" + std::string(key),
            model_.items[spec.kind].name + " has no field \"" + named->text + "\"" + did_you_mean(named->text, names));
      return 0;
    };
    spec.per = field("per");
    spec.by = field("by");
    if (spec.by >= 0 && check.find("by") != nullptr) {
      const BaseType base = model_.items[spec.kind].fields[static_cast<std::size_t>(spec.by)].type.base;
      if (base == BaseType::text || base == BaseType::boolean || base == BaseType::real) {
        error(*check.find("by"), address + "/by",
              "there is no order by \"" + check.find("by")->text +
                  "\"; name a whole number, a date, a time or a duration, or write \"id\"");
      }
    }
  } else if (form == "check:states") {
    spec.form = CheckSpec::Form::states;
    const Node& named = *check.find("states");
    const std::size_t dot = named.text.rfind('.');
    const CollectionEntry* entry = collection(named.text.substr(0, dot));
    if (entry == nullptr || dot == std::string::npos) {
      error(named, address + "/states",
            "\"" + named.text + "\" names no field of a collection; write store.collection.field" +
                did_you_mean(named.text, world.set_candidates()));
    } else {
      const std::vector<FieldSpec>& fields = model_.shapes[entry->shape].fields;
      const std::string field = named.text.substr(dot + 1);
      const auto found =
          std::find_if(fields.begin(), fields.end(), [&](const FieldSpec& f) { return f.name == field; });
      if (found == fields.end() || !(found->type == types::text)) {
        error(named, address + "/states", entry->name + " has no text field \"" + field + "\"");
      } else {
        spec.watch = static_cast<std::uint32_t>(model_.watches.size());
        model_.watches.push_back(
            {entry->store, entry->collection, static_cast<std::uint16_t>(found - fields.begin() + document_header)});
      }
    }
    const Node* only = check.find("only");
    const std::vector<Node> allowed = only == nullptr               ? std::vector<Node>()
                                      : only->is(Node::Kind::array) ? only->items
                                                                    : std::vector<Node>{*only};
    for (const Node& one : allowed) {
      const std::size_t arrow = one.text.find(" -> ");
      if (arrow == std::string::npos) {
        error(one, address + "/only", "\"" + one.text + "\" is no change; write \"A -> B\"");
        continue;
      }
      spec.allowed.emplace_back(intern(one.text.substr(0, arrow)), intern(one.text.substr(arrow + 4)));
    }
  } else if (form == "check:that") {
    spec.form = CheckSpec::Form::at;
    watch(ProbeSpec::Kind::at, *check.find("that"), world, "that");
    if (const Node* at = check.find("at")) at_instant(*at, "at");
    probed = true;
  } else if (form == "check:eventually") {
    spec.form = CheckSpec::Form::eventually;
    watch(ProbeSpec::Kind::eventually, *check.find("eventually"), world, "eventually");
    if (const Node* by = check.find("by")) at_instant(*by, "by");
    probed = true;
  } else if (form == "check:always" || form == "check:sometimes") {
    const bool always = form == "check:always";
    spec.form = always ? CheckSpec::Form::always : CheckSpec::Form::sometimes;
    watch(always ? ProbeSpec::Kind::always : ProbeSpec::Kind::sometimes, *check.find(always ? "always" : "sometimes"),
          world, always ? "always" : "sometimes");
    probed = true;
  } else if (form == "check:measure") {
    spec.form = CheckSpec::Form::measure;
    compile_measure(check, address, spec);
    if (spec.measure.of_items()) {
      spec.kind = spec.measure.kind;
      members();
    } else if (const Node* where = check.find("where")) {
      error(*where, address + "/where", "this measure is not about items; remove it");
    }
  }
  if (probed) {
    const auto index = static_cast<std::uint32_t>(model_.probes.size());
    if (probe.kind == ProbeSpec::Kind::at && probe.at >= 0) {
      probe.entry = static_cast<ProgramCounter>(model_.code.size());
      model_.code.push_back({operation::observe_check, 0, 0, index});
      model_.code.push_back({operation::end, 0, 0, 0});
    }
    if (probe.kind == ProbeSpec::Kind::eventually && probe.at >= 0) {  // Asked until then, and for the last time then.
      probe.entry = static_cast<ProgramCounter>(model_.code.size());
      model_.code.push_back({operation::observe_check, 0, 0, index});
      model_.code.push_back({operation::end, 0, 0, 0});
    }
    model_.probes.push_back(probe);
  }
  judge_.checks.push_back(spec);
}

void Compiler::compile_expectations() {
  expectations_.assign(judge_.checks.size(), Expectation{});
  for (Expectation& expectation : expectations_) {
    expectation.not_broken = scenario_.strategic;
    if (scenario_.strategic) expectation.text = "not broken";
  }
  const Node* expect = root_.find("expect");
  if (expect == nullptr) return;
  for (const Node::Member& member : expect->members) {
    std::vector<std::string> names;
    std::size_t number = judge_.checks.size();
    for (std::size_t n = 0; n < judge_.checks.size(); ++n) {
      names.push_back(judge_.checks[n].name);
      if (names.back() == member.first) number = n;
    }
    if (number == judge_.checks.size()) {
      diagnostics_.error(member.second.key_at, "/expect",
                         "there is no check \"" + member.first + "\"" + did_you_mean(member.first, names));
      continue;
    }
    Expectation made;
    made.given = true;
    made.text = member.second.text;
    std::string_view text = member.second.text;
    const auto number_of = [](std::string_view digits, std::uint64_t& value) {
      const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return code == std::errc() && end == digits.data() + digits.size();
    };
    bool ok = true;
    if (text == "either") {
      made.any = true;
    } else if (text == "not exercised") {
      made.verdict = CheckVerdict::not_exercised;
    } else if (text == "broken") {
      made.verdict = CheckVerdict::broken;
    } else if (text.starts_with("broken for ")) {
      made.verdict = CheckVerdict::broken;
      text.remove_prefix(11);
      const std::size_t dots = text.find(" .. ");
      if (text.starts_with(">= ")) {
        ok = number_of(text.substr(3), made.count_min);
      } else if (dots != std::string_view::npos) {
        ok = number_of(text.substr(0, dots), made.count_min) && number_of(text.substr(dots + 4), made.count_max);
      } else {
        ok = number_of(text, made.count_min);
        made.count_max = made.count_min;
      }
    } else {
      ok = text == "holds";
    }
    const CheckSpec::Form form = judge_.checks[number].form;
    const bool counts = form == CheckSpec::Form::ends || form == CheckSpec::Form::finishes_within ||
                        form == CheckSpec::Form::finishes_count || form == CheckSpec::Form::in_order ||
                        form == CheckSpec::Form::states || form == CheckSpec::Form::item_always;
    if (ok && made.text.starts_with("broken for ")) {
      const std::string never = !counts               ? "counts nothing; write \"broken\""
                                : made.count_max == 0 ? "is never broken for 0; write \"holds\""
                                : made.count_min > made.count_max
                                    ? "can never be met: the range is empty; write the smaller number first"
                                    : "";
      if (!never.empty()) error(member.second, "/expect/" + member.first, "the check " + never);
    }
    if (!ok) {
      error(member.second, "/expect/" + member.first,
            "\"" + member.second.text +
                "\" is no verdict; write holds, broken, broken for 182, broken for >= 60, broken for 10 .. 20, not "
                "exercised or either");
    }
    expectations_[number] = made;
  }
}

void Compiler::finish_model() {
  // Errors that something names in `on`, and nothing can raise.
  const Node& systems = *root_.find("systems");
  const auto look = [&](const auto& self, const Node& node, const std::string& address) -> void {
    if (node.is(Node::Kind::array)) {
      for (const Node& item : node.items) {
        if (const Node* raise = item.find("raise")) raised_.insert(raise->text);
        self(self, item, address);
      }
      return;
    }
    for (const Node::Member& member : node.members) self(self, member.second, address);
  };
  look(look, systems, "");
  const auto judge_on = [&](const auto& self, const Node& node, const std::string& address) -> void {
    for (const Node& item : node.items) self(self, item, address);
    for (const Node::Member& member : node.members) {
      if (member.first == "on" && member.second.is(Node::Kind::object)) {
        for (const Node::Member& rule : member.second.members) {
          if (rule.first == "any" || raised_.find(rule.first) != raised_.end()) continue;
          const bool standard =
              std::find_if(std::begin(error::standard_names), std::end(error::standard_names),
                           [&](const char* name) { return rule.first == name; }) != std::end(error::standard_names);
          if (standard) {
            notes_.push_back(address.substr(1) + ".on." + rule.first +
                             ": nothing here can fail so; the rule is never used");
            continue;
          }
          std::vector<std::string> names(raised_.begin(), raised_.end());
          names.insert(names.end(), std::begin(error::standard_names), std::end(error::standard_names));
          diagnostics_.error(rule.second.key_at, address + "/on",
                             "nothing here can fail with \"" + rule.first + "\"" + did_you_mean(rule.first, names));
        }
      } else if (member.second.is(Node::Kind::object) || member.second.is(Node::Kind::array)) {
        self(self, member.second, address);
      }
    }
  };
  for (const Node::Member& member : systems.members) judge_on(judge_on, member.second, "/systems/" + member.first);
  model_.broker = std::make_shared<const BrokerSpec>(broker_);
  // Drivers that belong to no program.
  if (model_.clients_component != no_component) {
    model_.clients_entry = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::advance_clients, 0, 0, 0});
  }
  model_.restart_entry = static_cast<ProgramCounter>(model_.code.size());
  model_.code.push_back({operation::restart_component, 0, 0, 0});
  model_.code.push_back({operation::end, 0, 0, 0});
  for (std::uint32_t store = 0; store < model_.stores.size(); ++store) {
    model_.stores[store].reaper = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::reap_transactions, 0, 0, store});
    model_.code.push_back({operation::end, 0, 0, 0});
  }
  for (std::uint32_t queue = 0; queue < model_.queues.size(); ++queue) {
    model_.queues[queue].expires = model_.queues[queue].expires || messages_expire_;
    if (!model_.queues[queue].expires) continue;
    model_.queues[queue].expirer = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::expire_messages, 0, 0, queue});
  }
  for (std::uint32_t store = 0; store < model_.stores.size(); ++store) {
    model_.stores[store].elector = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::elect, 0, 0, store});
    model_.code.push_back({operation::end, 0, 0, 0});
  }
  for (const ItemKind& kind : model_.items) {
    bool watched = kind.held_while_reads_clock &&
                   std::any_of(model_.probes.begin(), model_.probes.end(),
                               [](const ProbeSpec& p) { return p.kind == ProbeSpec::Kind::item_always; });
    probes_read_clock_ = probes_read_clock_ || watched;
  }
  if (probes_read_clock_) {
    model_.poll_entry = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::poll_probes, 0, 0, 0});
  }
  if (model_.expressions.size() > 65535) diagnostics_.error({}, "", "more than 65,535 expressions; split the scenario");
}

}  // namespace premortem
