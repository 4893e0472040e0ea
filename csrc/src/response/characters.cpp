#include "response/characters.hpp"

#include <algorithm>
#include <array>

#include "response/script_table.hpp"

namespace pyverify::response {
namespace {

constexpr std::size_t kPages = 256;  // of 256 characters each: the basic plane

// For each page the first range that ends in it or later.
constexpr std::array<std::uint16_t, kPages> kFirstRange = [] {
  std::array<std::uint16_t, kPages> first{};
  std::size_t range = 0;
  for (std::size_t page = 0; page < kPages; ++page) {
    while (range < kScriptRanges.size() && kScriptRanges[range].last < page * 256) ++range;
    first[page] = static_cast<std::uint16_t>(range);
  }
  return first;
}();

constexpr bool is_between(char32_t value, char32_t first, char32_t last) noexcept {
  return value >= first && value <= last;
}

}  // namespace

std::optional<Script> script_of(char32_t value) noexcept {
  if (value < 0x80) {
    return support::is_ascii_letter(static_cast<char>(value)) ? std::optional(Script::kLatin)
                                                              : std::nullopt;
  }
  if (is_between(value, 0x4E00, 0x9FFF)) return Script::kHan;
  const auto* range = kScriptRanges.data();
  if (value < kPages * 256) {
    range += kFirstRange[value / 256];
    while (range != kScriptRanges.data() + kScriptRanges.size() && range->last < value) ++range;
  } else {
    range =
        std::lower_bound(kScriptRanges.data(), kScriptRanges.data() + kScriptRanges.size(), value,
                         [](const ScriptRange& one, char32_t wanted) { return one.last < wanted; });
  }
  if (range == kScriptRanges.data() + kScriptRanges.size() || value < range->first)
    return std::nullopt;
  return range->script;
}

char32_t to_lower(char32_t value) noexcept {
  if (value < 0x80) return is_between(value, 'A', 'Z') ? value + 0x20 : value;
  if (value < 0x250) {
    if (is_between(value, 0xC0, 0xDE)) return value == 0xD7 ? value : value + 0x20;
    // Two pairs have their small letter elsewhere; where capitals have odd numbers, small ones
    // even.
    if (value < 0x100 || value == 0x130 || value == 0x178) return value;
    const bool odd_capitals = is_between(value, 0x139, 0x148) || is_between(value, 0x179, 0x17E);
    if (is_between(value, 0x180, 0x1DD) || value == 0x138 || value == 0x149 || value == 0x17F)
      return value;
    return (value % 2 == 1) == odd_capitals && value != 0x1F0 ? value + 1 : value;
  }
  if (is_between(value, 0x391, 0x3A9)) return value == 0x3A2 ? value : value + 0x20;
  if (is_between(value, 0x410, 0x42F)) return value + 0x20;
  if (is_between(value, 0x400, 0x40F)) return value + 0x50;
  if (is_between(value, 0x1E00, 0x1E95) || is_between(value, 0x1EA0, 0x1EFF))
    return value % 2 == 0 ? value + 1 : value;
  return is_between(value, 0xFF21, 0xFF3A) ? value + 0x20 : value;
}

bool is_unspaced(char32_t value) noexcept {
  if (value < 0xE00) return false;
  if (is_between(value, 0x4E00, 0x9FFF)) return true;
  if (is_between(value, 0x0E00, 0x0EFF) || is_between(value, 0x1000, 0x109F) ||
      is_between(value, 0x1780, 0x17FF) || is_between(value, 0x19E0, 0x19FF) ||
      is_between(value, 0xA9E0, 0xA9FF) || is_between(value, 0xAA60, 0xAA7F)) {
    return true;
  }
  if (is_between(value, 0x3001, 0x303F) || is_between(value, 0xFF01, 0xFF0F) ||
      is_between(value, 0xFF1A, 0xFF20) || is_between(value, 0xFF3B, 0xFF40) ||
      is_between(value, 0xFF5B, 0xFF65)) {
    return true;
  }
  return value > 0x2E00 && is_han_or_kana(script_of(value));
}

bool is_shared_mark(char32_t value) noexcept {
  return is_between(value, 0x300, 0x36F) || is_between(value, 0x64B, 0x655) || value == 0x670 ||
         is_between(value, 0x951, 0x954) || is_between(value, 0x1AB0, 0x1AFF) ||
         is_between(value, 0x1DC0, 0x1DFF) || value == 0x200C || value == 0x200D ||
         is_between(value, 0xFE20, 0xFE2F);
}

}  // namespace pyverify::response
