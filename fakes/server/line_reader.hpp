#pragma once
// Cuts a stream of bytes into lines.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace premortem::fakes {

class LineReader {
 public:
  static constexpr std::size_t line_max = 64 * 1024;

  /// Calls `each` for every complete line, without its "\n" or "\r\n"; a longer line than line_max comes in pieces.
  /// The views are valid during the call.
  void add(std::string_view bytes, const std::function<void(std::string_view)>& each);
  /// The stream has ended: what is left is a line as well.
  void finish(const std::function<void(std::string_view)>& each);

 private:
  std::string rest_;
};

}  // namespace premortem::fakes
