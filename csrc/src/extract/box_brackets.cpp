// A box that stands inside brackets of its formula.
#include <algorithm>

#include "extract/boxes.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;

constexpr std::size_t kReach = 160;

// 1 for ( [ \{ at `at`, -1 for their partners, 0 for anything else: a brace without backslash is
// only a group.
int bracket_at(const Scan& scan, std::size_t at) noexcept {
  const char c = scan.text[at];
  const bool escaped = at > scan.begin && scan.text[at - 1] == '\\';
  if (escaped != (c == '{' || c == '}')) return 0;
  if (c == '(' || c == '[' || c == '{') return 1;
  return c == ')' || c == ']' || c == '}' ? -1 : 0;
}

// A delimiter of maths, or the end of a line or a cell.
bool is_edge(const Scan& scan, std::size_t at) noexcept {
  const char c = scan.text[at];
  if (c == '$' || c == '\n' || c == '&') return true;
  const bool delimiter = c == '(' || c == '[' || c == ')' || c == ']' || c == '\\';
  return delimiter && at > scan.begin && scan.text[at - 1] == '\\';
}

// A comma or a semicolon at `at`, not the end of a space command.
bool is_separator(const Scan& scan, std::size_t at) noexcept {
  return (scan.text[at] == ',' || scan.text[at] == ';') && scan.text[at - 1] != '\\';
}

// The rest of a word of two letters or more that is no command: prose, not a formula.
bool is_prose(const Scan& scan, std::size_t at) noexcept {
  if (!is_ascii_letter(scan.text[at]) || at <= scan.begin || !is_ascii_letter(scan.text[at - 1]))
    return false;
  constexpr std::size_t kLongestCommand = 24;
  const std::size_t first = at - std::min(at - scan.begin, kLongestCommand);
  while (at > first && is_ascii_letter(scan.text[at - 1])) --at;
  return at == scan.begin || scan.text[at - 1] != '\\';
}

}  // namespace

Brackets brackets_around(const Scan& scan, Span box) noexcept {
  constexpr std::string_view kLeft = "\\left";
  constexpr std::string_view kRight = "\\right";
  // The closing one first: most boxes end their formula.
  const std::size_t last = std::min(scan.end, box.end + kReach);
  bool several = false;
  std::size_t close = box.end;
  for (int depth = 0;; ++close) {
    if (close >= last || is_edge(scan, close) || is_prose(scan, close)) return {};
    depth += bracket_at(scan, close);
    if (depth < 0) break;
    several = several || (depth == 0 && is_separator(scan, close));
  }
  const std::size_t first = box.begin - std::min(box.begin - scan.begin, kReach);
  std::size_t open = box.begin;
  for (int depth = 0; depth <= 0;) {
    if (open <= first + 1) return {};
    --open;
    if (is_edge(scan, open) || is_prose(scan, open)) return {};
    depth += bracket_at(scan, open);
    several = several || (depth == 0 && is_separator(scan, open));
  }
  const bool alone = skip_blanks(scan.text, open + 1, box.begin, false) == box.begin;
  if (scan.text[open] == '{') --open;
  if (scan.ends_with(open, kLeft)) open -= kLeft.size();
  const Span span{open, close + 1};
  if (several) return {span, true};
  std::size_t behind = skip_blanks(scan.text, box.end, close, false);
  if (scan.starts_with(behind, kRight)) behind += kRight.size();
  if (scan.text[close] == '}') ++behind;
  return alone && behind == close ? Brackets{span, false} : Brackets{};
}

}  // namespace pyverify::extraction
