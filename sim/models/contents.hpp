#pragma once
// What messages of real clients carry as bytes, beside the fields that simulated systems read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/payload.hpp"

namespace premortem {

/// Properties and body as they went over the wire; see BrokerRequest.
struct Content {
  std::string properties, body;
  template <class F>
  void fields(F&& f) {
    f(properties), f(body);
  }
  template <class F>
  void fields(F&& f) const {
    f(properties), f(body);
  }
  bool operator==(const Content&) const = default;
};

/// The contents of those payloads that have one. Empty, and free to copy, where no real client takes part.
class Contents {
 public:
  void put(PayloadId payload, std::string_view properties, std::string_view body);
  /// Null: the payload was made by a simulated system.
  const Content* of(PayloadId payload) const {
    return payload < of_.size() && of_[payload] != 0 ? &contents_[of_[payload] - 1] : nullptr;
  }
  void forget(PayloadId payload);
  bool empty() const { return of_.empty(); }

  template <class F>
  void fields(F&& f) {
    f(of_), f(contents_), f(free_);
  }
  template <class F>
  void fields(F&& f) const {
    f(of_), f(contents_), f(free_);
  }

 private:
  std::vector<std::uint32_t> of_;  ///< By payload: number of its content, plus one.
  std::vector<Content> contents_;
  std::vector<std::uint32_t> free_;
};

}  // namespace premortem
