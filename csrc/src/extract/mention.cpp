// "For example \boxed{4}", "I doubt that \boxed{4}", "It is not true that the answer is 4": who
// writes so gives no answer.
#include <algorithm>
#include <array>

#include "extract/clause_words.hpp"
#include "extract/reading.hpp"
#include "extract/spans.hpp"
#include "extract/strategy.hpp"
#include "support/simd_scan.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {
namespace {

using support::is_ascii_letter;

// Whole blocks of the wide search.
constexpr std::size_t kSentence = 2 * 64 + 1;

// A rare pair of each word that makes a mention: example, instance, e.g., such, format, that.
struct AnyMention {
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
    return ((pair('x', 'a') | pair('s', 't')) | (pair('g', '.') | pair('u', 'c'))) |
           (pair('r', 'm') | pair('h', 'a'));
  }
};

// Does one sentence reach from `at` to the candidate at `start`, without "so" or the like? A full
// stop before a digit or behind a lone letter ends none, nor does the line that a candidate has of
// its own.
bool is_one_clause(const Scan& scan, std::size_t at, std::size_t start) noexcept {
  const std::string_view text = scan.text;
  while (start > at && (support::is_ascii_space(text[start - 1]) || text[start - 1] == '$' ||
                        text[start - 1] == '*' || text[start - 1] == '`')) {
    --start;
  }
  while (at < start) {
    const char c = text[at];
    if (c == '\n' || c == '!' || c == '?' || c == ';') return false;
    if (c == '.') {
      const bool lone =
          at >= scan.begin + 2 && is_ascii_letter(text[at - 1]) && !is_ascii_letter(text[at - 2]);
      const char next = text[at + 1];
      if (!lone && (support::is_ascii_space(next) || next == '$')) return false;
    }
    if (!is_ascii_letter(c)) {
      ++at;
      continue;
    }
    if (is_conclusion(next_word(text.substr(0, start), at))) return false;
  }
  return true;
}

// The words of a sentence, the last first.
class WordsBack {
 public:
  WordsBack(std::string_view text, std::size_t begin, std::size_t end) noexcept
      : text_(text), begin_(begin), at_(end) {
    next();
  }
  Word word() const noexcept { return word_; }
  void next() noexcept {
    while (at_ > begin_ && !is_ascii_letter(text_[at_ - 1])) --at_;
    const std::size_t end = at_;
    while (at_ > begin_ && (is_ascii_letter(text_[at_ - 1]) || text_[at_ - 1] == '\'')) --at_;
    word_ = text_.substr(at_, end - at_);
  }

 private:
  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  Word word_;
};

// "It is not true that", "I doubt that", "I don't think that": `words` stands before "that".
bool denies_clause(WordsBack words) noexcept {
  static constexpr std::array<Word, 4> kDenials = {"doubt", "deny", "unlikely", "untrue"};
  static constexpr std::array<Word, 3> kTrue = {"true", "case", "correct"};
  static constexpr std::array<Word, 2> kFalse = {"false", "impossible"};
  static constexpr std::array<Word, 6> kThoughts = {"think", "believe", "say",
                                                    "mean",  "claim",   "sure"};
  static constexpr std::array<Word, 4> kBetween = {"the", "really", "do", "am"};
  if (is_one_of(words.word(), kDenials)) return true;
  if (is_one_of(words.word(), kFalse)) {
    words.next();
    return same_word(words.word(), "is");
  }
  if (!is_one_of(words.word(), kTrue) && !is_one_of(words.word(), kThoughts)) return false;
  words.next();
  while (is_one_of(words.word(), kBetween)) words.next();
  return same_word(words.word(), "not") || words.word().ends_with("n't") ||
         same_word(words.word(), "wrong") || same_word(words.word(), "never") ||
         same_word(words.word(), "cannot");
}

// Is there a mention at the pair `hit`, in words that reach to `start`?
Mention mention_at(const Scan& scan, std::size_t hit, std::size_t start) noexcept {
  const std::string_view text = scan.text;
  // Does only a blank or a delimiter follow `at`?
  const auto leads = [&](std::size_t at) {
    constexpr std::string_view kMarks = " $*:`(\\,.";
    while (at < start && kMarks.find(text[at]) != std::string_view::npos) ++at;
    return at == start;
  };
  const auto word = [&](std::size_t back, std::string_view what) {
    return hit >= scan.begin + back && word_at(text, hit - back, start, what);
  };
  // "For example" in front of a sentence holds for all of it, "using, for example, a sketch" not.
  const auto example = [&](std::size_t at) {
    return scan.ends_with(at, "For ") || (scan.ends_with(at, "for ") && leads(hit + 6));
  };
  switch (text[hit + 1] | 0x20) {
    case 'a':  // example, that
      if (word(1, "example")) return example(hit - 1) ? Mention::kExample : Mention::kNone;
      if (word(1, "that") && denies_clause({text, scan.begin, hit - 1}) &&
          text.substr(hit, start - hit).find(',') == std::string_view::npos) {
        return Mention::kDenied;
      }
      break;
    case 't':
      if (word(2, "instance") && example(hit - 2)) return Mention::kExample;
      break;
    case '.':
      if (scan.ends_with(hit, "e.") && leads(hit + 2)) return Mention::kExample;
      break;
    case 'c':
      if (word(1, "such") && word_at(text, hit + 4, start, "as") && leads(hit + 6))
        return Mention::kExample;
      break;
    case 'm':
      if (word(2, "format")) {
        const std::size_t verb = word_at(text, hit + 5, start, "is") ? 7 : 4;
        if (leads(hit + verb)) return Mention::kExample;
      }
      break;
    default:
      break;
  }
  return Mention::kNone;
}

}  // namespace

Mention mention_before(const Scan& scan, std::size_t start) noexcept {
  const std::size_t near = start - std::min(start - scan.begin, kSentence);
  support::BackwardPairs<AnyMention> hits(scan.text, near, start);
  while (true) {
    const std::size_t hit = hits.next();
    if (hit == support::kNotFound) return Mention::kNone;
    const Mention mention = mention_at(scan, hit, start);
    if (mention != Mention::kNone && is_one_clause(scan, hit, start)) return mention;
  }
}

}  // namespace pyverify::extraction
