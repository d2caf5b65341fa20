#include "fakes/wire/amqp/codec.hpp"

#include <algorithm>

#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/field_tables.hpp"

namespace premortem::fakes::amqp {

namespace {

std::size_t width_of(Type type) {
  switch (type) {
    case Type::octet:
      return 1;
    case Type::u16:
      return 2;
    case Type::u32:
      return 4;
    default:
      return 8;
  }
}

// Starts a frame whose size is not known yet; returns where the size goes.
std::size_t begin_frame(std::string& out, char type, std::uint16_t channel) {
  const char head[7]{type, static_cast<char>(channel >> 8), static_cast<char>(channel & 0xff), 0, 0, 0, 0};
  out.append(head, sizeof head);
  return out.size() - 4;
}
void end_frame(std::string& out, std::size_t size_at) {
  set_number(out, size_at, out.size() - size_at - 4, 4);
  out.push_back(frame_end);
}

void put_method(std::string& out, std::uint16_t channel, const Method& method, const Value* values, std::size_t count) {
  static const Value nothing;
  const std::size_t size_at = begin_frame(out, 1, channel);
  put_number(out, id_of(method), 4);
  int bits = 0;  // How many of the last octet's bits are taken.
  for (std::size_t at = 0; at < method.count; ++at) {
    const Value& value = at < count ? values[at] : nothing;
    const Type type = method.arguments[at].type;
    if (type == Type::bit) {
      if (bits % 8 == 0) out.push_back(0);
      if (value.number != 0) out.back() = static_cast<char>(out.back() | 1 << bits % 8);
      ++bits;
      continue;
    }
    bits = 0;
    switch (type) {
      case Type::short_text:
        put_short_text(out, value.text);
        break;
      case Type::long_text:
      case Type::table:
        put_long_text(out, value.text);
        break;
      default:
        put_number(out, value.number, width_of(type));
    }
  }
  end_frame(out, size_at);
}

// The bytes of one property, length included.
std::string_view take_raw(Reader& reader, Type type) {
  const std::string_view from = reader.rest;
  switch (type) {
    case Type::short_text:
      reader.short_text();
      break;
    case Type::table:
      reader.long_text();
      break;
    default:
      reader.bytes(width_of(type));
  }
  return reader.ok ? from.substr(0, from.size() - reader.rest.size()) : std::string_view();
}

void put_headers(std::string& out, std::string_view own, const PropertyChanges& changes) {
  const std::size_t size_at = out.size();
  out.append(4, '\0');
  constexpr std::string_view delivery_count = "x-delivery-count";
  while (const std::optional<Field> field = next_field(own)) {
    if (changes.has_delivery_count && field->name == delivery_count) continue;
    if (changes.without_bcc && field->name == "BCC") continue;
    if (!find_field(changes.added_headers, field->name)) out.append(field->whole);
  }
  out.append(changes.added_headers);
  if (changes.has_delivery_count && !find_field(changes.added_headers, delivery_count)) {
    put_field_long(out, delivery_count, changes.delivery_count);
  }
  set_number(out, size_at, out.size() - size_at - 4, 4);
}

void put_changed_properties(std::string& out, Properties properties, const PropertyChanges& changes) {
  if (changes.without_expiration) properties.raw[Properties::expiration] = {};
  std::string reply_to;
  if (!changes.reply_to.empty() && changes.reply_to.size() < 256) {
    reply_to += static_cast<char>(changes.reply_to.size());
    properties.raw[Properties::reply_to] = reply_to.append(changes.reply_to);
  }
  const std::size_t flags_at = out.size();
  out.append(2, '\0');
  std::uint32_t flags = 0;
  for (std::size_t at = 0; at < Properties::count; ++at) {
    const std::string_view raw = properties.raw[at];
    const bool merges = at == Properties::headers && changes.of_headers();
    if (raw.empty() && !merges) continue;
    flags |= 0x8000u >> at;
    if (merges) {
      put_headers(out, raw.empty() ? raw : raw.substr(4), changes);
    } else {
      out.append(raw);
    }
  }
  set_number(out, flags_at, flags, 2);
}

}  // namespace

bool decode_arguments(const Method& method, std::string_view bytes, MethodCall& call) {
  Reader reader{bytes};
  call.method = &method;
  int bits = 0;
  std::uint64_t octet = 0;
  for (std::size_t at = 0; at < method.count; ++at) {
    const Type type = method.arguments[at].type;
    Value& value = call.values[at];
    if (type == Type::bit) {
      if (bits % 8 == 0) octet = reader.number(1);
      value = Value(octet >> bits % 8 & 1);
      ++bits;
      continue;
    }
    bits = 0;
    switch (type) {
      case Type::short_text:
        value = Value(reader.short_text());
        break;
      case Type::long_text:
      case Type::table:
        value = Value(reader.long_text());
        break;
      default:
        value = Value(reader.number(width_of(type)));
    }
  }
  return reader.done();
}

void put_method(std::string& out, std::uint16_t channel, std::uint32_t id, std::initializer_list<Value> values) {
  put_method(out, channel, *find_method(id), values.begin(), values.size());
}

void put_method(std::string& out, std::uint16_t channel, const MethodCall& call) {
  put_method(out, channel, *call.method, call.values.data(), call.values.size());
}

void put_body(std::string& out, std::uint16_t channel, std::string_view body, std::uint32_t frame_max) {
  const std::size_t chunk_max = frame_max - frame_overhead;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, chunk_max);
    const std::size_t size_at = begin_frame(out, 3, channel);
    out.append(chunk);
    end_frame(out, size_at);
    body.remove_prefix(chunk.size());
  }
}

bool decode_header(std::string_view payload, ContentHeader& header) {
  Reader reader{payload};
  header.class_id = static_cast<std::uint16_t>(reader.number(2));
  header.weight = static_cast<std::uint16_t>(reader.number(2));
  header.body_size = reader.number(8);
  header.properties = reader.rest;
  return reader.ok;
}

bool decode_properties(std::string_view bytes, Properties& properties) {
  Reader reader{bytes};
  const std::uint64_t flags = reader.number(2);
  if (!reader.ok || (flags & 1) != 0) return false;  // Bit 0 announces more flags, of which basic has none.
  const std::span<const Argument> types = basic_properties();
  for (std::size_t at = 0; at < Properties::count; ++at) {
    properties.raw[at] = (flags & 0x8000u >> at) != 0 ? take_raw(reader, types[at].type) : std::string_view();
  }
  const std::string_view headers = properties.raw[Properties::headers];
  return reader.done() && (headers.empty() || is_table(headers.substr(4)));
}

void put_header(std::string& out, std::uint16_t channel, std::uint64_t body_size, std::string_view properties,
                const PropertyChanges& changes) {
  const std::size_t size_at = begin_frame(out, 2, channel);
  put_number(out, 60u << 16, 4);  // Class basic, weight 0.
  put_number(out, body_size, 8);
  Properties known;
  if (properties.empty()) properties = std::string_view("\0\0", 2);
  if (changes.any() && decode_properties(properties, known)) {
    put_changed_properties(out, known, changes);
  } else {
    out.append(properties);
  }
  end_frame(out, size_at);
}

}  // namespace premortem::fakes::amqp
