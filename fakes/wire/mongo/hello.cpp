// hello, isMaster and ismaster: who we are, who the client is, and waiting until the former changes.
#include <algorithm>
#include <optional>
#include <utility>

#include "fakes/wire/mongo/compression.hpp"
#include "fakes/wire/mongo/mongo_session.hpp"
#include "sim/models/bson/codec.hpp"

namespace premortem::fakes {

using namespace mongo;

namespace {

constexpr std::int64_t longest_wait_ms = 24LL * 60 * 60 * 1000;

std::string election_id(std::int64_t term) {
  std::string id("\x7f\xff\xff\xff", 4);
  for (int shift = 56; shift >= 0; shift -= 8) id.push_back(static_cast<char>(term >> shift & 0xff));
  return id;
}

bson::Value last_write(const StorePort::Topology& topology) {
  const auto op_time = [&] {
    bson::Value time = bson::Value::document();
    time.append("ts", bson::Value::timestamp(topology.cluster_seconds, topology.cluster_increment));
    return time.append("t", bson::Value::int64(topology.term));
  };
  const bson::Value date = bson::Value::date(static_cast<std::int64_t>(topology.cluster_seconds) * 1000);
  bson::Value write = bson::Value::document();
  write.append("opTime", op_time()).append("lastWriteDate", date);
  return write.append("majorityOpTime", op_time()).append("majorityWriteDate", date);
}

void append_cluster_time(bson::Value& reply, const StorePort::Topology& topology) {
  bson::Value signature = bson::Value::document();
  signature.append("hash", bson::Value::binary(0, std::string(20, '\0'))).append("keyId", bson::Value::int64(0));
  const bson::Value time = bson::Value::timestamp(topology.cluster_seconds, topology.cluster_increment);
  bson::Value cluster_time = bson::Value::document();
  cluster_time.append("clusterTime", time).append("signature", signature);
  reply.append("$clusterTime", cluster_time).append("operationTime", time);
}

[[noreturn]] void missing_metadata(const std::string& field) {
  throw MessageError(183, "Missing required field '" + field + "' in the client metadata document");
}

void require_text(const bson::Value& document, const std::string& part, std::string_view field) {
  if (!document[part].is_document()) missing_metadata(part);
  if (!document[part][field].is_string()) missing_metadata(part + "." + std::string(field));
}

}  // namespace

void MongoSession::hello(const Open& open) {
  const bson::Value command = bson::decode(open.document);
  check_topology_version(open, command);
  meet_client(command);
  if (!begin_waiting(open, command)) answer_hello(open, command);
}

void MongoSession::check_topology_version(const Open& open, const bson::Value& command) {
  const bson::Value& version = command["topologyVersion"];
  const bson::Value& wait = command["maxAwaitTimeMS"];
  if (version.is_missing() != wait.is_missing()) {
    throw MessageError(31368, version.is_missing()
                                  ? "A request with 'maxAwaitTimeMS' must include a 'topologyVersion'"
                                  : "A request with a 'topologyVersion' must include 'maxAwaitTimeMS'");
  }
  if (version.is_missing()) {
    if (open.request.has(flag::exhaust_allowed)) {
      throw MessageError(51756, "A hello request with exhaust must specify 'maxAwaitTimeMS'");
    }
    return;
  }
  if (!version.is_document() || !version["processId"].is(bson::Type::object_id) || !version["counter"].is_integer()) {
    throw MessageError(14, "BSON field 'hello.topologyVersion' is the wrong type");
  }
  const std::optional<std::int64_t> milliseconds = wait.is_number() ? wait.integral() : std::nullopt;
  if (!milliseconds) throw MessageError(14, "BSON field 'hello.maxAwaitTimeMS' is the wrong type");
  if (*milliseconds < 0) throw MessageError(31373, "maxAwaitTimeMS must be a non-negative integer");
  const std::int64_t counter = version["counter"].as_int64();
  if (counter < 0) throw MessageError(31372, "topologyVersion must have a non-negative counter");
  const std::uint64_t ours = port_.topology().changes;
  if (version["processId"].as_text() == config_.process_id && static_cast<std::uint64_t>(counter) > ours) {
    throw MessageError(31382,
                       "Received a topology version with counter: " + std::to_string(counter) +
                           " which is greater than the server topology version counter: " + std::to_string(ours));
  }
}

void MongoSession::meet_client(const bson::Value& command) {
  const bson::Value& client = command["client"];
  if (client.is_missing()) {
    greeted_ = true;
    return;
  }
  if (greeted_) throw MessageError(186, "The client metadata document may only be sent in the first hello");
  if (!client.is_document()) throw MessageError(14, "The client metadata document must be a document");
  const std::string metadata = bson::encode(client);
  if (metadata.size() > 512) {
    throw MessageError(185, "The client metadata document must be less then or equal to 512 bytes");
  }
  const bson::Value& application = client["application"];
  if (!application.is_missing()) {
    if (!application.is_document() || !application["name"].is_string()) {
      throw MessageError(14, "The 'application.name' field must be a string in the client metadata document");
    }
    if (application["name"].as_text().size() > 128) {
      throw MessageError(184,
                         "The 'application.name' field must be less then or equal to 128 bytes in the client "
                         "metadata document");
    }
    application_ = application["name"].as_text();
  }
  require_text(client, "driver", "name");
  require_text(client, "driver", "version");
  require_text(client, "os", "type");
  greeted_ = true;
  name_ = !application_.empty() ? application_
                                : client["driver"]["name"].as_text() + " on port " + std::to_string(config_.peer_port);
  port_.introduced(client_, application_, metadata);
}

bool MongoSession::begin_waiting(const Open& open, const bson::Value& command) {
  const bson::Value& version = command["topologyVersion"];
  if (version.is_missing()) return false;
  const std::uint64_t changes = port_.topology().changes;
  if (version["processId"].as_text() != config_.process_id ||
      static_cast<std::uint64_t>(version["counter"].as_int64()) != changes) {
    return false;
  }
  const std::int64_t milliseconds = std::min(*command["maxAwaitTimeMS"].integral(), longest_wait_ms);
  if (milliseconds == 0) return false;
  waiting_ = Waiting{open, milliseconds, ticked_ < 0 ? -1 : ticked_ + milliseconds * 1'000'000, changes};
  return true;
}

void MongoSession::topology_changed() {
  if (waiting_ && !port_.is_stalled(client_) && port_.topology().changes != waiting_->changes) end_waiting();
}

void MongoSession::end_waiting() {
  if (output_.size() > config_.max_pending_output) return;  // It does not listen: no need to say more.
  const Waiting waited = std::move(*waiting_);
  waiting_.reset();
  answer_hello(waited.hello, bson::decode(waited.hello.document));
  grew();
}

void MongoSession::answer_hello(const Open& open, const bson::Value& command) {
  const StorePort::Topology topology = port_.topology();
  const std::string me = config_.host + ":" + std::to_string(config_.port);
  bson::Value reply = bson::Value::document();
  if (command["helloOk"].truthy()) reply.append("helloOk", bson::Value::boolean(true));
  bson::Value version = bson::Value::document();
  version.append("processId", bson::Value::object_id(config_.process_id));
  version.append("counter", bson::Value::int64(static_cast<std::int64_t>(topology.changes)));
  reply.append("topologyVersion", version);
  reply.append("hosts", bson::arr({bson::Value::string(me)}));
  reply.append("setName", bson::Value::string(topology.set_name));
  reply.append("setVersion", bson::Value::int32(1));
  reply.append(open.name == "hello" ? "isWritablePrimary" : "ismaster", bson::Value::boolean(topology.writable));
  reply.append("secondary", bson::Value::boolean(!topology.writable));
  if (topology.writable) reply.append("primary", bson::Value::string(me));
  reply.append("me", bson::Value::string(me));
  if (topology.writable) reply.append("electionId", bson::Value::object_id(election_id(topology.term)));
  const bool has_time = topology.cluster_seconds != 0 || topology.cluster_increment != 0;
  if (has_time) reply.append("lastWrite", last_write(topology));
  reply.append("maxBsonObjectSize", bson::Value::int32(static_cast<std::int32_t>(bson::document_bytes_max)));
  reply.append("maxMessageSizeBytes", bson::Value::int32(static_cast<std::int32_t>(config_.max_message)));
  reply.append("maxWriteBatchSize", bson::Value::int32(100000));
  reply.append("localTime", bson::Value::date(topology.now_ms));
  reply.append("logicalSessionTimeoutMinutes", bson::Value::int32(30));
  reply.append("connectionId", bson::Value::int32(static_cast<std::int32_t>(client_)));
  reply.append("minWireVersion", bson::Value::int32(0));
  reply.append("maxWireVersion", bson::Value::int32(topology.max_wire_version));
  reply.append("readOnly", bson::Value::boolean(false));
  negotiate_compression(command, reply);
  speculate(command, reply);
  reply.append("ok", bson::Value::number(1));
  if (has_time) append_cluster_time(reply, topology);

  const bool streams = open.request.has(flag::exhaust_allowed) && !command["topologyVersion"].is_missing();
  answer(open.request, reply, streams);
  port_.topology_told(client_, topology.changes);
  if (!streams || open.request.has(flag::more_to_come)) return;
  // Each reply of a stream answers the one before it, and needs no further request.
  const std::int64_t wait = std::clamp<std::int64_t>(*command["maxAwaitTimeMS"].integral(), 1, longest_wait_ms);
  waiting_ = Waiting{open, wait, -1, topology.changes};
  waiting_->hello.request.header.request_id = last_id_;
}

void MongoSession::negotiate_compression(const bson::Value& command, bson::Value& reply) {
  const bson::Value& asked = command["compression"];
  if (asked.is_array()) {
    agreed_.clear();
    for (const bson::Value& each : asked.elements()) {
      if (!each.is_string()) continue;
      const std::string& name = each.as_text();
      const bool is_ours = std::ranges::find(config_.compressors, name) != config_.compressors.end();
      if (is_ours && compressor_id(name) != 0 && std::ranges::find(agreed_, name) == agreed_.end()) {
        agreed_.push_back(name);
      }
    }
  }
  if (agreed_.empty()) return;
  bson::Value list = bson::Value::array();
  for (const std::string& name : agreed_) list.push_back(bson::Value::string(name));
  reply.append("compression", std::move(list));
}

}  // namespace premortem::fakes
