// #### 42, the way GSM8K writes its answers; not the Markdown heading of the same look.
#include <algorithm>

#include "extract/reading.hpp"
#include "extract/sentence.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"

namespace pyverify::extraction {

Finding look_at_hashes(Scan& scan, std::size_t hit) {
  constexpr std::size_t kCount = 4;
  constexpr std::size_t kLongest = 512;
  Finding finding;
  // The trigger is the last pair of a run; the rest of the run is done with it.
  finding.resume = hit;
  while (finding.resume > scan.begin && scan.text[finding.resume - 1] == '#') --finding.resume;
  if (hit - finding.resume != kCount - 2 || scan.cues_left == 0) return finding;
  --scan.cues_left;
  const std::size_t begin = hit + 2;
  finding.start = begin - kCount;
  std::size_t end = begin;
  const std::size_t longest = std::min(scan.end, begin + kLongest);
  while (end < longest && scan.text[end] != '\n' && scan.text[end] != '#') ++end;
  scan.bytes_read += end - begin;
  // A tag or a token of the chat format may close the line.
  const Sentence line = read_sentence(scan.text, begin, end);
  const std::size_t rest = skip_blanks(scan.text, line.rest, end, false);
  const char next = rest < end ? scan.text[rest] : '\n';
  if (next != '\n' && next != '.' && next != '<' && next != '#') return finding;
  if (next == '.' && skip_blanks(scan.text, rest + 1, end, true) < end) return finding;
  finding.answer = strip_prose(scan.text, line.span);
  const std::string_view answer = scan.view(finding.answer);
  // "1. First part" is a heading.
  std::size_t at = 0;
  const std::string_view first = next_word(answer, at);
  const bool sign = (same_word(first, "negative") || same_word(first, "minus")) &&
                    at == first.size() && reads_as_value(answer.substr(at));
  if (answer.empty() || is_placeholder(answer) || line.question ||
      !(sign || reads_as_value(answer)))
    return finding;
  finding.end = line.rest;
  finding.found = Found::kAnswer;
  return finding;
}

}  // namespace pyverify::extraction
