#pragma once
// A rolling 128-bit digest: always current, sixteen bytes, copied with the World.

#include <cstdint>
#include <string>

#include "sim/kernel/random.hpp"

namespace premortem {

/// Not cryptographic: it tells runs apart, it does not resist an attacker.
struct Digest {
  std::uint64_t a = 0x9E3779B97F4A7C15ULL;
  std::uint64_t b = 0xD1B54A32D192ED03ULL;

  void add(std::uint64_t word) {
    const auto product = static_cast<unsigned __int128>(a ^ word) * 0xA0761D6478BD642FULL;
    b = (b << 7 | b >> 57) ^ static_cast<std::uint64_t>(product >> 64) ^ word;
    a = static_cast<std::uint64_t>(product) + b * 0xE7037ED1A0B428DBULL + 1;
  }

  /// 32 hexadecimal digits.
  std::string hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint64_t word : {mix64(a ^ b), mix64(b + 0x9E3779B97F4A7C15ULL)}) {
      for (int shift = 60; shift >= 0; shift -= 4) text += digits[word >> shift & 15];
    }
    return text;
  }

  bool operator==(const Digest&) const = default;
};

}  // namespace premortem
