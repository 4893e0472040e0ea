// "(B) is the correct answer": the one cue that follows what it marks.
#include "extract/cues.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

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
  if (close == scan.begin || text[close - 1] < 'A' || text[close - 1] > 'J') return finding;
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
  finding.answer = {letter, letter + 1};
  return finding;
}

}  // namespace pyverify::extraction
