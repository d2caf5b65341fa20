#include "sim/models/query/stage_accumulator.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/double_arithmetic.hpp"

namespace premortem::query::expressing {

namespace {

// MongoDB's, for one accumulator.
constexpr std::size_t accumulator_bytes_max = 100 * 1024 * 1024;

struct SumAccumulator final : Accumulator {
  explicit SumAccumulator(bool gives_average) : average(gives_average) {}
  void add(const Value& value) override {
    if (!value.is_number()) return;
    sum.add(value);
    ++count;
  }
  Value result() const override {
    if (!average) return sum.total();
    return count == 0 ? Value::null() : sum.average(count);
  }
  const bool average;
  bson::Summation sum;
  std::int64_t count = 0;
};

struct ExtremeAccumulator final : Accumulator {
  explicit ExtremeAccumulator(bool takes_greatest) : greatest(takes_greatest) {}
  void add(const Value& value) override {
    if (value.is_nullish()) return;
    if (extreme.is_missing() || (bson::compare(value, extreme) > 0) == greatest) {
      if (!extreme.is_missing() && bson::equal(value, extreme)) return;
      if (!extreme.is_missing()) drop(weigh(extreme));
      keep(weigh(value));
      extreme = value;
    }
  }
  Value result() const override { return extreme.is_missing() ? Value::null() : extreme; }
  const bool greatest;
  Value extreme;
};

struct EndAccumulator final : Accumulator {
  explicit EndAccumulator(bool takes_last) : last(takes_last) {}
  void add(const Value& value) override {
    if (!last && any) return;
    if (any) drop(weigh(end));
    keep(weigh(value));
    end = value;
    any = true;
  }
  Value result() const override { return end; }
  const bool last;
  bool any = false;
  Value end;
};

struct PushAccumulator final : Accumulator {
  explicit PushAccumulator(bool as_set) : set(as_set) {}
  void add(const Value& value) override {
    if (value.is_missing()) return;
    if (set) {
      std::string key = bson::key_string(value);
      const std::size_t size = key.size() + sizeof(std::string);
      if (!known.insert(std::move(key)).second) return;
      keep(size);
    }
    keep(weigh(value));
    list.push_back(value);
  }
  Value result() const override { return list; }
  const bool set;
  std::set<std::string> known;
  Value list = Value::array();
};

struct MergeAccumulator final : Accumulator {
  void add(const Value& value) override {
    if (value.is_nullish()) return;
    if (!value.is_document())
      fail(40400, "$mergeObjects requires object inputs, but input " + bson::to_shell(value) + " is of type " +
                      type_of(value));
    for (const bson::Field& field : value.fields()) {
      const auto [place, is_new] = places.try_emplace(field.name, merged.fields().size());
      if (is_new) {
        keep(weigh(field.value) + 2 * (field.name.size() + sizeof(std::string)));
        merged.append(field.name, field.value);
      } else {
        Value& old = merged.fields()[place->second].value;
        drop(weigh(old));
        keep(weigh(field.value));
        old = field.value;
      }
    }
  }
  Value result() const override { return merged; }
  Value merged = Value::document();
  std::map<std::string, std::size_t> places;
};

/// Source: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3),
/// 1962.
struct DeviationAccumulator final : Accumulator {
  explicit DeviationAccumulator(bool of_sample) : sample(of_sample) {}
  void add(const Value& value) override {
    if (!value.is_number()) return;
    const double number = bson::to_double(value);
    ++count;
    const double before = number - mean;
    mean = mean + before / static_cast<double>(count);
    const double after = number - mean;
    const double more = before * after;
    squares = squares + more;
  }
  Value result() const override {
    const std::int64_t divisor = sample ? count - 1 : count;
    if (divisor <= 0) return Value::null();
    return Value::number(bson::square_root_of(squares / static_cast<double>(divisor)));
  }
  const bool sample;
  std::int64_t count = 0;
  double mean = 0, squares = 0;
};

struct EndsAccumulator final : Accumulator {
  EndsAccumulator(bool takes_last, std::int64_t count) : last(takes_last), most(static_cast<std::size_t>(count)) {}
  void add(const Value& value) override {
    if (!last && list.size() >= most) return;
    list.push_back(value.is_missing() ? Value::null() : value);
    if (list.size() > most) {
      drop(weigh(list.front()));
      list.pop_front();
    }
    keep(weigh(value));
  }
  Value result() const override { return Value::array({list.begin(), list.end()}); }
  const bool last;
  const std::size_t most;
  std::deque<Value> list;
};

/// Of equal values the first come first, and stay.
struct ExtremesAccumulator final : Accumulator {
  struct Before {
    bool greatest;
    bool operator()(const Value& left, const Value& right) const {
      return greatest ? bson::compare(left, right) > 0 : bson::compare(left, right) < 0;
    }
  };
  ExtremesAccumulator(bool takes_greatest, std::int64_t count)
      : most(static_cast<std::size_t>(count)), sorted(Before{takes_greatest}) {}
  void add(const Value& value) override {
    if (value.is_nullish()) return;
    if (sorted.size() >= most && !sorted.key_comp()(value, *sorted.rbegin())) return;
    sorted.insert(value);
    if (sorted.size() > most) {
      drop(weigh(*sorted.rbegin()));
      sorted.erase(std::prev(sorted.end()));
    }
    keep(weigh(value));
  }
  Value result() const override { return Value::array({sorted.begin(), sorted.end()}); }
  const std::size_t most;
  std::multiset<Value, Before> sorted;
};

/// Of $top, $bottom, $topN, $bottomN.
struct TopAccumulator final : Accumulator {
  TopAccumulator(const Sort& order, bool takes_bottom, std::int64_t count, bool gives_list)
      : sort(order), bottom(takes_bottom), most(static_cast<std::size_t>(count)), as_list(gives_list) {}
  void add(const Value& value) override {
    const Value& output = value["output"];
    const auto made = sorted.emplace(sort.key(value["by"]), output.is_missing() ? Value::null() : output);
    const std::size_t more = bytes_of(made);
    if (sorted.size() > most) {
      const auto gone = bottom ? sorted.begin() : std::prev(sorted.end());
      if (gone == made) return void(sorted.erase(gone));
      drop(bytes_of(gone));
      sorted.erase(gone);
    }
    keep(more);
  }
  Value result() const override {
    Value list = Value::array();
    for (const auto& [key, output] : sorted) list.push_back(output);
    return as_list ? list : list.elements().at(0);
  }
  const Sort sort;
  const bool bottom;
  const std::size_t most;
  const bool as_list;
  std::multimap<std::string, Value> sorted;

