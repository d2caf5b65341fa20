#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/fakes/wire/mongo/scripted_store.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

namespace {

using fakes::mongo::ScramConversation;
using fakes::mongo::ScramUsers;

// RFC 7677, section 3.
const std::string client_first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
const std::string server_nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const std::string server_first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const std::string client_final_begin = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=";
const std::string client_proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

ScramUsers rfc_users() {
  ScramUsers users({});
  users.add("admin", "user",
            fakes::mongo::make_scram_secret("pencil", *fakes::mongo::base64_bytes("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096));
  return users;
}

fakes::MongoConfig with_users() {
  fakes::MongoConfig config;
  config.users =
      std::make_shared<const ScramUsers>(std::vector<fakes::mongo::ScramUser>{{"a,b", "pencil", "admin"}}, 10);
  return config;
}

bool has(const std::string& line, const std::string& part) { return line.find(part) != std::string::npos; }

std::string binary(const std::string& payload) {
  return R"({"$binary":{"base64":")" + fakes::mongo::base64_of(payload) + R"(","subType":"00"}})";
}
std::string command(int id, const std::string& json) { return op_msg(id, body_section(json)); }
std::string start(const std::string& payload, const std::string& more = "", const std::string& database = "admin",
                  const std::string& mechanism = "SCRAM-SHA-256") {
  return command(1, R"({"saslStart":1,"mechanism":")" + mechanism + R"(","payload":)" + binary(payload) + more +
                        R"(,"$db":")" + database + "\"}");
}
std::string go_on(const std::string& payload, int conversation = 1, const std::string& database = "admin") {
  return command(2, R"({"saslContinue":1,"conversationId":)" + std::to_string(conversation) +
                        ",\"payload\":" + binary(payload) + R"(,"$db":")" + database + "\"}");
}

// The payload of a reply, decoded.
std::string payload_of(const std::string& line) {
  const std::string mark = "\"base64\": \"", other = "\"base64\" : \"";
  std::size_t at = line.find(other);
  at = at == std::string::npos ? line.find(mark) + mark.size() : at + other.size();
  return fakes::mongo::base64_bytes(line.substr(at, line.find('"', at) - at)).value_or("no base64");
}

std::string sign(const std::string& key, const std::string& text) {
  std::string out(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr);
  return out;
}

std::string digest(const std::string& text) {
  std::string out(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, EVP_sha256(), nullptr);
  return out;
}

// What a client answers to the server's first message. PBKDF2 by hand: its first block is all that is needed.
std::string final_message(const std::string& bare, const std::string& first, const std::string& password) {
  const std::size_t salt_at = first.find(",s=") + 3, rounds_at = first.find(",i=") + 3;
  const std::string salt = *fakes::mongo::base64_bytes(first.substr(salt_at, rounds_at - 3 - salt_at));
  std::string block = sign(password, salt + std::string("\0\0\0\1", 4)), salted = block;
  for (int round = 1; round < std::stoi(first.substr(rounds_at)); ++round) {
    block = sign(password, block);
    for (std::size_t at = 0; at < 32; ++at) salted[at] = static_cast<char>(salted[at] ^ block[at]);
  }
  const std::string without_proof = "c=biws," + first.substr(0, first.find(','));
  std::string proof = sign(salted, "Client Key");
  const std::string signature = sign(digest(proof), bare + "," + first + "," + without_proof);
  for (std::size_t at = 0; at < 32; ++at) proof[at] = static_cast<char>(proof[at] ^ signature[at]);
  return without_proof + ",p=" + fakes::mongo::base64_of(proof);
}

}  // namespace

TEST_CASE("SCRAM-SHA-256 as in RFC 7677") {
  const ScramUsers users = rfc_users();
  ScramConversation conversation(&users, "admin", server_nonce);
  CHECK(conversation.step(client_first) == server_first);
  CHECK(conversation.user() == "user");
  CHECK_FALSE(conversation.is_proved());
  CHECK(conversation.step(client_final_begin + client_proof) == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  CHECK(conversation.is_proved());
  CHECK_FALSE(conversation.is_done());
  CHECK(conversation.step("") == "");
  CHECK(conversation.is_done());
  CHECK(conversation.step("") == std::nullopt);
}

TEST_CASE("a proof that is not right proves nothing") {
  const ScramUsers users = rfc_users();
  ScramConversation conversation(&users, "admin", server_nonce);
  conversation.step(client_first);
  const std::string proof = GENERATE("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVE=", "", "????", "dHzb", "dHz");
  CHECK(conversation.step(client_final_begin + proof) == std::nullopt);
}

TEST_CASE("a nonce or a binding that is not ours") {
  const ScramUsers users = rfc_users();
  ScramConversation conversation(&users, "admin", server_nonce);
  conversation.step(client_first);
  const std::string begin = GENERATE("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=", "r=x,p=", "c=,r=x,p=", "p=", "");
  CHECK(conversation.step(begin + client_proof) == std::nullopt);
}

TEST_CASE("first messages that are none") {
  const ScramUsers users = rfc_users();
  ScramConversation conversation(&users, "admin", server_nonce);
  const std::string message = GENERATE("", "n", "n,", "n,,", "n,,n=user", "n,,n=,r=abcd", "n,,n=user,r=abc",
                                       "p=tls-unique,,n=user,r=abcd", "n,,m=x,n=user,r=abcd", "n,a=eve,n=user,r=abcd",
                                       "n,x,n=user,r=abcd", "n,,n=us=er,r=abcd", "n,,n=nobody,r=abcd");
  CHECK(conversation.step(message) == std::nullopt);
}

TEST_CASE("before authentication only the handshake and a few harmless commands are carried out") {
  MongoClient client(with_users());
  CHECK(client.send(command(1, R"({"find":"t","$db":"d"})")) ==
        Lines{R"(reply to 1: { "ok" : 0.0, "errmsg" : "Command find requires authentication", "code" : 13, )"
              R"("codeName" : "Unauthorized" })"});
  CHECK(client.send(command(2, R"({"ping":1,"$db":"d"})")) == Lines{"reply to 2: { \"ok\" : 1.0 }"});
  CHECK(client.send(command(3, R"({"buildInfo":1,"$db":"d"})")) == Lines{"reply to 3: { \"ok\" : 1.0 }"});
  CHECK(has(client.send(command(4, R"({"hello":1,"$db":"d"})")).at(0), "isWritablePrimary"));
}

TEST_CASE("a conversation in three steps, what it opens, and logout that closes it again") {
  MongoClient client(with_users());
  const std::string bare = "n=a=2Cb,r=abcdef";
  const std::string first = client.send(start("n,," + bare)).at(0);
  CHECK(has(first, R"("conversationId" : 1, "done" : false)"));
  const std::string second = client.send(go_on(final_message(bare, payload_of(first), "pencil"))).at(0);
  CHECK(has(second, R"("done" : false)"));
  CHECK(payload_of(second).substr(0, 2) == "v=");
  CHECK(has(client.send(command(3, R"({"find":"t","$db":"d"})")).at(0), "requires authentication"));
  CHECK(has(client.send(go_on("")).at(0), R"("done" : true)"));
  CHECK(client.send(command(4, R"({"find":"t","$db":"d"})")) == Lines{"reply to 4: { \"ok\" : 1.0 }"});
  CHECK(client.send(command(5, R"({"logout":1,"$db":"admin"})")) == Lines{"reply to 5: { \"ok\" : 1.0 }"});
  CHECK(has(client.send(command(6, R"({"find":"t","$db":"d"})")).at(0), "requires authentication"));
}

TEST_CASE("skipEmptyExchange spares the third step") {
  MongoClient client(with_users());
  const std::string bare = "n=a=2Cb,r=abcdef";
  const std::string first = client.send(start("n,," + bare, R"(,"options":{"skipEmptyExchange":true})")).at(0);
  CHECK(has(client.send(go_on(final_message(bare, payload_of(first), "pencil"))).at(0), R"("done" : true)"));
  CHECK(has(client.send(go_on("")).at(0), "No SASL session state found"));
}

TEST_CASE("hello begins the conversation in the same round trip, and says nothing where that fails") {
  MongoClient client(with_users());
  const auto speculative = [](const std::string& payload) {
    return command(1, R"({"hello":1,"saslSupportedMechs":"admin.a,b","speculativeAuthenticate":{"saslStart":1,)"
                      R"("mechanism":"SCRAM-SHA-256","options":{"skipEmptyExchange":true},"db":"admin","payload":)" +
                          binary(payload) + R"(},"$db":"admin"})");
  };
  const std::string bare = "n=a=2Cb,r=abcdef";
  CHECK_FALSE(has(client.send(speculative("n,,n=eve,r=abcdef")).at(0), "speculativeAuthenticate"));
  const std::string first = client.send(speculative("n,," + bare)).at(0);
  CHECK(has(first, R"("saslSupportedMechs" : [ "SCRAM-SHA-256" ])"));
  CHECK(has(first, R"("speculativeAuthenticate" : { "conversationId" : 1, "done" : false)"));
  CHECK(has(client.send(go_on(final_message(bare, payload_of(first), "pencil"))).at(0), R"("done" : true)"));
}

TEST_CASE("a wrong password, an unknown user and another database all fail alike") {
  MongoClient client(with_users());
  const std::string failed =
      R"({ "ok" : 0.0, "errmsg" : "Authentication failed.", "code" : 18, "codeName" : "AuthenticationFailed" })";
  const std::string bare = "n=a=2Cb,r=abcdef";
  const std::string first = client.send(start("n,," + bare)).at(0);
  CHECK(client.send(go_on(final_message(bare, payload_of(first), "pen"))) == Lines{"reply to 2: " + failed});
  CHECK(client.send(start("n,,n=eve,r=abcdef")) == Lines{"reply to 1: " + failed});
  CHECK(client.send(start("n,," + bare, "", "other")) == Lines{"reply to 1: " + failed});
}

TEST_CASE("mistakes in a conversation") {
  MongoClient client(with_users());
  const std::string first = "n,,n=a=2Cb,r=abcdef";
  CHECK(has(client.send(start(first, "", "admin", "SCRAM-SHA-1")).at(0),
            R"("Received authentication for mechanism SCRAM-SHA-1 which is not enabled", "code" : 334, )"
            R"("codeName" : "MechanismUnavailable")"));
  CHECK(has(client.send(go_on("x")).at(0),
            R"("No SASL session state found", "code" : 17, "codeName" : "ProtocolError")"));
  client.send(start(first));
  CHECK(has(client.send(go_on("x", 2)).at(0), "sasl: Mismatched conversation id"));
  client.send(start(first));
  CHECK(has(client.send(go_on("x", 1, "d")).at(0), "Attempt to switch database target during SASL authentication."));
  CHECK(has(client.send(command(1, R"({"saslStart":1,"mechanism":"SCRAM-SHA-256","$db":"admin"})")).at(0),
            "BSON field 'saslStart.payload' is missing but a required field"));
}

}  // namespace premortem::testing
