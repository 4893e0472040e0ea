#include "response/characters.hpp"

#include <algorithm>
#include <array>

#include "response/script_table.hpp"

namespace pyverify::response {
namespace {

constexpr std::size_t kPages = 256;  // of 256 characters each: the basic plane

// For each page the first range that ends in it or later.
template <class Ranges>
constexpr std::array<std::uint16_t, kPages> first_ranges(const Ranges& ranges) noexcept {
  std::array<std::uint16_t, kPages> first{};
  std::size_t range = 0;
  for (std::size_t page = 0; page < kPages; ++page) {
    while (range < ranges.size() && ranges[range].last < page * 256) ++range;
    first[page] = static_cast<std::uint16_t>(range);
  }
  return first;
}
constexpr auto kFirstScriptRange = first_ranges(kScriptRanges);
constexpr auto kFirstCharacterRange = first_ranges(kCharacterRanges);

// The range with the character in it; the end of the ranges without one.
template <class Ranges>
typename Ranges::const_iterator find_range(const Ranges& ranges,
                                           const std::array<std::uint16_t, kPages>& first,
                                           char32_t value) noexcept {
  auto range = ranges.begin();
  if (value < kPages * 256) {
    range += first[value / 256];
    while (range != ranges.end() && range->last < value) ++range;
  } else {
    range = std::lower_bound(ranges.begin(), ranges.end(), value,
                             [](const auto& one, char32_t wanted) { return one.last < wanted; });
  }
  return range != ranges.end() && value >= range->first ? range : ranges.end();
}

// Letters among the letterlike symbols, from U+2102 on: they fill gaps of the alphabets for maths.
constexpr std::string_view kLetterlike =
    "C.......gHHHh.IILl.N...PQRRR......Z...Z.K.BC.eEF.Mo....i...........Ddeij";
constexpr char32_t kFirstLetterlike = 0x2102;

constexpr bool is_between(char32_t value, char32_t first, char32_t last) noexcept {
  return value >= first && value <= last;
}

}  // namespace

std::optional<Script> script_of(char32_t value) noexcept {
  if (value < 0x80) {
    return support::is_ascii_letter(static_cast<char>(value)) ? std::optional(Script::kLatin)
                                                              : std::nullopt;
  }
  if (is_common_han(value)) return Script::kHan;
  const auto* const range = find_range(kScriptRanges, kFirstScriptRange, value);
  return range != kScriptRanges.end() ? std::optional(range->script) : std::nullopt;
}

CharacterClass class_of(char32_t value) noexcept {
  if (is_common_han(value)) return CharacterClass::kContent;
  const auto* const range = find_range(kCharacterRanges, kFirstCharacterRange, value);
  return range != kCharacterRanges.end() ? range->kind : CharacterClass::kContent;
}

char32_t to_plain(char32_t value) noexcept {
  if (value < kFirstLetterlike) return value;
  if (value < kFirstLetterlike + kLetterlike.size()) {
    const char letter = kLetterlike[value - kFirstLetterlike];
    return letter != '.' ? static_cast<char32_t>(letter) : value;
  }
  if (is_between(value, 0xFF01, 0xFF5E)) return value - 0xFF01 + '!';
  if (is_between(value, 0x1D400, 0x1D6A3)) {
    const char32_t letter = (value - 0x1D400) % 52;
    return letter < 26 ? 'A' + letter : 'a' + (letter - 26);
  }
  if (is_between(value, 0x1D6A4, 0x1D6A5)) return value - 0x1D6A4 + 'i';
  return is_between(value, 0x1D7CE, 0x1D7FF) ? '0' + (value - 0x1D7CE) % 10 : value;
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
  if (is_common_han(value)) return true;
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

}  // namespace pyverify::response
