// How far an answer reaches that follows a cue in prose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pyverify/extract.hpp"

namespace pyverify::extraction {

struct Sentence {
  Span span;               // the answer with whatever wraps it
  bool question = false;   // it ends in a question mark
  bool cut_short = false;  // it reached the longest length that is read
  std::size_t rest = 0;    // where the remainder of the line begins
};

// Reads from `begin` to the end of the sentence or line, or to a clause that explains (because,
// since, where, ...). A full stop inside maths, brackets or a number ends nothing; display maths
// may run over lines.
Sentence read_sentence(std::string_view text, std::size_t begin, std::size_t end) noexcept;

}  // namespace pyverify::extraction
