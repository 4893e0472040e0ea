// The command table: a LaTeX command, a word of plain maths and a Unicode character each become one
// token.
#pragma once

#include <cstdint>
#include <string_view>

#include "latex/token.hpp"

namespace pyverify::latex {

struct Command {
  std::string_view name;
  Tok kind = Tok::kBad;
  std::uint16_t value = 0;
  bool word = false;  // also without backslash
};

// nullptr when unknown. `name` is without backslash.
const Command* find_command(std::string_view name) noexcept;

// The token a single non-ASCII character stands for; kBad when it is none of ours.
struct CharacterToken {
  Tok kind = Tok::kBad;
  std::uint16_t value = 0;
};
CharacterToken find_character(char32_t character) noexcept;

}  // namespace pyverify::latex
