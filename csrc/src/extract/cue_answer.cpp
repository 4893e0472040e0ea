// The answer behind a cue.
#include <algorithm>
#include <array>
#include <utility>

#include "extract/cues.hpp"
#include "extract/reading.hpp"
#include "extract/sentence.hpp"
#include "extract/spans.hpp"
#include "extract/statement.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

using support::is_ascii_letter;

namespace {

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

// Past "which is" behind a sentence that only names the quantity; sentence.rest without it.
std::size_t past_description(const Scan& scan, const Sentence& sentence) noexcept {
  const std::string_view named = scan.view(strip_prose(scan.text, sentence.span));
  std::size_t at = 0;
  const Shape shape = shape_of(named);
  if (!same_word(next_word(named, at), "the") || shape.numbers + shape.maths != 0 ||
      !is_plain_subject(named) || !word_at(scan.text, sentence.rest, scan.end, "which")) {
    return sentence.rest;
  }
  const std::string_view rest = scan.text.substr(0, std::min(scan.end, sentence.rest + 24));
  at = sentence.rest + 5;
  const std::string_view verb = next_word(rest, at);
  return same_word(verb, "is") || same_word(verb, "equals") ? at : sentence.rest;
}

// "zero, $5$ is not attained", "The statement is false": the word that answers.
Span first_clause(std::string_view text, Span answer) noexcept {
  const std::string_view view =
      text.substr(answer.begin, answer.empty() ? 0 : answer.end - answer.begin);
  std::size_t at = 0;
  const std::string_view first = next_word(view, at);
  if (first.empty() || view.substr(0, first.size()) != first) return answer;
  static constexpr std::array<std::string_view, 7> kClaims = {
      "statement", "claim", "assertion", "proposition", "conclusion", "equation", "inequality"};
  if (same_word(first, "the") || same_word(first, "this")) {
    const bool claim =
        is_one_of(next_word(view, at), kClaims) && same_word(next_word(view, at), "is");
    const std::size_t start = skip_blanks(view, at, view.size(), false);
    const std::string_view verdict = next_word(view, at);
    const bool bare =
        at == view.size() && (same_word(verdict, "true") || same_word(verdict, "false"));
    return claim && bare ? Span{answer.begin + start, answer.end} : answer;
  }
  const std::size_t comma = view.find(", ");
  if (comma == std::string_view::npos || comma != first.size()) return answer;
  // A clause with a verb of its own, and figures.
  const std::string_view clause = view.substr(comma + 1);
  const Shape shape = shape_of(clause);
  if (shape.numbers + shape.maths == 0 || shape.joined) return answer;
  static constexpr std::array<std::string_view, 9> kVerbs = {
      "is", "are", "has", "have", "fails", "works", "does", "holds", "was"};
  for (at = 0; at < clause.size();) {
    if (is_one_of(next_word(clause, at), kVerbs)) return {answer.begin, answer.begin + comma};
  }
  return answer;
}

}  // namespace

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

  Sentence sentence = read_sentence(text, begin, scan.end);
  scan.bytes_read += sentence.span.end - start;
  if (sentence.question || sentence.cut_short) return finding;
  // "the number of ways, which is 12"
  if (const std::size_t named = past_description(scan, sentence); named != sentence.rest)
    sentence = read_sentence(text, named, scan.end);
  finding.answer = first_clause(text, strip_prose(text, sentence.span));
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
    // "is less than 13", "is a 13-digit number" says something about the answer.
    static constexpr std::array<std::string_view, 13> kBounds = {
        "less", "more",  "greater", "smaller", "larger", "fewer", "between",
        "at",   "below", "above",   "under",   "over",   "a"};
    std::size_t first = 0;
    if (said && is_one_of(next_word(answer, first), kBounds)) {
      finding.found = Found::kWords;
      return finding;
    }
    const bool few = shape.words <= kFewWords && !scan.options->last_number;
    finding.found = few ? Found::kAnswer : Found::kProse;
  }
  return finding;
}

}  // namespace pyverify::extraction
