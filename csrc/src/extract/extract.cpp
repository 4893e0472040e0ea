// Walks the triggers of all strategies backwards in one pass; the first answer met is the last in
// the text.
#include "pyverify/extract.hpp"

#include <algorithm>
#include <array>

#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/end_tokens.hpp"
#include "support/simd_scan.hpp"

namespace pyverify::extraction {
namespace {

// A strategy looks wherever its two bytes stand between its outer bytes, letters in either case.
// The pair is what the wide search finds; the outer bytes (0: any) weed out most of the rest before
// a strategy is called.
struct Strategy {
  unsigned char before;
  unsigned char first;
  unsigned char second;
  unsigned char after;
  CandidateKind kind;
  Finding (*look)(Scan& scan, std::size_t hit);
};

// The rarest pair of each mark.
constexpr std::array<Strategy, 8> kStrategies = {{
    {'b', 'o', 'x', 0, CandidateKind::kBoxed, look_at_box},               // \boxed, \fbox
    {'\b', 'o', 'x', 'e', CandidateKind::kBoxed, look_at_box},            // "\b" read as an escape
    {'#', '#', '#', 0, CandidateKind::kHashes, look_at_hashes},           // ####
    {'n', 's', 'w', 'e', CandidateKind::kAnswerTag, look_at_answer_tag},  // </answer>
    {'n', 's', 'w', 'e', CandidateKind::kCue, look_at_answer_cue},        // answer
    {'o', 'r', 'r', 'e', CandidateKind::kCue, look_at_option_cue},        // correct option
    {0, 0xE7, 0xAD, 0x94, CandidateKind::kCue, look_at_chinese_cue},      // 答
    {0xE9, 0x80, 0x89, 0, CandidateKind::kCue, look_at_chinese_choice},   // 选, its last two bytes
}};

struct AnyTrigger {
  template <class Lane>
  static Lane gate(Lane) noexcept {
    return Lane::all();
  }
  template <class Lane>
  static Lane match(Lane first, Lane second) noexcept {
    const Lane a = first.folded();
    const Lane b = second.folded();
    const auto pair = [&](unsigned char x, unsigned char y) {
      return a.is(x | 0x20) & b.is(y | 0x20);
    };
    return ((pair('o', 'x') | pair('#', '#')) | (pair('s', 'w') | pair('r', 'r'))) |
           (pair(0xE7, 0xAD) | pair(0x80, 0x89));
  }
};

constexpr unsigned char fold(unsigned char byte) noexcept { return byte | 0x20u; }

bool stands_at(const Strategy& strategy, const Scan& scan, std::size_t hit) noexcept {
  const auto byte = [&](std::size_t at) { return fold(static_cast<unsigned char>(scan.text[at])); };
  if (byte(hit + 1) != fold(strategy.second) || byte(hit) != fold(strategy.first)) return false;
  if (strategy.before != 0 && (hit == scan.begin || byte(hit - 1) != fold(strategy.before)))
    return false;
  return strategy.after == 0 || (hit + 2 < scan.end && byte(hit + 2) == fold(strategy.after));
}

// The look of every strategy that a trigger belongs to, until one finds something.
Finding look(Scan& scan, std::size_t hit, CandidateKind& kind) {
  for (const Strategy& strategy : kStrategies) {
    if (!stands_at(strategy, scan, hit)) continue;
    Finding finding = strategy.look(scan, hit);
    kind = strategy.kind;
    if (finding.found != Found::kNothing || finding.resume != support::kNotFound) return finding;
  }
  return {};
}

// Is there anything to look at? Keeps a text of nothing but triggers cheap.
bool is_trigger(const Scan& scan, std::size_t hit) noexcept {
  return std::any_of(kStrategies.begin(), kStrategies.end(),
                     [&](const Strategy& strategy) { return stands_at(strategy, scan, hit); });
}

// Why there is no answer, worst first: of two failures the one nearer to an answer is told.
int rank(Found found) noexcept {
  switch (found) {
    case Found::kNothing:
      return 0;
    case Found::kEmpty:
      return 1;
    case Found::kPlaceholder:
      return 2;
    case Found::kProse:
      return 3;
    case Found::kWords:
      return 4;
    default:
      return 5;
  }
}

// Triggers without a candidate are many in any text; one that holds nothing else is not searched to
// its beginning.
constexpr std::uint32_t kTriggersPerCandidate = 128;

Reason problem_of(Found found) noexcept {
  switch (found) {
    case Found::kAnswer:
    case Found::kWords:
    case Found::kProse:
      return Reason::kNone;
    case Found::kEmpty:
      return Reason::kEmpty;
    case Found::kPlaceholder:
      return Reason::kPlaceholder;
    case Found::kTruncated:
      return Reason::kUnclosed;
    case Found::kWithdrawn:
      return Reason::kHedged;
    case Found::kNothing:
      break;
  }
  return Reason::kNoCandidate;
}

// About 10 ns each: the backward pass reads some 10 bytes a nanosecond, a strategy about one.
std::uint64_t work_of(std::size_t scanned, std::uint64_t read) noexcept {
  return 1 + scanned / 128 + read / 16;
}

// One response, one answer: "\boxed{5} or 6" gives both.
void add_alternative(const Scan& scan, Finding& finding) {
  bool open_before = false;
  bool open_behind = false;
  const Span before = alternative_before(scan, finding, open_before);
  const Span behind = alternative_to(scan, finding, open_behind);
  if (open_before || open_behind) finding.found = Found::kWithdrawn;
  if (!before.empty() && scan.options->boxes != BoxRule::kLast)
    finding.parts = {before, finding.answer};
  if (!behind.empty()) finding.parts = {finding.answer, behind};
}

}  // namespace

Scan make_scan(std::string_view response, std::size_t begin, const Options& options) noexcept {
  Scan scan;
  scan.text = response;
  scan.end = response.size();
  scan.begin =
      std::max(begin, scan.end - std::min<std::size_t>(scan.end, options.limits.scan_bytes));
  scan.options = &options;
  scan.boxes_left = options.limits.boxes;
  scan.cues_left = options.limits.boxes;
  scan.triggers_left = options.limits.boxes * kTriggersPerCandidate;
  return scan;
}

Candidates find_last_candidate(Scan& scan) {
  Candidates result;
  support::BackwardPairs<AnyTrigger> triggers(scan.text, scan.begin, scan.end);
  while (true) {
    const std::size_t hit = triggers.next();
    if (hit == support::kNotFound || scan.triggers_left == 0) return result;
    --scan.triggers_left;
    if (!is_trigger(scan, hit)) continue;
    CandidateKind kind = CandidateKind::kNone;
    Finding finding = look(scan, hit, kind);
    if (finding.resume != support::kNotFound) triggers.skip_to(finding.resume);
    if (finding.found == Found::kAnswer || finding.found == Found::kWords) {
      const Mention mention = mention_before(scan, finding.start);
      const bool denied = mention == Mention::kDenied || is_withdrawn(scan, finding);
      // Words that are taken back leave an earlier answer as it is.
      if (mention == Mention::kExample || (denied && finding.found == Found::kWords)) {
        finding.found = Found::kPlaceholder;
      } else if (denied) {
        finding.found = Found::kWithdrawn;
      }
    }
    if (finding.found == Found::kAnswer && finding.parts.empty()) add_alternative(scan, finding);
    const bool final = finding.found == Found::kAnswer || finding.found == Found::kTruncated ||
                       finding.found == Found::kWithdrawn;
    if (final || rank(finding.found) > rank(result.best.found)) {
      result.best = std::move(finding);
      result.kind = kind;
      if (final) return result;
    }
  }
}

}  // namespace pyverify::extraction

