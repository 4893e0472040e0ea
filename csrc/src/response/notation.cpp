#include "response/notation.hpp"

#include <algorithm>
#include <array>

#include "response/characters.hpp"

namespace pyverify::response {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;

constexpr std::size_t kNowhere = std::string_view::npos;

constexpr bool is_line_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

std::size_t skip_line_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_line_blank(text[at])) ++at;
  return at;
}

std::size_t skip_run(std::string_view text, std::size_t at) noexcept {
  const char mark = text[at];
  while (at < text.size() && text[at] == mark) ++at;
  return at;
}

bool is_line_start(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && is_line_blank(text[at - 1])) --at;
  return at == 0 || text[at - 1] == '\n';
}

std::size_t line_end(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find('\n', at), text.size());
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Environments of maths and of code, stars left out; all others hold prose.
constexpr std::array<std::string_view, 25> kMathsEnvironments = {
    "equation", "align",       "aligned",   "alignat",     "gather", "gathered", "multline",
    "split",    "eqnarray",    "flalign",   "array",       "matrix", "pmatrix",  "bmatrix",
    "Bmatrix",  "vmatrix",     "Vmatrix",   "cases",       "dcases", "rcases",   "displaymath",
    "math",     "smallmatrix", "alignedat", "subequations"};
constexpr std::array<std::string_view, 4> kCodeEnvironments = {"tikzpicture", "asy", "verbatim",
                                                               "lstlisting"};
// Commands whose argument is part of the maths where they stand, even outside of its marks.
constexpr std::array<std::string_view, 8> kTextCommands = {
    "text", "mathrm", "mathbf", "mathit", "mbox", "operatorname", "label", "ref"};

// A letter of three or more in a row that no command begins, or a Chinese or Japanese character?
bool has_prose(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (is_ascii_letter(text[at])) {
      const std::size_t begin = at;
      while (at < text.size() && is_ascii_letter(text[at])) ++at;
      if (at - begin >= 3 && (begin == 0 || text[begin - 1] != '\\')) return true;
      continue;
    }
    const support::CodePoint point = support::decode_utf8(text, at);
    if (point.value >= 0x80 && is_unspaced(point.value)) return true;
    at += point.size;
  }
  return false;
}

std::size_t find_blank_line(std::string_view text, std::size_t at) noexcept {
  for (;;) {
    at = text.find('\n', at);
    if (at == kNowhere) return at;
    const std::size_t next = skip_line_blanks(text, at + 1);
    if (next < text.size() && text[next] == '\n') return at;
    at = next;
  }
}

// The next line of nothing but three or more of the mark.
template <char kMark>
std::size_t find_fence(std::string_view text, std::size_t at) noexcept {
  for (;;) {
    at = text.find('\n', at);
    if (at == kNowhere) return at;
    at = skip_line_blanks(text, at + 1);
    if (at >= text.size() || text[at] != kMark) continue;
    const std::size_t after = skip_run(text, at);
    const std::size_t rest = skip_line_blanks(text, after);
    if (after - at >= 3 && (rest >= text.size() || text[rest] == '\n')) return at;
    at = rest;
  }
}

template <char... kBytes>
std::size_t find_string(std::string_view text, std::size_t at) noexcept {
  static constexpr std::array<char, sizeof...(kBytes)> kMark = {kBytes...};
  return text.find(std::string_view(kMark.data(), kMark.size()), at);
}

// name@host behind a word that ends at `end`, which may be the first of a longer name; `end` when
// there is none.
std::size_t skip_mail_address(std::string_view text, std::size_t end) noexcept {
  constexpr std::size_t kLongestName = 64;
  const auto in_name = [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '.' || c == '_' || c == '-' || c == '+';
  };
  std::size_t at = end;
  const std::size_t longest = std::min(text.size(), end + kLongestName);
  while (at < longest && in_name(text[at])) ++at;
  if (at + 1 >= text.size() || text[at] != '@' || !is_ascii_letter(text[at + 1])) return end;
  const std::size_t host = at + 1;
  at = host;
  while (at < text.size() && in_name(text[at])) ++at;
  while (text[at - 1] == '.') --at;  // the end of the sentence
  const bool dotted = text.substr(host, at - host).find('.', 1) != kNowhere;
  return dotted ? at : end;
}

}  // namespace

