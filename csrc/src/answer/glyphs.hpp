// A text as a reader sees it: one code point at a time, with wrappers (\text{}, \mathbf{}, $),
// spacing commands and invisible characters gone and full-width forms mapped to ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pyverify::answer {

struct Glyph {
  char32_t code = 0;      // kCommand for a LaTeX command that isn't transparent
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  std::string_view command;  // its name without backslash
};

constexpr char32_t kCommand = 0xe000;    // private use: none of these is text
constexpr char32_t kGroupOpen = 0xe001;  // a brace that is the argument of ^, _ or a command
constexpr char32_t kGroupClose = 0xe002;

// Forward only; copy it to look ahead.
class GlyphReader {
 public:
  explicit GlyphReader(std::string_view text) noexcept : text_(text) {}

  // False at the end. Spaces of every kind come as ' '.
  bool next(Glyph& glyph) noexcept;
  // The next glyph without moving; code 0 at the end.
  Glyph peek() const noexcept;
  std::size_t position() const noexcept { return pos_; }

 private:
  bool read_command(Glyph& glyph) noexcept;  // at a backslash; false: nothing visible
  bool circled_number(Glyph& glyph) noexcept;
  void open(bool visible) noexcept;

  std::string_view text_;
  std::size_t pos_ = 0;
  std::uint64_t visible_groups_ = 0;  // one bit per open brace, the innermost lowest
  std::uint32_t depth_ = 0;
  bool argument_ = false;  // a brace now is an argument, not a wrapper
};

}  // namespace pyverify::answer
