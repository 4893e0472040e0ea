// <answer>...</answer>.
#include <algorithm>
#include <array>
#include <utility>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

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

// Past "the" and the like, which lead to a cue, and the name in "y =" at the end of `text`.
std::size_t before_lead(std::string_view text) noexcept {
  static constexpr std::array<std::string_view, 8> kLeads = {"the",   "so",  "thus", "hence",
                                                             "final", "and", "or",   "therefore"};
  constexpr std::string_view kBlanks = " \t\r$*(\\[";
  std::size_t end = text.size();
  const auto skip = [&] {
    while (end > 0 && kBlanks.find(text[end - 1]) != std::string_view::npos) --end;
  };
  skip();
  if (end > 1 && text[end - 1] == '=') {
    std::size_t name = end - 1;
    while (name > 0 && text[name - 1] == ' ') --name;
    const bool letter = name > 0 && support::is_ascii_letter(text[name - 1]);
    if (letter && (name == 1 || kBlanks.find(text[name - 2]) != std::string_view::npos ||
                   text[name - 2] == '\n' || text[name - 2] == ',')) {
      end = name - 1;
    }
    skip();
  }
  for (int i = 0; i < 3; ++i) {
    std::size_t begin = end;
    while (begin > 0 && support::is_ascii_letter(text[begin - 1])) --begin;
    const std::string_view word = text.substr(begin, end - begin);
    if (std::none_of(kLeads.begin(), kLeads.end(),
                     [&](std::string_view lead) { return same_word(word, lead); }))
      break;
    end = begin;
    skip();
  }
  return end;
}

// A value that the tag holds beside its candidate: "1, 2, \boxed{4}", "x = 5\n\boxed{4}". Words
// make a solution of it; an equation on a line of its own is a step of one, unless a letter stands
// alone on its left side.
Span value_before(const Scan& inner, std::size_t start) noexcept {
  constexpr std::size_t kLongest = 96;
  if (start <= inner.begin || start - inner.begin > kLongest) return {};
  const std::string_view front = inner.text.substr(inner.begin, start - inner.begin);
  const std::size_t end = before_lead(front);
  if (end == 0) return {};
  const char last = front[end - 1];
  const bool line = last == '\n';
  // A separator, or a cue, which may follow a number.
  const bool cue = word_at(inner.text, start, inner.end, kWord) && support::is_ascii_digit(last);
  if (last != ',' && last != ';' && last != '.' && !line && !cue) return {};
  const Span value = strip_prose(inner.text, {inner.begin, inner.begin + end});
  std::size_t begin = value.begin;
  for (std::size_t at = value.begin; at < value.end; ++at) {
    if (inner.text[at] == '\n') begin = at + 1;
  }
  const Span only = strip_prose(inner.text, {begin, value.end});
  const std::string_view view = inner.view(only);
  if (view.empty() || !reads_as_value(view) || shape_of(inner.view(value)).words != 0) return {};
  const std::size_t equals = view.find('=');
  if (line && equals != std::string_view::npos && view.find_last_not_of(' ', equals - 1) != 0)
    return {};
  return only;
}

// The same behind it: "\boxed{4}, 5".
Span value_behind(const Scan& inner, std::size_t end) noexcept {
  constexpr std::size_t kLongest = 96;
  if (end == 0 || end >= inner.end || inner.end - end > kLongest) return {};
  while (end < inner.end && (inner.text[end] == ' ' || inner.text[end] == '$')) ++end;
  if (end >= inner.end || (inner.text[end] != ',' && inner.text[end] != ';')) return {};
  const Span value = strip_prose(inner.text, {end + 1, inner.end});
  const std::string_view view = inner.view(value);
  return !view.empty() && reads_as_value(view) && shape_of(view).words == 0 ? value : Span{};
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
    if (finding.found != Found::kAnswer || !finding.parts.empty()) return finding;
    const Span before = value_before(inner, inside.best.start);
    const Span behind = value_behind(inner, inside.best.end);
    if (!before.empty()) finding.parts.push_back(before);
    finding.parts.push_back(finding.answer);
    if (!behind.empty()) finding.parts.push_back(behind);
    if (finding.parts.size() == 1) finding.parts.clear();
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
