// {"answer": "42"}, as models write it when they are asked for an object.
#include <algorithm>

#include "extract/cues.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"

namespace pyverify::extraction {

Finding look_at_json_field(Scan& scan, std::size_t name, std::size_t after) {
  constexpr std::size_t kLongest = 512;
  Finding finding;
  const std::string_view text = scan.text;
  const std::size_t end = std::min(scan.end, after + kLongest);
  if (after >= end || (text[after] != '"' && text[after] != '\'')) return finding;
  std::size_t at = skip_blanks(text, after + 1, end, false);
  if (at >= end || text[at] != ':') return finding;
  at = skip_blanks(text, at + 1, end, true);
  if (at >= end) return finding;
  const char quote = text[at];
  std::size_t close = at + 1;
  if (quote == '"' || quote == '\'') {
    ++at;
    close = at;
    while (close < end && text[close] != quote && text[close] != '\n')
      close += text[close] == '\\' ? 2 : 1;
  } else {
    while (close < end && text[close] != ',' && text[close] != '}' && text[close] != '\n') ++close;
  }
  if (close >= end || text[close] == '\n') {
    if (close >= end || quote == '"' || quote == '\'') return finding;
  }
  finding.start = name;
  finding.end = close;
  finding.answer = strip_prose(text, {at, close});
  const std::string_view value = scan.view(finding.answer);
  scan.bytes_read += close - name;
  if (value.empty() || is_blank(value) || same_word(value, "null")) {
    finding.found = Found::kEmpty;
  } else {
    finding.found = is_placeholder(value) ? Found::kPlaceholder : Found::kAnswer;
  }
  return finding;
}

}  // namespace pyverify::extraction
