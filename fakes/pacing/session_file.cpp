#include "fakes/pacing/session_file.hpp"

#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "fakes/pacing/base64.hpp"
#include "sim/models/broker/request_names.hpp"

namespace premortem::fakes {

namespace {

using Json = nlohmann::ordered_json;

/// The members of a request: one list for both directions.
template <class Request, class Text, class Bytes, class Flag, class Number>
void each_member(Request& request, const Text& text, const Bytes& bytes, const Flag& flag, const Number& number) {
  number("channel", request.channel), number("number", request.number), number("tag", request.tag);
  text("vhost", request.vhost), text("name", request.name), text("exchange", request.exchange);
  text("key", request.key), text("text", request.text);
  bytes("arguments", request.arguments), bytes("properties", request.properties), bytes("body", request.body);
  flag("passive", request.passive), flag("durable", request.durable), flag("exclusive", request.exclusive);
  flag("auto-delete", request.auto_delete), flag("internal", request.internal), flag("no-wait", request.no_wait);
  flag("if-unused", request.if_unused), flag("if-empty", request.if_empty), flag("no-local", request.no_local);
  flag("no-ack", request.no_ack), flag("mandatory", request.mandatory), flag("multiple", request.multiple);
  flag("requeue", request.requeue), flag("global", request.global);
}

bool plain(std::string_view text) {
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) < 0x20 || static_cast<unsigned char>(letter) > 0x7E) return false;
  }
  return true;
}

KeptRequest request_from(const Json& line) {
  const auto kind = request_named(line.at("request").get_ref<const std::string&>());
  if (!kind) throw std::runtime_error("there is no request " + line.at("request").dump());
  BrokerRequest request;
  request.kind = *kind;
  request.client = line.at("client").get<ClientId>();
  std::vector<std::string> kept;
  kept.reserve(8);  // Views into it must stay.
  const auto put = [&](std::string_view& to, std::string text) { to = kept.emplace_back(std::move(text)); };
  const auto bytes = [&](const char* name, std::string_view& to) {
    if (line.contains(name)) put(to, from_base64(line[name].get_ref<const std::string&>()));
  };
  each_member(
      request,
      [&](const char* name, std::string_view& to) {
        if (line.contains(name)) put(to, line[name].get<std::string>());
        bytes((std::string(name) + "-base64").c_str(), to);
      },
      bytes, [&](const char* name, bool& to) { to = line.contains(name) && line[name].get<bool>(); },
      [&](const char* name, auto& to) {
        if (line.contains(name)) to = line[name].get<std::remove_reference_t<decltype(to)>>();
      });
  return {line.at("at").get<std::int64_t>(), request};
}

}  // namespace

KeptRequest::KeptRequest(std::int64_t at, const BrokerRequest& request) : at_(at), request_(request) {
  std::string_view* const views[] = {&request_.vhost, &request_.name,      &request_.exchange,   &request_.key,
                                     &request_.text,  &request_.arguments, &request_.properties, &request_.body};
  std::size_t size = 0;
  for (const std::string_view* view : views) size += view->size();
  texts_.reserve(size);
  for (std::string_view* view : views) {
    const std::size_t from = texts_.size();
    texts_.insert(texts_.end(), view->begin(), view->end());
    *view = {texts_.data() + from, view->size()};
  }
}

std::string session_line(const SessionHead& head) {
  Json line;
  line["premortem-session"] = 1;
  line["file"] = head.file;
  line["scenario-hash"] = head.scenario_hash;
  line["strategy"] = head.strategy;
  if (!head.assume.empty()) line["assume"] = head.assume;
  if (!head.set.empty()) line["set"] = head.set;
  line["seed"] = head.seed;
  line["begins"] = head.begins;
  line["rabbitmq"] = head.rabbitmq;
  return line.dump() + "\n";
}

std::string session_line(std::int64_t at, const BrokerRequest& request) {
  Json line;
  line["at"] = at;
  line["client"] = request.client;
  line["request"] = name_of(request.kind);
  each_member(
      request,
      [&](const char* name, std::string_view text) {
        if (text.empty()) return;
        if (plain(text)) {
          line[name] = text;
        } else {
          line[std::string(name) + "-base64"] = to_base64(text);
        }
      },
      [&](const char* name, std::string_view text) {
        if (!text.empty()) line[name] = to_base64(text);
      },
      [&](const char* name, bool value) {
        if (value) line[name] = true;
      },
      [&](const char* name, auto value) {
        if (value != 0) line[name] = value;
      });
  return line.dump() + "\n";
}

std::string session_end_line(std::int64_t at, const std::string& digest) {
  Json line;
  line["ended"] = at;
  line["digest"] = digest;
  return line.dump() + "\n";
}

Session read_session(std::istream& in) {
  Session session;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    const auto fail = [&](const std::string& why) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + why);
    };
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) {
      if (number > 1 && in.peek() == std::istream::traits_type::eof()) break;  // Cut off while it was written.
      fail("no JSON object");
    }
    try {
      if (number == 1) {
        if (line.value("premortem-session", 0) != 1) fail("no session; serve --session PATH writes one");
        session.head.file = line.at("file").get<std::string>();
        session.head.scenario_hash = line.at("scenario-hash").get<std::string>();
        session.head.strategy = line.at("strategy").get<std::string>();
        session.head.assume = line.value("assume", std::vector<std::string>());
        session.head.set = line.value("set", std::vector<std::string>());
        session.head.seed = line.at("seed").get<std::uint64_t>();
        session.head.begins = line.at("begins").get<std::int64_t>();
        session.head.rabbitmq = line.at("rabbitmq").get<int>();
      } else if (line.contains("ended")) {
        session.ended = true;
        session.ends = line.at("ended").get<std::int64_t>();
        session.digest = line.at("digest").get<std::string>();
      } else {
        try {
          session.requests.push_back(request_from(line));
        } catch (const nlohmann::json::exception&) {
          throw;
        } catch (const std::runtime_error& wrong) {
          fail(wrong.what());
        }
        const std::size_t count = session.requests.size();
        if (count > 1 && session.requests[count - 2].at() > session.requests[count - 1].at())
          fail("earlier than the line before");
      }
    } catch (const nlohmann::json::exception& wrong) {
      fail(std::string("not as a session has it: ") + wrong.what());
    }
  }
  if (session.head.scenario_hash.empty() && session.requests.empty() && !session.ended && session.head.file.empty())
    throw std::runtime_error("line 1: it is empty");
  return session;
}

}  // namespace premortem::fakes
