#include "fakes/wire/amqp/frame_reader.hpp"

#include <algorithm>

#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/codec.hpp"

namespace premortem::fakes::amqp {

namespace {
constexpr std::size_t head_size = 7;

void read_head(std::string_view bytes, Frame& frame) {
  Reader reader{bytes};
  frame.type = static_cast<std::uint8_t>(reader.number(1));
  frame.channel = static_cast<std::uint16_t>(reader.number(2));
  frame.size = static_cast<std::uint32_t>(reader.number(4));
  frame.payload = {};
}
}  // namespace

// `whole`: exactly one frame, whose head has been read.
FrameReader::Outcome FrameReader::cut(std::string_view whole, Frame& frame) {
  frame.payload = whole.substr(head_size, frame.size);
  if (whole.back() == frame_end) return Outcome::frame;
  end_marker_ = static_cast<std::uint8_t>(whole.back());
  return Outcome::bad_end;
}

// Moves input to what is kept until that is `size` bytes long.
bool FrameReader::keep_up_to(std::size_t size) {
  if (kept_.size() >= size) return true;
  const std::size_t more = std::min(size - kept_.size(), input_.size());
  kept_.append(input_.substr(0, more));
  input_.remove_prefix(more);
  return kept_.size() >= size;
}

FrameReader::Outcome FrameReader::next(Frame& frame) {
  if (kept_is_spent_) {
    kept_.clear();
    kept_is_spent_ = false;
  }
  if (kept_.empty()) {  // The usual case: nothing is copied.
    if (input_.size() >= head_size) {
      read_head(input_, frame);
      if (frame.size > payload_max_) {
        input_.remove_prefix(head_size);
        return Outcome::too_large;
      }
      const std::size_t whole_size = frame_overhead + frame.size;
      if (input_.size() >= whole_size) {
        const std::string_view whole = input_.substr(0, whole_size);
        input_.remove_prefix(whole_size);
        return cut(whole, frame);
      }
    } else if (input_.empty()) {
      return Outcome::incomplete;
    }
  }
  if (!keep_up_to(head_size)) return Outcome::incomplete;
  read_head(kept_, frame);
  if (frame.size > payload_max_) return Outcome::too_large;
  if (!keep_up_to(frame_overhead + frame.size)) return Outcome::incomplete;
  kept_is_spent_ = true;
  return cut(kept_, frame);
}

}  // namespace premortem::fakes::amqp
