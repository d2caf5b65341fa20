#pragma once
// Every method of AMQP 0-9-1 with RabbitMQ's extensions, as one table: decoder, encoder, names in errors and the
// transcript are all made from it. Source: protocols.md, A.2.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace premortem::fakes::amqp {

/// The domains of method arguments and of properties. Consecutive bits share an octet.
enum class Type : std::uint8_t { bit, octet, u16, u32, u64, timestamp, short_text, long_text, table };

struct Argument {
  std::string_view name;  ///< Empty: reserved.
  Type type = Type::bit;
};

struct Method {
  std::uint16_t class_id = 0, method_id = 0;
  std::string_view name;  ///< "basic.publish"
  bool has_content = false;
  std::uint8_t count = 0;  ///< Of arguments.
  std::array<Argument, 9> arguments;
};

/// A method's two ids in one number, to switch on.
constexpr std::uint32_t id_of(std::uint32_t class_id, std::uint32_t method_id) { return class_id << 16 | method_id; }
constexpr std::uint32_t id_of(const Method& method) { return id_of(method.class_id, method.method_id); }

namespace id {
inline constexpr std::uint32_t start = id_of(10, 10), start_ok = id_of(10, 11), tune = id_of(10, 30);
inline constexpr std::uint32_t tune_ok = id_of(10, 31), open = id_of(10, 40), open_ok = id_of(10, 41);
inline constexpr std::uint32_t close = id_of(10, 50), close_ok = id_of(10, 51), blocked = id_of(10, 60);
inline constexpr std::uint32_t unblocked = id_of(10, 61), update_secret = id_of(10, 70);
inline constexpr std::uint32_t update_secret_ok = id_of(10, 71);
inline constexpr std::uint32_t channel_open = id_of(20, 10), channel_open_ok = id_of(20, 11), flow = id_of(20, 20);
inline constexpr std::uint32_t flow_ok = id_of(20, 21), channel_close = id_of(20, 40), channel_close_ok = id_of(20, 41);
inline constexpr std::uint32_t access_request = id_of(30, 10), access_request_ok = id_of(30, 11);
inline constexpr std::uint32_t exchange_declare = id_of(40, 10), exchange_declare_ok = id_of(40, 11);
inline constexpr std::uint32_t exchange_delete = id_of(40, 20), exchange_delete_ok = id_of(40, 21);
inline constexpr std::uint32_t exchange_bind = id_of(40, 30), exchange_bind_ok = id_of(40, 31);
inline constexpr std::uint32_t exchange_unbind = id_of(40, 40), exchange_unbind_ok = id_of(40, 51);
inline constexpr std::uint32_t queue_declare = id_of(50, 10), queue_declare_ok = id_of(50, 11);
inline constexpr std::uint32_t queue_bind = id_of(50, 20), queue_bind_ok = id_of(50, 21);
inline constexpr std::uint32_t queue_purge = id_of(50, 30), queue_purge_ok = id_of(50, 31);
inline constexpr std::uint32_t queue_delete = id_of(50, 40), queue_delete_ok = id_of(50, 41);
inline constexpr std::uint32_t queue_unbind = id_of(50, 50), queue_unbind_ok = id_of(50, 51);
inline constexpr std::uint32_t qos = id_of(60, 10), qos_ok = id_of(60, 11), consume = id_of(60, 20);
inline constexpr std::uint32_t consume_ok = id_of(60, 21), cancel = id_of(60, 30), cancel_ok = id_of(60, 31);
inline constexpr std::uint32_t publish = id_of(60, 40), returned = id_of(60, 50), deliver = id_of(60, 60);
inline constexpr std::uint32_t get = id_of(60, 70), get_ok = id_of(60, 71), get_empty = id_of(60, 72);
inline constexpr std::uint32_t ack = id_of(60, 80), reject = id_of(60, 90), recover_async = id_of(60, 100);
inline constexpr std::uint32_t recover = id_of(60, 110), recover_ok = id_of(60, 111), nack = id_of(60, 120);
inline constexpr std::uint32_t confirm_select = id_of(85, 10), confirm_select_ok = id_of(85, 11);
inline constexpr std::uint32_t tx_select = id_of(90, 10), tx_select_ok = id_of(90, 11), tx_commit = id_of(90, 20);
inline constexpr std::uint32_t tx_commit_ok = id_of(90, 21), tx_rollback = id_of(90, 30),
                               tx_rollback_ok = id_of(90, 31);
}  // namespace id

/// All methods, by class and method.
std::span<const Method> methods();
/// nullptr: there is none with these ids. Takes the time of two look-ups.
const Method* find_method(std::uint32_t class_id, std::uint32_t method_id);
inline const Method* find_method(std::uint32_t id) { return find_method(id >> 16, id & 0xffff); }

/// The properties of basic content, in the order of their flags from bit 15 down.
std::span<const Argument> basic_properties();

/// "NOT_FOUND" of 404; empty if AMQP has no such reply code.
std::string_view reply_name(std::uint16_t code);

}  // namespace premortem::fakes::amqp
