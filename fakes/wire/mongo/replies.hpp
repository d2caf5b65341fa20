#pragma once
// Replies that the session makes itself.

#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::fakes::mongo {

/// {ok: 0, errmsg, code, codeName}
bson::Value error_reply(int code, const std::string& why);

}  // namespace premortem::fakes::mongo
