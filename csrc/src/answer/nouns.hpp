// Counted things: which words can be one, and their hash.
#pragma once

#include <cstdint>
#include <string_view>

namespace pyverify::answer {

// What a word can be behind a number (GRADING 11). Nouns are an open class, so they are told by
// their form: what several are of is a plural.
enum class WordRole : std::uint8_t {
  kPlural,     // apples, people, 个
  kSingular,   // apple, round: a noun only behind what is no number of several
  kAdjective,  // coloured, more: nothing without a noun behind it
  kSilent,     // total, exactly
  kJoining,    // of, who: goes on from a noun
  kChanging,   // roughly, below, doubled: changes what stands before it
};
WordRole role_behind_number(std::string_view word) noexcept;
// Words that deny the value before them or make another of it: 5 never, 5不对, 3 halves, 3个半. No
// nouns either.
bool denies(std::string_view word) noexcept;

}  // namespace pyverify::answer
