// The last number of prose without any cue; in maths, what stands right of the last equals sign.
#include <algorithm>
#include <array>

#include "extract/clause.hpp"
#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_space;

constexpr std::size_t kLongestMaths = 1024;

// The maths around `at`, if it is delimited on both sides; $ counts only when it is no currency.
Span maths_around(const Scan& scan, std::size_t at) noexcept {
  const std::string_view text = scan.text;
  const std::size_t last = std::min(scan.end, at + kLongestMaths);
  const std::size_t first = at - std::min(at - scan.begin, kLongestMaths);
  std::size_t close = at;
  char delimiter = '\0';
  int lines = 0;
  for (; close < last && delimiter == '\0'; ++close) {
    const char c = text[close];
    if (c == '\n' && ++lines > 1) return {};
    if (c == '$') delimiter = '$';
    if (c == '\\' && close + 1 < last) {
      const char next = text[close + 1];
      if (next == ')' || next == ']') {
        delimiter = next;
      } else if (next == '(' || next == '[') {
        return {};
      } else {
        ++close;
      }
    }
  }
  if (delimiter == '\0') return {};
  const std::size_t end = close - 1;
  if (delimiter == '$' && (is_ascii_space(text[end - 1]) && text[end - 1] != '\n' && lines == 0 &&
                           !(end >= 2 && text[end - 2] == '$'))) {
    // "$5 and $6": the sign stands before the next number, not behind this one.
    if (end + 1 < scan.end && support::is_ascii_digit(text[end + 1])) return {};
  }
  for (std::size_t i = at; i > first; --i) {
    const char c = text[i - 1];
    if (delimiter == '$') {
      if (c == '\n' && lines == 0 && !(i < at && text[i] == '$')) {
        if (!(end + 1 < scan.end && text[end + 1] == '$')) return {};
      }
      if (c == '$' && (i < 2 || text[i - 2] != '\\')) return {i, end};
    } else if (i >= 2 && text[i - 2] == '\\') {
      if (c == (delimiter == ')' ? '(' : '[')) return {i, end};
      if (c == delimiter) return {};
    }
  }
  return {};
}

// Right of the last equals sign at the top level.
Span right_side(std::string_view text, Span maths) noexcept {
  std::size_t begin = maths.begin;
  int depth = 0;
  for (std::size_t i = maths.begin; i < maths.end; ++i) {
    const char c = text[i];
    if (c == '\\') {
      const std::size_t after = skip_command(text, i, maths.end);
      const std::string_view name = text.substr(i + 1, after - i - 1);
      if (depth == 0 &&
          (name == "Rightarrow" || name == "implies" || name == "to" || name == "quad"))
        begin = after;
      i = after - 1;
    } else if (c == '{' || c == '(' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ')' || c == ']') {
      --depth;
    } else if (c == '=' && depth <= 0 &&
               (i == maths.begin || (text[i - 1] != '<' && text[i - 1] != '>'))) {
      begin = i + 1;
    }
  }
  return strip_prose(text, {begin, maths.end});
}

constexpr std::size_t kLongestSentence = 400;

// Where the sentence or the side of an equation with `at` begins. A heading and its colon are not
// part of it.
std::size_t sentence_start(const Scan& scan, std::size_t at) noexcept {
  const std::size_t first = at - std::min(at - scan.begin, kLongestSentence);
  for (std::size_t i = at; i > first; --i) {
    const char c = scan.text[i - 1];
    if (c == '\n' || c == '=') return i;
    if ((c == '.' || c == '!' || c == '?' || c == ':') && i < scan.end &&
        is_ascii_space(scan.text[i]))
      return i;
  }
  return first;
}