 private:
  static std::size_t bytes_of(std::multimap<std::string, Value>::const_iterator entry) {
    return entry->first.size() + sizeof(std::string) + weigh(entry->second);
  }
};

bool is_of_several(const std::string& name) {
  return name == "$firstN" || name == "$lastN" || name == "$minN" || name == "$maxN";
}
bool is_of_order(const std::string& name) {
  return name == "$top" || name == "$bottom" || name == "$topN" || name == "$bottomN";
}

const Value& part_of(const std::string& name, const Value& operand, const std::string& part, int code) {
  const Value* found = operand.find(part);
  if (found == nullptr) fail(code, "Missing value for '" + part + "'");
  (void)name;
  return *found;
}

void check_parts(const std::string& name, const Value& operand, const std::vector<std::string_view>& parts, int code) {
  if (!operand.is_document())
    fail(code, "specification must be an object; found " + bson::to_shell(bson::doc({{name, operand}})));
  for (const bson::Field& field : operand.fields()) {
    if (std::find(parts.begin(), parts.end(), field.name) == parts.end())
      fail(code + 1, "Unknown argument to " + name + " '" + field.name + "'");
  }
}

Value input_of_order(const std::string& name, const Value& operand) {
  Value by = Value::document();
  const Sort sort = Sort::parse(part_of(name, operand, "sortBy", 5788005));
  for (const Sort::Part& part : sort.parts()) {
    const std::string outer = part.path.substr(0, part.path.find('.'));
    by.set(outer, Value::string("$" + outer));
  }
  return bson::doc({{"output", part_of(name, operand, "output", 5788004)}, {"by", by}});
}

}  // namespace

void Accumulator::keep(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > accumulator_bytes_max)
    fail(code::memory_limit,
         "Exceeded memory limit of " + std::to_string(accumulator_bytes_max) + " bytes for an accumulator");
}

