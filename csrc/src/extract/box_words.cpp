// Words beside a box that make another value of it: "not \boxed{4}", "half of \boxed{4}",
// "\boxed{4} million".
#include <algorithm>
#include <array>

#include "extract/boxes.hpp"
#include "extract/clause_words.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;

// Directly in front of the box.
constexpr std::array<Word, 17> kTurns = {
    "not",  "cannot", "never", "negative", "minus", "except", "twice",  "thrice",   "double",
    "half", "triple", "plus",  "times",    "nor",   "unlike", "beyond", "exceeding"};
// With "of" behind.
constexpr std::array<Word, 20> kParts = {
    "half",    "third",    "quarter",   "double",     "triple",    "square",    "cube",
    "root",    "inverse",  "power",     "reciprocal", "logarithm", "negative",  "opposite",
    "percent", "multiple", "multiples", "thirds",     "quarters",  "complement"};
constexpr std::array<Word, 10> kComparatives = {"more",    "less",  "greater", "fewer",  "larger",
                                                "smaller", "other", "rather",  "higher", "lower"};
constexpr std::array<Word, 3> kOperations = {"divided", "multiplied", "divisible"};

// Goes through the words in front of a box, the last first.
class Before {
 public:
  Before(const Scan& scan, std::size_t at) noexcept : scan_(scan), at_(at) {}

  std::size_t at() const noexcept { return at_; }
  // The word before; empty at anything but blanks and marks.
  Word word() noexcept {
    std::size_t end = at_;
    while (end > scan_.begin && is_mark(scan_.text[end - 1])) --end;
    std::size_t begin = end;
    while (begin > scan_.begin &&
           (is_ascii_letter(scan_.text[begin - 1]) || scan_.text[begin - 1] == '\'')) {
      --begin;
    }
    at_ = begin;
    return scan_.text.substr(begin, end - begin);
  }
  bool percent() const noexcept {
    const std::size_t end = skip_blanks_before(scan_.text, scan_.begin, at_);
    return end > scan_.begin && (scan_.text[end - 1] == '%' || scan_.text[end - 1] == '$');
  }
  // Does a sentence begin at the word, or "the answer is" end before it?
  bool states_answer() noexcept {
    const std::size_t end = skip_blanks_before(scan_.text, scan_.begin, at_);
    if (end == scan_.begin || scan_.text[end - 1] == '\n' || scan_.text[end - 1] == '.')
      return true;
    const Word verb = word();
    const Word noun = word();
    return same_word(verb, "is") && same_word(noun, "answer");
  }

 private:
  static bool is_mark(char c) noexcept { return c == ' ' || c == '$' || c == '*' || c == '('; }

  const Scan& scan_;
  std::size_t at_;
};

// Where the words begin that turn the box at `at`; `at` without any.
std::size_t turn_before(const Scan& scan, std::size_t at) noexcept {
  Before before(scan, at);
  const Word word = before.word();
  const std::size_t last = before.at();
  if (word.size() < 2 || same_word(word, "is")) return at;
  if (is_one_of(word, kTurns) || word.ends_with("n't")) return last;
  if (same_word(word, "be")) {
    const Word denial = before.word();
    const bool denied = same_word(denial, "not") || same_word(denial, "cannot") ||
                        same_word(denial, "never") || denial.ends_with("n't");
    return denied ? before.at() : at;
  }
  if (same_word(word, "of")) {
    if (before.percent()) return last;
    return is_one_of(before.word(), kParts) ? before.at() : at;
  }
  if (same_word(word, "by")) return is_one_of(before.word(), kOperations) ? before.at() : at;
  if (same_word(word, "than")) {
    if (!is_one_of(before.word(), kComparatives)) return at;
    const std::size_t begin = before.at();
    // "no more than" is "at most".
    return same_word(before.word(), "no") && !before.states_answer() ? at : begin;
  }
  // "can have at most 4" answers a question for a bound; "the answer is at most 4" is none.
  if (same_word(word, "least") || same_word(word, "most")) {
    if (!same_word(before.word(), "at")) return at;
    const std::size_t begin = before.at();
    return before.states_answer() ? begin : at;
  }
  return at;
}

// Past a word of scale that follows the box at `at`; `at` without one.
std::size_t scale_behind(const Scan& scan, std::size_t at) noexcept {
  static constexpr std::array<Word, 9> kScales = {"hundred", "thousand", "million",
                                                  "billion", "trillion", "dozen",
                                                  "squared", "cubed",    "factorial"};
  constexpr std::size_t kNear = 40;
  const std::string_view near = scan.text.substr(0, std::min(scan.end, at + kNear));
  std::size_t next = at;
  for (; next < near.size(); ++next) {
    const char c = near[next];
    if (c == '\\') {
      const std::size_t after = skip_command(near, next, near.size());
      const std::string_view name = near.substr(next + 1, after - next - 1);
      static constexpr std::array<Word, 8> kWraps = {")", "]",    " ",      ",",
                                                     ";", "text", "mathrm", "quad"};
      if (std::find(kWraps.begin(), kWraps.end(), name) == kWraps.end()) return at;
      next = after - 1;
    } else if (c != ' ' && c != '$' && c != '*' && c != '~' && c != '{') {
      break;
    }
  }
  if (next >= near.size()) return at;
  if (static_cast<unsigned char>(near[next]) >= 0x80) {
    for (const std::string_view scale : {"万", "亿"}) {
      if (near.substr(next, scale.size()) == scale) return next + scale.size();
    }
  }
  if (!is_ascii_letter(near[next])) return at;
  return is_one_of(next_word(near, next), kScales) ? next : at;
}

}  // namespace

Span with_turning_words(const Scan& scan, Span box) noexcept {
  return {turn_before(scan, box.begin), scale_behind(scan, box.end)};
}

}  // namespace pyverify::extraction
