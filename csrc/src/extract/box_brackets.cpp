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
  while (at > scan.begin && is_ascii_letter(scan.text[at - 1])) --at;
  return at == scan.begin || scan.text[at - 1] != '\\';
}

}  // namespace

Brackets brackets_around(const Scan& scan, Span box) noexcept {
  constexpr std::string_view kLeft = "\\left";
  constexpr std::string_view kRight = "\\right";
  bool several = false;
  const std::size_t first = box.begin - std::min(box.begin - scan.begin, kReach);
  std::size_t open = box.begin;
  for (int depth = 0; depth <= 0;) {
    if (open <= first + 1) return {};
    --open;
    if (is_edge(scan, open) || is_prose(scan, open)) return {};
    depth += bracket_at(scan, open);
    several = several || (depth == 0 && is_separator(scan, open));
  }
  const std::size_t inside = skip_blanks(scan.text, open + 1, box.begin, false);
  if (scan.text[open] == '{') --open;
  if (scan.ends_with(open, kLeft)) open -= kLeft.size();

  std::size_t close = skip_blanks(scan.text, box.end, scan.end, false);
  if (scan.starts_with(close, kRight)) close += kRight.size();
  if (scan.starts_with(close, "\\}")) ++close;
  const bool tight = inside == box.begin && close < scan.end && bracket_at(scan, close) < 0;
  if (tight) return {{open, close + 1}, false};

  const std::size_t last = std::min(scan.end, box.end + kReach);
  int depth = 0;
  for (close = box.end; close < last; ++close) {
    if (is_edge(scan, close) || is_prose(scan, close)) return {};
    depth += bracket_at(scan, close);
    if (depth < 0) return several ? Brackets{{open, close + 1}, true} : Brackets{};
    several = several || (depth == 0 && is_separator(scan, close));
  }
  return {};
}

}  // namespace pyverify::extraction
