// configureFailPoint and what a failCommand does: half of the drivers' own tests rest on it.
// Source: mongodb/mongo wiki, "The failCommand fail point"; protocols.md, B.6.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

bool names_command(const Value& data, const std::string& name) {
  const auto same = [&](const Value& one) {
    if (!one.is_string()) return false;
    const std::string& wanted = one.as_text();
    const bool greets = name == "isMaster" || name == "ismaster";
    return wanted == name || (greets && (wanted == "isMaster" || wanted == "ismaster"));
  };
  const std::vector<Value>& commands = data["failCommands"].elements();
  return std::any_of(commands.begin(), commands.end(), same);
}

}  // namespace

bool DocumentServer::strikes_handshake(std::string_view command) const {
  return std::any_of(fail_points_.begin(), fail_points_.end(), [&](const FailPoint& point) {
    return point.mode != FailPoint::off && point.name == "failCommand" &&
           names_command(bson::decode(point.data), std::string(command));
  });
}

/// The one that is on and names this command, counted: it strikes.
FailPoint* CommandRun::fail_point_for_command() {
  for (FailPoint& point : server_.fail_points_) {
    if (point.mode == FailPoint::off || point.name != "failCommand") continue;
    const Value data = bson::decode(point.data);
    if (!names_command(data, name_)) continue;
    if (const Value& wanted = data["namespace"]; wanted.is_string()) {
      const Value& own = command_.fields().front().value;
      if (!own.is_string() || wanted.as_text() != database_ + "." + own.as_text()) continue;
    }
    if (const Value& wanted = data["appName"]; wanted.is_string() && wanted.as_text() != application()) continue;
    if (counts_as_struck(point)) return &point;
  }
  return nullptr;
}

/// Whether a point that is on strikes this time, as its mode says.
bool CommandRun::counts_as_struck(FailPoint& point) {
  if (point.mode == FailPoint::skip && point.left > 0) {
    --point.left;
    return false;
  }
  if (point.mode == FailPoint::probability) {
    const std::uint64_t bits =
        random_bits(host_.luck(), hash_name(point.name), 0, static_cast<std::uint64_t>(++draws_));
    if ((bits >> 32) >= point.share) return false;
  }
  ++point.entered;
  if (point.mode == FailPoint::times && --point.left == 0) point.mode = FailPoint::off;
  return true;
}

/// One of the engine's own, which name no command.
bool CommandRun::fail_point_strikes(std::string_view name) { return striking(name) != nullptr; }

/// One that names no command, counted: it strikes. Null: none does.
FailPoint* CommandRun::striking(std::string_view name) {
  for (FailPoint& point : server_.fail_points_) {
    if (point.mode != FailPoint::off && point.name == name) return counts_as_struck(point) ? &point : nullptr;
  }
  return nullptr;
}

namespace {

constexpr std::string_view write_point = "onPrimaryTransactionalWrite";

bool stops_write(const FailPoint& point) {
  return point.name == write_point && bson::decode(point.data).has("failBeforeCommitExceptionCode");
}

}  // namespace

/// onPrimaryTransactionalWrite strikes each write of a retryable one. With failBeforeCommitExceptionCode it is not
/// made.
void CommandRun::strike_before_write() {
  const std::vector<FailPoint>& all = server_.fail_points_;
  if (!is_retryable_ || std::none_of(all.begin(), all.end(), stops_write)) return;
  const FailPoint* const point = striking(write_point);
  if (point == nullptr) return;
  const Value data = bson::decode(point->data);
  cuts_ = cuts_ || data["closeConnection"].is_missing() || data["closeConnection"].truthy();
  refuse(static_cast<int>(data["failBeforeCommitExceptionCode"].integral().value_or(0)),
         "Failing write for txnNumber " + std::to_string(field("txnNumber").as_int64()) +
             " due to failpoint. The write must not be reflected.");
}

/// Without it the write is made, and its answer lost. The server makes an insert's documents in one write.
void CommandRun::strike_after_write() {
  const std::vector<FailPoint>& all = server_.fail_points_;
  if (!is_retryable_ || (cuts_ && name_ == "insert") || std::any_of(all.begin(), all.end(), stops_write)) return;
  const FailPoint* const point = striking(write_point);
  if (point == nullptr) return;
  const Value closes = bson::decode(point->data)["closeConnection"];
  cuts_ = cuts_ || closes.is_missing() || closes.truthy();
}

/// failGetMoreAfterCursorCheckout: an error of the cursor's own, and so with a change stream's labels.
void CommandRun::strike_get_more() {
  const FailPoint* const point = striking("failGetMoreAfterCursorCheckout");
  if (point == nullptr) return;
  refuse(static_cast<int>(bson::decode(point->data)["errorCode"].integral().value_or(0)),
         "Hit the 'failGetMoreAfterCursorCheckout' failpoint");
}

void CommandRun::give_write_concern_error(const Value& data) {
  const Value& error = data["writeConcernError"];
  if (!error.is_document()) return;
  write_concern_error_ = error;
  if (const Value& labels = error["errorLabels"]; labels.is_array()) {
    reply_.set("errorLabels", labels);
    write_concern_error_.erase("errorLabels");
  } else if (labels_given_ && !fail_point_labels_.elements().empty()) {
    reply_.set("errorLabels", fail_point_labels_);
  }
  ends_with_write_concern_error_ = true;
}

/// What is left of a point that has blocked the command. True: it is not carried out.
bool CommandRun::end_fail_point() {
  if (progress_.fail_point.empty()) return false;
  const Value data = bson::decode(progress_.fail_point);
  labels_given_ = data["errorLabels"].is_array();
  fail_point_labels_ = data["errorLabels"];
  give_write_concern_error(data);
  cuts_ = data["closeConnection"].truthy();
  return cuts_;
}

