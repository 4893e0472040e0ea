// Backward search for pairs of neighbouring bytes, 64 positions at a time.
//
// A pattern is written once, as a template over a lane of bytes; it is run on 16-byte lanes where the machine has
// them and on one-byte lanes everywhere else (and at the edges), so that both give the same answer.
//
//   struct Pattern {
//     // False for a block: no pair of it matches (`second` alone is looked at, so it costs one load).
//     template <class Lane> static Lane gate(Lane second);
//     template <class Lane> static Lane match(Lane first, Lane second);
//   };
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__) || defined(_M_X64)
#define PYVERIFY_SCAN_SSE2 1
#include <emmintrin.h>
#endif

namespace pyverify::support {

// One byte. Truth is 0xFF, falsehood 0, as in the wide lane.
struct ByteLane {
  unsigned char value = 0;
  static ByteLane load(const char* at) noexcept { return {static_cast<unsigned char>(*at)}; }
  ByteLane is(unsigned char byte) const noexcept { return {static_cast<unsigned char>(value == byte ? 0xFF : 0)}; }
  // Greater as ASCII; bytes from 0x80 on are not.
  ByteLane above(unsigned char byte) const noexcept {
    return {static_cast<unsigned char>(value < 0x80 && value > byte ? 0xFF : 0)};
  }
  // Upper-case ASCII letters become lower case (and a few other bytes meet: a match has to be looked at again).
  ByteLane folded() const noexcept { return {static_cast<unsigned char>(value | 0x20)}; }
  friend ByteLane operator&(ByteLane a, ByteLane b) noexcept {
    return {static_cast<unsigned char>(a.value & b.value)};
  }
  friend ByteLane operator|(ByteLane a, ByteLane b) noexcept {
    return {static_cast<unsigned char>(a.value | b.value)};
  }
};

#if PYVERIFY_SCAN_SSE2
struct WideLane {
  __m128i value;
  static WideLane load(const char* at) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))};
  }
  WideLane is(unsigned char byte) const noexcept {
    return {_mm_cmpeq_epi8(value, _mm_set1_epi8(static_cast<char>(byte)))};
  }
  WideLane above(unsigned char byte) const noexcept {
    return {_mm_cmpgt_epi8(value, _mm_set1_epi8(static_cast<char>(byte)))};
  }
  WideLane folded() const noexcept { return {_mm_or_si128(value, _mm_set1_epi8(0x20))}; }
  friend WideLane operator&(WideLane a, WideLane b) noexcept { return {_mm_and_si128(a.value, b.value)}; }
  friend WideLane operator|(WideLane a, WideLane b) noexcept { return {_mm_or_si128(a.value, b.value)}; }
  std::uint64_t bits() const noexcept {
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(value)));
  }
};
#endif

inline constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

// The last p with begin <= p and p + 1 < end whose bytes p, p + 1 match; kNotFound without one.
template <class Pattern>
std::size_t find_last_pair_portable(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t p = end; p > begin + 1; --p) {
    const ByteLane second = ByteLane::load(text.data() + p - 1);
    if (!Pattern::gate(second).value) continue;
    if (Pattern::match(ByteLane::load(text.data() + p - 2), second).value) return p - 2;
  }
  return kNotFound;
}

template <class Pattern>
std::size_t find_last_pair(std::string_view text, std::size_t begin, std::size_t end) noexcept {
#if PYVERIFY_SCAN_SSE2
  // A block tests the pairs that start at first .. first + 63.
  while (end >= begin + 65) {
    const char* const first = text.data() + end - 65;
    const WideLane s0 = WideLane::load(first + 1);
    const WideLane s1 = WideLane::load(first + 17);
    const WideLane s2 = WideLane::load(first + 33);
    const WideLane s3 = WideLane::load(first + 49);
    if (((Pattern::gate(s0) | Pattern::gate(s1)) | (Pattern::gate(s2) | Pattern::gate(s3))).bits() != 0) {
      const WideLane m0 = Pattern::match(WideLane::load(first), s0);
      const WideLane m1 = Pattern::match(WideLane::load(first + 16), s1);
      const WideLane m2 = Pattern::match(WideLane::load(first + 32), s2);
      const WideLane m3 = Pattern::match(WideLane::load(first + 48), s3);
      if (((m0 | m1) | (m2 | m3)).bits() != 0) {
        const std::uint64_t all = m0.bits() | m1.bits() << 16 | m2.bits() << 32 | m3.bits() << 48;
        return end - 65 + 63 - static_cast<std::size_t>(std::countl_zero(all));
      }
    }
    end -= 64;
  }
#endif
  return find_last_pair_portable<Pattern>(text, begin, end);
}

// One pair of bytes, ASCII letters in either case when the pattern's bytes are lower case.
template <unsigned char First, unsigned char Second>
struct FoldedPair {
  template <class Lane>
  static Lane gate(Lane second) noexcept {
    return second.folded().is(Second | 0x20);
  }
  template <class Lane>
  static Lane match(Lane first, Lane second) noexcept {
    return first.folded().is(First | 0x20) & second.folded().is(Second | 0x20);
  }
};

}  // namespace pyverify::support
