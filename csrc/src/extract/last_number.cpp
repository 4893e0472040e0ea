// The last number of prose without any cue; in maths, what stands right of the last equals sign.
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
      if (depth == 0 && (name == "Rightarrow" || name == "implies" || name == "to" || name == "quad")) begin = after;
      i = after - 1;
    } else if (c == '{' || c == '(' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ')' || c == ']') {
      --depth;
    } else if (c == '=' && depth <= 0 && (i == maths.begin || (text[i - 1] != '<' && text[i - 1] != '>'))) {
      begin = i + 1;
    }
  }
  return strip_prose(text, {begin, maths.end});
}

}  // namespace

Finding last_number(Scan& scan) {
  Finding finding;
  const Span number = last_number_in(scan.text, scan.begin, scan.end);
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
