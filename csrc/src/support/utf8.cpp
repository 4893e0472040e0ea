#include "support/utf8.hpp"

namespace pyverify::support {
namespace {

// Hangul fillers and the empty Braille pattern: letters and symbols that show nothing.
constexpr bool is_filler(char32_t value) noexcept {
  return value == 0x115F || value == 0x1160 || value == 0x2800 || value == 0x3164 ||
         value == 0xFFA0;
}

constexpr bool is_continuation(unsigned char byte) noexcept { return (byte & 0xC0u) == 0x80u; }

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return {kReplacement, 0};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::uint32_t size = 0;
  char32_t value = 0;
  char32_t least = 0;  // smaller values in so many bytes are overlong
  if ((lead & 0xE0u) == 0xC0u) {
    size = 2;
    value = lead & 0x1Fu;
    least = 0x80;
  } else if ((lead & 0xF0u) == 0xE0u) {
    size = 3;
    value = lead & 0x0Fu;
    least = 0x800;
  } else if ((lead & 0xF8u) == 0xF0u) {
    size = 4;
    value = lead & 0x07u;
    least = 0x10000;
  } else {
    return {};
  }
  if (text.size() - at < size) return {};
  for (std::uint32_t i = 1; i < size; ++i) {
    if (!is_continuation(byte(i))) return {};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least || value > 0x10FFFF || surrogate) return {};
  return {value, size};
}

CodePoint decode_utf8_before(std::string_view text, std::size_t at) noexcept {
  if (at == 0 || at > text.size()) return {kReplacement, 0};
  std::size_t start = at - 1;
  while (start > 0 && at - start < 4 && is_continuation(static_cast<unsigned char>(text[start])))
    --start;
  const CodePoint point = decode_utf8(text, start);
  return start + point.size == at ? point : CodePoint{};
}

bool is_space(char32_t value) noexcept {
  if (value <= 0x20) return value == 0x20 || (value >= 0x09 && value <= 0x0D);
  if (value < 0x85) return false;
  return value == 0x85 || value == 0xA0 || value == 0xAD || value == 0x1680 || value == 0x180E ||
         (value >= 0x2000 && value <= 0x200F) || (value >= 0x2028 && value <= 0x202F) ||
         (value >= 0x205F && value <= 0x2064) || (value >= 0x2066 && value <= 0x2069) ||
         value == 0x3000 || value == 0xFEFF || is_filler(value);
}

bool is_han(char32_t value) noexcept {
  return (value >= 0x4E00 && value <= 0x9FFF) || (value >= 0x3400 && value <= 0x4DBF) ||
         (value >= 0xF900 && value <= 0xFAFF) || (value >= 0x20000 && value <= 0x3FFFF);
}

std::size_t count_characters(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

}  // namespace pyverify::support
