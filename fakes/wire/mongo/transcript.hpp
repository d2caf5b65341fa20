#pragma once
// One direction of a MongoDB connection as lines of text, one for each message: for people, and to compare what a
// client hears from us with what it hears from mongod.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace premortem::fakes::mongo {

/// C 7 find { find: "orders", filter: {}, $db: "shop" }
/// C 8 insert { insert: "orders", $db: "shop", documents: [ { _id: 1 } ] } more-to-come zstd
/// S reply to 7 { cursor: { ... }, ok: 1.0 }
class Transcript {
 public:
  /// `who` begins each line: "C" for what the client sends, "S" for the server. Longer lines than `longest` end in
  /// "..."; payloads of authentication are not written out.
  explicit Transcript(std::string who, std::size_t longest = 1000) : who_(std::move(who)), longest_(longest) {}

  /// Bytes cut anywhere; `line` gets each finished line, without its end. After bytes that are no message, one line
  /// says so and no more follow.
  void feed(std::string_view bytes, const std::function<void(const std::string&)>& line);

 private:
  std::string describe(std::string_view whole) const;

  std::string who_;
  std::size_t longest_;
  std::string kept_;
  bool broken_ = false;
};

}  // namespace premortem::fakes::mongo
