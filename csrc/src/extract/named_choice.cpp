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
  std::string_view word = word_before(scan, at);
  for (const std::string_view adjective : {"correct", "right", "best", "final"}) {
    if (!same_word(word, adjective)) continue;
    word = word_before(scan, at);
    break;
  }
  if (!same_word(word, "the") || !same_word(word_before(scan, at), "is")) return finding;

  // The letter, bracketed or bold perhaps.
  std::size_t close = skip_blanks_before(text, scan.begin, at);
  while (close > scan.begin && (text[close - 1] == '*' || text[close - 1] == ')')) --close;
  if (close == scan.begin || text[close - 1] < 'A' || text[close - 1] > 'J') return finding;
  const std::size_t letter = close - 1;
  std::size_t open = letter;
  while (open > scan.begin && (text[open - 1] == '*' || text[open - 1] == '(')) --open;
  if (open > scan.begin && !support::is_ascii_space(text[open - 1])) return finding;
  std::size_t before = open;
  word = word_before(scan, before);
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