// "There are 4 of them: 3, 5, 9, and 11": the members are listed behind what is stated.
std::size_t before_list(const Scan& scan, std::size_t begin, std::size_t end) noexcept {
  if (begin <= scan.begin || scan.text[begin - 1] != ':') return begin;
  int commas = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const char c = scan.text[i];
    if (c == ',' && i + 1 < end && is_ascii_space(scan.text[i + 1])) ++commas;
  }
  const bool joined = scan.text.substr(begin, end - begin).find(" and ") != std::string_view::npos;
  if (commas == 0 && !joined) return begin;
  const std::size_t colon = begin - 1;
  const std::size_t start = sentence_start(scan, colon);
  const StatedNumber stated = stated_number(scan.text, {start, colon});
  const bool told =
      stated.number.begin > start + 4 && scan.text.substr(stated.number.begin - 4, 4) == " is ";
  return stated.sure && (told || colon - stated.number.end > 1) ? start : begin;
}

// Where a remark in brackets begins that `at` stands in, behind a number: "20 miles (4 times 5)".
std::size_t remark_start(const Scan& scan, std::size_t at) noexcept {
  constexpr std::size_t kLongestRemark = 160;
  const std::size_t first = at - std::min(at - scan.begin, kLongestRemark);
  int depth = 0;
  for (std::size_t i = at; i > first; --i) {
    const char c = scan.text[i - 1];
    if (c == '\n' || c == '$' || c == '\\') return at;
    if (c == ')') ++depth;
    if (c != '(' || depth-- != 0) continue;
    const std::size_t open = i - 1;
    // "(3 hours)" says the same in another unit.
    const Shape remark = shape_of(scan.text.substr(open, std::min(scan.end, at + 32) - open));
    if (remark.numbers < 2 && remark.words < 3) return at;
    if (open < scan.begin + 2 || scan.text[open - 1] != ' ') return at;
    const char before = scan.text[open - 2];
    const bool noun =
        support::is_ascii_letter(before) || support::is_ascii_digit(before) || before == '%';
    return noun && !last_number_in(scan.text, sentence_start(scan, open), open).empty() ? open : at;
  }
  return at;
}

// Where ", not" or "instead of" begins in front of `at`, behind another number: "10 miles, not 12".
std::size_t denied_start(const Scan& scan, std::size_t at) noexcept {
  for (const std::string_view denial : {", not ", " (not ", " instead of ", " rather than "}) {
    if (!scan.ends_with(at, denial)) continue;
    const std::size_t start = at - denial.size();
    return last_number_in(scan.text, sentence_start(scan, start), start).empty() ? at : start;
  }
  return at;
}

// The number that the last sentence with one states.
Span main_number(const Scan& scan) noexcept {
  Span last = last_number_in(scan.text, scan.begin, scan.end);
  if (last.empty()) last = last_number_word_in(scan.text, scan.begin, scan.end);
  if (last.empty()) return last;
  const std::size_t remark = remark_start(scan, last.begin);
  if (remark != last.begin) last = last_number_in(scan.text, scan.begin, remark);
  const std::size_t denied = denied_start(scan, last.begin);
  if (denied < last.begin) last = last_number_in(scan.text, scan.begin, denied);
  std::size_t begin = sentence_start(scan, last.begin);
  std::size_t end = last.end;
  while (end < scan.end && end - last.end < kLongestSentence && scan.text[end] != '\n' &&
         scan.text[end] != '.')
    ++end;
  if (denied > last.begin) end = std::min(end, denied);
  const std::size_t start = before_list(scan, begin, last.begin);
  if (start != begin) {
    end = begin - 1;
    begin = start;
  }
  const Span number = stated_number(scan.text, {begin, end}).number;
  return number.empty() ? last : number;
}

// The number, or the side of the equation that it stands in. `outer`: with what delimits it.
Span value_around(const Scan& scan, Span number, Span& outer) noexcept {
  outer = number;
  const Span maths = maths_around(scan, number.end - 1);
  // $^2$ behind cm is not the maths that the number stands in.
  const auto word = [](char c) {
    return support::is_ascii_digit(c) || support::is_ascii_letter(c);
  };
  const bool beside =
      !maths.empty() && maths.begin > number.begin &&
      std::any_of(scan.text.begin() + static_cast<std::ptrdiff_t>(number.begin),
                  scan.text.begin() + static_cast<std::ptrdiff_t>(maths.begin), word);
  if (maths.empty() || beside) {
    outer = whole_term(scan.text, scan.begin, scan.end, number);
    return outer;
  }
  outer = maths;
  const Span right = right_side(scan.text, maths);
  return right.empty() ? number : right;
}

