// \boxed{...}, \fbox{...}, \boxed 42, and several of them joined by "and".
#include "extract/boxes.hpp"

#include <algorithm>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_digit;
using support::is_ascii_letter;
using support::is_ascii_space;

constexpr std::string_view kWideOpen = "｛";
constexpr std::string_view kWideClose = "｝";

struct Box {
  bool valid = false;
  bool truncated = false;
  std::size_t start = 0;  // of the command
  Span content;
  std::size_t end = 0;  // past the closing brace
};

// The command name around the trigger "ox". `bare`: its backslash is missing, so only a brace makes
// it a box.
bool read_name(const Scan& scan, std::size_t hit, std::size_t& start, std::size_t& after,
               bool& bare) noexcept {
  const std::string_view text = scan.text;
  if (hit == scan.begin || !scan.starts_with(hit, "ox")) return false;
  const char b = text[hit - 1];
  bare = false;
  if (scan.starts_with(hit, "oxed") && (b == 'b' || b == '\b')) {
    after = hit + 4;
    start = hit - 1;
    if (b == '\b') return true;  // "\b" read as an escape sequence by somebody before us
    if (start > scan.begin && text[start - 1] == '\\') {
      --start;
    } else {
      bare = true;
      if (start > scan.begin && is_ascii_letter(text[start - 1])) return false;
    }
    return after >= scan.end || !is_ascii_letter(text[after]);
  }
  after = hit + 2;
  for (const std::string_view name : {"\\fb", "\fb"}) {
    if (!scan.ends_with(hit, name)) continue;
    start = hit - name.size();
    return after >= scan.end || !is_ascii_letter(text[after]);
  }
  return false;
}

// A command with its arguments: \frac12, \sqrt[3]{5}, \text{yes}, \left( ... \right).
std::size_t skip_command_with_arguments(const Scan& scan, std::size_t at) noexcept {
  const std::string_view text = scan.text;
  const std::size_t after = skip_command(text, at, scan.end);
  const std::string_view name = text.substr(at + 1, after - at - 1);
  const std::size_t longest = std::min(scan.end, at + scan.options->limits.answer_bytes);
  if (name == "left" || name == "{") {
    const std::string_view closing = name == "left" ? "\\right" : "\\}";
    const std::size_t close = text.substr(0, longest).find(closing, after);
    if (close == std::string_view::npos) return kNoSpanEnd;
    std::size_t end = close + closing.size();
    if (name == "left" && end < longest) end += text[end] == '\\' ? 2 : 1;
    return std::min(end, longest);
  }
  std::size_t end = after;
  if (end < longest && text[end] == '[') {
    const std::size_t close = text.substr(0, longest).find(']', end);
    if (close == std::string_view::npos) return kNoSpanEnd;
    end = close + 1;
  }
  int digits = name == "frac" || name == "dfrac" || name == "tfrac" || name == "binom" ? 2
               : name == "sqrt"                                                        ? 1
                                                                                       : 0;
  while (end < longest) {
    if (text[end] == '{') {
      const std::size_t close = skip_group(text, end, longest);
      if (close == kNoSpanEnd) return kNoSpanEnd;
      end = close;
    } else if (digits > 0 && (is_ascii_digit(text[end]) || is_ascii_letter(text[end]))) {
      ++end;
    } else if (digits > 0 && text[end] == ' ') {
      ++end;
      continue;
    } else {
      break;
    }
    --digits;
  }
  return end;
}

