#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("$set replaces values where they stand and adds new ones at the end", "[query][update]") {
  CHECK(updated("{_id: 1, a: 1, b: 2}", "{$set: {a: 'x'}}") == "{_id: 1, a: 'x', b: 2}");
  CHECK(updated("{_id: 1, a: 1}", "{$set: {b: {c: [1]}}}") == "{_id: 1, a: 1, b: {c: [1]}}");
  CHECK(updated("{_id: 1, a: {b: 1}}", "{$set: {'a.c': 2}}") == "{_id: 1, a: {b: 1, c: 2}}");
  CHECK(updated("{_id: 1}", "{$set: {}}") == "{_id: 1}");  // Servers of 5.0 and later take it.
}

TEST_CASE("fields that one update adds come in the order of their names, numbers by value", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$set: {z: 1, b: 1}, $inc: {c: 1}}") == "{_id: 1, b: 1, c: 1, z: 1}");
  CHECK(updated("{_id: 1}", "{$set: {'10': 1, '9': 1, a: 1}}") == "{_id: 1, 9: 1, 10: 1, a: 1}");
  CHECK(updated("{_id: 1}", "{$set: {'a.z': 1, 'a.b': 1}}") == "{_id: 1, a: {b: 1, z: 1}}");
  CHECK(updated("{_id: 1}", "{$set: {'all.t': 1, 'all-copy.t': 1}}") == "{_id: 1, all: {t: 1}, 'all-copy': {t: 1}}");
}

TEST_CASE("MONGO-007: an update that changes nothing gives the identical document, another type is a change",
          "[query][update]") {
  const bson::Value before = json("{_id: 1, n: 5, list: [1]}");
  const auto changes = [&](std::string_view update) {
    return !parse_update(update).apply(before, {}).identical(before);
  };
  CHECK_FALSE(changes("{$set: {n: 5}}"));
  CHECK_FALSE(changes("{$inc: {n: 0}}"));
  CHECK_FALSE(changes("{$mul: {n: 1}}"));
  CHECK_FALSE(changes("{$unset: {gone: 1}}"));
  CHECK_FALSE(changes("{$addToSet: {list: 1}}"));
  CHECK_FALSE(changes("{$min: {n: 5.0}}"));
  CHECK_FALSE(changes("{_id: 1, n: 5, list: [1]}"));
  CHECK(changes("{$set: {n: 5.0}}"));
  CHECK(changes("{$set: {n: {$numberLong: '5'}}}"));
  CHECK(changes("{$inc: {n: 0.0}}"));
  CHECK(changes("{_id: 1, list: [1], n: 5}"));
}

TEST_CASE("MONGO-020: an update does not look at the fields that it does not write", "[query][update]") {
  // Both writers have seen balance 10; whoever sets last wins, and neither is told.
  const bson::Value seen = json("{_id: 1, balance: 10}");
  const bson::Value first = parse_update("{$set: {balance: 15}}").apply(seen, {});
  CHECK(text(parse_update("{$set: {balance: 12}}").apply(first, {})) == "{_id: 1, balance: 12}");
  CHECK(text(parse_update("{$inc: {balance: 2}}").apply(first, {})) == "{_id: 1, balance: 17}");
}

TEST_CASE("$unset removes a field, but leaves a null in an array", "[query][update]") {
  CHECK(updated("{_id: 1, a: 1, b: 2}", "{$unset: {a: ''}}") == "{_id: 1, b: 2}");
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$unset: {'a.0': ''}}") == "{_id: 1, a: [null, 2]}");
  CHECK(updated("{_id: 1, a: 5}", "{$unset: {'a.b.c': ''}}") == "{_id: 1, a: 5}");
}

TEST_CASE("$inc and $mul keep the wider type, grow from 32 to 64 bits, and stop at their end", "[query][update]") {
  CHECK(updated("{_id: 1, n: 2147483647}", "{$inc: {n: 1}}") == "{_id: 1, n: {$numberLong: '2147483648'}}");
  CHECK(updated("{_id: 1, n: 1}", "{$inc: {n: {$numberLong: '2'}}}") == "{_id: 1, n: {$numberLong: '3'}}");
  CHECK(updated("{_id: 1, n: 1}", "{$inc: {n: 0.5}}") == "{_id: 1, n: 1.5}");
  CHECK(updated("{_id: 1}", "{$inc: {n: -3}, $mul: {m: 5, l: 2.5}}") == "{_id: 1, l: 0.0, m: 0, n: -3}");
  CHECK(updated("{_id: 1, n: 100000}", "{$mul: {n: 100000}}") == "{_id: 1, n: {$numberLong: '10000000000'}}");
  CHECK(updated("{_id: 1, n: {$numberDecimal: '1.5'}}", "{$inc: {n: 1}}") == "{_id: 1, n: {$numberDecimal: '2.5'}}");
  CHECK(updated("{_id: 1, n: {$numberLong: '9223372036854775807'}}", "{$inc: {n: 1}}") ==
        "2: Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}");
  CHECK(updated("{_id: 'x', a: 'many'}", "{$inc: {a: 1}}") ==
        "14: Cannot apply $inc to a value of non-numeric type. {_id: \"x\"} has the field 'a' of non-numeric type "
        "string");
  CHECK(updated("{_id: 1}", "{$inc: {a: 'x'}}") == "14: Cannot increment with non-numeric argument: {a: \"x\"}");
  CHECK(updated("{_id: 1}", "{$mul: {a: null}}") == "14: Cannot multiply with non-numeric argument: {a: null}");
}