bool is_delimiter(char c) noexcept {
  return c == ' ' || c == '$' || c == '\\' || c == '(' || c == ')' || c == '*' || c == ',';
}

// "= 35 - 15" or "35 - 15 =" at the very end: cut off before the result.
bool is_unfinished(const Scan& scan, Span number, Span term) noexcept {
  if (term.begin >= number.begin && term.end <= number.end) return false;
  if (!trim(scan.text, {term.end, scan.end}).empty()) return false;
  const std::size_t before = skip_blanks_before(scan.text, scan.begin, term.begin);
  const char last = scan.text[term.end - 1];
  return (before > scan.begin && scan.text[before - 1] == '=') || last == '=' || last == '*' ||
         last == '+' || last == '-' || last == '/';
}

// "r = 3 or r = 4": the value that the one in `outer` is an alternative to, empty without one.
Span alternative_before(const Scan& scan, Span outer) noexcept {
  const std::size_t first = sentence_start(scan, outer.begin);
  std::size_t at = outer.begin;
  while (at > scan.begin && is_delimiter(scan.text[at - 1])) --at;
  // Its name and the equals sign.
  if (at == first && at > scan.begin && scan.text[at - 1] == '=') {
    --at;
    while (at > scan.begin && scan.text[at - 1] == ' ') --at;
    if (at > scan.begin && support::is_ascii_letter(scan.text[at - 1])) --at;
    while (at > scan.begin && is_delimiter(scan.text[at - 1])) --at;
  }
  if (!scan.ends_with(at, "or") || at < scan.begin + 3 || !is_delimiter(scan.text[at - 3]))
    return {};
  const std::size_t before = at - 2;
  const Span number = last_number_in(scan.text, sentence_start(scan, before), before);
  if (number.empty()) return {};
  Span other;
  const Span value = value_around(scan, number, other);
  // Nothing but delimiters between the two.
  for (std::size_t i = std::max(other.end, value.end); i < before; ++i) {
    if (!is_delimiter(scan.text[i])) return {};
  }
  return value;
}

// "$a$ or $b$": the maths that is an alternative to the one in `outer`.
Span alternative_behind(const Scan& scan, Span outer) noexcept {
  std::size_t at = outer.end;
  while (at < scan.end && is_delimiter(scan.text[at])) ++at;
  if (!word_at(scan.text, at, scan.end, "or")) return {};
  at = skip_blanks(scan.text, at + 2, scan.end, false);
  if (at + 1 >= scan.end || (scan.text[at] != '$' && !scan.starts_with(at, "\\("))) return {};
  const Span maths = maths_around(scan, at + (scan.text[at] == '$' ? 1 : 2));
  return maths.empty() ? maths : right_side(scan.text, maths);
}

// A question states nothing.
bool in_question(const Scan& scan, std::size_t at) noexcept {
  const std::size_t end = std::min(scan.end, at + kLongestSentence);
  for (; at < end && scan.text[at] != '\n'; ++at) {
    if (scan.text[at] == '?') return true;
    if (scan.text[at] == '.' && at + 1 < end && is_ascii_space(scan.text[at + 1])) return false;
  }
  return false;
}

}  // namespace

Finding last_number(Scan& scan) {
  Finding finding;
  const Span number = main_number(scan);
  if (number.empty() || in_question(scan, number.end)) return finding;
  finding.found = Found::kAnswer;
  finding.start = number.begin;
  Span outer;
  finding.answer = value_around(scan, number, outer);
  if (is_unfinished(scan, number, outer) && scan.text[outer.begin - 1] != '$') return {};
  Span other = alternative_before(scan, outer);
  if (other.empty()) other = alternative_behind(scan, outer);
  if (!other.empty()) finding.parts = {other, finding.answer};
  const Span whole = with_modifier(scan.text, sentence_start(scan, outer.begin), outer);
  if (whole.begin != outer.begin || whole.end != outer.end) finding.answer = whole;
  return finding;
}

}  // namespace pyverify::extraction
