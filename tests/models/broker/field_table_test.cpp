#include "sim/models/broker/field_table.hpp"

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

FieldTable sample() {
  TableValue tiny = integer_field("tiny", -5), part = text_field("bytes", "xyz"), real;
  tiny.type = 'b';
  part.type = 'x';
  real.name = "real";
  real.type = 'd';
  real.number = 0.5;
  return {text_field("text", "value"),
          tiny,
          real,
          part,
          bool_field("yes", true),
          time_field("when", 7),
          array_field("list", {integer_field("", 1), text_field("", "two")}),
          table_field("inner", {integer_field("deep", 300)})};
}

std::string nested(int depth) {
  std::string table;
  for (int level = 0; level < depth; ++level)
    table = encode_table({table_field("t", decode_table(table).value_or(FieldTable{}))});
  return table;
}

}  // namespace

TEST_CASE("a field table comes back as it was written", "[field_table]") {
  const std::string bytes = encode_table(sample());
  const FieldTable read = decode_table(bytes).value();
  REQUIRE(encode_table(read) == bytes);
  REQUIRE(find_field(read, "tiny")->integer == -5);
  REQUIRE(find_field(find_field(read, "inner")->items, "deep")->integer == 300);
  REQUIRE(find_field(bytes, "list")->items.at(1).text == "two");
  REQUIRE(find_field(read, "absent") == nullptr);
}

TEST_CASE("a field table that is cut anywhere is refused, and nothing is read behind its end", "[field_table]") {
  const std::string bytes = encode_table(sample());
  std::size_t whole = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    whole += decode_table(cut) ? 1 : 0;
    find_field(cut, "inner");
  }
  REQUIRE(whole == 8);  // Between two fields it is a shorter table.
  REQUIRE(!decode_table(std::string("\1a?", 3)));
}

TEST_CASE("field tables nest 32 deep, not deeper", "[field_table]") {
  REQUIRE(decode_table(nested(31)));
  std::string deeper = nested(31);
  for (int level = 0; level < 3; ++level) {
    const auto size = deeper.size();
    deeper = std::string("\1tF") +
             std::string{static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
                         static_cast<char>(size)} +
             deeper;
  }
  REQUIRE(!decode_table(deeper));
}

TEST_CASE("numbers are equal by value, whatever their types", "[field_table]") {
  TableValue byte = integer_field("a", 10);
  byte.type = 'b';
  REQUIRE(same_value(byte, integer_field("a", 10)));
  REQUIRE(!same_value(byte, integer_field("a", 11)));
  REQUIRE(!same_value(byte, text_field("a", "10")));
  REQUIRE(type_name(byte) == "byte");
}
