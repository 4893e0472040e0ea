// Words as the count of scripts sees them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "pyverify/response.hpp"

namespace pyverify::response {

// The script of a letter; letters of the alphabets for maths are Latin.
std::optional<Script> script_of_letter(char32_t value) noexcept;

// Letters of one script in a row, apostrophes and characters that show nothing among them.
struct Word {
  std::size_t end = 0;
  std::size_t letters = 0;
  bool small = false;  // one of them at least is no capital
};
Word read_word(std::string_view text, std::size_t at, Script script) noexcept;

// Is the word prose, or notation: a short one, a name in capitals, a function, a unit?
bool is_prose(std::string_view text, const Word& word, Script script) noexcept;

}  // namespace pyverify::response
