// A response that is nothing but one short line: the line is the answer.
#include <array>

#include "extract/reading.hpp"
#include "extract/sentence.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

constexpr std::size_t kLongest = 200;
constexpr std::uint32_t kFewWords = 5;

// "A and C are wrong, so B" and "x + 3 = 8, so x = 5": the conclusion, if it is a bare value. A
// derivation in words and maths is no short statement of an answer.
Span conclusion(std::string_view text, Span line) {
  static constexpr std::array<std::string_view, 4> kConclusions = {"so", "thus", "hence",
                                                                   "therefore"};
  Span value;
  std::size_t premise = line.begin;
  for (std::size_t at = line.begin; at < line.end;) {
    const std::string_view word = next_word(text.substr(0, line.end), at);
    for (const std::string_view conclusion : kConclusions) {
      if (!same_word(word, conclusion)) continue;
      value = {at, line.end};
      premise = at - word.size();
    }
  }
  const Shape before = shape_of(text.substr(line.begin, premise - line.begin));
  if (before.words != 0 && before.numbers != 0) return {};
  value = strip_prose(text, value);
  const std::string_view view =
      text.substr(value.begin, value.empty() ? 0 : value.end - value.begin);
  return !view.empty() && reads_as_value(view) && shape_of(view).words == 0 ? value : Span{};
}

// Past "A:" or "Ans." at the start of the line.
Span past_label(std::string_view text, Span line) noexcept {
  for (const std::string_view label : {"a:", "ans:", "ans.", "result:", "solution:"}) {
    if (line.end - line.begin > label.size() &&
        same_word(text.substr(line.begin, label.size()), label)) {
      return {line.begin + label.size(), line.end};
    }
  }
  return line;
}

}  // namespace

Finding whole_line(Scan& scan) {
  Finding finding;
  const Span all = trim(scan.text, {scan.begin, scan.end});
  if (all.empty() || all.end - all.begin > kLongest) return finding;
  const std::string_view line = scan.view(all);
  if (line.find('\n') != std::string_view::npos) {
    // Display maths and a fence are one line all the same.
    if (!line.starts_with("$$") && !line.starts_with("\\[")) return finding;
  }
  finding.start = all.begin;
  if (has_doubt(line)) return finding;
  std::size_t first_end = 0;
  const std::string_view first = next_word(line, first_end);
  for (const std::string_view word : {"check", "checking", "verify", "verification", "step"}) {
    if (same_word(first, word)) return finding;
  }
  // A line about the answer that no cue accepted: "the answer is not 5".
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view word = next_word(line, at);
    if (same_word(word, "answer") || same_word(word, "boxed")) return finding;
  }
  if (line.find("答案") != std::string_view::npos || line.front() == '#') return finding;
  finding.answer = strip_prose(scan.text, past_label(scan.text, all));
  const std::string_view answer = scan.view(finding.answer);
  if (is_blank(answer)) return finding;
  if (is_placeholder(answer)) {
    finding.found = Found::kPlaceholder;
    return finding;
  }
  const Shape shape = shape_of(answer);
  const Span concluded = conclusion(scan.text, finding.answer);
  if (!concluded.empty() || reads_as_value(answer)) {
    if (!concluded.empty()) finding.answer = concluded;
    finding.found = Found::kAnswer;
    return finding;
  }
  // Prose with numbers is no answer; with the last number asked for, that is found below.
  const bool prose = shape.words > 1 || shape.starts_with_word;
  if (scan.options->last_number && shape.numbers != 0 && prose && !shape.joined) return finding;
  const Sentence sentence = read_sentence(scan.text, all.begin, all.end);
  const bool one_sentence = skip_blanks(scan.text, sentence.rest + 1, all.end, true) >= all.end;
  // Yes, because 7 is prime.
  const Span opinion = strip_prose(scan.text, sentence.span);
  if (sentence.rest < all.end && support::is_ascii_letter(scan.text[sentence.rest]) &&
      shape_of(scan.view(opinion)).words == 1 && shape_of(scan.view(opinion)).numbers == 0) {
    finding.answer = opinion;
    finding.found = Found::kAnswer;
    return finding;
  }
  if (shape.words > kFewWords || !one_sentence) return finding;
  finding.found = Found::kAnswer;
  if (shape.numbers == 0) return finding;
  const Span stated = stated_value(scan.text, finding.answer);
  if (!stated.empty()) finding.answer = stated;
  return finding;
}

Finding last_line(Scan& scan) {
  const Span all = trim(scan.text, {scan.begin, scan.end});
  if (all.empty()) return {};
  const std::size_t feed = scan.view(all).rfind('\n');
  if (feed == std::string_view::npos) return {};  // the whole text is that line
  Scan line = scan;
  line.begin = all.begin + feed + 1;
  line.end = all.end;
  Finding finding = whole_line(line);
  if (finding.found == Found::kAnswer && reads_as_value(scan.view(finding.answer))) return finding;
  return {};
}

}  // namespace pyverify::extraction
