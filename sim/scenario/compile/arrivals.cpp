// Streams of arrivals: when, how many, and with which fields.

#include <algorithm>
#include <charconv>

#include "sim/kernel/random.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/name_scope.hpp"
#include "sim/scenario/compile/program_builder.hpp"

namespace premortem {

namespace {

/// What a stream may bring: some hundred bytes an item are kept to the end of the run.
constexpr std::int64_t items_max = 2'000'000;

/// The rate over the whole span, in pieces of an hour on the wall.
RateProfile profile_of(std::uint64_t per_hour, const Node* by_hour, const Node* by_weekday, const Zone& zone,
                       std::int64_t from, std::int64_t until) {
  RateProfile profile;
  std::uint64_t hours_sum = 0;
  if (by_hour != nullptr) {
    for (const Node& share : by_hour->items) hours_sum += static_cast<std::uint64_t>(share.integer);
  }
  for (std::int64_t at = from; at < until;) {
    const CivilDateTime civil = zone.to_civil(time_from_nanoseconds(at));
    const std::int64_t hour = civil.nanoseconds / ns_per_hour;
    std::int64_t next = at + ns_per_hour - civil.nanoseconds % ns_per_hour;
    for (const ZoneTransition& transition : zone.transitions()) {
      if (transition.at > at && transition.at < next) next = transition.at;
    }
    unsigned __int128 rate = per_hour;
    if (by_hour != nullptr && hours_sum > 0)
      rate = rate * 24 * static_cast<std::uint64_t>(by_hour->items[static_cast<std::size_t>(hour)].integer) / hours_sum;
    if (by_weekday != nullptr) {
      const auto weekday = static_cast<std::size_t>((weekday_of(civil.date) + 6) % 7);
      rate = rate * static_cast<std::uint64_t>(by_weekday->items[weekday].integer);
    }
    profile.add({at, std::min(next, until), static_cast<std::uint64_t>(rate)});
    at = next;
  }
  return profile;
}

}  // namespace

void Compiler::compile_arrivals() {
  const Node* arrivals = root_.find("arrivals");
  if (arrivals == nullptr) return;
  for (const Node::Member& member : arrivals->members) {
    const Node& node = member.second;
    const std::string address = "/arrivals/" + member.first, name = "arrivals." + member.first;
    const auto kind = item_kind(*node.find("item"), address + "/item");
    const auto into = target(*node.find("into"), address + "/into");
    if (!kind || !into) continue;
    const ItemKind& item = model_.items[*kind];
    std::int64_t from = model_.begins, until = model_.ends;
    if (const Node* begin = node.find("from")) from = instant(*begin, address + "/from", clock_.day).value_or(from);
    if (const Node* end = node.find("until")) until = instant(*end, address + "/until", clock_.day).value_or(until);
    for (const char* key : {"from", "until"}) {
      const std::int64_t bound = key == std::string_view("from") ? from : until;
      if (node.find(key) != nullptr && (bound < model_.begins || bound > model_.ends))
        error(*node.find(key), address + "/" + key, node.find(key)->text + " is not inside the clock's span");
    }
    if (until <= from) error(node, address, "\"until\" is not after \"from\": nothing would arrive; write a later one");
    const Node *rate = node.find("rate"), *count = node.find("count"), *at = node.find("at"),
               *exactly = node.find("exactly");
    if ((rate != nullptr) + (count != nullptr) + (at != nullptr) > 1) {
      error(node, address, "rate, count and at exclude each other; write three streams");
      continue;
    }
    if (rate == nullptr && count == nullptr && at == nullptr && exactly == nullptr) {
      error(node, address, "says how its items arrive nowhere; write \"rate\", \"count\" with \"between\", or \"at\"");
      continue;
    }
    ArrivalSpec base;
    base.kind = *kind;
    base.target = *into;
    base.component = static_cast<std::uint16_t>(model_.components.size());
    ComponentSpec stream_of_arrivals;  // Not a system: it gives the records of arrivals a name of their own.
    stream_of_arrivals.name = name;
    stream_of_arrivals.kind = ComponentKind::arrivals;
    model_.components.push_back(stream_of_arrivals);
    if (rate != nullptr)
      base.profile =
          profile_of(*parse_rate(rate->text), node.find("by-hour"), node.find("by-weekday"), clock_.zone, from, until);
    if (rate != nullptr && base.profile.expected() > items_max)
      error(*rate, address + "/rate",
            "about " + std::to_string(base.profile.expected()) + " items; a stream may bring " +
                std::to_string(items_max) +
                ", so that a run fits into memory: shorten the clock, or scale the rate down");
    const auto window = [&](const Node& of, const std::string& where, const std::string& place) {
      ArrivalWindow made;
      made.count = range_setting(of.find("count"), where + ".count", Unit::count, 0);
      made.purpose = hash_name(where);
      const Distribution& drawn = model_.distributions[model_.settings[made.count].value];
      if (std::max({drawn.low(), drawn.high(), drawn.kind == Distribution::Kind::poisson ? drawn.first / 1000 : 0}) >
          items_max)
        error(
            *of.find("count"), place + "/count",
            "a stream may bring " + std::to_string(items_max) + " items, so that a run fits into memory; write fewer");
      const Node* between = of.find("between");
      if (between == nullptr || between->items.size() != 2) {
        error(of, place, "\"count\" wants \"between\": two times");
        return;
      }
      const auto low = instant(between->items[0], place + "/between", clock_.day),
                 high = instant(between->items[1], place + "/between", clock_.day);
      if (!low || !high) return;
      if (*high <= *low)
        return error(between->items[1], place + "/between",
                     "the window ends before it begins; write the earlier time first");
      if (*low < model_.begins || *high > model_.ends)
        return error(*between, place + "/between", "the window is not inside the clock's span");
      made.from = *low, made.until = *high;
      base.windows.push_back(made);
    };
    if (count != nullptr) window(node, name, address);
    if (exactly != nullptr) {
      for (const Node::Member& one : exactly->members)
        window(one.second, name + ".exactly." + one.first, address + "/exactly/" + one.first);
    }
    if (at != nullptr) {
      const std::vector<Node> times = at->is(Node::Kind::array) ? at->items : std::vector<Node>{*at};
      for (const Node& time : times) {
        const auto fixed = instant(time, address + "/at", clock_.day);
        if (!fixed) continue;
        if (*fixed < model_.begins || *fixed >= model_.ends)
          error(time, address + "/at", time.text + " is not inside the clock's span; it would never arrive");
        base.at.push_back(*fixed);
      }
      if (times.empty())
        error(*at, address + "/at", "no time at all: nothing would arrive; write one, or remove the stream");
      std::sort(base.at.begin(), base.at.end());
    }
    std::vector<std::string> field_names;
    for (const FieldSpec& field : item.fields) field_names.push_back(field.name);
    const auto field_at = [&](const std::string& field, const Node& where) -> std::optional<std::uint16_t> {
      const auto found = std::find(field_names.begin(), field_names.end(), field);
      if (found != field_names.end()) return static_cast<std::uint16_t>(found - field_names.begin());
      error(where, address + "/fields",
            item.name + " has no field \"" + field + "\"" + did_you_mean(field, field_names));
      return std::nullopt;
    };
    if (const Node* fields = node.find("fields")) {
      for (const Node::Member& entry : fields->members) {
        const auto number = field_at(entry.first, entry.second);
        if (!number) continue;
        const Node& value = entry.second;
        const Type type = item.fields[*number].type;
        FieldDraw draw;
        draw.field = *number;
        draw.purpose = hash_name(name + ".fields." + entry.first);
        const std::string place = address + "/fields/" + entry.first, setting_name = name + ".fields." + entry.first;
        if (value.is(Node::Kind::object)) {
          std::vector<std::int64_t> weights;
          for (const Node::Member& share : value.members) {
            weights.push_back(parse_share(share.second.text).value_or(0));
            std::int64_t whole = 0;
            const char *begin = share.first.data(), *end = begin + share.first.size();
            const auto [stop, code] = std::from_chars(begin, end, whole);
            const bool is_number = code == std::errc() && stop == end;
            const bool is_truth = share.first == "true" || share.first == "false";
            if (type == types::text) {
              draw.choices.push_back(intern(share.first));
            } else if (type == types::boolean && is_truth) {
              draw.choices.push_back(word_of(share.first == "true"));
            } else if (type == types::integer && is_number) {
              draw.choices.push_back(word_of(whole));
            } else {
              error(share.second, place,
                    "\"" + entry.first + "\" is " + article_name_of(type) + ", and \"" + share.first +
                        "\" is none; shares weigh texts, whole numbers, true and false");
            }
          }
          draw.kind = FieldDraw::Kind::weighted;
          draw.distribution = setting(setting_name, SettingSpec::Kind::distribution, types::integer,
                                      add_distribution(weighted_distribution(weights)));
        } else if (type == types::text && value.is(Node::Kind::text)) {
          draw.value = intern(value.text);
        } else if (type == types::boolean && value.is(Node::Kind::boolean)) {
          draw.value = word_of(value.boolean);
        } else if (type == types::integer) {
          draw.kind = FieldDraw::Kind::distribution;
          draw.distribution = range_setting(&value, setting_name, Unit::count, 0);
        } else if (type == types::duration) {
          draw.kind = FieldDraw::Kind::distribution;
          draw.distribution = range_setting(&value, setting_name, Unit::duration, 0);
        } else if (type == types::date && value.is(Node::Kind::text) && parse_date(value.text)) {
          draw.value = word_of(*parse_date(value.text));
        } else if (type == types::time && value.is(Node::Kind::text) && value.text.size() > 10 &&
                   value.text[4] == '-') {
          draw.value = word_of(instant(value, place, clock_.day).value_or(0));
        } else if (type == types::date || type == types::time) {  // So long after it arrives.
          draw.kind = FieldDraw::Kind::duration_from_arrival;
          draw.to_date = type == types::date;
          draw.distribution = range_setting(&value, setting_name, Unit::duration, 0);
        } else {
          error(
              value, place,
              "\"" + entry.first + "\" is " + article_name_of(type) + "; this is " + std::string(describe(value.kind)));
          continue;
        }
        base.fields.push_back(draw);
      }
    }
    NameScope empty(*this);
    const std::uint32_t component = component_of(node.find("into")->text.substr(0, node.find("into")->text.find('.')));
    base.target.build = build_for(component_shapes_[component], {}, nullptr, empty, address, *kind);
    NameScope over_item(*this);
    over_item.hand = Hand{0, object_type(component_shapes_[component]), {}, {}, {}};
    base.key = routing_key(node, *into, over_item, address);
    std::vector<std::pair<std::string, std::optional<FieldDraw>>> streams = {{member.first, std::nullopt}};
    if (const Node* per = node.find("one-per")) {
      streams.clear();
      for (const Node::Member& entry : per->members) {
        const auto number = field_at(entry.first, entry.second);
        const auto list = lists_.find(entry.second.text);
        if (list == lists_.end()) {
          std::vector<std::string> names;
          for (const auto& [known, ignored] : lists_) names.push_back(known);
          error(entry.second, address + "/one-per",
                "there is no list \"" + entry.second.text + "\"" + did_you_mean(entry.second.text, names));
        }
        if (!number || list == lists_.end()) continue;
        if (item.fields[*number].type != model_.lists[list->second].element) {
          error(entry.second, address + "/one-per",
                "\"" + entry.first + "\" is " + article_name_of(item.fields[*number].type) +
                    ", the list holds others; " + "write a list of such values");
          continue;
        }
        for (const Word word : model_.lists[list->second].values) {
          FieldDraw fixed;
          fixed.field = *number;
          fixed.value = word;
          const std::string element =
              model_.lists[list->second].element == types::text ? model_.texts[word] : std::to_string(word);
          streams.emplace_back(member.first + "[" + element + "]", fixed);
        }
      }
    }
    for (const auto& [stream, fixed] : streams) {
      ArrivalSpec made = base;
      made.name = stream;
      made.entity = hash_name("arrivals." + stream);
      if (fixed) made.fields.push_back(*fixed);
      ProgramBuilder builder(model_);
      builder.slot(SlotKind::payload);
      builder.slot(SlotKind::scalar);
      builder.slot(SlotKind::list);
      builder.slot(SlotKind::list);
      for (int n = 0; n < 3; ++n) builder.slot(SlotKind::scalar);
      const ProgramCounter entry =
          builder.emit(operation::arrive, 0, 0, static_cast<std::uint32_t>(model_.arrivals.size()));
      made.program = program(builder, entry, "arrivals." + stream, false);
      if (disturbed(node.find("into")->text.substr(0, node.find("into")->text.find('.')))) {
        ProgramBuilder late(model_);
        late.slot(SlotKind::held);
        late.slot(SlotKind::scalar);
        const ProgramCounter begin =
            late.emit(operation::late_arrival, 0, 0, static_cast<std::uint32_t>(model_.arrivals.size()));
        late.emit(operation::end);
        made.late_program = program(late, begin, "arrivals." + stream + ".late", false);
      }
      model_.arrivals.push_back(std::move(made));
    }
  }
}

}  // namespace premortem
