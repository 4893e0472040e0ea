// "(B) is the correct answer": the one cue that follows what it marks.
#include <algorithm>

#include "extract/cues.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

namespace {

// "So 42 is the answer." at the end of the text: the value that ends at `at`, when the sentence up
// to there holds nothing else.
Finding named_value(const Scan& scan, std::size_t at, std::size_t end) noexcept {
  constexpr std::size_t kLongest = 80;
  Finding finding;
  if (end < scan.end && scan.text[end] == '.') ++end;
  while (end < scan.end && scan.text[end] == '*') ++end;
  if (!trim(scan.text, {end, scan.end}).empty()) return finding;
  std::size_t begin = at;
  const std::size_t first = at - std::min(at - scan.begin, kLongest);
  while (begin > first && scan.text[begin - 1] != '\n' &&
         !(scan.text[begin - 1] == ' ' && begin - 1 > first && scan.text[begin - 2] == '.')) {
    --begin;
  }
  if (begin == first && first != scan.begin) return finding;
  for (const std::string_view lead : {"so", "thus", "hence", "therefore"}) {
    if (!word_at(scan.text, begin, at, lead)) continue;
    begin += lead.size();
    if (scan.text[begin] == ',') ++begin;
    break;
  }
  const Span value = strip_prose(scan.text, {begin, at});
  const std::string_view view = scan.view(value);
  if (view.empty() || !reads_as_value(view) || shape_of(view).words > 1) return finding;
  finding.found = Found::kAnswer;
  finding.start = begin;
  finding.end = end;
  finding.answer = value;
  return finding;
}

}  // namespace

Finding look_at_named_choice(Scan& scan, std::size_t noun, std::size_t after) {
  Finding finding;
  const std::string_view text = scan.text;
  std::size_t end = after;
  while (end < scan.end && text[end] == '*') ++end;
  if (end < scan.end && text[end] != '.' && text[end] != '\n') return finding;

  std::size_t at = noun;
  for (const std::string_view adjective : {"correct ", "right ", "best ", "final "}) {
    if (!scan.ends_with(at, adjective)) continue;
    at -= adjective.size();
    break;
  }
  constexpr std::string_view kIsThe = " is the ";
  if (!scan.ends_with(at, kIsThe)) return finding;
  at -= kIsThe.size();

  // The letter, bracketed or bold perhaps.
  std::size_t close = at;
  while (close > scan.begin && (text[close - 1] == '*' || text[close - 1] == ')')) --close;
  if (close == scan.begin || text[close - 1] < 'A' || text[close - 1] > 'J')
    return named_value(scan, at, end);
  const std::size_t letter = close - 1;
  std::size_t open = letter;
  while (open > scan.begin && (text[open - 1] == '*' || text[open - 1] == '(')) --open;
  if (open > scan.begin && !support::is_ascii_space(text[open - 1])) return finding;
  std::size_t before = open;
  const std::string_view word = word_before(scan, before);
  for (const std::string_view doubt :
       {"if", "whether", "why", "or", "and", "not", "that", "think", "assume", "suppose"}) {
    if (same_word(word, doubt)) return finding;
  }
  finding.found = Found::kAnswer;
  finding.start = open;
  finding.end = end;
  finding.answer = {letter, letter + 1};
  return finding;
}

}  // namespace pyverify::extraction
