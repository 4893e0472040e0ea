// Words of an answer: text made comparable, number words, choices, times, dates. Strings in, values
// out; no trees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "number/rational.hpp"

namespace pyverify::answer {

// Are two texts the same answer? Content words in order, after synonym classes that the policy
// lists (undefined / does not exist / DNE; no solution / no real solutions / none / 无解 / empty
// set; yes/no/true/false by first word).
bool same_text(std::string_view gold, std::string_view answer);
// Are words of up to four letters, among them every symbol of a unit, in the same case?
bool same_case_of_symbols(std::string_view a, std::string_view b) noexcept;
// Does a text hold another's content words, together and in order, and no negation of its own?
bool says(std::string_view text, std::string_view content);

enum class TextClass : std::uint8_t {
  kOther,
  kUndefined,
  kNoSolution,
  kAllReals,
  kYes,
  kNo,
  kTrue,
  kFalse,
  kInfinity,
  kNegativeInfinity,
  kPositiveIntegers,
  kPositiveReals,
  kIntegers,
  kNegativeReals,
  kAnyNumber /* "any number": a hedge */,
};
TextClass classify_text(std::string_view text);
// "Yes, it converges": the first word decides if none of the others follows and nothing takes it
// back. `as_gold`: only before punctuation, and nothing with a number behind it, which would be
// part of the answer.
TextClass verdict_class(std::string_view text, bool as_gold) noexcept;

// forty-two, "twenty one", five, third, 12^{th}'s word part excluded;
// million/billion/thousand/dozen scale a preceding value and are found by scale_word. 十二,
// 二分之一, 12th too. False when the text isn't a number word.
bool number_word(std::string_view text, number::Rational& value);
// The number at the start of a text: "twelve" of "twelve apples". Gives the bytes used, 0 when
// there is none.
std::size_t leading_number(std::string_view text, number::Rational& value);
bool scale_word(std::string_view word, std::int64_t& factor);

// A choice: B, (B), \text{(B)}, B., b), Option B, 选B, "B. 42", "B (42)"; several: ACD, "A, C, D".
// letters: bit 0 is A. rest: what follows the label ("42"), a view into text, may be empty.
// lower_case: written b.
struct Choice {
  std::uint32_t letters = 0;
  bool lower_case = false;
  bool listed = false;  // [B, D]
  std::string_view rest;
};
// A–J only; several letters in any order without repetition. Refused: alternatives (B or C), a
// second label in the rest (a list of all options), A=5, A_1, and a letter in a sentence (A dog).
// AB alone is read as A and B: the gold decides.
bool parse_choice(std::string_view text, Choice& choice);
// Does what stands behind the label take it back or name another option: B (rejected), (B), but C?
// The text of an option may speak of options above it.
bool is_taken_back(const Choice& choice) noexcept;
// I(0) and A (x+1)y, of which a choice was read: a function or a product, where B (42) is an option
// with its text.
bool is_applied(std::string_view text, const Choice& choice) noexcept;

// Numbered statements: ②③, (2)(3), ③ and ②, (1),(3). Bit 0 of mask is statement 1. (2) alone is
// read too: the gold decides.
bool parse_statements(std::string_view text, std::uint32_t& mask);

// 3:45 pm, 15:45, 3:45 \text{ p.m.}, "noon", "9 a.m.", "half past three in the afternoon",
// 下午3点45分. minutes: since midnight, or as written when the half isn't known. A time written
// with an hour of 13 to 23 or 0 knows its half.
struct TimeOfDay {
  std::int32_t minutes = 0;
  std::int8_t half = -1;  // 0: am, 1: pm, -1: not said
  std::int8_t seconds = 0;
  bool could_be_24h = false;  // not said and the hour is 13..23 or 0, or written with two digits
};
bool parse_time(std::string_view text, TimeOfDay& time);
// A bare 3:45 is 3:45 pm, not 15:45; 09:05 is in the morning.
bool same_time(const TimeOfDay& gold, const TimeOfDay& answer);

// A date in an unambiguous usual format. year 0: not given.
struct Date {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;
};
// March 5, 2021; 5 March 2021; the 5th of March; 2021-03-05; 2021年3月5日. 3/5/2021 is refused,
// 25/12/2021 isn't.
bool parse_date(std::string_view text, Date& date);
bool same_date(const Date& gold, const Date& answer);

// Doubt said in words inside an answer: "maybe", "I think", "?", "not sure", 可能, 或许.
// "approximately" and "either" are none.
bool says_doubt(std::string_view text);
// Without the words of doubt that stand in front of an answer and behind it; the text itself when
// it is nothing else.
std::string_view without_doubt(std::string_view text);
// Words that make a bound of a value or take it back: "12 or more", "at least 12", "12 is wrong".
bool says_bound(std::string_view text);

// May a text stand in front of an equals sign as the name of its value: "total cost", "the value of
// x + y"? "Find x such that x + 1", "if a", "twice x" and "not n" state a problem or arithmetic.
bool names_a_value(std::string_view text);

}  // namespace pyverify::answer
