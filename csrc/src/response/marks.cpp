// Is the answer marked by a box, by a line "#### value"? The extraction's own readers say so.
#include "extract/boxes.hpp"
#include "extract/strategy.hpp"
#include "pyverify/response.hpp"
#include "support/end_tokens.hpp"
#include "support/simd_scan.hpp"

namespace pyverify::response {
namespace {

using extraction::Found;
using extraction::Scan;

// The last mark after the reasoning that is an answer or was cut off, one kind of mark alone: the
// extraction, which has more kinds to look at, never gets further back than this does.
template <class Pair, class Look>
Found last_mark(std::string_view response, const Options& options, const Look& look) noexcept {
  response = support::without_end_tokens(response);
  const extraction::Reasoning reasoning =
      extraction::find_reasoning(response, options.prefilled_reasoning);
  if (reasoning.open) return Found::kNothing;
  Scan scan = extraction::make_scan(response, reasoning.end, options);
  support::BackwardPairs<Pair> pairs(scan.text, scan.begin, scan.end);
  for (; scan.triggers_left > 0; --scan.triggers_left) {
    const std::size_t hit = pairs.next();
    if (hit == support::kNotFound) break;
    std::size_t resume = support::kNotFound;
    const Found found = look(scan, hit, resume);
    const bool passed_over =
        found == Found::kNothing || found == Found::kEmpty || found == Found::kPlaceholder;
    if (!passed_over) return found;
    if (resume != support::kNotFound) pairs.skip_to(resume);
  }
  return Found::kNothing;
}

}  // namespace

bool has_box(std::string_view response, const Options& options) noexcept {
  const auto look = [](Scan& scan, std::size_t hit, std::size_t&) {
    // Most words with this pair are none: fox, approx. The last is "\\b" read as an escape.
    const char before = hit > scan.begin ? scan.text[hit - 1] : ' ';
    if (before != 'b' && before != '\b') return Found::kNothing;
    return extraction::look_at_box_alone(scan, hit);
  };
  return last_mark<support::FoldedPair<'o', 'x'>>(response, options, look) == Found::kAnswer;
}

bool has_hashes(std::string_view response, const Options& options) noexcept {
  const auto look = [](Scan& scan, std::size_t hit, std::size_t& resume) {
    const extraction::Finding finding = extraction::look_at_hashes(scan, hit);
    resume = finding.resume;
    return finding.found;
  };
  return last_mark<support::FoldedPair<'#', '#'>>(response, options, look) == Found::kAnswer;
}

}  // namespace pyverify::response
