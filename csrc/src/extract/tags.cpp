// <answer>...</answer>.
#include <utility>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"

namespace pyverify::extraction {
namespace {

constexpr std::string_view kWord = "answer";

// Past the last <answer> before `end`, in any case.
std::size_t find_opening(Scan& scan, std::size_t end) noexcept {
  while (true) {
    const std::size_t hit =
        support::find_last_pair<support::FoldedPair<'<', 'a'>>(scan.text, scan.begin, end);
    if (hit == support::kNotFound) {
      scan.no_opening_tag = true;
      return support::kNotFound;
    }
    const std::size_t after = hit + 1 + kWord.size();
    if (word_at(scan.text, hit + 1, scan.end, kWord) && scan.starts_with(after, ">") &&
        scan.text[hit] == '<') {
      return after + 1;
    }
    end = hit + 1;
  }
}

}  // namespace

Finding look_at_answer_tag(Scan& scan, std::size_t hit) {
  Finding finding;
  if (scan.inside_tag || scan.no_opening_tag || hit < scan.begin + 4) return finding;
  const std::size_t word = hit - 2;
  if (!scan.ends_with(word, "</") || !word_at(scan.text, word, scan.end, kWord)) return finding;
  if (!scan.starts_with(word + kWord.size(), ">")) return finding;
  if (scan.boxes_left == 0) return finding;
  --scan.boxes_left;
  const std::size_t opening = find_opening(scan, word - 1);
  if (opening == support::kNotFound) return finding;

  const Span content{opening, word - 2};
  finding.start = opening - kWord.size() - 2;
  finding.end = word + kWord.size() + 1;
  // The innermost candidate counts: a box or a cue inside.
  Scan inner = scan;
  inner.begin = content.begin;
  inner.end = content.end;
  inner.inside_tag = true;
  inner.bytes_read = 0;
  const Candidates inside = find_last_candidate(inner);
  scan.boxes_left = inner.boxes_left;
  scan.cues_left = inner.cues_left;
  scan.triggers_left = inner.triggers_left;
  scan.bytes_read += inner.bytes_read;
  if (inside.best.found != Found::kNothing && inside.best.found != Found::kProse &&
      inside.best.found != Found::kWords) {
    finding.found = inside.best.found;
    finding.answer = inside.best.answer;
    finding.parts = inside.best.parts;
    return finding;
  }

  finding.answer = strip_prose(scan.text, content);
  const std::string_view answer = scan.view(finding.answer);
  if (is_blank(answer)) {
    finding.found = Found::kEmpty;
  } else if (is_placeholder(answer)) {
    finding.found = Found::kPlaceholder;
  } else {
    finding.found = Found::kAnswer;
    constexpr std::size_t kShort = 512;
    if (answer.size() > kShort) return finding;
    if (answer.find('\n') != std::string_view::npos) {
      std::vector<Span> values = listed_values(inner, finding.answer.begin);
      if (values.size() > 1) finding.parts = std::move(values);
    }
    const Shape shape = shape_of(answer);
    if (shape.words != 0 && shape.starts_with_word && shape.numbers != 0 && !shape.joined) {
      const Span value = stated_value(scan.text, finding.answer);
      if (!value.empty()) finding.answer = value;
    }
  }
  return finding;
}

}  // namespace pyverify::extraction
