// "\boxed{25} or 26": an answer beside the answer.
#include <algorithm>
#include <array>

#include "extract/numbers.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

// Past the delimiters, blanks and punctuation that follow an answer.
std::size_t skip_closing(const Scan& scan, std::size_t at) noexcept {
  constexpr std::size_t kMost = 16;
  const std::size_t last = std::min(scan.end, at + kMost);
  while (at < last) {
    const char c = scan.text[at];
    if (c == '\\') {
      const std::size_t after = skip_command(scan.text, at, scan.end);
      const std::string_view name = scan.text.substr(at + 1, after - at - 1);
      if (name != ")" && name != "]" && name != "text" && name != "quad" && name != " " &&
          name != "," && name != ";" && name != "textbf" && name != "mathrm") {
        break;
      }
      at = after;
    } else if (support::is_ascii_space(c) || c == '$' || c == '*' || c == '}' || c == '{' ||
               c == ',' || c == '.' || c == ';' || c == '(') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

// The number or the piece of maths that begins at `at`; empty without one.
Span value_at(const Scan& scan, std::size_t at) noexcept {
  constexpr std::size_t kLongest = 64;
  const std::string_view text = scan.text;
  const std::size_t last = std::min(scan.end, at + kLongest);
  while (at < last && (text[at] == ' ' || text[at] == '}' || text[at] == '*')) ++at;
  if (at >= last) return {};
  const bool dollar = text[at] == '$' && at + 1 < last;
  if (dollar && !support::is_ascii_digit(text[at + 1])) {
    const std::size_t close = text.substr(0, last).find('$', at + 1);
    return close == std::string_view::npos ? Span{} : Span{at + 1, close};
  }
  if (scan.starts_with(at, "\\(")) {
    const std::size_t close = text.substr(0, last).find("\\)", at);
    return close == std::string_view::npos ? Span{} : Span{at + 2, close};
  }
  const bool sign = text[at] == '-' || dollar;
  if (text[at] != '\\' && !support::is_ascii_digit(text[at]) &&
      !(sign && at + 1 < last && support::is_ascii_digit(text[at + 1]))) {
    return {};
  }
  std::size_t end = at + 1;
  while (end < last && !support::is_ascii_space(text[end]) && (end == at + 1 || text[end] != '$'))
    ++end;
  Span value = strip_prose(text, {at, end});
  const std::string_view view = scan.view(value);
  if (view.ends_with(')') &&
      std::count(view.begin(), view.end(), '(') < std::count(view.begin(), view.end(), ')')) {
    --value.end;
  }
  return value;
}

}  // namespace

Span alternative_to(const Scan& scan, const Finding& finding, bool& open) noexcept {
  static constexpr std::array<std::string_view, 5> kChoices = {"or", "alternatively", "possibly",
                                                               "maybe", "perhaps"};
  static constexpr std::array<std::string_view, 8> kOpen = {"more",    "less",   "so",    "fewer",
                                                            "greater", "higher", "lower", "above"};
  open = false;
  if (finding.end == 0) return {};
  std::size_t at = skip_closing(scan, finding.end);
  const std::string_view near = scan.text.substr(0, std::min(scan.end, at + 32));
  if (at < near.size() && support::is_ascii_letter(near[at])) {
    if (!is_one_of(next_word(near, at), kChoices)) return {};
    // "or maybe 8"
    std::size_t value = at;
    if (is_one_of(next_word(near, value), kChoices)) at = value;
    value = at;
    open = at < near.size() && near[at] == ' ' && is_one_of(next_word(near, at), kOpen);
    if (open) return {};
    return value_at(scan, value < near.size() && near[value] == ',' ? value + 1 : value);
  }
  return {};
}

Span alternative_before(const Scan& scan, const Finding& finding, bool& open) noexcept {
  constexpr std::size_t kFarthest = 80;
  open = false;
  std::size_t at = finding.start;
  const std::size_t first = at - std::min(at - scan.begin, kFarthest);
  while (at > first &&
         (scan.text[at - 1] == ' ' || scan.text[at - 1] == '$' || scan.text[at - 1] == '*' ||
          scan.text[at - 1] == '\n' || scan.ends_with(at, "\\(") || scan.ends_with(at, "\\["))) {
    --at;
  }
  while (at > first && scan.text[at - 1] == '\\') --at;
  // "5 and \boxed{4}"; "x = 5 and \boxed{y = 4}" tells them apart.
  const bool both =
      scan.ends_with(at, " and") && scan.view(finding.answer).find('=') == std::string_view::npos;
  if (!both && !scan.ends_with(at, " or")) return {};
  const std::size_t before = skip_blanks_before(scan.text, first, at - (both ? 4 : 3));
  open = scan.ends_with(before, "</answer>");
  std::size_t line = before;
  while (line > first && scan.text[line - 1] != '\n') --line;
  const Span number = last_number_in(scan.text, line, before);
  std::size_t close = number.end;
  while (close < before && (scan.text[close] == '$' || scan.text[close] == '\\' ||
                            scan.text[close] == ')' || scan.text[close] == '*'))
    ++close;
  if (number.empty() || close != before) return {};
  // The end of a formula, "x \le 5", is no value of its own.
  const bool maths = close != number.end;
  const std::size_t word = skip_blanks_before(scan.text, first, number.begin);
  const bool whole = maths ? number.begin > first && (scan.text[number.begin - 1] == '$' ||
                                                      scan.ends_with(number.begin, "\\("))
                           : word == first || support::is_ascii_letter(scan.text[word - 1]) ||
                                 scan.text[word - 1] == ',';
  return both && !whole ? Span{} : number;
}

}  // namespace pyverify::extraction
