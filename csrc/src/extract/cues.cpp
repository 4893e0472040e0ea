// English cues: the final answer is ..., Answer: ..., the correct option is ..., a heading "Final
// Answer".
#include "extract/cues.hpp"

#include <algorithm>
#include <array>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_letter;
using support::is_ascii_space;

namespace {

// After "is": the sentence speaks about the answer instead of giving it.
constexpr std::array<std::string_view, 25> kRemarks = {
    "not",        "incorrect", "wrong",     "correct", "right", "verified", "reasonable",
    "consistent", "valid",     "clear",     "obvious", "as",    "below",    "above",
    "found",      "obtained",  "expressed", "written", "also",  "unknown",  "required",
    "supposed",   "expected",  "confirmed", "in"};
// After "is": these say nothing.
constexpr std::array<std::string_view, 16> kFillers = {
    "therefore", "thus",  "hence", "then", "simply", "just", "indeed",    "now",
    "clearly",   "given", "equal", "to",   "by",     "that", "precisely", "exactly"};

bool is_quantity_word(std::string_view word) noexcept { return word == "is" || word == "are"; }

// Past a remark in brackets: "the answer (in meters) is".
std::size_t skip_remark(const Scan& scan, std::size_t at) noexcept {
  constexpr std::size_t kLongest = 40;
  if (at >= scan.end || scan.text[at] != '(') return at;
  const std::string_view near = scan.text.substr(0, std::min(scan.end, at + kLongest));
  const std::size_t close = near.find_first_of(")\n(", at + 1);
  if (close == std::string_view::npos || near[close] != ')') return at;
  const std::size_t after = skip_marks(scan, close + 1);
  const bool verb = word_at(scan.text, after, scan.end, "is") ||
                    word_at(scan.text, after, scan.end, "are") ||
                    (after < scan.end && scan.text[after] == ':');
  return verb ? after : at;
}

// Nothing but marks and #, >, - stands between the start of the line and `at`, or after `at` to its
// end.
bool alone_on_line(const Scan& scan, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kMost = 24;
  const auto mark = [](char c) {
    return c == '*' || c == '_' || c == '#' || c == '>' || c == '-' || c == ' ' || c == '\t' ||
           c == '\r';
  };
  std::size_t i = begin;
  while (i > scan.begin && begin - i < kMost && mark(scan.text[i - 1])) --i;
  if (i > scan.begin && scan.text[i - 1] != '\n') return false;
  std::size_t k = end;
  while (k < scan.end && k - end < kMost && mark(scan.text[k])) ++k;
  return k < scan.end && scan.text[k] == '\n';
}

}  // namespace

