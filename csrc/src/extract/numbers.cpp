#include "extract/numbers.hpp"

#include <algorithm>
#include <array>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;
using support::is_ascii_upper;

namespace {

// Longer runs without a blank are no number in prose.
constexpr std::size_t kLongestToken = 256;

// Bytes that end a token: blanks, Markdown, equals signs, quotes; and the wide characters that are
// no maths.
bool separates(std::string_view text, std::size_t at) noexcept {
  const char c = text[at];
  if (is_ascii_space(c)) return true;
  switch (c) {
    case '=':
    case '*':
    case '`':
    case '"':
    case '<':
    case '>':
    case '|':
    case ';':
    case '~':
    case '!':
    case '?':
    case '#':
    case '&':
      return true;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80) return false;
  // √ and − (E2 88 ..), ° ± ² ³ × ½ (C2, C3), π (CF 80) belong to numbers; their later bytes go
  // with them.
  const bool continuation = (byte & 0xC0u) == 0x80u;
  std::size_t lead = at;
  while (continuation && lead > 0 && at - lead < 3 &&
         (static_cast<unsigned char>(text[lead]) & 0xC0u) == 0x80u)
    --lead;
  const support::CodePoint point = support::decode_utf8(text, lead);
  switch (point.value) {
    case U'√':
    case U'−':
    case U'°':
    case U'±':
    case U'²':
    case U'³':
    case U'×':
    case U'½':
    case U'π':
    case U'¼':
    case U'¾':
    case U'€':
    case U'£':
    case U'¥':
    case U'₹':
      return false;
    default:
      return true;
  }
}

// 3. or 3) or (3) at the start of a line, with something behind it on the line.
bool is_enumerator(std::string_view text, std::size_t begin, Span token, std::size_t end) noexcept {
  const std::size_t line = skip_blanks_before(text, begin, token.begin);
  std::size_t start = line;
  while (start > begin &&
         (text[start - 1] == '*' || text[start - 1] == '#' || text[start - 1] == '>' ||
          text[start - 1] == '-' || text[start - 1] == ' ')) {
    --start;
  }
  if (start != begin && text[start - 1] != '\n') return false;
  std::size_t i = token.begin;
  if (i < token.end && text[i] == '(') ++i;
  const std::size_t digits = i;
  while (i < token.end && is_ascii_digit(text[i])) ++i;
  if (i == digits || i - digits > 3 || i >= end) return false;
  if (text[i] != '.' && text[i] != ')' && text[i] != ':') return false;
  if (i + 1 < end && !is_ascii_space(text[i + 1]) && text[i + 1] != '*') return false;
  const std::size_t rest = skip_blanks(text, i + 1, end, false);
  return rest < end && text[rest] != '\n' && text[rest] != '\r';
}

// Step 3, Case 2, Equation 4: the number is a name.
bool is_label_number(std::string_view text, std::size_t begin, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 13> kLabels = {
      "step",     "case",    "part", "equation", "eq",     "figure", "problem",
      "question", "example", "page", "method",   "option", "steps"};
  std::size_t after = skip_blanks_before(text, begin, at);
  if (after == at) return false;
  std::size_t word = after;
  while (word > begin && is_ascii_letter(text[word - 1]) && after - word < 12) --word;
  return is_one_of(text.substr(word, after - word), kLabels);
}

// The token around the digit at `at`.
Span token_around(std::string_view text, std::size_t begin, std::size_t at,
                  std::size_t end) noexcept {
  Span token{at, at + 1};
  while (token.begin > begin && at - token.begin < kLongestToken &&
         !separates(text, token.begin - 1))
    --token.begin;
  while (token.end < end && token.end - at < kLongestToken && !separates(text, token.end))
    ++token.end;
  return token;
}

// (3, 4): a token with an open or close bracket only is part of a tuple of numbers; the whole
// tuple, or nothing.
Span tuple_around(std::string_view text, std::size_t begin, std::size_t at,
                  std::size_t end) noexcept {
  constexpr std::size_t kLongestTuple = 128;
  const auto inside = [](char c) {
    return is_ascii_digit(c) || c == ',' || c == ' ' || c == '.' || c == '-' || c == '/' ||
           c == '\\';
  };
  std::size_t open = at;
  bool comma = false;
  while (open > begin && at - open < kLongestTuple && inside(text[open - 1])) {
    --open;
    comma = comma || text[open] == ',';
  }
  if (open == begin || (text[open - 1] != '(' && text[open - 1] != '[')) return {};
  std::size_t close = at;
  while (close < end && close - at < kLongestTuple && inside(text[close])) {
    comma = comma || text[close] == ',';
    ++close;
  }
  if (!comma || close >= end || (text[close] != ')' && text[close] != ']')) return {};
  return {open - 1, close + 1};
}

// Without the punctuation and the brackets that only surround the token.
Span trim_token(std::string_view text, Span token) noexcept {
  const auto unbalanced = [&](char open, char close) {
    std::ptrdiff_t depth = 0;
    for (std::size_t i = token.begin; i < token.end; ++i)
      depth += (text[i] == open) - (text[i] == close);
    return depth;
  };
  for (int i = 0; i < 16 && token.end > token.begin; ++i) {
    const char first = text[token.begin];
    const char last = text[token.end - 1];
    const bool escaped = token.end - token.begin >= 2 && text[token.end - 2] == '\\';
    if (last == '.' || last == ',' || last == ':' || (last == '\'') ||
        (last == ')' && (escaped || unbalanced('(', ')') < 0)) ||
        (last == ']' && (escaped || unbalanced('[', ']') < 0)) ||
        (last == '}' && unbalanced('{', '}') < 0) || (last == '$' && first != '$')) {
      token.end -= escaped ? 2 : 1;
    } else if ((first == '(' && unbalanced('(', ')') > 0) ||
               (first == '[' && unbalanced('[', ']') > 0) ||
               (first == '{' && unbalanced('{', '}') > 0) || first == ',' || first == ':' ||
               first == '.') {
      // .5 is a number
      if (first == '.' && token.end - token.begin >= 2 && is_ascii_digit(text[token.begin + 1]))
        break;
      ++token.begin;
    } else if (first == '$' && last == '$' && token.end - token.begin > 2) {
      ++token.begin;
      --token.end;
    } else if (first == '\\' && token.end - token.begin >= 2 &&
               (text[token.begin + 1] == '(' || text[token.begin + 1] == '[')) {
      token.begin += 2;
    } else if (first == '(' && last == ')' && unbalanced('(', ')') == 0) {
      bool tuple = false;
      for (std::size_t k = token.begin; k < token.end; ++k) tuple = tuple || text[k] == ',';
      if (tuple) break;
      ++token.begin;
      --token.end;
    } else {
      break;
    }
  }
  return token;
}

bool is_name(std::string_view text, Span token) noexcept {
  // Letters first, then a hyphen or digits: COVID-19, H2O, Step5. Not x2 or y-3. 3-letter, 30-day.
  std::size_t i = token.begin;
  if (is_ascii_digit(text[i])) {
    while (i < token.end && is_ascii_digit(text[i])) ++i;
    return i + 2 < token.end && text[i] == '-' && is_ascii_letter(text[i + 1]) &&
           is_ascii_letter(text[i + 2]);
  }
  if (!is_ascii_letter(text[i])) return false;
  while (i < token.end && is_ascii_letter(text[i])) ++i;
  return i < token.end &&
         (text[i] == '-' || text[i] == '\'' || (is_ascii_digit(text[i]) && i - token.begin > 1) ||
          (is_ascii_digit(text[i]) && is_ascii_upper(text[token.begin])));
}

// cm^2, m/s^2, units^{2} behind a number: not a value of its own.
bool is_unit_power(std::string_view text, std::size_t begin, Span token) noexcept {
  if (!is_ascii_letter(text[token.begin])) return false;
  const std::size_t number = skip_blanks_before(text, begin, token.begin);
  if (number == token.begin || number == begin) return false;
  const bool dollar = text[number - 1] == '$' && number - begin > 1;
  if (!is_ascii_digit(text[number - (dollar ? 2 : 1)])) return false;
  std::size_t at = token.begin;
  while (at < token.end && (is_ascii_letter(text[at]) || text[at] == '/' || text[at] == '$')) ++at;
  return at < token.end && text[at] == '^' && at != token.begin;
}

}  // namespace

Span last_number_in(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr int kMostTokens = 4096;  // digits that are no numbers; a text of nothing else has none
  std::size_t at = end;
  for (int tokens = 0; at > begin && tokens < kMostTokens;) {
    --at;
    if (!is_ascii_digit(text[at])) continue;
    ++tokens;
    const Span tuple = tuple_around(text, begin, at, end);
    if (!tuple.empty()) return tuple;
    Span token = token_around(text, begin, at, end);
    const std::size_t before = token.begin;
    if (!is_enumerator(text, begin, token, end)) {
      token = trim_token(text, token);
      if (!token.empty() && !is_name(text, token) && !is_label_number(text, begin, token.begin)) {
        if (!is_unit_power(text, begin, token)) return with_unit(text, begin, token, end);
      }
    }
    at = std::min(at, before);
  }
  return {};
}

}  // namespace pyverify::extraction
