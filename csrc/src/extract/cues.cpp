// English cues: the final answer is ..., Answer: ..., the correct option is ..., a heading "Final
// Answer".
#include "extract/cues.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "extract/reading.hpp"
#include "extract/sentence.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_letter;
using support::is_ascii_space;

namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return same_word(word, w); });
}

// Before "answer": this is not the answer, or nobody says that it is.
constexpr std::array<std::string_view, 36> kForeign = {
    "wrong",    "incorrect",    "previous", "earlier",     "other",   "another",
    "initial",  "original",     "no",       "any",         "every",   "each",
    "partial",  "tentative",    "possible", "alternative", "student", "student's",
    "check",    "checking",     "verify",   "verifying",   "whether", "if",
    "suppose",  "assume",       "assuming", "unless",      "guess",   "not",
    "expected", "intermediate", "thinks",   "believes",    "says",    "claims"};
// Words that may stand between one of those and "answer".
constexpr std::array<std::string_view, 12> kDeterminers = {
    "the", "our", "my", "your", "an", "this", "final", "that", "that's", "correct", "a", "of"};

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

// Somebody else's answer: some may think that it is, people often say.
constexpr std::array<std::string_view, 6> kOpinions = {"think", "believe",  "say",
                                                       "claim", "conclude", "imagine"};
constexpr std::array<std::string_view, 9> kOthers = {
    "might", "may", "could", "some", "many", "people", "students", "often", "tempted"};

bool is_quantity_word(std::string_view word) noexcept { return word == "is" || word == "are"; }

// Past Markdown and blanks on the line.
std::size_t skip_marks(const Scan& scan, std::size_t at) noexcept {
  while (at < scan.end) {
    const char c = scan.text[at];
    if (c == '*' || c == '_' || c == '`' || c == ' ' || c == '\t') {
      ++at;
    } else {
      break;
    }
  }
  return at;
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

// Does the paragraph go on with digits after `at`? On the next line only, or on this one too.
bool continues_with_numbers(const Scan& scan, std::size_t at, bool next_line) noexcept {
  constexpr std::size_t kNear = 240;
  const std::size_t end = std::min(scan.end, at + kNear);
  if (next_line) {
    while (at < end && scan.text[at] != '\n') ++at;
    if (at < end) ++at;
  }
  for (; at < end; ++at) {
    const char c = scan.text[at];
    if (c == '\n' &&
        (at + 1 >= end || scan.text[at + 1] == '\n' || scan.text[at + 1] == '\r' || next_line))
      return false;
    if (c == '<' || c == '`' || c == '#') return false;
    if (support::is_ascii_digit(c)) return true;
  }
  return false;
}

// Past the clause at `at` that explains the answer: "because she has 2 of them". `at` without one.
std::size_t after_explanation(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<std::string_view, 4> kReasons = {"because", "since", "as", "due"};
  std::size_t word = at;
  if (at >= scan.end || !is_ascii_letter(scan.text[at]) ||
      !is_one_of(next_word(scan.text.substr(0, std::min(scan.end, at + 16)), word), kReasons)) {
    return at;
  }
  const Sentence explanation = read_sentence(scan.text, at + 1, scan.end);
  return explanation.rest;
}

// Step 1 of several, or the first of several equations: the answer stands further down.
bool is_working(const Scan& scan, const Sentence& sentence) noexcept {
  const std::string_view line = scan.view(sentence.span);
  std::size_t at = 0;
  const std::string_view first = next_word(line, at);
  if (same_word(first, "step")) return true;
  if (line.find('=') == std::string_view::npos) return false;
  constexpr std::size_t kNear = 400;
  const std::string_view rest =
      scan.text.substr(sentence.rest, std::min(scan.end, sentence.rest + kNear) - sentence.rest);
  const std::size_t next = rest.find('\n');
  return next != std::string_view::npos && rest.find('=', next) != std::string_view::npos;
}

}  // namespace

std::string_view word_before(const Scan& scan, std::size_t& at) noexcept {
  constexpr std::size_t kLongestWord = 24;
  std::size_t end = at;
  while (end > scan.begin &&
         (scan.text[end - 1] == ' ' || scan.text[end - 1] == '*' || scan.text[end - 1] == '_') &&
         at - end < kLongestWord) {
    --end;
  }
  std::size_t begin = end;
  while (begin > scan.begin && end - begin < kLongestWord &&
         (is_ascii_letter(scan.text[begin - 1]) || scan.text[begin - 1] == '\'')) {
    --begin;
  }
  at = begin;
  return scan.text.substr(begin, end - begin);
}

