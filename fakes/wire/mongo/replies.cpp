#include "fakes/wire/mongo/replies.hpp"

#include <array>
#include <utility>

namespace premortem::fakes::mongo {

namespace {

// Those that the session itself answers with; all others of its own have a location for a name.
constexpr std::array<std::pair<int, std::string_view>, 14> session_code_names = {
    {{2, "BadValue"},
     {13, "Unauthorized"},
     {14, "TypeMismatch"},
     {17, "ProtocolError"},
     {18, "AuthenticationFailed"},
     {22, "InvalidBSON"},
     {59, "CommandNotFound"},
     {183, "ClientMetadataMissingField"},
     {184, "ClientMetadataAppNameTooLarge"},
     {185, "ClientMetadataDocumentTooLarge"},
     {186, "ClientMetadataCannotBeMutated"},
     {334, "MechanismUnavailable"},
     {352, "UnsupportedOpQueryCommand"},
     {10334, "BSONObjectTooLarge"}}};

std::string session_code_name(int code) {
  for (const auto& [known, name] : session_code_names) {
    if (known == code) return std::string(name);
  }
  return "Location" + std::to_string(code);
}

}  // namespace

bson::Value error_reply(int code, const std::string& why) {
  bson::Value reply = bson::Value::document();
  reply.append("ok", bson::Value::number(0));
  reply.append("errmsg", bson::Value::string(why));
  reply.append("code", bson::Value::int32(code));
  reply.append("codeName", bson::Value::string(session_code_name(code)));
  return reply;
}

}  // namespace premortem::fakes::mongo