std::unique_ptr<Accumulator> make_accumulator(std::string_view name) {
  if (name == "$sum" || name == "$avg") return std::make_unique<SumAccumulator>(name == "$avg");
  if (name == "$min" || name == "$max") return std::make_unique<ExtremeAccumulator>(name == "$max");
  if (name == "$first" || name == "$last") return std::make_unique<EndAccumulator>(name == "$last");
  if (name == "$push" || name == "$addToSet") return std::make_unique<PushAccumulator>(name == "$addToSet");
  if (name == "$mergeObjects") return std::make_unique<MergeAccumulator>();
  if (name == "$stdDevPop" || name == "$stdDevSamp")
    return std::make_unique<DeviationAccumulator>(name == "$stdDevSamp");
  return nullptr;
}

std::unique_ptr<Accumulator> make_accumulator_of_several(std::string_view name, std::int64_t count) {
  if (name == "$firstN" || name == "$lastN") return std::make_unique<EndsAccumulator>(name == "$lastN", count);
  if (name == "$minN" || name == "$maxN") return std::make_unique<ExtremesAccumulator>(name == "$maxN", count);
  return nullptr;
}

std::int64_t read_count(std::string_view, const Value& value) {
  if (!value.is_number()) fail(5787902, "Value for 'n' must be of integral type, but found " + bson::to_shell(value));
  const std::optional<std::int64_t> whole = value.integral();
  if (!whole) fail(5787903, "Value for 'n' must be of integral type, but found " + bson::to_shell(value));
  if (*whole <= 0) fail(5787908, "'n' must be greater than 0, found " + std::to_string(*whole));
  return *whole;
}

AccumulatorSpecification AccumulatorSpecification::parse(const bson::Field& field, const Context& context,
                                                         std::uint64_t& draws) {
  AccumulatorSpecification parsed;
  parsed.field_ = field.name;
  if (field.name.find('.') != std::string::npos) fail(40235, "The field name '" + field.name + "' cannot contain '.'");
  if (field.name.starts_with('$')) fail(40236, "The field name '" + field.name + "' cannot be an operator name");
  if (!field.value.is_document()) fail(40234, "The field '" + field.name + "' must be an accumulator object");
  if (field.value.fields().size() != 1) fail(40238, "The field '" + field.name + "' must specify one accumulator");
  const std::string name = field.value.fields()[0].name;
  const Value& operand = field.value.fields()[0].value;
  parsed.name_ = name;
  Value input = operand;
  if (name == "$count") {
    if (!operand.is_document() || !operand.fields().empty())
      fail(code::type_mismatch, "$count takes no arguments, i.e. $count:{}");
    parsed.name_ = "$sum";
    input = Value::int32(1);
  } else if (is_of_several(name)) {
    check_parts(name, operand, {"n", "input"}, 5787900);
    input = part_of(name, operand, "input", 5787907);
    parsed.count_ = AggregateExpression::parse(part_of(name, operand, "n", 5787906), context, {}, &draws);
  } else if (is_of_order(name)) {
    const bool has_count = name.ends_with('N');
    check_parts(name, operand,
                has_count ? std::vector<std::string_view>{"n", "output", "sortBy"}
                          : std::vector<std::string_view>{"output", "sortBy"},
                5788001);
    input = input_of_order(name, operand);
    parsed.sort_ = Sort::parse(operand["sortBy"]);
    if (has_count)
      parsed.count_ = AggregateExpression::parse(part_of(name, operand, "n", 5788003), context, {}, &draws);
  } else if (name == "$accumulator" || name == "$median" || name == "$percentile") {
    fail(code::command_not_supported, name + " is not supported");
  } else if (make_accumulator(name) == nullptr) {
    fail(15952, "unknown group operator '" + name + "'");
  } else if (operand.is_array()) {
    fail(40237, "The " + name + " accumulator is a unary operator");
  }
  parsed.input_ = AggregateExpression::parse(input, context, {}, &draws);
  return parsed;
}

std::unique_ptr<Accumulator> AccumulatorSpecification::start(const Value& group_id) const {
  std::int64_t count = 1;
  const bool has_count = name_.ends_with('N');
  if (has_count) {
    const Value group = group_id.is_document() ? group_id : bson::doc({{"_id", group_id}});
    count = read_count(name_, count_.evaluate(group));
  }
  if (is_of_order(name_))
    return std::make_unique<TopAccumulator>(sort_, name_.starts_with("$bottom"), count, has_count);
  if (has_count) return make_accumulator_of_several(name_, count);
  return make_accumulator(name_);
}

}  // namespace premortem::query::expressing