Finding read_cue(Scan& scan, std::size_t start, std::size_t after, bool said) {
  Finding finding;
  finding.start = start;
  if (scan.cues_left == 0) return finding;
  --scan.cues_left;
  const std::string_view text = scan.text;

  // The value may begin on a later line, in a fence even; a closing brace belongs to a \text{}
  // around the cue.
  std::size_t begin = skip_marks(scan, after);
  while (begin < scan.end && text[begin] == '}') begin = skip_marks(scan, begin + 1);
  const std::size_t value = skip_blanks(text, begin, scan.end, true);
  bool block = false;
  if (value != skip_blanks(text, begin, scan.end, false)) {
    begin = value;
    block = true;
    if (scan.starts_with(begin, "```")) {
      while (begin < scan.end && text[begin] != '\n') ++begin;
      begin = skip_blanks(text, begin, scan.end, true);
    }
    constexpr int kMostRules = 2;
    for (int i = 0; i < kMostRules && scan.starts_with(begin, "---"); ++i) {
      while (begin < scan.end && text[begin] != '\n') ++begin;
      begin = skip_blanks(text, begin, scan.end, true);
    }
  }

  const Sentence sentence = read_sentence(text, begin, scan.end);
  scan.bytes_read += sentence.span.end - start;
  if (sentence.question || sentence.cut_short) return finding;
  finding.answer = strip_prose(text, sentence.span);
  finding.end = sentence.rest;

  // A cue inside a box belongs to the box and ends with it.
  bool truncated = false;
  const Span box = enclosing_box(scan, start, truncated);
  if (!box.empty() && finding.answer.end > box.end) finding.answer.end = box.end;

  const std::string_view answer = scan.view(finding.answer);
  if (answer.empty()) return finding;
  // A box was looked at before the cue: if it held anything, it has won already.
  if (is_placeholder(answer) || is_blank(answer) ||
      answer.find("boxed") != std::string_view::npos) {
    finding.found = Found::kPlaceholder;
    return finding;
  }
  if (has_doubt(answer)) return finding;
  // The rest of the line may take the answer back.
  constexpr std::size_t kRest = 64;
  std::size_t rest = std::min(scan.end, sentence.rest + kRest);
  const std::size_t line = text.substr(0, rest).find('\n', sentence.rest);
  if (line != std::string_view::npos) rest = line;
  const std::size_t stop = text.substr(0, rest).find_first_of(".", sentence.rest);
  const bool denial = scan.starts_with(sentence.rest, "，");  // of another answer
  if (stop == std::string_view::npos && !denial &&
      has_doubt(text.substr(sentence.rest, rest - sentence.rest)))
    return finding;

  // Not that a sentence about the answer has none; the cue that it holds was looked at before.
  for (std::size_t at = 0; at < answer.size();) {
    if (same_word(next_word(answer, at), "answer")) return finding;
  }
  if (block) {
    std::vector<Span> values = listed_values(scan, begin);
    if (values.size() > 1) {
      finding.found = Found::kAnswer;
      finding.answer = values.back();
      finding.parts = std::move(values);
      return finding;
    }
    if (values.size() == 1) {
      finding.answer = values.front();
      finding.found = Found::kAnswer;
      return finding;
    }
  }
  // A paragraph of working under a heading is no answer: the next line goes on with figures.
  if (block && (continues_with_numbers(scan, sentence.rest, true) || is_working(scan, sentence))) {
    finding.found = Found::kProse;
    return finding;
  }
  const Shape shape = shape_of(answer);
  constexpr std::uint32_t kFewWords = 4;
  // "x is 5" speaks of x.
  std::size_t after_name = 0;
  const bool name =
      next_word(answer, after_name).size() == 1 && after_name == 1 &&
      (word_at(answer, 2, answer.size(), "is") || word_at(answer, 2, answer.size(), "equals"));
  if (shape.words <= kFewWords && !name &&
      (!shape.starts_with_word || shape.numbers == 0 || shape.joined)) {
    finding.found = said && shape.words != 0 && shape.numbers + shape.maths == 0 ? Found::kWords
                                                                                 : Found::kAnswer;
    return finding;
  }
  const Span stated = stated_value(text, finding.answer);
  const std::size_t more = after_explanation(scan, sentence.rest);
  if (!stated.empty() && !continues_with_numbers(scan, more, false)) {
    finding.answer = stated;
    finding.found = Found::kAnswer;
  } else {
    const bool few = shape.words <= kFewWords && !scan.options->last_number;
    finding.found = few ? Found::kAnswer : Found::kProse;
  }
  return finding;
}

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
  std::size_t before = word;
  for (int i = 0; i < 4; ++i) {
    const std::string_view earlier = word_before(scan, before);
    if (earlier.empty()) break;
    if (is_one_of(earlier, kForeign)) return nothing;
    if (is_one_of(earlier, kOpinions)) {
      const std::string_view who = word_before(scan, before);
      if (is_one_of(who, kOthers)) return nothing;
      break;
    }
    if (!is_one_of(earlier, kDeterminers)) break;
  }

  std::size_t at = skip_marks(scan, after);
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
  bool verb = false;
  if (word_at(text, at, scan.end, "is") || word_at(text, at, scan.end, "are")) {
    verb = true;
    at += is_quantity_word(text.substr(at, 2)) || text[at] == 'i' || text[at] == 'I' ? 2 : 3;
  } else if (word_at(text, at, scan.end, "must") || word_at(text, at, scan.end, "will") ||
             word_at(text, at, scan.end, "should")) {
    std::size_t be = skip_marks(scan, at + (word_at(text, at, scan.end, "should") ? 6 : 4));
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
    if (at < scan.end && text[at] == ':') return read_cue(scan, word, at + 1);
    if (scan.starts_with(at, "：")) at += 3;
    return read_cue(scan, word, at, true);
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
  std::size_t before = word;
  const std::string_view earlier = word_before(scan, before);
  if (is_one_of(earlier, kForeign)) return nothing;
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
