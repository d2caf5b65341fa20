#pragma once
// Randomness keyed by name: (seed, entity, purpose, occurrence) gives the same bits whoever else draws, and whenever.

#include <cstdint>
#include <string_view>

namespace premortem {

/// A bijection of 64-bit words in which every input bit moves every output bit: the finaliser of SplitMix64.
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (variant 13 by Stafford).
constexpr std::uint64_t mix64(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ULL;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBULL;
  return word ^ (word >> 31);
}

/// One name from two; order matters.
constexpr std::uint64_t combine(std::uint64_t first, std::uint64_t second) {
  return mix64(first + 0x9E3779B97F4A7C15ULL * (mix64(second) | 1U) + 0xD1B54A32D192ED03ULL);
}

/// A name as a word. The same on every platform, for ever: saved cases depend on it.
constexpr std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0x2545F4914F6CDD1DULL ^ name.size();
  for (const char letter : name) hash = mix64(hash ^ static_cast<unsigned char>(letter)) + 0x9E3779B97F4A7C15ULL;
  return mix64(hash);
}

/// 64 uniform bits for one draw.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t entity, std::uint64_t purpose,
                                    std::uint64_t occurrence) {
  std::uint64_t state = mix64(seed + 0x9E3779B97F4A7C15ULL);
  state = mix64(state ^ entity) + 0xD1B54A32D192ED03ULL;
  state = mix64(state ^ purpose) + 0x8CB92BA72F3D8DD7ULL;
  return mix64(mix64(state ^ occurrence));
}

/// Uniform in [0, n); n > 0. The bias is below n / 2^64.
constexpr std::uint64_t uniform_below(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(bits) * n >> 64);
}

/// Uniform in [low, high], both included. REQUIRES: low <= high.
constexpr std::int64_t uniform_between(std::uint64_t bits, std::int64_t low, std::int64_t high) {
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (span == UINT64_MAX) return static_cast<std::int64_t>(bits);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + uniform_below(bits, span + 1));
}

/// `luck` for one of several draws that would have the same name otherwise; 0 stands for the first of them.
inline std::uint64_t told_apart(std::uint64_t luck, std::uint64_t apart) {
  return apart == 0 ? luck : combine(luck, apart);
}

}  // namespace premortem