// What follows \boxed without a brace; empty when it is prose about boxes.
Span braceless_content(const Scan& scan, std::size_t at) noexcept {
  const std::string_view text = scan.text;
  std::size_t end = at;
  if (end < scan.end && (text[end] == '-' || text[end] == '+')) ++end;
  if (end >= scan.end) return {};
  const char c = text[end];
  if (is_ascii_digit(c) || c == '.') {
    const auto in_number = [&](std::size_t i) {
      const char d = text[i];
      if (is_ascii_digit(d)) return true;
      return (d == '.' || d == ',' || d == '/') && i + 1 < scan.end && is_ascii_digit(text[i + 1]);
    };
    const std::size_t begin = end;
    while (end < scan.end && in_number(end)) ++end;
    if (end == begin) return {};
    if (end < scan.end && text[end] == '%') ++end;
    if (scan.starts_with(end, "\\%")) end += 2;
    return {at, end};
  }
  if (c == '\\') {
    // \$5 is money; \), \] and blanks close the maths: nothing was boxed.
    if (scan.starts_with(end, "\\$")) {
      const Span number = braceless_content(scan, end + 2);
      return number.empty() ? Span{} : Span{at, number.end};
    }
    const char next = end + 1 < scan.end ? text[end + 1] : ')';
    if (!is_ascii_letter(next) && next != '{') return {};
    const std::size_t close = skip_command_with_arguments(scan, end);
    return close == kNoSpanEnd ? Span{} : Span{at, close};
  }
  if (c == '(' || c == '[') {
    int depth = 0;
    const std::size_t longest = std::min(scan.end, end + 256);
    for (std::size_t i = end; i < longest && text[i] != '\n'; ++i) {
      if (text[i] == '(' || text[i] == '[') ++depth;
      if ((text[i] == ')' || text[i] == ']') && --depth == 0) return {at, i + 1};
    }
    return {};
  }
  if (is_ascii_letter(c)) {
    while (end < scan.end && is_ascii_letter(text[end])) ++end;
    // A word of prose goes on; an answer stands before the end of the maths, the sentence or the
    // line.
    const std::size_t next = skip_blanks(text, end, scan.end, false);
    const char follower = next < scan.end ? text[next] : '\n';
    const bool closed = follower == '$' || follower == '\n' || follower == '\r' ||
                        follower == '.' || follower == '\\';
    return closed || end - at == 1 ? Span{at, end} : Span{};
  }
  return {};
}

Box read_box(const Scan& scan, std::size_t hit) noexcept {
  Box box;
  std::size_t after = 0;
  bool bare = false;
  if (!read_name(scan, hit, box.start, after, bare)) return box;
  const std::string_view text = scan.text;
  const std::size_t open = skip_blanks(text, after, scan.end, true);
  if (bare && (open != after || open >= scan.end || text[open] != '{')) return box;
  if (open >= scan.end) {
    box.truncated = true;
    return box;
  }
  if (text[open] == '{') {
    const std::size_t close = skip_group(text, open, scan.end);
    box.truncated = close == kNoSpanEnd;
    box.valid = !box.truncated;
    if (box.valid) {
      box.content = {open + 1, close - 1};
      box.end = close;
    }
    return box;
  }
  if (scan.starts_with(open, kWideOpen)) {
    const std::size_t close = text.substr(0, scan.end).find(kWideClose, open);
    box.truncated = close == std::string_view::npos;
    box.valid = !box.truncated;
    if (box.valid) {
      box.content = {open + kWideOpen.size(), close};
      box.end = close + kWideClose.size();
    }
    return box;
  }
  box.content = braceless_content(scan, open);
  box.valid = !box.content.empty();
  box.end = box.content.end;
  return box;
}

