// Narrows a span to what is meant: blanks, Markdown, maths delimiters, closing punctuation.
#pragma once

#include <cstddef>
#include <string_view>

#include "pyverify/extract.hpp"

namespace pyverify::extraction {

// Without the blanks (of any script) at both ends.
Span trim(std::string_view text, Span span) noexcept;
// Also without one pair or more of maths delimiters around all of it: $...$, $$...$$, \(...\),
// \[...\].
Span strip_maths(std::string_view text, Span span) noexcept;
// An answer taken from prose: also without Markdown, quotes, a leading colon or equals sign and the
// punctuation that ends a sentence.
Span strip_prose(std::string_view text, Span span) noexcept;

// Past the blanks that begin at `at`; newlines too if asked.
std::size_t skip_blanks(std::string_view text, std::size_t at, std::size_t end,
                        bool newlines) noexcept;
// Before the blanks that end at `at`, newlines not.
std::size_t skip_blanks_before(std::string_view text, std::size_t begin, std::size_t at) noexcept;
// Past the group that opens at `open` ({, with \{ and \} as mere characters); kNoSpanEnd when it
// never closes.
inline constexpr std::size_t kNoSpanEnd = static_cast<std::size_t>(-1);
std::size_t skip_group(std::string_view text, std::size_t open, std::size_t end) noexcept;
// Past the command name that begins at the backslash `at`: \frac, \{, \,.
std::size_t skip_command(std::string_view text, std::size_t at, std::size_t end) noexcept;
// `word` (lower case) stands at `at` in any case and ends there.
bool word_at(std::string_view text, std::size_t at, std::size_t end,
             std::string_view word) noexcept;

}  // namespace pyverify::extraction
