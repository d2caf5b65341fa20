#pragma once
// Cuts a stream of bytes into AMQP frames, wherever the bytes were cut before.

#include <cstdint>
#include <string>
#include <string_view>

namespace premortem::fakes::amqp {

struct Frame {
  enum Type : std::uint8_t { method = 1, header = 2, body = 3, heartbeat = 8 };
  std::uint8_t type = 0;
  std::uint16_t channel = 0;
  std::uint32_t size = 0;    ///< As the frame says.
  std::string_view payload;  ///< Valid until the next call.
};

class FrameReader {
 public:
  /// RabbitMQ lets a frame be 8 bytes longer than was agreed on.
  explicit FrameReader(std::uint32_t frame_max) : payload_max_(frame_max) {}
  void set_frame_max(std::uint32_t frame_max) { payload_max_ = frame_max; }

  /// Bytes that must live until next() has said `incomplete`.
  void feed(std::string_view bytes) { input_ = bytes; }
  enum class Outcome : std::uint8_t {
    frame,
    incomplete,  ///< Everything has been read; what is left is kept. At most one frame.
    too_large,   ///< `frame` has no payload. Nothing more can be read.
    bad_end      ///< The frame does not end with 0xCE. Nothing more can be read.
  };
  Outcome next(Frame& frame);
  bool has_half_a_frame() const { return !kept_.empty() && !kept_is_spent_; }
  /// What is left of the last bytes fed.
  std::string_view unread() const { return input_; }
  /// The byte that stood where 0xCE should have.
  std::uint8_t end_marker() const { return end_marker_; }

 private:
  Outcome cut(std::string_view whole, Frame& frame);
  bool keep_up_to(std::size_t size);

  std::uint32_t payload_max_;
  std::string_view input_;
  std::string kept_;  // The beginning of a frame whose end has not arrived.
  bool kept_is_spent_ = false;
  std::uint8_t end_marker_ = 0;
};

}  // namespace premortem::fakes::amqp
