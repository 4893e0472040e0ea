// Backward search for pairs of neighbouring bytes, 64 positions at a time.
//
// A pattern is written once, as a template over a lane of bytes; it is run on 16-byte lanes where
// the machine has them and on one-byte lanes everywhere else (and at the edges), so that both give
// the same answer. Defining PYVERIFY_PORTABLE_SCAN leaves the wide lanes out.
//
//   struct Pattern {
//     // False throughout a block: no pair of it matches. A cheap first test; all() where there is
//     none. template <class Lane> static Lane gate(Lane second); template <class Lane> static Lane
//     match(Lane first, Lane second);
//   };
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if (defined(__SSE2__) || defined(_M_X64)) && !defined(PYVERIFY_PORTABLE_SCAN)
#define PYVERIFY_SCAN_SSE2 1
#include <emmintrin.h>
#endif

namespace pyverify::support {

// One byte. Truth is 0xFF, falsehood 0, as in the wide lane.
struct ByteLane {
  unsigned char value = 0;
  static ByteLane load(const char* at) noexcept { return {static_cast<unsigned char>(*at)}; }
  static ByteLane all() noexcept { return {0xFF}; }
  ByteLane is(unsigned char byte) const noexcept {
    return {static_cast<unsigned char>(value == byte ? 0xFF : 0)};
  }
  // Greater as ASCII; bytes from 0x80 on are not.
  ByteLane above(unsigned char byte) const noexcept {
    return {static_cast<unsigned char>(value < 0x80 && value > byte ? 0xFF : 0)};
  }
  // Upper-case ASCII letters become lower case (and a few other bytes meet: a match has to be
  // looked at again).
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
  static WideLane all() noexcept { return {_mm_set1_epi8(-1)}; }
  WideLane is(unsigned char byte) const noexcept {
    return {_mm_cmpeq_epi8(value, _mm_set1_epi8(static_cast<char>(byte)))};
  }
  WideLane above(unsigned char byte) const noexcept {
    return {_mm_cmpgt_epi8(value, _mm_set1_epi8(static_cast<char>(byte)))};
  }
  WideLane folded() const noexcept { return {_mm_or_si128(value, _mm_set1_epi8(0x20))}; }
  friend WideLane operator&(WideLane a, WideLane b) noexcept {
    return {_mm_and_si128(a.value, b.value)};
  }
  friend WideLane operator|(WideLane a, WideLane b) noexcept {
    return {_mm_or_si128(a.value, b.value)};
  }
  std::uint64_t bits() const noexcept {
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(value)));
  }
};
#endif

inline constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

// The last p with begin <= p and p + 1 < end whose bytes p, p + 1 match; kNotFound without one.
template <class Pattern>
std::size_t find_last_pair_portable(std::string_view text, std::size_t begin,
                                    std::size_t end) noexcept {
  for (std::size_t p = end; p > begin + 1; --p) {
    const ByteLane second = ByteLane::load(text.data() + p - 1);
    if (!Pattern::gate(second).value) continue;
    if (Pattern::match(ByteLane::load(text.data() + p - 2), second).value) return p - 2;
  }
  return kNotFound;
}

// Walks all matching pairs backwards, each block of 64 tested once however many of its pairs match.
template <class Pattern>
class BackwardPairs {
 public:
  BackwardPairs(std::string_view text, std::size_t begin, std::size_t end) noexcept
      : text_(text), begin_(begin), end_(end) {}

  // The next match towards the beginning; kNotFound when there are no more.
  std::size_t next() noexcept {
#if PYVERIFY_SCAN_SSE2
    while (true) {
      if (bits_ != 0) {
        const auto top = 63 - static_cast<std::size_t>(std::countl_zero(bits_));
        bits_ &= ~(std::uint64_t{1} << top);
        return block_ + top;
      }
      if (end_ < begin_ + 65) break;
      block_ = end_ - 65;
      bits_ = test_block(text_.data() + block_);
      end_ -= 64;
    }
#endif
    const std::size_t found = find_last_pair_portable<Pattern>(text_, begin_, end_);
    end_ = found == kNotFound ? begin_ : found + 1;
    return found;
  }

  // Leaves out every match at `first` or later that is still to come.
  void skip_to(std::size_t first) noexcept {
#if PYVERIFY_SCAN_SSE2
    if (bits_ != 0) {
      if (first > block_) {
        if (first < block_ + 64) bits_ &= (std::uint64_t{1} << (first - block_)) - 1;
        return;
      }
      bits_ = 0;
    }
#endif
    if (end_ > first + 1) end_ = first + 1;
  }

 private:
#if PYVERIFY_SCAN_SSE2
  // One bit for each of the 64 pairs that start at `first`.
  static std::uint64_t test_block(const char* first) noexcept {
    const WideLane s0 = WideLane::load(first + 1);
    const WideLane s1 = WideLane::load(first + 17);
    const WideLane s2 = WideLane::load(first + 33);
    const WideLane s3 = WideLane::load(first + 49);
    const WideLane gates =
        (Pattern::gate(s0) | Pattern::gate(s1)) | (Pattern::gate(s2) | Pattern::gate(s3));
    if (gates.bits() == 0) return 0;
    const WideLane m0 = Pattern::match(WideLane::load(first), s0);
    const WideLane m1 = Pattern::match(WideLane::load(first + 16), s1);
    const WideLane m2 = Pattern::match(WideLane::load(first + 32), s2);
    const WideLane m3 = Pattern::match(WideLane::load(first + 48), s3);
    if (((m0 | m1) | (m2 | m3)).bits() == 0) return 0;
    return m0.bits() | m1.bits() << 16 | m2.bits() << 32 | m3.bits() << 48;
  }

  std::uint64_t bits_ = 0;  // matches of the block still to give out
  std::size_t block_ = 0;
#endif
  std::string_view text_;
  std::size_t begin_;
  std::size_t end_;  // pairs from here on are done
};

template <class Pattern>
std::size_t find_last_pair(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  return BackwardPairs<Pattern>(text, begin, end).next();
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
