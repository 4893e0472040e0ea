// The last number of prose without any cue; in maths, what stands right of the last equals sign.
#include <algorithm>
#include <array>

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

std::size_t sentence_start(const Scan& scan, std::size_t at) noexcept {
  const std::size_t first = at - std::min(at - scan.begin, kLongestSentence);
  for (std::size_t i = at; i > first; --i) {
    const char c = scan.text[i - 1];
    if (c == '\n' || c == '=' || c == ':') return i;
    if ((c == '.' || c == '!' || c == '?') && i < scan.end && is_ascii_space(scan.text[i]))
      return i;
  }
  return first;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return same_word(word, w); });
}

// Is the number at `at` a circumstance (in 7 hours, over 30 days, to make 16 muffins, if she works
// 3 hours) of the sentence that states something from `begin` on?
bool is_circumstance(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 16> kPrepositions = {
      "in",  "for",  "over", "after", "during", "within", "every", "each",
      "per", "than", "from", "until", "with",   "at",     "if",    "these"};
  static constexpr std::array<std::string_view, 9> kClauses = {
      "if", "when", "because", "since", "while", "such", "that", "who", "than"};
  static constexpr std::array<std::string_view, 9> kArticles = {
      "the", "first", "next", "last", "all", "these", "those", "only", "another"};
  std::array<std::string_view, 3> before;  // the last words, articles left out
  bool article = false;
  for (std::size_t i = begin; i < at;) {
    const std::string_view word = next_word(text.substr(0, at), i);
    if (word.empty()) break;
    if (is_one_of(word, kClauses)) return true;
    article = is_one_of(word, kArticles);
    if (article) continue;
    before = {before[1], before[2], word};
  }
  const bool money = at > begin && text[at] == '$';
  if (same_word(before[2], "for") && money) return false;
  if (is_one_of(before[2], kPrepositions)) return true;
  return same_word(before[1], "to") || (article && same_word(before[2], "of"));
}

// The number that the last sentence with one states, else its last.
Span main_number(const Scan& scan) noexcept {
  const Span last = last_number_in(scan.text, scan.begin, scan.end);
  if (last.empty()) return last;
  const std::size_t begin = sentence_start(scan, last.begin);
  Span number = last;
  constexpr int kMost = 4;
  for (int i = 0; i < kMost; ++i) {
    const Span earlier = last_number_in(scan.text, begin, number.begin);
    if (earlier.empty())
      return i == 0 || !is_circumstance(scan.text, begin, number.begin) ? number : last;
    if (!is_circumstance(scan.text, earlier.end, number.begin)) return number;
    number = earlier;
  }
  return last;
}

}  // namespace

Finding last_number(Scan& scan) {
  Finding finding;
  const Span number = main_number(scan);
  if (number.empty()) return finding;
  finding.found = Found::kAnswer;
  finding.start = number.begin;
  finding.answer = number;
  const Span maths = maths_around(scan, number.end - 1);
  if (!maths.empty()) {
    const Span right = right_side(scan.text, maths);
    if (!right.empty()) finding.answer = right;
  }
  return finding;
}

}  // namespace pyverify::extraction
