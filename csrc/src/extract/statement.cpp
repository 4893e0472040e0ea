// The value that a sentence states.
#include "extract/statement.hpp"

#include <array>

#include "extract/clause.hpp"
#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;

namespace {

// A sentence with one of these does not plainly state a value.
constexpr std::array<std::string_view, 18> kHedges = {
    "if", "unless", "except", "or",    "either",  "neither",       "nor",   "not",   "cannot",
    "no", "least",  "most",   "about", "roughly", "approximately", "can't", "never", "nearly"};
// Nor with one of these, unless it tells a circumstance of what is stated.
constexpr std::array<std::string_view, 12> kBounds = {"when",  "whenever", "around", "almost",
                                                      "over",  "under",    "than",   "between",
                                                      "above", "below",    "exceed", "exceeds"};

std::string_view view_of(std::string_view text, Span span) noexcept {
  return text.substr(span.begin, span.empty() ? 0 : span.end - span.begin);
}

// "There are 74 ways; he has 54 - 9 = 45 left": words, one run of numbers and maths, words.
Span only_value(std::string_view text, Span sentence) noexcept {
  const Span last = last_number_in(text, sentence.begin, sentence.end);
  if (last.empty()) return {};
  std::size_t first = sentence.begin;
  while (first < last.begin && !is_ascii_digit(text[first]) && text[first] != '$' &&
         text[first] != '\\')
    ++first;
  while (first > sentence.begin &&
         (text[first - 1] == '-' || text[first - 1] == '(' || text[first - 1] == '.'))
    --first;
  // A delimiter that closes behind the number opened in front of it.
  std::size_t end = last.end;
  if (first < last.begin && end < sentence.end && text[first] == '$' && text[end] == '$') ++end;
  if (end + 1 < sentence.end && text[first] == '\\' && text[end] == '\\' &&
      (text[end + 1] == ')' || text[end + 1] == ']')) {
    end += 2;
  }
  const Shape before = shape_of(text.substr(sentence.begin, first - sentence.begin));
  const Shape run = shape_of(text.substr(first, last.begin - first));
  const Shape after = shape_of(text.substr(end, sentence.end - end));
  if (run.words != 0 || after.numbers + after.maths != 0) return {};
  if (before.maths > 1) return {};  // $x$ or another name may be what is spoken of
  const Span value = strip_prose(text, {first, end});
  return reads_as_value(view_of(text, value)) ? value : Span{};
}

// "He needs 9 trays a day for the next 5 days": one number and its circumstances, in plain prose.
Span main_value(std::string_view text, Span sentence) noexcept {
  constexpr std::size_t kLongest = 400;
  if (sentence.end - sentence.begin > kLongest || shape_of(view_of(text, sentence)).maths > 1)
    return {};
  const StatedNumber stated = stated_number(text, sentence);
  if (!stated.sure) return {};
  std::string_view before;  // the word before the number
  for (std::size_t at = sentence.begin; at < stated.number.begin;) {
    const std::string_view word = next_word(text.substr(0, stated.number.begin), at);
    if (!word.empty()) before = word;
  }
  return is_one_of(before, kBounds) ? Span{} : stated.number;
}

}  // namespace

namespace {

// What follows "is" or stands alone, whatever the words before it.
Span value_of(std::string_view text, Span sentence) noexcept {
  const std::string_view view = view_of(text, sentence);
  static constexpr std::array<std::string_view, 7> kCopulas = {"is", "are",     "was", "equals",
                                                               "be", "becomes", "were"};
  std::size_t after_copula = 0;
  int copulas = 0;
  bool joined = false;  // "the width is 3 and the length is 12" states two
  bool bounded = false;
  for (std::size_t at = 0; at < view.size();) {
    const std::string_view word = next_word(view, at);
    if (word.empty()) break;
    if (is_one_of(word, kHedges) || word.ends_with("n't") || has_doubt(word)) return {};
    bounded = bounded || is_one_of(word, kBounds);
    joined = joined || (copulas != 0 && same_word(word, "and"));
    if (!is_one_of(word, kCopulas)) continue;
    after_copula = at;
    ++copulas;
  }
  if (after_copula != 0 && !bounded && !(copulas > 1 && joined)) {
    const Span value = strip_prose(text, {sentence.begin + after_copula, sentence.end});
    const std::string_view stated = view_of(text, value);
    // One word behind it says what is counted; more are the rest of the sentence.
    if (reads_as_value(stated) && shape_of(stated).words <= 1) return value;
  }
  const Span only = bounded ? Span{} : only_value(text, sentence);
  const Span value = only.empty() ? main_value(text, sentence) : only;
  // A factorial, or an exclamation: nobody can tell.
  return value.end < text.size() && text[value.end] == '!' ? Span{} : value;
}

// "13的两倍", "13以上": what stands behind the number changes it.
bool is_turned_in_chinese(std::string_view tail) noexcept {
  for (const std::string_view turn : {"的", "倍", "以上", "以下", "左右", "多", "余", "次方"}) {
    if (tail.starts_with(turn)) return true;
  }
  return false;
}

}  // namespace

Span stated_value(std::string_view text, Span sentence) noexcept {
  // "option C: 15" is a choice with its value.
  std::size_t that = 0;
  const std::string_view all = view_of(text, sentence);
  if (same_word(next_word(all, that), "that") && same_word(all.substr(0, 4), "that"))
    sentence.begin += that;
  that = 0;
  const std::string_view noun = next_word(all, that);
  const std::string_view letter = next_word(all, that);
  if ((same_word(noun, "option") || same_word(noun, "choice")) && reads_as_choice(letter))
    return {};
  const Span value = value_of(text, sentence);
  if (value.empty() || is_turned_in_chinese(text.substr(value.end, sentence.end - value.end)))
    return {};
  // "7 too many", and "the 5th prime" is not 5.
  std::size_t tail = value.end;
  static constexpr std::array<std::string_view, 3> kTurns = {"too", "short", "off"};
  if (is_one_of(next_word(text.substr(0, sentence.end), tail), kTurns)) return {};
  tail = value.end;
  const bool ordinal = value.end - value.begin > 2 && is_ascii_letter(text[value.end - 1]) &&
                       is_ascii_digit(text[value.end - 3]);
  if (ordinal && !next_word(text.substr(0, sentence.end), tail).empty()) return {};
  const Span before{sentence.begin, value.begin};
  return before.empty() || introduces_number(view_of(text, before)) ? value : Span{};
}

}  // namespace pyverify::extraction
