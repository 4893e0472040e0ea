// Numbers that a sentence writes out.
#include <algorithm>
#include <array>

#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;

bool is_number_word(std::string_view word) noexcept {
  static constexpr std::array<std::string_view, 31> kWords = {
      "zero",    "one",       "two",      "three",    "four",    "five",     "six",      "seven",
      "eight",   "nine",      "ten",      "eleven",   "twelve",  "thirteen", "fourteen", "fifteen",
      "sixteen", "seventeen", "eighteen", "nineteen", "twenty",  "thirty",   "forty",    "fifty",
      "sixty",   "seventy",   "eighty",   "ninety",   "hundred", "thousand", "million"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view w) { return same_word(word, w); });
}

}  // namespace

Span last_number_word_in(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  // Only the end of a long text can hold the last one.
  constexpr std::size_t kFarthest = 4096;
  const std::size_t first = end - std::min(end - begin, kFarthest);
  Span number;
  for (std::size_t at = end; at > first;) {
    if (!is_ascii_letter(text[at - 1])) {
      // A hyphen or a blank joins the words of one number.
      const char c = text[--at];
      if (!number.empty() && c != ' ' && c != '-') break;
      continue;
    }
    std::size_t start = at;
    while (start > first && is_ascii_letter(text[start - 1])) --start;
    const std::string_view word = text.substr(start, at - start);
    // forty-sixth is no forty
    const bool compound = at < end && text[at] == '-' && number.empty();
    if (is_number_word(word) && !compound) {
      number = {start, number.empty() ? at : number.end};
    } else if (!number.empty()) {
      if (!same_word(text.substr(number.begin, number.end - number.begin), "one")) break;
      number = {};
    }
    at = start;
  }
  const bool alone = same_word(text.substr(number.begin, number.end - number.begin), "one");
  return alone ? Span{} : number;
}

}  // namespace pyverify::extraction
