#include <bit>
#include <cstring>

#include "pyverify/tally.hpp"
#include "support/mix.hpp"

namespace pyverify {
namespace {

constexpr std::uint64_t kOdd1 = 0x9E3779B97F4A7C15ull;
constexpr std::uint64_t kOdd2 = 0xC2B2AE3D27D4EB4Full;

// Eight bytes as a little-endian number on any machine, zeros behind the end.
std::uint64_t eight(const char* at, std::size_t size) noexcept {
  unsigned char bytes[8] = {};
  std::memcpy(bytes, at, size < 8 ? size : 8);
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

Digest digest(std::string_view text) noexcept {
  std::uint64_t low = kOdd1 ^ text.size();
  std::uint64_t high = kOdd2 + text.size();
  const char* at = text.data();
  for (std::size_t left = text.size(); left != 0;) {
    const std::size_t taken = left < 8 ? left : 8;
    const std::uint64_t word = eight(at, taken);
    low = std::rotl(low ^ word * kOdd2, 29) * kOdd1 + high;
    high = std::rotl(high + word * kOdd1, 31) * kOdd2 ^ low;
    at += taken;
    left -= taken;
  }
  return {support::mix(low ^ std::rotl(high, 17)), support::mix(high + low)};
}

}  // namespace pyverify
