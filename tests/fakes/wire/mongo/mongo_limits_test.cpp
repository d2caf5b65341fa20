// Documents that are too large to be made values of, and names that could not be told in an answer.
#include "tests/fakes/wire/mongo/scripted_store.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

namespace {

/// {ping: 1, x: "...", $db: "a"} of so many bytes.
std::string large_command(const std::string& name, std::size_t size) {
  const std::string begin = "{\"" + name + "\":1,\"x\":\"", end = "\",\"$db\":\"a\"}";
  const std::size_t least = bson_of(begin + end).size();
  return op_msg(7, body_section(begin + std::string(size - least, 'x') + end));
}

fakes::MongoConfig config_with_users() {
  fakes::MongoConfig config;
  config.users = std::make_shared<const fakes::mongo::ScramUsers>(
      std::vector<fakes::mongo::ScramUser>{{"user", "pencil", "admin"}}, 10);
  return config;
}

std::string too_large(const std::string& size, const std::string& rest) {
  return "reply to 7: { \"ok\" : 0.0, \"errmsg\" : \"BSONObj size: " + size + " is invalid. " + rest +
         "\", \"code\" : 10334, \"codeName\" : \"BSONObjectTooLarge\" }";
}

constexpr const char* for_strangers = "Before authentication, and in a handshake, size must be between 0 and 65536";

}  // namespace

TEST_CASE("a single document has at most 16 MB and what a command needs beside it") {
  MongoClient client;
  CHECK(client.send(large_command("ping", 16'793'600)) == Lines{"reply to 7: { \"ok\" : 1.0 }"});
  CHECK(client.send(large_command("ping", 16'793'601)) ==
        Lines{too_large("16793601", "Size must be between 0 and 16793600(16MB)")});
  CHECK(client.store.asked.size() == 1);
}

TEST_CASE("a stranger's commands and every handshake are small") {
  MongoClient client;
  CHECK(client.send(large_command("hello", 65'537)) == Lines{too_large("65537", for_strangers)});
  CHECK(client.send(large_command("hello", 65'536)).size() == 1);
  CHECK(client.send(large_command("ping", 65'537)) == Lines{"reply to 7: { \"ok\" : 1.0 }"});
  CHECK(client.send(op_query(7, "{\"isMaster\":1,\"x\":\"" + std::string(65'536, 'x') + "\"}"))[0].find("10334") !=
        std::string::npos);
  MongoClient stranger(config_with_users());
  CHECK(stranger.send(large_command("ping", 65'537)) == Lines{too_large("65537", for_strangers)});
  CHECK(stranger.send(large_command("ping", 65'536)) == Lines{"reply to 7: { \"ok\" : 1.0 }"});
}

TEST_CASE("the name of a document sequence, and of a collection, is UTF-8") {
  const std::string error =
      "reply to 7: { \"ok\" : 0.0, \"errmsg\" : \"Client Error: bad object in message: a name is not UTF-8\", \"code\" "
      ": "
      "22, \"codeName\" : \"InvalidBSON\" }";
  MongoClient client;
  const std::string body = body_section(R"({"insert":"t","$db":"a"})");
  CHECK(client.send(op_msg(7, body + sequence_section("docu\xC3ments", {"{\"_id\":1}"}))) == Lines{error});
  CHECK(client.send(op_msg(8, body + sequence_section("docum\u00e4nts", {"{\"_id\":1}"}))) ==
        Lines{"reply to 8: { \"ok\" : 1.0 }"});
  const Lines told = client.send(op_query(7, R"({"isMaster":1})", "ad\xFFmin.$cmd"));
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("a name is not UTF-8") != std::string::npos);
}

}  // namespace premortem::testing
