// What English and Chinese cues share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "extract/strategy.hpp"

namespace pyverify::extraction {

// Reads the answer that follows a cue: the cue begins at `start`, its answer at `after`. `said`: it
// was said with a verb ("the answer is surprising" is possible), not with a colon.
Finding read_cue(Scan& scan, std::size_t start, std::size_t after, bool said = false);

// Whose answer is it that the cue with its noun at `word` speaks of?
enum class Speaker : std::uint8_t {
  kModel,
  kOther,        // wrong, somebody else's, a property of the answer
  kAlternative,  // "..., or the answer is"
};
Speaker who_says(const Scan& scan, std::size_t word) noexcept;

// "B is the correct answer.": the choice that is named before the noun phrase, whose last words
// stand from `noun` to `after`. Only at the end of a sentence.
Finding look_at_named_choice(Scan& scan, std::size_t noun, std::size_t after);

// {"answer": 42}: the value of a field whose name stands from `name` to `after`.
Finding look_at_json_field(Scan& scan, std::size_t name, std::size_t after);

// Past Markdown and blanks on the line.
std::size_t skip_marks(const Scan& scan, std::size_t at) noexcept;

// The word before `at` on the line, across blanks and Markdown; `at` is set to where it begins.
std::string_view word_before(const Scan& scan, std::size_t& at) noexcept;

}  // namespace pyverify::extraction