Notation::Notation(std::string_view text) noexcept
    : text_(text),
      paragraph_end_(find_blank_line),
      display_end_(find_string<'$', '$'>),
      bracket_end_(find_string<'\\', ']'>),
      parenthesis_end_(find_string<'\\', ')'>),
      environment_end_(find_string<'\\', 'e', 'n', 'd', '{'>),
      backtick_fence_(find_fence<'`'>),
      tilde_fence_(find_fence<'~'>),
      asymptote_end_(find_string<'[', '/', 'a', 's', 'y', ']'>) {}

bool Notation::same_paragraph(std::size_t at, std::size_t close) noexcept {
  return close != kNowhere && close < paragraph_end_.after(text_, at);
}

Notation::Region Notation::read(std::size_t at) noexcept {
  switch (text_[at]) {
    case '$':
      return read_dollars(at);
    case '\\':
      return read_backslash(at);
    case '`':
    case '~':
      return read_code(at);
    case '[':
      return read_asymptote(at);
    default:
      return read_tag(at);
  }
}

Notation::Region Notation::read_dollars(std::size_t at) noexcept {
  const std::size_t begin = at + 1;
  if (begin < text_.size() && text_[begin] == '$') {
    const std::size_t close = display_end_.after(text_, at + 2);
    if (same_paragraph(at, close)) return {Kind::kMaths, close + 2};
    return {Kind::kMark, at + 2};
  }
  // The next $ of the line closes the formula, or there is none: a price has no $ behind it, and
  // the $ of the next price has a digit behind it and a blank or a bracket in front.
  std::size_t close = begin;
  for (;; ++close) {
    close = text_.find_first_of("$\n", close);
    if (close == kNowhere || text_[close] == '\n') return {Kind::kMark, begin};
    if (text_[close - 1] != '\\') break;
  }
  if (close == begin) return {Kind::kMark, begin};
  const char first = text_[begin];
  const char last = text_[close - 1];
  const bool spaced = is_line_blank(first);
  if (spaced != is_line_blank(last) || last == '(' || last == '[' || last == '{')
    return {Kind::kMark, begin};
  const std::size_t next = spaced ? skip_line_blanks(text_, close + 1) : close + 1;
  if (next < text_.size() && is_ascii_digit(text_[next])) return {Kind::kMark, begin};
  const std::size_t head = skip_line_blanks(text_, begin);
  if (is_ascii_digit(text_[head]) && has_prose(text_.substr(begin, close - begin)))
    return {Kind::kMark, begin};
  return {Kind::kMaths, close + 1};
}

Notation::Region Notation::read_backslash(std::size_t at) noexcept {
  const std::size_t begin = at + 1;
  if (begin >= text_.size()) return {Kind::kMark, begin};
  const char c = text_[begin];
  if (c == '[' || c == '(') {
    const std::size_t close = (c == '[' ? bracket_end_ : parenthesis_end_).after(text_, begin + 1);
    if (same_paragraph(at, close)) return {Kind::kMaths, close + 2};
    return {Kind::kMark, begin + 1};
  }
  // Never into the middle of a character.
  if (!is_ascii_letter(c)) {
    return {Kind::kCommand, begin + (static_cast<unsigned char>(c) < 0x80 && c != '\n' ? 1 : 0)};
  }
  std::size_t end = begin;
  while (end < text_.size() && is_ascii_letter(text_[end])) ++end;
  if (end >= text_.size() || text_[end] != '{') return {Kind::kCommand, end};
  const std::string_view name = text_.substr(begin, end - begin);
  if (name == "begin" || name == "end") return read_environment(at, end + 1);
  if (!is_one_of(name, kTextCommands)) return {Kind::kCommand, end};
  const std::size_t close = text_.find_first_of("{}\n", end + 1);
  const bool closed = close != kNowhere && text_[close] == '}';
  return {Kind::kCommand, closed ? close + 1 : end};
}

