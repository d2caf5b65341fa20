#pragma once
// Visitors of World::fields: from plain values to bytes and back, and what the bytes look like.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/kernel/random.hpp"

namespace premortem {

/// Values whose memory is their value: no pointer, no padding.
template <class T>
concept PlainValue =
    std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> && !std::is_pointer_v<T>;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// Appends what it visits.
class WorldWriter {
 public:
  explicit WorldWriter(std::string& out) : out_(out) {}

  template <class T>
  void operator()(const T& value) {
    if constexpr (PlainValue<T>) {
      append(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      (*this)(std::uint64_t{value.size()});
      append(value.data(), value.size());
    } else if constexpr (is_vector<T>) {
      (*this)(std::uint64_t{value.size()});
      if constexpr (PlainValue<typename T::value_type>) {
        append(value.data(), value.size() * sizeof(typename T::value_type));
      } else {
        for (const auto& element : value) (*this)(element);
      }
    } else {
      value.fields(*this);
    }
  }

 private:
  void append(const void* from, std::size_t size) {
    if (size != 0) out_.append(static_cast<const char*>(from), size);
  }

  std::string& out_;
};

/// Fills what it visits. Never reads behind the end: from the first value that is not there whole, nothing is filled.
class WorldReader {
 public:
  explicit WorldReader(std::string_view bytes) : bytes_(bytes) {}

  bool good() const { return good_; }
  /// Everything has been read, and it was enough.
  bool exhausted() const { return good_ && bytes_.empty(); }

  template <class T>
  void operator()(T& value) {
    if constexpr (PlainValue<T>) {
      take(&value, 1, sizeof value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value.resize(count(1));
      take(value.data(), value.size(), 1);
    } else if constexpr (is_vector<T>) {
      using Element = typename T::value_type;
      value.clear();
      if constexpr (PlainValue<Element>) {
        value.resize(count(sizeof(Element)));
        take(value.data(), value.size(), sizeof(Element));
      } else {
        value.resize(count(1));
        for (Element& element : value) {
          if (good_) (*this)(element);
        }
      }
    } else {
      value.fields(*this);
    }
  }

 private:
  /// How many elements follow; 0 when there cannot be as many.
  std::size_t count(std::size_t size) {
    std::uint64_t many = 0;
    (*this)(many);
    good_ = good_ && many <= bytes_.size() / size;
    return good_ ? static_cast<std::size_t>(many) : 0;
  }
  void take(void* to, std::size_t many, std::size_t size) {
    good_ = good_ && many <= bytes_.size() / size;
    if (!good_ || many == 0) return;
    std::memcpy(to, bytes_.data(), many * size);
    bytes_.remove_prefix(many * size);
  }

  std::string_view bytes_;
  bool good_ = true;
};

/// A number for how the bytes are laid out: kinds and sizes of everything visited, inner types included. A build whose
/// World looks different has another one.
class WorldLayout {
 public:
  template <class T>
  void operator()(const T&) {
    add<T>();
  }
  std::uint64_t number() const { return number_; }

 private:
  template <class T>
  void add() {
    if constexpr (PlainValue<T>) {
      number_ = combine(number_, sizeof(T) << 2);
    } else if constexpr (std::is_same_v<T, std::string>) {
      number_ = combine(number_, 1);
    } else if constexpr (is_vector<T>) {
      number_ = combine(number_, 2);
      add<typename T::value_type>();
    } else {
      number_ = combine(number_, 3);
      const T sample{};
      sample.fields(*this);
    }
  }

  std::uint64_t number_ = 0;
};

}  // namespace premortem
