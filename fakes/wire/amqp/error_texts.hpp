#pragma once
// The texts of RabbitMQ's protocol errors, which show bytes as Erlang does.

#include <string>
#include <string_view>

#include "fakes/wire/amqp/frame_reader.hpp"

namespace premortem::fakes::amqp {

/// <<"abc">> if all of it is printable, else <<97,98,0>>. Erlang would break long ones into lines; this does not.
std::string erlang_binary(std::string_view bytes);

/// "type 5, first 16 octets = <<"aaaaaaaaaaaaaaaa">>"
std::string frame_text(const Frame& frame);

/// The text of a close: with the name of the code in front, if it is not there, and no longer than RabbitMQ lets it be.
std::string reply_text(std::uint16_t code, std::string_view text);

}  // namespace premortem::fakes::amqp
