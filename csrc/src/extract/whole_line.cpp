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

// "A and C are wrong, so B": the conclusion of a sentence, if it is a bare value.
Span conclusion(std::string_view text, Span line) {
  static constexpr std::array<std::string_view, 4> kConclusions = {"so", "thus", "hence",
                                                                   "therefore"};
  Span value;
  for (std::size_t at = line.begin; at < line.end;) {
    const std::string_view word = next_word(text.substr(0, line.end), at);
    for (const std::string_view conclusion : kConclusions) {
      if (same_word(word, conclusion)) value = {at, line.end};
    }
  }
  value = strip_prose(text, value);
  const std::string_view view =
      text.substr(value.begin, value.empty() ? 0 : value.end - value.begin);
  return !view.empty() && reads_as_value(view) && shape_of(view).words == 0 ? value : Span{};
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
  finding.answer = strip_prose(scan.text, all);
  const std::string_view answer = scan.view(finding.answer);
  if (is_blank(answer)) return finding;
  if (is_placeholder(answer)) {
    finding.found = Found::kPlaceholder;
    return finding;
  }
  const Shape shape = shape_of(answer);
  if (reads_as_value(answer)) {
    finding.found = Found::kAnswer;
    return finding;
  }
  const Span concluded = conclusion(scan.text, finding.answer);
  if (!concluded.empty()) {
    finding.answer = concluded;
    finding.found = Found::kAnswer;
    return finding;
  }
  // Prose with numbers is no answer; with the last number asked for, that is found below.
  if (scan.options->last_number && shape.numbers != 0 && shape.words > 1 && !shape.joined)
    return finding;
  const Sentence sentence = read_sentence(scan.text, all.begin, all.end);
  const bool one_sentence = skip_blanks(scan.text, sentence.rest + 1, all.end, true) >= all.end;
  if (shape.words <= kFewWords && one_sentence) finding.found = Found::kAnswer;
  return finding;
}

}  // namespace pyverify::extraction