// The boxes that stand before `last` in the same list, last first.
std::vector<Span> joined_boxes(Scan& scan, const Box& last) {
  constexpr std::size_t kLongestGlue = 96;
  constexpr std::size_t kLongestBox = 1024;
  std::vector<Span> parts;
  Box next = last;
  while (scan.boxes_left > 0) {
    const std::string_view text = scan.text;
    const std::size_t near = next.start - std::min(next.start - scan.begin, kLongestGlue);
    if (text.substr(near, next.start - near).find('}') == std::string_view::npos) break;
    const std::size_t far = next.start - std::min(next.start - scan.begin, kLongestBox);
    const std::size_t hit =
        support::find_last_pair<support::FoldedPair<'o', 'x'>>(text, far, next.start);
    if (hit == support::kNotFound) break;
    const Box box = read_box(scan, hit);
    if (!box.valid || box.end > next.start || next.start - box.end > kLongestGlue) break;
    const std::string_view glue = text.substr(box.end, next.start - box.end);
    const std::size_t behind = std::min(scan.end - next.end, kLongestGlue);
    if (!joins_boxes(glue) && !joins_cases(glue, text.substr(next.end, behind))) break;
    const Span content = strip_maths(text, box.content);
    if (is_blank(scan.view(content)) || is_placeholder(scan.view(content))) break;
    if (parts.empty()) parts.push_back(strip_maths(text, last.content));
    parts.push_back(content);
    --scan.boxes_left;
    next = box;
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

// Every box up to `last`, nested ones once, empty and unfinished ones left out.
std::vector<Span> all_boxes(Scan& scan, const Box& last) {
  std::vector<Span> parts{strip_maths(scan.text, last.content)};
  std::size_t before = last.start;  // boxes end before here: one that doesn't holds a later one
  for (std::size_t end = last.start; scan.boxes_left > 0;) {
    const std::size_t hit =
        support::find_last_pair<support::FoldedPair<'o', 'x'>>(scan.text, scan.begin, end);
    if (hit == support::kNotFound) break;
    end = hit;
    const Box box = read_box(scan, hit);
    if (!box.valid && !box.truncated) continue;
    --scan.boxes_left;
    scan.bytes_read += box.valid ? box.end - box.start : scan.end - box.start;
    if (!box.valid || box.end > before) continue;
    before = box.start;
    const Span content = strip_maths(scan.text, box.content);
    const std::string_view view = scan.view(content);
    if (!is_blank(view) && !is_placeholder(view)) parts.push_back(content);
  }
  std::reverse(parts.begin(), parts.end());
  if (parts.size() == 1) parts.clear();
  return parts;
}

// The box at `hit` by itself: its content is the answer, whatever stands around it.
void read_marked_box(Scan& scan, std::size_t hit, Box& box, Finding& finding, Span& enclosing) {
  if (scan.boxes_left == 0) return;
  box = read_box(scan, hit);
  if (!box.valid && !box.truncated) return;
  --scan.boxes_left;
  finding.start = box.start;
  scan.bytes_read += box.truncated ? scan.end - box.start : box.end - box.start;
  if (box.truncated) {
    finding.found = Found::kTruncated;
    return;
  }
  finding.answer = strip_maths(scan.text, box.content);
  const std::string_view content = scan.view(finding.answer);
  if (is_blank(content)) {
    finding.found = Found::kEmpty;
  } else if (is_placeholder(content)) {
    finding.found = Found::kPlaceholder;
  } else {
    // \boxed{\boxed{5}: the inner box is complete, the response is not.
    bool truncated = false;
    enclosing = enclosing_box(scan, box.start, truncated);
    finding.found = truncated ? Found::kTruncated : Found::kAnswer;
  }
}

}  // namespace

Span enclosing_box(const Scan& scan, std::size_t at, bool& truncated) {
  constexpr std::size_t kFarthest = 3 * 64 + 1;  // whole blocks of the wide search
  truncated = false;
  const std::size_t far = at - std::min(at - scan.begin, kFarthest);
  const std::size_t hit =
      support::find_last_pair<support::FoldedPair<'o', 'x'>>(scan.text, far, at);
  if (hit == support::kNotFound) return {};
  // What stands between must be one piece of maths or text, else the box before is merely broken.
  const std::string_view between = scan.text.substr(hit, at - hit);
  if (between.find('\n') != std::string_view::npos || between.find('$') != std::string_view::npos)
    return {};
  const Box box = read_box(scan, hit);
  truncated = box.truncated;
  return box.valid && box.content.begin <= at && box.content.end > at ? box.content : Span{};
}

Found look_at_box_alone(Scan& scan, std::size_t hit) {
  Box box;
  Finding finding;
  Span enclosing;
  read_marked_box(scan, hit, box, finding, enclosing);
  const std::size_t size = finding.answer.end - finding.answer.begin;
  const bool readable = size <= scan.options->limits.answer_bytes;
  return finding.found == Found::kAnswer && !readable ? Found::kWithdrawn : finding.found;
}

Finding look_at_box(Scan& scan, std::size_t hit) {
  Box box;
  Finding finding;
  Span enclosing;
  read_marked_box(scan, hit, box, finding, enclosing);
  if (finding.found != Found::kAnswer) return finding;
  finding.end = box.end;
  finding.answer = box_in_context(scan, {box.start, box.end}, enclosing, finding.answer);
  if (finding.answer.empty()) finding.found = Found::kWithdrawn;
  switch (scan.options->boxes) {
    case BoxRule::kJoined:
      finding.parts = joined_boxes(scan, box);
      break;
    case BoxRule::kAll:
      finding.parts = all_boxes(scan, box);
      break;
    case BoxRule::kLast:
      break;
  }
  return finding;
}

}  // namespace pyverify::extraction