Notation::Region Notation::read_environment(std::size_t at, std::size_t name) noexcept {
  std::size_t end = name;
  while (end < text_.size() && is_ascii_letter(text_[end])) ++end;
  const std::string_view environment = text_.substr(name, end - name);
  if (end < text_.size() && text_[end] == '*') ++end;
  if (end >= text_.size() || text_[end] != '}') return {Kind::kCommand, name};
  const bool opens = text_[at + 1] == 'b';
  const bool code = is_one_of(environment, kCodeEnvironments);
  if (opens && (code || is_one_of(environment, kMathsEnvironments))) {
    // Of environments in each other the first \end closes all: what follows is maths all the same,
    // and its own \end is passed over.
    const std::size_t close = environment_end_.after(text_, end);
    if (same_paragraph(at, close)) {
      std::size_t after = close + 5;
      while (after < text_.size() && (is_ascii_letter(text_[after]) || text_[after] == '*'))
        ++after;
      return {code ? Kind::kCode : Kind::kMaths, after};
    }
  }
  return {Kind::kCommand, end + 1};
}

Notation::Region Notation::read_code(std::size_t at) noexcept {
  const std::size_t after = skip_run(text_, at);
  const bool tilde = text_[at] == '~';
  if (after - at >= 3 && is_line_start(text_, at)) {
    const std::size_t close = (tilde ? tilde_fence_ : backtick_fence_).after(text_, after);
    if (close == kNowhere) return {Kind::kMark, line_end(text_, after)};
    return {Kind::kCode, skip_run(text_, close)};
  }
  if (tilde) return {Kind::kMark, after};
  // The next run of backticks of the line closes it, when it is as long.
  const std::size_t close = text_.find_first_of("`\n", after);
  if (close == kNowhere || text_[close] == '\n') return {Kind::kMark, after};
  const std::size_t end = skip_run(text_, close);
  if (end - close != after - at) return {Kind::kMark, after};
  return {Kind::kCode, end};
}

// [asy]...[/asy], how drawings are written in forums and data sets.
Notation::Region Notation::read_asymptote(std::size_t at) noexcept {
  constexpr std::string_view kOpening = "[asy]";
  if (!text_.substr(at).starts_with(kOpening)) return {Kind::kMark, at + 1};
  const std::size_t close = asymptote_end_.after(text_, at);
  if (close == kNowhere) return {Kind::kMark, at + kOpening.size()};
  return {Kind::kCode, close + kOpening.size() + 1};
}

Notation::Region Notation::read_tag(std::size_t at) const noexcept {
  constexpr std::size_t kLongest = 128;
  const auto names = [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' || c == '|' || c == ':' || c == '-';
  };
  const std::size_t longest = std::min(text_.size(), at + kLongest);
  std::size_t end = at + 1;
  if (end < longest && text_[end] == '/') ++end;
  if (end >= longest || (!is_ascii_letter(text_[end]) && text_[end] != '|'))
    return {Kind::kMark, at + 1};
  while (end < longest && names(text_[end])) ++end;
  // Attributes have an equals sign and quotes.
  if (end < longest && is_line_blank(text_[end])) {
    const std::size_t close = text_.substr(0, longest).find_first_of("<>\n", end);
    if (close == kNowhere || text_[close] != '>') return {Kind::kMark, at + 1};
    const std::string_view rest = text_.substr(end, close - end);
    const bool attributes = rest.find("=\"") != kNowhere || rest.find("='") != kNowhere;
    if (!attributes && rest.find_first_not_of(" \t/") != kNowhere) return {Kind::kMark, at + 1};
    return {Kind::kTag, close + 1};
  }
  if (end < longest && text_[end] == '/') ++end;
  if (end >= longest || text_[end] != '>') return {Kind::kMark, at + 1};
  return {Kind::kTag, end + 1};
}

std::size_t skip_address(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  const std::size_t mail = skip_mail_address(text, end);
  if (mail != end) return mail;
  const std::string_view word = text.substr(begin, end - begin);
  const bool scheme = word == "http" || word == "https";
  const std::string_view behind = text.substr(end, 3);
  if (!(scheme && behind == "://") && !(word == "www" && behind.substr(0, 1) == ".")) return end;
  std::size_t at = end;
  while (at < text.size()) {
    const char c = text[at];
    const bool inside = c > ' ' && c < 0x7F && c != '<' && c != '>' && c != '"';
    if (!inside) break;
    ++at;
  }
  return at;
}

}  // namespace pyverify::response