TEST_CASE("$min and $max compare across types and set what is not there", "[query][update]") {
  CHECK(updated("{_id: 1, n: 5}", "{$min: {n: 3}}") == "{_id: 1, n: 3}");
  CHECK(updated("{_id: 1, n: 5}", "{$max: {n: 3}}") == "{_id: 1, n: 5}");
  CHECK(updated("{_id: 1, n: 5}", "{$max: {n: 'x'}, $min: {m: 2}}") == "{_id: 1, n: 'x', m: 2}");
}

TEST_CASE("$currentDate takes the command's time as a date or a timestamp", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$currentDate: {a: true, b: {$type: 'timestamp'}, c: {$type: 'date'}}}") ==
        "{_id: 1, a: {$date: {$numberLong: '1767323045006'}}, b: {$timestamp: {t: 1767323045, i: 3}}, c: {$date: "
        "{$numberLong: '1767323045006'}}}");
  CHECK(updated("{_id: 1}", "{$currentDate: {a: 'now'}}") ==
        "2: string is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: "
        "'timestamp/date'}).");
  CHECK(updated("{_id: 1}", "{$currentDate: {a: {$type: 'hour'}}}") ==
        "2: The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: "
        "'date'}}}");
}

TEST_CASE("$rename moves a value, over another one if need be, and not through arrays", "[query][update]") {
  CHECK(updated("{_id: 1, a: 1, b: 2}", "{$rename: {a: 'c.d'}}") == "{_id: 1, b: 2, c: {d: 1}}");
  CHECK(updated("{_id: 1, a: 1, b: 2, c: 3}", "{$rename: {c: 'a'}}") == "{_id: 1, a: 3, b: 2}");
  CHECK(updated("{_id: 1, b: 2}", "{$rename: {a: 'b'}}") == "{_id: 1, b: 2}");
  CHECK(updated("{_id: 1, a: [{b: 1}]}", "{$rename: {'a.0.b': 'c'}}") ==
        "2: The source field cannot be an array element, 'a.0.b' in doc with _id: 1 has an array field called 'a'");
  CHECK(updated("{_id: 1, a: [1], b: 1}", "{$rename: {b: 'a.0'}}") ==
        "2: The destination field cannot be an array element, 'a.0' in doc with _id: 1 has an array field called 'a'");
  CHECK(updated("{_id: 1, a: 5}", "{$rename: {'a.b': 'c'}}") ==
        "28: cannot use the part (a of a.b) to traverse the element ({a: 5})");
  CHECK(updated("{_id: 1}", "{$rename: {a: 'a'}}") ==
        "2: The source and target field for $rename must differ: a: \"a\"");
  CHECK(updated("{_id: 1}", "{$rename: {a: 'a.b'}}") ==
        "2: The source and target field for $rename must not be on the same path: a: \"a.b\"");
  CHECK(updated("{_id: 1}", "{$rename: {a: 5}}") == "2: The 'to' field for $rename must be a string: a: 5");
  CHECK(updated("{_id: 1}", "{$rename: {a: 'b'}, $set: {b: 1}}") ==
        "40: Updating the path 'b' would create a conflict at 'b'");
}

TEST_CASE("$bit combines whole numbers bit by bit", "[query][update]") {
  CHECK(updated("{_id: 1, n: 13}", "{$bit: {n: {and: 10}}}") == "{_id: 1, n: 8}");
  CHECK(updated("{_id: 1, n: 8}", "{$bit: {n: {or: 5, xor: 1}}}") == "{_id: 1, n: 12}");
  CHECK(updated("{_id: 1}", "{$bit: {n: {or: {$numberLong: '5'}}}}") == "{_id: 1, n: {$numberLong: '5'}}");
  CHECK(updated("{_id: 1, n: 1.0}", "{$bit: {n: {or: 1}}}") ==
        "2: Cannot apply $bit to a value of non-integral type._id: 1 has the field n of non-integer type double");
  CHECK(updated("{_id: 1}", "{$bit: {n: {nand: 1}}}") ==
        "2: The $bit modifier only supports 'and', 'or', and 'xor', not 'nand' which is an unknown operator: {nand: "
        "1}");
}

}  // namespace premortem::testing
