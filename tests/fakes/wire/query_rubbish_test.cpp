// Rubbish never harms the query language: what fuzzing began with and found, with bytes changed; and updates, filters
// and projections put together by chance from words that mean something.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "sim/models/bson/codec.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"

using namespace premortem;
using namespace premortem::testing;
using bson::Value;

namespace {

std::vector<std::string> query_corpus(const std::string& target) {
  std::vector<std::string> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/fuzz/corpus/" + target))) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    inputs.push_back(text.str());
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

class QueryChance {
 public:
  explicit QueryChance(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t end) { return random_() % end; }

  const char* one_of(std::initializer_list<const char*> words) { return words.begin()[below(words.size())]; }

  std::string path() {
    std::string path = one_of({"a", "b", "_id", "0", "a", "b"});
    for (std::size_t parts = below(3); parts > 0; --parts)
      path +=
          std::string(".") + (below(5) > 0 ? one_of({"a", "b", "0", "1", "3"}) : one_of({"$", "$[]", "$[x]", "$[y]"}));
    return path;
  }

  Value value(int depth = 3) {
    switch (below(depth > 0 ? 10 : 7)) {
      case 0:
        return Value::int32(static_cast<std::int32_t>(below(4)) - 1);
      case 1:
        return Value::int64(below(2) == 0 ? 9223372036854775807 : 1);
      case 2:
        return Value::number(below(2) == 0 ? 1.0 : -2.5);
      case 3:
        return Value::string(one_of({"", "x", "$a", "date"}));
      case 4:
        return Value::null();
      case 5:
        return Value::boolean(below(2) == 0);
      case 6:
        return Value::decimal(0x3040000000000000, below(3));
      case 7: {
        Value array = Value::array();
        for (std::size_t size = below(4); size > 0; --size) array.push_back(value(depth - 1));
        return array;
      }
      default:
        return document(depth - 1, false);
    }
  }

  Value document(int depth, bool is_whole) {
    Value document = Value::document();
    if (is_whole) document.append("_id", Value::int32(1));
    for (std::size_t size = below(4); size > 0; --size) document.set(one_of({"a", "b", "0"}), value(depth));
    return document;
  }

  Value number() {
    Value number = value(0);
    while (!number.is_number()) number = value(0);
    return number;
  }

  Value operand() {
    if (below(2) == 0) return value(2);
    Value clauses = Value::document();
    for (std::size_t size = 1 + below(3); size > 0; --size)
      clauses.set(one_of({"$each", "$slice", "$sort", "$position", "and", "or", "$gt", "$in", "$ne", "$type", "a"}),
                  below(2) == 0 ? number() : value(2));
    return clauses;
  }

  /// Mostly of a kind that the operator takes.
  Value operand_of(const std::string& name) {
    if (below(6) == 0) return operand();
    if (name == "$inc" || name == "$mul") return number();
    if (name == "$pop") return Value::int32(below(2) == 0 ? 1 : -1);
    if (name == "$rename") return Value::string(path());
    if (name == "$currentDate") return Value::boolean(true);
    if (name == "$pullAll") return bson::arr({value(), value()});
    if (name == "$bit") return bson::doc({{one_of({"and", "or", "xor"}), Value::int32(6)}});
    if (name == "$push" || name == "$addToSet") return bson::doc({{"$each", bson::arr({value(), value()})}});
    return value();
  }

  Value update() {
    Value update = Value::document();
    for (std::size_t size = 1 + below(2); size > 0; --size) {
      const std::string name = one_of({"$set", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$setOnInsert",
                                       "$currentDate", "$push", "$pull", "$pullAll", "$addToSet", "$pop", "$bit"});
      Value operands = Value::document();
      for (std::size_t count = 1 + below(2); count > 0; --count) operands.set(path(), operand_of(name));
      update.set(name, operands);
    }
    return update;
  }

  Value filter() {
    Value filter = Value::document();
    for (std::size_t size = below(3); size > 0; --size) {
      Value condition = value(1);
      if (below(2) == 0)
        condition = bson::doc({{one_of({"$gt", "$lte", "$ne", "$in", "$all", "$elemMatch", "$size", "$exists", "$not",
                                        "$mod", "$bitsAnySet"}),
                                value(2)}});
      filter.set(one_of({"a", "b", "a.b", "a.0", "b.a.b"}), condition);
    }
    return filter;
  }

  Value projection() {
    Value projection = Value::document();
    for (std::size_t size = below(3); size > 0; --size) {
      const Value flag = Value::int32(static_cast<std::int32_t>(below(2)));
      const Value special = bson::doc({{one_of({"$slice", "$elemMatch", "$literal", "a"}), value(2)}});
      projection.set(one_of({"a", "b", "a.b", "a.0", "_id", "a.$", "b.a.b"}), below(3) > 0 ? flag : special);
    }
    return projection;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("what fuzzing of updates, filters and pipelines began with goes well, whatever byte is another",
          "[query][fuzz]") {
  QueryChance chance(5);
  const auto run_all = [&](const std::string& target, void (*run)(std::string_view)) {
    const std::vector<std::string> inputs = query_corpus(target);
    REQUIRE(inputs.size() >= 5);
    for (const std::string& input : inputs) {
      run(input);
      for (int round = 0; round < 300; ++round) {
        std::string mutant = input;
        for (std::size_t changes = 1 + chance.below(3); changes > 0; --changes)
          mutant[4 + chance.below(mutant.size() - 4)] = static_cast<char>(chance.below(256));
        run(mutant);
      }
    }
  };
  run_all("mongo_update", fuzz_mongo_update);
  run_all("mongo_filter", fuzz_mongo_filter);
  run_all("mongo_pipeline", fuzz_mongo_pipeline);
}

TEST_CASE("updates, filters and projections put together by chance end without a crash", "[query][fuzz]") {
  QueryChance chance(7);
  for (int round = 0; round < 5000; ++round) {
    const Value document = chance.document(3, true), filter = chance.filter();
    Value input = bson::doc(
        {{"document", document}, {"filter", filter}, {"update", chance.update()}, {"projection", chance.projection()}});
    if (chance.below(2) == 0)
      input.append("arrayFilters",
                   bson::arr({bson::doc({{"x", chance.operand()}}), bson::doc({{"y.a", chance.value()}})}));
    fuzz_mongo_update(bson::encode(input));
    fuzz_mongo_filter(
        bson::encode(bson::doc({{"filter", filter},
                                {"documents", bson::arr({document, chance.document(2, false)})},
                                {"sort", bson::doc({{chance.one_of({"a", "a.b", "b.0"}), Value::int32(1)}})}})));
  }
}
