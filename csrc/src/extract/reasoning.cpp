// Reasoning blocks: <think>, <thinking>, <reasoning>, <|begin_of_thought|>, ◁think▷, [THINK] and
// their closings.
#include <algorithm>

#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;
using support::to_ascii_lower;

enum class Tag : std::uint8_t { kNone, kOpening, kClosing };

// Pairs that stand near the end of such a tag: a late small letter or | before >, NK in capitals,
// the last two bytes of ▷.
struct TagEnd {
  template <class Lane>
  static Lane gate(Lane second) noexcept {
    return (second.is('>') | second.is('K')) | second.is(0xB7);
  }
  template <class Lane>
  static Lane match(Lane first, Lane second) noexcept {
    // "think >" and "id='1'>" too.
    const Lane end = first.above('c') | first.is(' ') | first.is('"');
    return (end & second.is('>')) | (first.is('N') & second.is('K')) |
           (first.is(0x96) & second.is(0xB7));
  }
};

constexpr std::size_t kLongestName = 24;

bool ends_in(std::string_view name, std::string_view what) noexcept {
  if (name.size() < what.size()) return false;
  for (std::size_t i = 0; i < what.size(); ++i) {
    if (to_ascii_lower(name[name.size() - what.size() + i]) != what[i]) return false;
  }
  return true;
}

bool begins_with(std::string_view name, std::string_view what) noexcept {
  return name.size() >= what.size() && ends_in(name.substr(0, what.size()), what);
}

bool names_reasoning(std::string_view name) noexcept {
  for (const std::string_view word :
       {"think", "thinking", "thought", "thoughts", "reasoning", "scratchpad"}) {
    if (ends_in(name, word)) return true;
  }
  for (const std::string_view word :
       {"analysis", "reason", "reflection", "cot", "reasoning_process", "solution_process",
        "thought_process", "thinking_process"}) {
    if (name.size() == word.size() && ends_in(name, word)) return true;
  }
  return false;
}

// The name before `end`, back to `bracket`; a leading slash is taken off and makes it a closing
// tag.
Tag read_name(std::string_view text, std::size_t end, std::string_view bracket,
              std::string_view& name) noexcept {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestName) {
    const char c = text[begin - 1];
    if (!is_ascii_letter(c) && c != '_' && c != ':' && c != '/') break;
    --begin;
  }
  if (begin < bracket.size() || text.substr(begin - bracket.size(), bracket.size()) != bracket)
    return Tag::kNone;
  name = text.substr(begin, end - begin);
  if (!name.empty() && name.front() == '/') {
    name.remove_prefix(1);
    return Tag::kClosing;
  }
  return Tag::kOpening;
}

// <|begin_of_thought|>, <|END_THINKING|>, <|/think|>; and channels that are named for what they
// hold.
Tag read_pipe_tag(std::string_view text, std::size_t end) noexcept {
  const std::string_view before = text.substr(0, end);
  if (before.ends_with("<|channel|>final<|message|>")) return Tag::kClosing;
  if (before.ends_with("<|channel|>analysis<|message|>")) return Tag::kOpening;
  std::string_view name;
  const Tag tag = read_name(text, end - 2, "<|", name);
  if (tag == Tag::kNone || !names_reasoning(name)) return Tag::kNone;
  return begins_with(name, "end") ? Tag::kClosing : tag;
}