namespace pyverify {

using namespace extraction;

Extraction extract(std::string_view response, const Options& options) noexcept {
  response = support::without_end_tokens(response);
  Extraction result;
  const Reasoning reasoning = find_reasoning(response, options.prefilled_reasoning);
  result.work = work_of(response.size() - reasoning.end, 0);
  if (reasoning.open) {
    result.problem = Reason::kInReasoning;
    return result;
  }
  Scan scan = make_scan(response, reasoning.end, options);
  Candidates found = find_last_candidate(scan);
  if (found.best.found == Found::kNothing && scan.triggers_left == 0) {
    result.problem = Reason::kLimitWork;
    return result;
  }
  if (found.best.found == Found::kNothing ||
      (found.best.found == Found::kProse && options.last_number)) {
    // A line of which only the end was scanned is not known.
    const bool whole = found.best.found == Found::kNothing && scan.begin == reasoning.end;
    Finding line = whole ? whole_line(scan) : Finding{};
    if (line.found == Found::kNothing && options.last_line && found.best.found == Found::kNothing) {
      line = last_line(scan);
    }
    if (line.found != Found::kNothing) {
      found = {std::move(line), CandidateKind::kWholeLine};
    } else if (options.last_number) {
      Finding number = last_number(scan);
      if (number.found != Found::kNothing) found = {std::move(number), CandidateKind::kLastNumber};
    }
  }
  result.work += work_of(scan.end - scan.begin, scan.bytes_read);
  result.problem = problem_of(found.best.found);
  if (result.problem == Reason::kNoCandidate && trim(response, {scan.begin, scan.end}).empty()) {
    result.problem = Reason::kEmpty;
  }
  if (result.problem != Reason::kNone) return result;
  if (found.best.answer.end - found.best.answer.begin > options.limits.answer_bytes) {
    result.problem = Reason::kLimitBytes;
    return result;
  }
  result.kind = found.kind;
  result.answer = found.best.answer;
  result.parts = std::move(found.best.parts);
  return result;
}

std::vector<Candidate> candidates(std::string_view response, const Options& options) {
  response = support::without_end_tokens(response);
  std::vector<Candidate> all;
  const Reasoning reasoning = find_reasoning(response, options.prefilled_reasoning);
  if (reasoning.open) return all;
  Scan scan = make_scan(response, reasoning.end, options);
  support::BackwardPairs<AnyTrigger> triggers(scan.text, scan.begin, scan.end);
  while (true) {
    const std::size_t hit = triggers.next();
    if (hit == support::kNotFound || scan.triggers_left == 0) break;
    --scan.triggers_left;
    if (!is_trigger(scan, hit)) continue;
    CandidateKind kind = CandidateKind::kNone;
    const Finding finding = look(scan, hit, kind);
    if (finding.resume != support::kNotFound) triggers.skip_to(finding.resume);
    if (problem_of(finding.found) != Reason::kNone) continue;
    if (!finding.parts.empty()) {
      // The other boxes of the list are met on their own.
      all.push_back({kind, finding.parts.back()});
    } else {
      all.push_back({kind, finding.answer});
    }
  }
  if (all.empty()) {
    const Extraction fallback = extract(response, options);
    if (fallback.problem == Reason::kNone) all.push_back({fallback.kind, fallback.answer});
  }
  std::reverse(all.begin(), all.end());
  return all;
}

std::string_view name(CandidateKind kind) noexcept {
  switch (kind) {
    case CandidateKind::kNone:
      return "none";
    case CandidateKind::kBoxed:
      return "boxed";
    case CandidateKind::kAnswerTag:
      return "answer_tag";
    case CandidateKind::kHashes:
      return "hashes";
    case CandidateKind::kCue:
      return "cue";
    case CandidateKind::kWholeLine:
      return "whole_line";
    case CandidateKind::kLastNumber:
      return "last_number";
  }
  return "none";
}

}  // namespace pyverify
