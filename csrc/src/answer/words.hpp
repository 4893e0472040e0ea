// Words of an answer: text made comparable, number words, choices, times, dates. Strings in, values out; no trees.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "number/rational.hpp"

namespace pyverify::answer {

// The content words of a text under GRADING 20: case, outer punctuation, articles, copulas, quantifiers and prepositions
// before a name don't count; \text{}, \mathrm{}, \textbf{}, $ and ** wrappers are transparent. Digits, operators and letters next to
// digits are kept exactly (3.4 is not 34). One hash per word in order; an empty result means no content.
void content_words(std::string_view text, std::vector<std::uint64_t>& words);

// Are two texts the same answer? Content words in order, after synonym classes that the policy lists (undefined / does not
// exist / DNE; no solution / no real solutions / none / 无解 / empty set; yes/no/true/false by first word).
bool same_text(std::string_view gold, std::string_view answer);

enum class TextClass : std::uint8_t {
  kOther, kUndefined, kNoSolution, kAllReals, kYes, kNo, kTrue, kFalse, kInfinity, kNegativeInfinity,
  kPositiveIntegers, kPositiveReals, kIntegers, kNegativeReals, kAnyNumber /* "any number": a hedge */,
};
TextClass classify_text(std::string_view text);

// forty-two, "twenty one", five, third, 12^{th}'s word part excluded; million/billion/thousand/dozen scale a preceding value and are
// found by scale_word. False when the text isn't a number word.
bool number_word(std::string_view text, number::Rational& value);
bool scale_word(std::string_view word, std::int64_t& factor);

// A choice: B, (B), \text{(B)}, B., b), Option B, 选B, "B. 42", "B (42)"; several: ACD, "A, C, D". letters: bit 0 is A.
// rest: what follows the label ("42"), a view into text, may be empty. lower_case: written b.
struct Choice {
  std::uint32_t letters = 0;
  bool lower_case = false;
  std::string_view rest;
};
bool parse_choice(std::string_view text, Choice& choice);

// 3:45 pm, 15:45, 3:45 \text{ p.m.}, "noon", "9 a.m.". minutes: since midnight, or in the half day when half is unknown.
struct TimeOfDay {
  std::int32_t minutes = 0;
  std::int8_t half = -1;  // 0: am, 1: pm, -1: not said
  std::int8_t seconds = 0;
  bool could_be_24h = false;  // not said and the hour is 13..23 or 0, or written with two digits
};
bool parse_time(std::string_view text, TimeOfDay& time);

// A date in an unambiguous usual format. year 0: not given.
struct Date {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
};
bool parse_date(std::string_view text, Date& date);

// Doubt or alternatives said in words inside an answer: "maybe", "I think", "approximately"?, "either", "?", "not sure", 可能, 或许.
bool says_doubt(std::string_view text);

}  // namespace pyverify::answer
