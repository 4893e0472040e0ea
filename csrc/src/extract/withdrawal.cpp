// "The answer is 25. No wait, that's wrong." - and nothing after it.
#include <algorithm>
#include <array>

#include "extract/reading.hpp"
#include "extract/strategy.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return same_word(word, w); });
}

}  // namespace

bool is_withdrawn(const Scan& scan, std::size_t end) noexcept {
  static constexpr std::array<std::string_view, 10> kTurns = {
      "no", "wait", "however", "but", "hmm", "actually", "oh", "oops", "sorry", "hold"};
  static constexpr std::array<std::string_view, 4> kFaults = {"wrong", "incorrect", "mistake",
                                                              "error"};
  // A fault that others make.
  static constexpr std::array<std::string_view, 5> kOthers = {"common", "some", "many", "if",
                                                              "any"};
  constexpr std::size_t kNear = 120;
  if (end == 0 || end >= scan.end) return false;
  std::string_view next = scan.text.substr(end, std::min(kNear, scan.end - end));
  std::size_t at = 0;
  while (at < next.size() && !support::is_ascii_letter(next[at]) && next[at] != '#') ++at;
  next.remove_prefix(at);
  // The sentence, and the one behind a mere "Wait."
  next = next.substr(0, next.find_first_of(".\n", std::min<std::size_t>(next.size(), 8)));
  at = 0;
  if (!is_one_of(next_word(next, at), kTurns)) return false;
  bool fault = false;
  std::string_view before;
  while (at < next.size()) {
    const std::string_view word = next_word(next, at);
    if (is_one_of(word, kOthers)) return false;
    const bool denied = same_word(before, "not") || same_word(before, "isn't");
    fault = fault || (is_one_of(word, kFaults) && !denied && !same_word(before, "no")) ||
            (denied && (same_word(word, "right") || same_word(word, "correct")));
    before = word;
  }
  return fault;
}

}  // namespace pyverify::extraction
