// Finds what ends or interrupts a JSON string, 16 bytes at a time where the machine can.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if (defined(__SSE2__) || defined(_M_X64)) && !defined(PYVERIFY_PORTABLE_SCAN)
#define PYVERIFY_STRING_SCAN_SSE2 1
#include <emmintrin.h>
#endif

namespace pyverify::records {

struct StringStop {
  const char* at =
      nullptr;        // the quote, backslash or control character; the end where there is none
  bool ascii = true;  // no byte before it is from 0x80 on
};

inline bool stops_string(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

inline StringStop find_string_stop_portable(const char* at, const char* end) noexcept {
  StringStop stop;
  for (; at != end && !stops_string(*at); ++at)
    stop.ascii &= static_cast<unsigned char>(*at) < 0x80;
  stop.at = at;
  return stop;
}

inline StringStop find_string_stop(const char* at, const char* end) noexcept {
#if PYVERIFY_STRING_SCAN_SSE2
  unsigned high = 0;
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i marks =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto stops = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, marks)));
    const auto above = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (stops != 0) {
      const int first = std::countr_zero(stops);
      high |= above & ((1u << first) - 1);
      return {at + first, high == 0};
    }
    high |= above;
  }
  StringStop stop = find_string_stop_portable(at, end);
  stop.ascii &= high == 0;
  return stop;
#else
  return find_string_stop_portable(at, end);
#endif
}

// The first byte from 0x80 on; the end where there is none.
inline const char* find_high(const char* at, const char* end) noexcept {
#if PYVERIFY_STRING_SCAN_SSE2
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto above = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (above != 0) return at + std::countr_zero(above);
  }
#endif
  while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

}  // namespace pyverify::records