Finding look_at_answer_cue(Scan& scan, std::size_t hit) {
  const Finding nothing;
  if (hit < scan.begin + 2 || scan.cues_left == 0) return nothing;
  const std::string_view text = scan.text;
  const std::size_t word = hit - 2;
  std::size_t after = word + 6;
  if (!word_at(text, word, scan.end, "answer")) {
    ++after;
    if (!word_at(text, word, scan.end, "answers")) return nothing;
  }
  if (word > scan.begin &&
      (is_ascii_letter(text[word - 1]) || text[word - 1] == '<' || text[word - 1] == '/')) {
    return nothing;
  }

  const Finding named = look_at_named_choice(scan, word, after);
  if (named.found != Found::kNothing) return named;
  // Who says so?
  const Speaker speaker = who_says(scan, word);
  if (speaker == Speaker::kOther) return nothing;

  std::size_t at = skip_remark(scan, skip_marks(scan, after));
  const std::size_t line_end = at;
  // The answer to the problem is ...
  if (word_at(text, at, scan.end, "to")) {
    std::size_t next = at;
    const std::string_view head = text.substr(0, std::min(scan.end, at + 48));
    next_word(head, next);
    const std::string_view article = next_word(head, next);
    const std::string_view noun = next_word(head, next);
    const bool whole =
        (same_word(article, "the") || same_word(article, "this")) &&
        (same_word(noun, "problem") || same_word(noun, "question") || same_word(noun, "exercise"));
    if (!whole) return nothing;
    at = skip_marks(scan, next);
  }
  // The correct answer choice is ...
  if (word_at(text, at, scan.end, "choice")) {
    const std::size_t next = skip_marks(scan, at + 6);
    if (!word_at(text, next, scan.end, "is")) return nothing;
    at = next;
  }
  bool verb = false;
  if (word_at(text, at, scan.end, "is") || word_at(text, at, scan.end, "are")) {
    verb = true;
    at += is_quantity_word(text.substr(at, 2)) || text[at] == 'i' || text[at] == 'I' ? 2 : 3;
  } else if (word_at(text, at, scan.end, "must") || word_at(text, at, scan.end, "will") ||
             word_at(text, at, scan.end, "should") || word_at(text, at, scan.end, "would")) {
    const std::size_t length = word_at(text, at, scan.end, "must")   ? 4
                               : word_at(text, at, scan.end, "will") ? 4
                               : text[at] == 's'                     ? 6
                                                                     : 5;
    std::size_t be = skip_marks(scan, at + length);
    if (!word_at(text, be, scan.end, "be")) return nothing;
    verb = true;
    at = be + 2;
  } else if (word_at(text, at, scan.end, "equals")) {
    verb = true;
    at += 6;
  }
  if (verb) {
    // Fillers and remarks.
    for (int i = 0; i < 4; ++i) {
      std::size_t next = skip_marks(scan, at);
      if (next < scan.end && text[next] == ',') next = skip_marks(scan, next + 1);
      std::size_t end = next;
      while (end < scan.end && is_ascii_letter(text[end])) ++end;
      const std::string_view following = text.substr(next, end - next);
      if (following.empty()) break;
      // is found to be
      std::size_t be = skip_marks(scan, end);
      if (word_at(text, be, scan.end, "to")) be = skip_marks(scan, be + 2);
      if (be > end + 2 && word_at(text, be, scan.end, "be") &&
          (same_word(following, "found") || same_word(following, "known"))) {
        at = be + 2;
        continue;
      }
      if (is_one_of(following, kRemarks)) return nothing;
      if (!is_one_of(following, kFillers)) break;
      at = end;
    }
    at = skip_marks(scan, at);
    const bool colon = at < scan.end && text[at] == ':';
    if (colon) ++at;
    if (scan.starts_with(at, "：")) at += 3;
    Finding finding = read_cue(scan, word, at, !colon);
    // "The answer is 5 or the answer is 6."
    if (speaker == Speaker::kAlternative && finding.found == Found::kAnswer)
      finding.found = Found::kWithdrawn;
    return finding;
  }
  if (at < scan.end && (text[at] == ':' || (text[at] == '=' && !scan.starts_with(at, "=>"))))
    return read_cue(scan, word, at + 1);
  for (const std::string_view mark : {"：", "→", "->", "=>"}) {
    if (scan.starts_with(at, mark)) return read_cue(scan, word, at + mark.size());
  }
  const Finding field = look_at_json_field(scan, word, after);
  if (field.found != Found::kNothing) return field;
  // ## Final Answer, or **Answer** 42
  if (after >= scan.end || line_end != at) return nothing;
  std::size_t line = word;
  const std::size_t first = word;
  if (same_word(word_before(scan, line), "final")) {
    if (line > scan.begin && alone_on_line(scan, line, after)) return read_cue(scan, line, after);
    if (line == scan.begin && alone_on_line(scan, line, after)) return read_cue(scan, line, after);
  }
  if (alone_on_line(scan, first, after)) return read_cue(scan, first, after);
  const bool bold = scan.starts_with(after, "**") && at > after + 2;
  std::size_t mark = word;
  word_before(scan, mark);
  if (bold && (scan.ends_with(word, "**") || scan.ends_with(mark, "**")))
    return read_cue(scan, word, at);
  return nothing;
}

Finding look_at_option_cue(Scan& scan, std::size_t hit) {
  const Finding nothing;
  if (hit < scan.begin + 2 || scan.cues_left == 0) return nothing;
  const std::string_view text = scan.text;
  const std::size_t word = hit - 2;
  if (!word_at(text, word, scan.end, "correct")) return nothing;
  if (who_says(scan, word) == Speaker::kOther) return nothing;
  std::size_t at = skip_marks(scan, word + 7);
  static constexpr std::array<std::string_view, 6> kNouns = {"option",  "choice",  "letter",
                                                             "options", "choices", "statement"};
  std::size_t end = at;
  while (end < scan.end && is_ascii_letter(text[end])) ++end;
  if (!is_one_of(text.substr(at, end - at), kNouns)) return nothing;
  at = skip_marks(scan, end);
  if (word_at(text, at, scan.end, "is")) {
    at = skip_marks(scan, at + 2);
  } else if (word_at(text, at, scan.end, "are")) {
    at = skip_marks(scan, at + 3);
  } else if (at >= scan.end || text[at] != ':') {
    return look_at_named_choice(scan, word, end);
  }
  if (at < scan.end && text[at] == ':') ++at;
  end = skip_marks(scan, at);
  std::size_t stop = end;
  while (stop < scan.end && is_ascii_letter(text[stop])) ++stop;
  if (is_one_of(text.substr(end, stop - end), kRemarks)) return nothing;
  return read_cue(scan, word, at);
}

}  // namespace pyverify::extraction
