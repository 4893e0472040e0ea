// A final answer that takes several lines.
#include <algorithm>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;

// Past "- ", "* ", "• ", "1. ", "2) ", "(a) ", "(iii) " at `at`; `at` itself without one.
std::size_t skip_bullet(std::string_view text, std::size_t at, std::size_t end) noexcept {
  for (const std::string_view mark : {"- ", "* ", "+ ", "• ", "– "}) {
    if (text.substr(at, end - at).starts_with(mark)) return at + mark.size();
  }
  constexpr std::size_t kLongest = 3;
  std::size_t i = at;
  const bool bracket = i < end && text[i] == '(';
  if (bracket) ++i;
  const std::size_t name = i;
  while (i < end && is_ascii_digit(text[i]) && i - name < kLongest) ++i;
  if (i == name) {
    while (i < end && (text[i] == 'i' || text[i] == 'v') && i - name < kLongest) ++i;
    if (i == name && i < end && is_ascii_letter(text[i]) && support::is_ascii_lower(text[i])) ++i;
  }
  if (i == name || i + 1 >= end) return at;
  const bool closed = text[i] == ')' || (!bracket && text[i] == '.');
  return closed && text[i + 1] == ' ' ? i + 2 : at;
}

// "x = 40 + 30": arithmetic that is still to be done makes the lines a calculation, not a list.
// "2 + 3i" is none.
bool is_calculation(std::string_view line) noexcept {
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    const char c = line[i];
    if (c != '+' && c != '-' && c != '*' && c != 'x') continue;
    std::size_t left = i;
    while (left > 0 && line[left - 1] == ' ') --left;
    std::size_t right = i + 1;
    while (right < line.size() && line[right] == ' ') ++right;
    if (left == 0 || !is_ascii_digit(line[left - 1])) continue;
    const std::size_t digits = right;
    while (right < line.size() && is_ascii_digit(line[right])) ++right;
    if (right == digits) continue;
    if (right == line.size() || (!is_ascii_letter(line[right]) && line[right] != '\\')) return true;
  }
  return false;
}

}  // namespace

std::vector<Span> listed_values(const Scan& scan, std::size_t begin) {
  constexpr std::size_t kMostLines = 32;
  constexpr std::size_t kLongestLine = 200;
  std::vector<Span> values;
  bool bullets = false;
  const std::string_view text = scan.text;
  std::size_t at = begin;
  for (std::size_t line = 0; line < kMostLines && at < scan.end; ++line) {
    std::size_t end = std::min(text.substr(0, scan.end).find('\n', at), scan.end);
    const std::size_t start = skip_blanks(text, at, end, false);
    at = std::min(end + 1, scan.end);
    if (start >= end) continue;
    if (end - start > kLongestLine) break;
    const std::size_t content = skip_bullet(text, start, end);
    if (values.empty()) bullets = content != start;
    if ((content != start) != bullets) break;
    const Span value = strip_prose(text, {content, end});
    const std::string_view view = scan.view(value);
    const bool mark = view.empty() || view.front() == '#' || view.front() == '<' ||
                      view.starts_with("\\[") || view.starts_with("\\]") || view.starts_with("$$");
    // Choices under each other are the options of a question.
    if (mark || is_placeholder(view) || reads_as_choice(view) || !reads_as_value(view) ||
        shape_of(view).numbers + shape_of(view).maths == 0) {
      break;
    }
    if (!bullets && is_calculation(view)) return {};
    values.push_back(value);
  }
  if (values.size() == 1 && !bullets) values.clear();
  return values;
}

}  // namespace pyverify::extraction