// Most pairs before > are inequalities and arrows: the letters before tell at once.
bool may_end_tag(std::string_view text, std::size_t hit) noexcept {
  if (hit < 4) return false;
  const auto before = [&](std::size_t back) { return to_ascii_lower(text[hit - back]); };
  switch (to_ascii_lower(text[hit])) {
    case 'k':
      return before(1) == 'n' && before(2) == 'i' && before(3) == 'h' && before(4) == 't';
    case 'g':
      return before(1) == 'n' && before(2) == 'i' && (before(3) == 'k' || before(3) == 'n');
    case 't':
      return (before(1) == 'h' && before(2) == 'g' && before(3) == 'u') ||
             (before(1) == 'o' && before(2) == 'c');
    case 's':
      return (before(1) == 't' && before(2) == 'h' && before(3) == 'g') ||
             (before(1) == 'i' && before(2) == 's' && before(3) == 'y') ||
             (before(1) == 's' && before(2) == 'e' && before(3) == 'c');
    case 'n':
      return before(1) == 'o' && (before(2) == 's' || before(2) == 'i');
    case ' ':
    case '"':
      return true;
    case 'd':
      return before(1) == 'a' && before(2) == 'p' && before(3) == 'h';
    case '|':
      return is_ascii_letter(text[hit - 1]) && is_ascii_letter(text[hit - 2]);
    default:
      return false;
  }
}

// <think >, < think>, <think id="1">: blanks and attributes around the name.
Tag read_loose_tag(std::string_view text, std::size_t end, std::string_view& name) noexcept {
  constexpr std::size_t kLongestTag = 48;
  const std::size_t first = end - std::min(end, kLongestTag);
  std::size_t open = end - 1;
  while (open > first && text[open - 1] != '<' && text[open - 1] != '>' && text[open - 1] != '\n')
    --open;
  if (open == first || text[open - 1] != '<') return Tag::kNone;
  while (open < end && text[open] == ' ') ++open;
  const bool closing = text[open] == '/';
  if (closing) ++open;
  std::size_t stop = open;
  while (is_ascii_letter(text[stop]) || text[stop] == '_') ++stop;
  name = text.substr(open, stop - open);
  // Nothing but blanks behind the name, or attributes.
  const std::string_view rest = text.substr(stop, end - 1 - stop);
  if (rest.find_first_not_of(' ') != std::string_view::npos &&
      (rest.front() != ' ' || rest.find('=') == std::string_view::npos)) {
    return Tag::kNone;
  }
  return closing ? Tag::kClosing : Tag::kOpening;
}

// The tag whose end the trigger at `hit` belongs to; `end` is set past it.
Tag read_tag(std::string_view text, std::size_t hit, std::size_t& end) noexcept {
  std::string_view name;
  Tag tag = Tag::kNone;
  if (text[hit + 1] == '>') {
    end = hit + 2;
    if (!may_end_tag(text, hit)) return Tag::kNone;
    if (text[hit] == '|') return read_pipe_tag(text, end);
    tag = text[hit] == ' ' || text[hit] == '"' ? read_loose_tag(text, end, name)
                                               : read_name(text, end - 1, "<", name);
    if (tag == Tag::kNone && text[hit] != ' ') tag = read_loose_tag(text, end, name);
  } else if (text[hit + 1] == 'K') {
    std::size_t close = hit + 2;
    if (text.substr(close, 3) == "ING") close += 3;
    if (close >= text.size()) return Tag::kNone;
    end = close + 1;
    if (text[close] == ']') tag = read_name(text, close, "[", name);
    if (text[close] == '>') tag = read_name(text, close, "<", name);
  } else if (hit > 0 && text[hit - 1] == '\xE2') {
    end = hit + 2;
    tag = read_name(text, hit - 1, "◁", name);
  }
  return names_reasoning(name) ? tag : Tag::kNone;
}

}  // namespace

ReasoningTag last_reasoning_tag(std::string_view text) noexcept {
  support::BackwardPairs<TagEnd> ends(text, 0, text.size());
  while (true) {
    const std::size_t hit = ends.next();
    if (hit == support::kNotFound) return {};
    ReasoningTag found;
    const Tag tag = read_tag(text, hit, found.end);
    if (tag == Tag::kNone) continue;
    found.opens = tag == Tag::kOpening;
    return found;
  }
}

Reasoning find_reasoning(std::string_view text, bool prefilled) noexcept {
  const ReasoningTag tag = last_reasoning_tag(text);
  if (tag.end == 0) return {prefilled, 0};
  return tag.opens ? Reasoning{true, 0} : Reasoning{false, tag.end};
}

}  // namespace pyverify::extraction
