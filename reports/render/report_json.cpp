#include "reports/render/report_json.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <nlohmann/json.hpp>

#include "reports/query/report_fields.hpp"
#include "reports/render/packed.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

/// Writes text as it goes: a column of a large history as a tree of values would take ten times the memory.
class Writer {
 public:
  explicit Writer(JsonStyle style) : style_(style) {}
  std::string text() { return std::move(out_); }

  void write(bool value) { out_ += value ? "true" : "false"; }
  void write(std::integral auto value) {
    std::array<char, 24> digits{};
    out_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
  void write(double value) { out_ += Json(value).dump(); }
  void write(const std::string& value) {
    const std::string quoted = Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (!style_.in_markup) {
      out_ += quoted;
      return;
    }
    for (const char c : quoted) {
      const char* escaped = c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : c == '&' ? "\\u0026" : nullptr;
      escaped == nullptr ? out_ += c : out_ += escaped;
    }
  }
  template <class T>
  void write(const std::optional<T>& value) {
    value ? write(*value) : static_cast<void>(out_ += "null");
  }
  template <class T>
  void write(const std::vector<T>& values) {
    out_ += '[';
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (n > 0) out_ += ',';
      write(values[n]);
    }
    out_ += ']';
  }
  void write(const HistoryData& history) {
    if (!style_.pack) return write_members(history);
    Writer inside({});
    inside.write_members(history);
    write(packed(inside.text()));
  }
  template <class T>
  requires requires(const T* it) { name_in_schema(it); }
  void write(const T& it) { write_members(it); }

 private:
  template <class T>
  void write_members(const T& it) {
    out_ += '{';
    bool first = true;
    const auto visit = [&](const char* name, const auto& member, const char*) {
      if (!first) out_ += ',';
      first = false;
      out_ += '"' + std::string(name) + "\":";
      write(member);
    };
    describe(it, visit);
    out_ += '}';
  }

  JsonStyle style_;
  std::string out_;
};

/// The definitions of all structures that are reached, each once.
class SchemaMaker {
 public:
  template <class T>
  Json of(const T*) {
    if constexpr (std::same_as<T, bool>)
      return {{"type", "boolean"}};
    else if constexpr (std::integral<T>)
      return {{"type", "integer"}};
    else if constexpr (std::same_as<T, double>)
      return {{"type", "number"}};
    else if constexpr (std::same_as<T, std::string>)
      return {{"type", "string"}};
    else
      return structure(static_cast<const T*>(nullptr));
  }
  template <class T>
  Json of(const std::optional<T>*) {
    Json json = of(static_cast<const T*>(nullptr));
    if (json.contains("$ref")) return {{"anyOf", Json::array({json, Json{{"type", "null"}}})}};
    json["type"] = Json::array({json["type"], "null"});
    return json;
  }
  template <class T>
  Json of(const std::vector<T>*) {
    return {{"type", "array"}, {"items", of(static_cast<const T*>(nullptr))}};
  }
  Json of(const HistoryData*) {
    return {{"anyOf", Json::array({structure(static_cast<const HistoryData*>(nullptr)), Json{{"type", "string"}}})}};
  }
  Json definitions() { return std::move(definitions_); }

 private:
  template <class T>
  Json structure(const T* none) {
    const std::string name(name_in_schema(none));
    if (!definitions_.contains(name)) {
      definitions_[name] = nullptr;  // Its place, before those that it holds.
      Json properties = Json::object(), required = Json::array();
      const auto visit = [&]<class Member>(const char* member, const Member&, const char* meaning) {
        properties[member] = of(static_cast<const Member*>(nullptr));
        if (*meaning != '\0') properties[member]["description"] = meaning;
        required.push_back(member);
      };
      describe(T{}, visit);
      definitions_[name] = {
          {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
    }
    return {{"$ref", "#/definitions/" + name}};
  }

  Json definitions_ = Json::object();
};

}  // namespace

std::string report_to_json(const ReportData& report, JsonStyle style) {
  Writer writer(style);
  writer.write(report);
  return writer.text();
}

std::string report_schema() {
  SchemaMaker maker;
  maker.of(static_cast<const ReportData*>(nullptr));
  Json definitions = maker.definitions();
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "ReportData"}};
  schema.update(definitions["ReportData"]);
  definitions.erase("ReportData");
  schema["definitions"] = definitions;
  return schema.dump(2) + "\n";
}

}  // namespace premortem
