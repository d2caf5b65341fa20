#pragma once
// Payloads and lists: the values that messages, events, calls and locals share, counted and addressed by number.

#include <cstdint>
#include <vector>

#include "sim/models/expression/type.hpp"

namespace premortem {

using PayloadId = std::uint32_t;  ///< 0: none.
using ListId = std::uint32_t;     ///< 0: none.
using ItemId = std::uint32_t;     ///< Number of a work item in the order of arrival.
inline constexpr ItemId item_none = 0xFFFFFFFF;

/// What stands before the fields of a payload.
struct PayloadHead {
  std::uint32_t references = 0;
  ItemId item = item_none;  ///< The work item that it carries.
  std::uint16_t shape = 0;
  std::uint16_t collection = 0;
  std::uint32_t document = 0;  ///< For what a find brought: which document it is, plus one; 0: none.
  std::uint64_t revision = 0;  ///< ... and which version of it was read.
  std::uint64_t luck = 0;  ///< Names the draws on behalf of what carries no item: by who made it, or which document.
};

/// All payloads of a World in one slab. They never change once made; a document read twice is two payloads.
class Payloads {
 public:
  explicit Payloads(std::uint32_t fields = 1) : stride_(fields), heads_(1), words_(fields, 0) {}

  /// A new payload with one reference; fields are zero. Pointers into the slab become invalid.
  PayloadId create(std::uint16_t shape, ItemId item);
  void retain(PayloadId payload) { ++heads_[payload].references; }
  /// Gives one reference back. True when it was the last one: the caller then releases what the fields refer to and
  /// calls recycle().
  bool release(PayloadId payload) { return --heads_[payload].references == 0; }
  void recycle(PayloadId payload);

  PayloadHead& head(PayloadId payload) { return heads_[payload]; }
  const PayloadHead& head(PayloadId payload) const { return heads_[payload]; }
  Word* words(PayloadId payload) { return words_.data() + std::size_t{payload} * stride_; }
  const Word* words(PayloadId payload) const { return words_.data() + std::size_t{payload} * stride_; }
  std::size_t live() const { return heads_.size() - 1 - free_.size(); }

  template <class F>
  void fields(F&& f) {
    f(stride_), f(heads_), f(words_), f(free_);
  }
  template <class F>
  void fields(F&& f) const {
    f(stride_), f(heads_), f(words_), f(free_);
  }

 private:
  std::uint32_t stride_;
  std::vector<PayloadHead> heads_;
  std::vector<Word> words_;
  std::vector<PayloadId> free_;
};

/// A counted list of values; of payloads where `holds_payloads`.
struct List {
  std::uint32_t references = 0;
  bool holds_payloads = false;
  std::vector<Word> values;
  template <class F>
  void fields(F&& f) {
    f(references), f(holds_payloads), f(values);
  }
  template <class F>
  void fields(F&& f) const {
    f(references), f(holds_payloads), f(values);
  }
  bool operator==(const List&) const = default;
};

class Lists {
 public:
  Lists() : lists_(1) {}
  /// A new empty list with one reference.
  ListId create(bool holds_payloads);
  List& operator[](ListId list) { return lists_[list]; }
  const List& operator[](ListId list) const { return lists_[list]; }
  void recycle(ListId list);
  std::size_t live() const { return lists_.size() - 1 - free_.size(); }

  template <class F>
  void fields(F&& f) {
    f(lists_), f(free_);
  }
  template <class F>
  void fields(F&& f) const {
    f(lists_), f(free_);
  }

 private:
  std::vector<List> lists_;
  std::vector<ListId> free_;
};

}  // namespace premortem
