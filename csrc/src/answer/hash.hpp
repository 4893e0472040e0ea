// Word hashes. One function for texts, nouns and currencies, usable in constant tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pyverify::answer {

// FNV-1a, finished with a multiply-xorshift so that short words differ in every bit.
class WordHash {
 public:
  constexpr void add(char32_t code) noexcept {
    do {
      state_ = (state_ ^ (code & 0xff)) * 0x100000001b3ull;
      code >>= 8;
    } while (code != 0);
  }
  constexpr void add(std::string_view ascii) noexcept {
    for (const char c : ascii) add(static_cast<unsigned char>(c));
  }
  constexpr std::uint64_t value() const noexcept {
    std::uint64_t h = state_;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    return h ^ (h >> 32);
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ull;
};

constexpr std::uint64_t hash_ascii(std::string_view word) noexcept {
  WordHash hash;
  hash.add(word);
  return hash.value();
}

constexpr bool is_ascii_letter(char32_t c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_ascii_digit(char32_t c) noexcept { return c >= '0' && c <= '9'; }

// Hash of a lower-case ASCII word with its plural ending folded away: apples = apple, boxes = box,
// berries = berry, children = child.
std::uint64_t stem_hash(std::string_view folded) noexcept;

}  // namespace pyverify::answer