/// True: the command is not carried out, or only later.
bool CommandRun::strike_fail_point() {
  if (name_ == "configureFailPoint" || server_.fail_points_.empty()) return false;
  FailPoint* const point = fail_point_for_command();
  if (point == nullptr) return false;
  const Value data = bson::decode(point->data);
  if (const Value& labels = data["errorLabels"]; labels.is_array()) {
    labels_given_ = true;
    fail_point_labels_ = labels;
  }
  give_write_concern_error(data);
  const bool blocks = data["blockConnection"].truthy();
  const std::int64_t block_ms = data["blockTimeMS"].integral().value_or(0);
  const bool closes = data["closeConnection"].truthy(), errs = !closes && !data["errorCode"].is_missing();
  if (blocks && !errs && block_ms > 0) {
    // Carried out when it has been blocked for long enough; what else the point says is kept with the command.
    progress_.fail_point = point->data;
    wait(PendingCommand::blocked, began_ + block_ms * 1'000'000);
    return true;
  }
  if (closes) {
    cuts_ = true;
    return true;
  }
  if (!errs) return false;
  const auto number = static_cast<int>(data["errorCode"].integral().value_or(0));
  query::CommandError error(number, "Failing command via 'failCommand' failpoint");
  fail(error);
  if (labels_given_ && !fail_point_labels_.elements().empty()) reply_.set("errorLabels", fail_point_labels_);
  if (blocks && block_ms > 0) {
    decorate();
    wait_.answer = bson::encode(reply_);
    wait(PendingCommand::blocked, began_ + block_ms * 1'000'000);
  }
  return true;
}

CommandRun::Outcome CommandRun::configure_fail_point() {
  if (database_ != "admin")
    refuse(code::unauthorized, "configureFailPoint may only be run against the admin database.");
  const std::string name = text("configureFailPoint");
  static constexpr std::pair<std::string_view, std::string_view> points[] = {
      {"failCommand",
       " failCommands errorCode errorLabels closeConnection writeConcernError blockConnection blockTimeMS appName "
       "namespace failInternalCommands extraInfo errorExtraInfo "},
      {"failGetMoreAfterCursorCheckout", " errorCode closeConnection "},
      {write_point, " closeConnection failBeforeCommitExceptionCode "},
      {"WTWriteConflictException", " "},
      {"WTWriteConflictExceptionForReads", " "}};
  const auto* const known =
      std::find_if(std::begin(points), std::end(points), [&](const auto& one) { return one.first == name; });
  if (known == std::end(points))
    refuse(code::bad_value, "fail point " + name +
                                " is not known here; failCommand, failGetMoreAfterCursorCheckout, "
                                "onPrimaryTransactionalWrite, WTWriteConflictException and "
                                "WTWriteConflictExceptionForReads are");
  FailPoint point;
  point.name = name;
  const Value& mode = field("mode");
  if (mode.is_string() && mode.as_text() == "off") {
    point.mode = FailPoint::off;
  } else if (mode.is_string() && mode.as_text() == "alwaysOn") {
    point.mode = FailPoint::always_on;
  } else if (mode.is_document() && mode.fields().size() == 1) {
    const auto& [kind, amount] = mode.fields().front();
    const auto whole = amount.integral();
    if (kind == "times" || kind == "skip") {
      if (!whole || *whole < 0) refuse(code::bad_value, "'" + kind + "' option to 'mode' must be non-negative");
      point.mode = kind == "times" ? FailPoint::times : FailPoint::skip;
      if (kind == "times" && *whole == 0) point.mode = FailPoint::off;
      point.left = *whole;
    } else if (kind == "activationProbability") {
      const double share = amount.is(bson::Type::number_double) ? amount.as_double()
                           : whole                              ? static_cast<double>(*whole)
                                                                : -1;
      if (!(share >= 0 && share <= 1))
        refuse(code::bad_value, "activationProbability must be between 0.0 and 1.0; found " + bson::to_shell(amount));
      point.mode = FailPoint::probability;
      point.share = static_cast<std::uint64_t>(share * 4294967296.0);
    } else {
      refuse(code::bad_value, "'mode' must be one of: 'off', 'alwaysOn', 'times', 'skip', 'activationProbability'");
    }
  } else {
    refuse(code::type_mismatch, "'mode' must be a string or JSON object");
  }
  const Value& data = field("data");
  for (const bson::Field& one : data.fields()) {
    if (known->second.find(" " + one.name + " ") == std::string_view::npos)
      refuse(code::bad_value, name + " does not know data." + one.name);
  }
  if (name == "failGetMoreAfterCursorCheckout" && data["closeConnection"].truthy())
    refuse(code::bad_value, name + " with closeConnection is not modelled; failCommand is");
  if (name == "failCommand" && point.mode != FailPoint::off && !data["failCommands"].is_array())
    refuse(code::bad_value, "failCommand needs data.failCommands, an array of names of commands");
  if (const auto time = data["blockTimeMS"].integral();
      !data["blockTimeMS"].is_missing() && (!time || *time < 0 || *time > INT32_MAX))
    refuse(code::bad_value, "blockTimeMS is out of range [0, 2147483647]");
  point.data = bson::encode(data.is_document() ? data : Value::document());
  std::int64_t entered = 0;
  std::erase_if(server_.fail_points_, [&](const FailPoint& old) {
    if (old.name != name) return false;
    entered = old.entered;
    return true;
  });
  point.entered = entered;
  server_.fail_points_.push_back(point);
  reply_.append("count", Value::int64(entered));
  return Outcome::done;
}

}  // namespace premortem
