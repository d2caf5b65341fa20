#pragma once
// One direction of an AMQP connection as lines of text, one for each frame: for people, and to compare what a client
// hears from us with what it hears from RabbitMQ.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "fakes/wire/amqp/frame_reader.hpp"

namespace premortem::fakes::amqp {

/// C basic.publish channel=1 exchange='x' routing-key='k' mandatory=false immediate=false
/// C header channel=1 size=3 content-type='text/plain' headers={'n':int 1}
/// C body channel=1 'abc'
/// C heartbeat
class Transcript {
 public:
  /// `who` begins each line: "C" for what the client sends, "S" for the server.
  explicit Transcript(std::string who) : who_(std::move(who)) {}

  /// Bytes cut anywhere; `line` gets each finished line, without its end. After bytes that are no AMQP, one line says
  /// so and no more follow.
  void feed(std::string_view bytes, const std::function<void(const std::string&)>& line);

 private:
  std::string describe(const Frame& frame) const;
  bool take_protocol_header(std::string_view& bytes, const std::function<void(const std::string&)>& line);

  std::string who_;
  FrameReader frames_{1 << 24};  // More than anybody agrees on: what is longer is no frame.
  std::string beginning_;
  bool started_ = false, broken_ = false;
};

/// 'text' if all of it is printable ASCII, else 3 bytes 00ff10.
std::string text_or_hex(std::string_view bytes);
/// {'name':type value, ...} in the order of the table.
std::string table_text(std::string_view table);

}  // namespace premortem::fakes::amqp
